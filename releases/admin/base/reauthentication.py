"""Some pages are shown only to somebody who lately proved who they are: a desk that was left open publishes
nothing, and a stolen session gives no roles."""

import time
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from releases.services.accounts import own_sessions
from releases.templatetags.desk_tags import submitted_values

SECONDS = 15 * 60
PROVED_AT = "proved_at"


def note_proof(request: HttpRequest, **kwargs: Any) -> None:
    """Somebody showed who they are, for the first time or again."""
    request.session[PROVED_AT] = time.time()


def note_sign_in(request: HttpRequest, **kwargs: Any) -> None:
    note_proof(request)
    own_sessions.begin(request.session, request.META.get("HTTP_USER_AGENT", ""), timezone.now())


def note_step(request: HttpRequest, **kwargs: Any) -> None:
    """The first of two steps of signing in is no proof; one that repeats them is."""
    if kwargs.get("reauthenticated"):
        note_proof(request)


def is_recent(request: HttpRequest) -> bool:
    return time.time() - request.session.get(PROVED_AT, 0) < SECONDS


def ask_again(request: HttpRequest) -> HttpResponse | None:
    """What is shown instead of a page for which the proof is too old: where it can be given, or, once a form
    was sent, all that was typed with a button that sends it again. None where it is recent enough.
    """
    if is_recent(request):
        return None
    page = reverse("account_reauthenticate")
    if request.method != "POST":
        return HttpResponseRedirect(f"{page}?{urlencode({'next': request.get_full_path()})}")
    context = {
        "title": "Confirm that it is you",
        "proof": f"{page}?{urlencode({'next': reverse('proved')})}",
        "address": request.get_full_path(),
        "fields": [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if name != "csrfmiddlewaretoken" and "password" not in name
        ],
        "typed": submitted_values(request.POST),
        "has_permission": True,
    }
    return TemplateResponse(request, "admin/prove.html", context, status=403)
