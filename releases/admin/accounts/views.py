"""Pages of accounts that django-allauth has not."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.views import email
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from releases.services.accounts import members, own_sessions


def with_mail(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page that sends a letter; where no mail is set up it says who helps instead."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if settings.EMAIL_URL:
            return view(request, *args, **kwargs)
        return TemplateResponse(request, "account/no_mail.html", status=404)

    return shown


def email_page(request: HttpRequest) -> HttpResponseBase:
    """Somebody's own address, which is another once they follow the link that was sent there."""
    if request.user.is_authenticated:
        members.confirm_address(request.user)
    shown: HttpResponseBase = email(request)
    return shown


@login_required
@require_http_methods(["GET", "POST"])
def sessions_page(request: HttpRequest) -> HttpResponse:
    """Lists where somebody is signed in, and ends what they choose."""
    here, now = request.session.session_key or "", timezone.now()
    if request.method == "POST":
        number = own_sessions.end_others(request.user, here, request.POST.get("session", ""), now)
        messages.success(request, f"Sessions ended: {number}.")
        return HttpResponseRedirect(reverse("own_sessions"))
    found = own_sessions.find_sessions(request.user, here, now)
    return TemplateResponse(request, "account/sessions.html", {"sessions": found})
