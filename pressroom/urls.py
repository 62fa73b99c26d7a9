from django.contrib import admin
from django.urls import include, path

from releases.public import health

urlpatterns = [
    path("admin/markdownx/", include("releases.admin.urls")),
    path("admin/", admin.site.urls),
    path("api/", include("releases.api.urls")),
    path("healthz", health.live, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("", include("releases.public.urls")),
]

handler404 = "releases.public.views.not_found"
handler500 = "releases.public.views.server_error"
