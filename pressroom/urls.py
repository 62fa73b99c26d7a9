from django.contrib import admin
from django.contrib.auth.views import PasswordResetConfirmView
from django.urls import include, path, reverse_lazy

from releases.public import health, rehearsal

admin.autodiscover()

urlpatterns = [
    path("admin/markdownx/", include("releases.admin.urls")),
    path(
        "accounts/invitation/<uidb64>/<token>/",
        PasswordResetConfirmView.as_view(
            template_name="admin/invitation.html", success_url=reverse_lazy("admin:index")
        ),
        name="invitation",
    ),
    path("admin/rehearsal/", rehearsal.rehearsal, name="rehearsal"),
    path("admin/", admin.site.urls),
    path("api/", include("releases.api.urls")),
    path("healthz", health.live, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("", include("releases.public.urls")),
]

handler404 = "releases.public.views.not_found"
handler500 = "releases.public.views.server_error"
