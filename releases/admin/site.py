"""The desk as a whole: who signs in how, and what becomes of a form that can't be taken."""

import logging
from collections.abc import Callable
from functools import update_wrapper
from typing import Any, TypeVar, cast

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views import csrf

from releases.services.accounts import login_throttle
from releases.templatetags.desk_tags import submitted_values

log = logging.getLogger(__name__)
View = TypeVar("View", bound=Callable[..., HttpResponseBase])

ENDED = "You are signed out, so this was not saved. What you typed is below; copy what you need, then sign in and go on."
STALE = "This form was opened before you signed in last, so it was not saved. What you typed is below; copy what you need."


class SignInForm(AdminAuthenticationForm):
    """Lets nobody guess passwords; says the same of names that exist and of those that don't."""

    request: HttpRequest

    def clean(self) -> dict[str, Any]:
        name, address = self.cleaned_data.get("username", ""), client_address(self.request)
        if not login_throttle.is_allowed(name, address, timezone.now()):
            log.warning("Too many attempts to sign in as %r from %r.", name, address)
            raise ValidationError("Too many attempts to sign in. Wait 15 minutes, then try again.", "wait")
        cleaned: dict[str, Any] = super().clean()
        login_throttle.reset(name, address)
        return cleaned


class PressRoomAdminSite(admin.AdminSite):
    """A form that comes when its session has ended is shown again, not thrown away for the page to sign
    in."""

    login_form = SignInForm

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        guarded = super().admin_view(view, cacheable)

        def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if submitted_values(request.POST) and not self.has_permission(request):
                back = urlencode({"next": request.get_full_path()})
                return not_saved(request, ENDED, "Sign in", f"{reverse('admin:login')}?{back}")
            return guarded(request, *args, **kwargs)

        return cast(View, update_wrapper(shown, guarded))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answers a form without our token: at the desk most often one that was open while somebody signed in in
    another tab."""
    if not request.path_info.startswith("/admin/"):
        return csrf.csrf_failure(request, reason)
    return not_saved(request, STALE, "Open the page again", request.get_full_path()).render()


def not_saved(request: HttpRequest, words: str, label: str, address: str) -> TemplateResponse:
    """The page (403) that gives back what was typed, with one link, `label` to `address`, to go on from
    there."""
    context = {
        **admin.site.each_context(request),
        "title": "Not saved",
        "words": words,
        "label": label,
        "address": address,
    }
    return TemplateResponse(request, "admin/not_saved.html", context, status=403)


def client_address(request: HttpRequest) -> str:
    """The network address that asks.

    Where https is spoken there is a proxy before us, which tells whom it serves.
    """
    told = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.HTTPS else ""
    return told.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
