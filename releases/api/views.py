from collections.abc import Collection
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from ninja import NinjaAPI, Query

from releases.content.extraction.kinds import KINDS
from releases.content.text.dates import Days, read_days
from releases.content.text.whole_numbers import read_whole_number
from releases.services.agencies.statistics import list_agencies
from releases.services.agreements.register import list_entries
from releases.services.editions.pagination import PAGE_LENGTH, BadCursor
from releases.services.feeds import catalogue
from releases.services.feeds.serializers import serialize_agency_line, serialize_entry, serialize_release
from releases.services.operations.clock import clock
from releases.services.search.filters import MOST_AGENCIES

MOST_ITEMS = 100
READ, WRITE = ["GET", "HEAD"], ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


class FreshAPI(NinjaAPI):
    """Caches ask again each time, as for pages."""

    def create_response(self, request: HttpRequest, data: Any, **kwargs: Any) -> HttpResponse:
        response = super().create_response(request, data, **kwargs)
        patch_cache_control(response, no_cache=True)
        return response


api = FreshAPI(title="Press Room", version="1", docs_url=None, urls_namespace="api")


class BadQuestion(Exception):
    """What is asked for cannot be answered; the message says why."""


@api.exception_handler(BadQuestion)
def refuse(request: HttpRequest, problem: BadQuestion) -> HttpResponse:
    return api.create_response(request, {"detail": str(problem)}, status=400)


class WrongMethod(Exception):
    """Somebody wants to change what can only be read."""


@api.exception_handler(WrongMethod)
def refuse_method(request: HttpRequest, problem: WrongMethod | None = None) -> HttpResponse:
    told = {"detail": "This address can only be read. Use GET."}
    response = JsonResponse(told, status=405, headers={"Cache-Control": "no-cache"})
    response["Allow"] = ", ".join(READ)
    return response


@api.api_operation(["HEAD"], "/releases", include_in_schema=False)
@api.get("/releases", url_name="releases")
def releases(
    request: HttpRequest,
    permalink: str = "",
    section: str = "",
    agency: tuple[str, ...] = Query(()),
    kind: str = "",
    since: str = Query("", alias="from"),
    until: str = Query("", alias="to"),
    before: str = "",
    limit: str = "",
    body: str = "",
) -> dict[str, Any]:
    """Public releases, newest first, 20 at a time or as many as `limit`, 100 at most; `older` is the `before` of
    the next page, "" on the last.

    `permalink` picks one, `section` is a section's path, `agency` an issuing agency's slug (given more than
    once, ten times at most: what any of them issued), `kind` as in the answers, `from` and `to` the first and the
    last release date. Texts are told of one that is picked, and with `body=yes`.
    """
    _refuse_unknown(
        request, ("permalink", "section", "agency", "kind", "from", "to", "before", "limit", "body")
    )
    if kind and kind not in KINDS:
        raise BadQuestion(f"There is no kind “{kind}”. Use one of: {', '.join(KINDS)}.")
    if len(agency) > MOST_AGENCIES:
        raise BadQuestion(f"“agency” can be given {MOST_AGENCIES} times at most.")
    if body not in ("", "yes"):
        raise BadQuestion("“body” can only be yes: then each release has its text.")
    first, last = _read_days("from", since), _read_days("to", until)
    asked = {
        "permalink": permalink,
        "section": section,
        "agency": [slug for slug in agency if slug],
        "kind": kind,
        "from": first and first.first,
        "to": last and last.last,
    }
    with_body = bool(body or permalink)
    try:
        listing = catalogue.list_releases(clock.now(), asked, before, _read_limit(limit), with_body=with_body)
    except BadCursor:
        raise BadQuestion("There is no such position. Use “older” of an answer for “before”.") from None
    items = [
        serialize_release(edition, request.build_absolute_uri, with_body=with_body)
        for edition in listing.editions
    ]
    return {"items": items, "older": listing.older}


@api.api_operation(["HEAD"], "/agencies", include_in_schema=False)
@api.get("/agencies", url_name="agencies")
def agencies(request: HttpRequest) -> dict[str, Any]:
    """Every agency with public releases, the most active first."""
    _refuse_unknown(request, ())
    lines = list_agencies(clock.now())
    return {"items": [serialize_agency_line(line, request.build_absolute_uri) for line in lines]}


@api.api_operation(["HEAD"], "/agreements", include_in_schema=False)
@api.get("/agreements", url_name="agreements")
def agreements(request: HttpRequest) -> dict[str, Any]:
    """Every public agreement as it stands today, by title; `data` is the address of all that is public of it."""
    _refuse_unknown(request, ())
    entries = list_entries(clock.now())
    return {"items": [serialize_entry(entry, request.build_absolute_uri) for entry in entries]}


@api.api_operation(WRITE, "/releases", url_name="releases", include_in_schema=False)
@api.api_operation(WRITE, "/agencies", url_name="agencies", include_in_schema=False)
@api.api_operation(WRITE, "/agreements", url_name="agreements", include_in_schema=False)
def write(request: HttpRequest) -> None:
    raise WrongMethod


def _refuse_unknown(request: HttpRequest, known: Collection[str]) -> None:
    """Else a mistyped filter would be answered with everything."""
    if unknown := [name for name in request.GET if name not in known]:
        allowed = f"Use: {', '.join(known)}." if known else "This address takes none."
        raise BadQuestion(f"There is no parameter “{unknown[0][:40]}”. {allowed}")


def _read_limit(text: str) -> int:
    if not text:
        return PAGE_LENGTH
    limit = read_whole_number(text, 0)
    if not 1 <= limit <= MOST_ITEMS:
        raise BadQuestion(f"“limit” is a number from 1 to {MOST_ITEMS}.")
    return limit


def _read_days(name: str, text: str) -> Days | None:
    days = read_days(text)
    if text and not days:
        raise BadQuestion(f"“{name}” is a day such as 2024-12-31, a month such as 2024-05, or a year.")
    return days


def index(request: HttpRequest) -> HttpResponse:
    """What there is to ask for."""
    if request.method not in READ:
        return refuse_method(request)
    names = ("releases", "agencies", "agreements", "openapi-json")
    places = {name: request.build_absolute_uri(reverse(f"api:{name}")) for name in names}
    places |= {"about": request.build_absolute_uri(reverse("open-data"))}
    return JsonResponse(places, headers={"Cache-Control": "no-cache"})


def not_found(request: HttpRequest, path: str) -> HttpResponse:
    return JsonResponse({"detail": "Not found."}, status=404, headers={"Cache-Control": "no-cache"})
