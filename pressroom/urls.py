from django.contrib import admin
from django.urls import include, path

from pressroom.apps import load_desk
from releases.admin.editions import rehearsal
from releases.public import health

load_desk()

urlpatterns = [
    path("admin/markdownx/", include("releases.admin.urls")),
    path("accounts/", include("releases.admin.accounts.urls")),
    path("admin/rehearsal/", rehearsal.rehearsal_page, name="rehearsal"),
    path("admin/", admin.site.urls),
    path("api/", include("releases.api.urls")),
    path("healthz", health.live, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("", include("releases.public.urls")),
]

handler404 = "releases.public.pages.not_found"
handler500 = "releases.admin.failures.server_error"
