from django.urls import path

from releases.public import agreements, views

urlpatterns = [
    path("", views.home, name="home"),
    path("agreements/", agreements.register, name="agreements"),
    path("agreements/register.csv", agreements.register_csv, name="agreements-csv"),
    path("agreements/<slug:slug>/", agreements.agreement, name="agreement"),
    path("agreements/<slug:slug>/data.json", agreements.data, name="agreement-data"),
    path("agreements/<slug:slug>/calendar.ics", agreements.calendar, name="agreement-calendar"),
    path("<path:path>", views.page, name="page"),
]
