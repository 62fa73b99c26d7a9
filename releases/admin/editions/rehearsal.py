"""The site at an instant to come: the bytes that the public will get then."""

import copy
import datetime as dt

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import resolve
from django.utils import timezone

from releases.admin.base.authority import authority_of
from releases.content.text.clock_changes import explain_clock_change
from releases.models import AgreementEvent, Edition, PartyAction
from releases.services.accounts.permissions import Authority
from releases.services.desk import rehearsal

FORMAT = "%Y-%m-%dT%H:%M"
NOT_YOURS = (
    "A release that is not yours, or something of an agreement that is not, will be public by then."
    " Choose an earlier time, or ask an administrator."
)


@login_required
def rehearsal_page(request: HttpRequest) -> HttpResponse:
    """A form that asks for the time and lists what changes until then; with an address too, exactly that
    page."""
    if not request.user.is_staff or not request.user.has_perm("releases.change_edition"):
        raise PermissionDenied
    at, problem = _instant(request.GET.get("at", ""))
    path = request.GET.get("path", "").strip()
    if at and not problem:
        problem = _hidden_from(authority_of(request), at)
    if not at or problem or not path.startswith("/"):
        context = {
            **admin.site.each_context(request),
            "problem": problem,
            "at": request.GET.get("at", ""),
            "until": at if at and not problem else None,
            "changes": rehearsal.list_changes(timezone.now(), at) if at and not problem else [],
            "zone": timezone.get_current_timezone_name(),
        }
        return _private(render(request, "admin/rehearsal.html", context))
    return _private(_as_at(request, path, at))


def _as_at(request: HttpRequest, path: str, at: dt.datetime) -> HttpResponse:
    path, _, query = path.partition("?")
    asked = copy.copy(request)
    asked.path = asked.path_info = path
    asked.GET, asked.COOKIES = QueryDict(query), {}
    asked.META = {
        name: value for name, value in request.META.items() if name not in ("HTTP_COOKIE", "QUERY_STRING")
    }
    asked.META |= {"QUERY_STRING": query, "PATH_INFO": path}
    asked.user, asked.method = AnonymousUser(), "GET"
    vars(asked)["rehearsed_at"] = at
    match = resolve(path)
    if match.app_names or path.startswith(("/admin/", "/api/", "/accounts/")):
        return HttpResponse("This page is not rehearsed.", status=404)
    try:
        return match.func(asked, *match.args, **match.kwargs)
    except Http404:
        return render(asked, "404.html", status=404)


def _instant(text: str) -> tuple[dt.datetime | None, str]:
    if not text:
        return None, ""
    try:
        local = dt.datetime.strptime(text, FORMAT)  # noqa: DTZ007 (the newsroom's zone)
    except ValueError:
        return None, "Type the day and the time."
    if problem := explain_clock_change(local, timezone.get_current_timezone()):
        return None, problem
    at = timezone.make_aware(local)
    return (at, "") if at > timezone.now() else (None, "Choose a future date and time.")


def _hidden_from(authority: Authority, at: dt.datetime) -> str:
    """Who rehearses sees only what they may see at the desk."""
    now = authority.at
    known = {"public_from__gt": now, "public_from__lte": at}
    owned = authority.owned_agreements.values("pk")
    theirs = (
        Edition.objects.scheduled(now)
        .filter(live_from__lte=at)
        .exclude(pk__in=authority.editions.values("pk")),
        AgreementEvent.objects.filter(**known).exclude(agreement__in=owned),
        PartyAction.objects.filter(**known).exclude(party__agreement__in=owned),
    )
    return NOT_YOURS if any(rows.exists() for rows in theirs) else ""


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
