"""Pages of accounts that django-allauth has not."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account.views import email
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from releases.admin.accounts.forms import DeputyForm, PreferencesForm
from releases.content.text.whole_numbers import read_whole_number
from releases.services.accounts import delegations, members, own_sessions
from releases.services.accounts.people import name_person
from releases.services.editions.transitions import ActionRefused
from releases.services.mail import preferences


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


@login_required
@require_http_methods(["GET", "POST"])
def emails_page(request: HttpRequest) -> HttpResponse:
    """Which emails somebody gets and how often, and who acts for them while they are away."""
    user, now = cast(User, request.user), timezone.now()
    typed = request.POST if request.method == "POST" else None
    chosen = PreferencesForm(
        typed if typed and "choose" in typed else None, initial=preferences.read_preferences(user)
    )
    deputy = DeputyForm(user, typed if typed and "delegate" in typed else None)
    done = ""
    if chosen.is_valid():
        preferences.save_preferences(user, chosen.cleaned_data)
        done = "Your choices are saved."
    elif deputy.is_valid():
        done = _delegate(user, deputy, now)
    elif typed and "end" in typed:
        done = _end_delegation(user, typed["end"], now)
    if done:
        messages.success(request, done)
        return HttpResponseRedirect(reverse("own_emails"))
    shown = {"chosen": chosen, "deputy": deputy, "delegations": delegations.find_own(user, now)}
    return TemplateResponse(request, "account/emails.html", shown | {"has_mail": bool(settings.EMAIL_URL)})


def _delegate(user: User, form: DeputyForm, at: dt.datetime) -> str:
    """What to say of it; "" where it was refused, which the form tells."""
    try:
        made = delegations.delegate(user, **form.cleaned_data, at=at)
    except ActionRefused as refusal:
        form.add_error(None, refusal.reasons)
        return ""
    return f"{name_person(made.deputy)} acts for you on those days and gets your emails too."


def _end_delegation(user: User, key: str, at: dt.datetime) -> str:
    found = delegations.find_own(user, at).filter(pk=read_whole_number(key, 0)).first()
    if found is None:
        return "It had ended already."
    delegations.end(found, at=at)
    return f"{name_person(found.deputy)} does not act for you any more."
