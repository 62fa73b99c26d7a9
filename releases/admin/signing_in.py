import logging

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.utils import timezone

from releases.services.accounts import login_throttle

log = logging.getLogger(__name__)


class SignInForm(AdminAuthenticationForm):
    """Lets nobody guess passwords; says the same of names that exist and of those that don't."""

    def clean(self):
        name, address = self.cleaned_data.get("username", ""), _address(self.request)
        if not login_throttle.is_allowed(name, address, timezone.now()):
            log.warning("Too many attempts to sign in as %r from %r.", name, address)
            raise ValidationError("Too many attempts to sign in. Wait 15 minutes, then try again.", "wait")
        cleaned = super().clean()
        login_throttle.reset(name, address)
        return cleaned


def _address(request):
    """Where https is spoken there is a proxy before us, which tells whom it serves."""
    told = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.HTTPS else ""
    return told.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


admin.site.login_form = SignInForm
