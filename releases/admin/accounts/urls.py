"""Everything below /accounts/: the links of invitations, and the pages of django-allauth."""

from allauth.account.views import password_reset
from allauth.mfa.recovery_codes.views import generate_recovery_codes
from allauth.mfa.totp.views import activate_totp
from allauth.mfa.webauthn.views import add_webauthn
from django.contrib.auth.views import PasswordResetConfirmView
from django.db.transaction import atomic
from django.urls import include, path, reverse_lazy
from django.views.generic import TemplateView

from releases.admin.accounts import receivers
from releases.admin.accounts.views import email_page, emails_page, sessions_page, with_mail

__all__ = ["receivers", "urlpatterns"]

urlpatterns = [
    path(
        "invitation/<uidb64>/<token>/",
        PasswordResetConfirmView.as_view(
            template_name="admin/invitation.html", success_url=reverse_lazy("admin:index")
        ),
        name="invitation",
    ),
    path("proved/", TemplateView.as_view(template_name="account/proved.html"), name="proved"),
    path("sessions/", sessions_page, name="own_sessions"),
    path("emails/", emails_page, name="own_emails"),
    path("email/", with_mail(email_page), name="account_email"),
    path("password/reset/", with_mail(password_reset), name="account_reset_password"),
    # What is added and its entry in the ledger are stored together.
    path("2fa/totp/activate/", atomic(activate_totp), name="mfa_activate_totp"),
    path("2fa/webauthn/add/", atomic(add_webauthn), name="mfa_add_webauthn"),
    path("2fa/recovery-codes/generate/", atomic(generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("", include("allauth.urls")),
]
