import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponsePermanentRedirect,
    JsonResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from releases.content.text.dates import format_date
from releases.content.text.permalinks import quote_path
from releases.models import Section
from releases.public.files import serve
from releases.public.http import View, choose_media_type, moment, never_stale, takes_parameters
from releases.services.agencies import statistics
from releases.services.agreements import register
from releases.services.editions import pagination
from releases.services.editions.rows import ReleaseView
from releases.services.feeds import catalogue, linked_data, serializers
from releases.services.website import front_page, lists, release_page, resolver
from releases.templatetags.format_tags import long_datetime


@never_stale
@takes_parameters()
def home(request: HttpRequest) -> HttpResponse:
    if refusal := _refuse_method(request):
        return refusal
    now = moment(request)
    context = {
        "front": front_page.find_front_page(now),
        "agencies": statistics.list_most_active(now, 8),
        "sections": lists.without_rooms(lists.public_sections(now)),
        "agreements": register.recently_changed(now),
    }
    return render(request, "releases/home.html", context)


@never_stale
def page(request: HttpRequest, path: str) -> HttpResponseBase:
    """Whatever the old site had at this path: a release, a section, a file, or where it went."""
    if refusal := _refuse_method(request):
        return refusal
    now = moment(request)
    if response := _stored(request, resolver.resolve(request.path_info, now, evenly=True), now):
        return response
    raise Http404


def own_page(*names: str) -> Callable[[View], View]:
    """For a page of ours, `view(request, now, ...)`, which takes the parameters with these names; an address
    that the old site had at the same path wins."""
    return lambda view: _own_page(takes_parameters(*names)(view))


def _own_page(view: View) -> View:
    @never_stale
    @wraps(view)
    def wrapped(request: HttpRequest, **values: Any) -> HttpResponseBase:
        if refusal := _refuse_method(request):
            return refusal
        now = moment(request)
        stored = _stored(request, resolver.resolve(request.path_info, now), now)
        return stored or view(request, now, **values)

    return wrapped


def _stored(request: HttpRequest, answer: resolver.Answer, now: dt.datetime) -> HttpResponseBase | None:
    match answer:
        case resolver.ReleasePage(edition):
            return _release(request, edition, now)
        case resolver.SectionPage(section, address):
            return _section(request, section, address, now)
        case resolver.File() as file:
            return serve(request, file)
        case resolver.Moved(to):
            return _redirect(request, to)
        case resolver.Gone() as gone:
            return render(request, "410.html", {"gone": gone}, status=410)
    return None


@never_stale
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)


def _refuse_method(request: HttpRequest) -> HttpResponse | None:
    return None if request.method in ("GET", "HEAD") else HttpResponseNotAllowed(["GET", "HEAD"])


@takes_parameters()
def _release(request: HttpRequest, edition: int, now: dt.datetime) -> HttpResponse:
    media_type = choose_media_type(request.headers.get("Accept"))
    response = _release_as(media_type, request, edition, now)
    patch_vary_headers(response, ["Accept"])
    return response


def _release_as(media_type: str | None, request: HttpRequest, edition: int, now: dt.datetime) -> HttpResponse:
    if media_type == "application/json":
        found = catalogue.find_release(now, edition)
        item = serializers.serialize_release(found, request.build_absolute_uri)
        return JsonResponse(item, json_dumps_params={"ensure_ascii": False})
    page = release_page.find_release_page(edition, now)
    if media_type == "text/markdown":
        url = request.build_absolute_uri(quote_path(page.edition.address.path))
        return HttpResponse(_as_markdown(page, url), content_type="text/markdown; charset=utf-8")
    return render(request, "releases/release_detail.html", _context(request, page))


def _as_markdown(page: ReleaseView, url: str) -> str:
    """The text as typed; above it its title, when and by whom it was issued, its address, and that it was
    withdrawn."""
    edition = page.edition
    issuers = ", ".join(issuer.name for issuer in page.issuers)
    facts = [
        f"# {edition.title}",
        "\\\n".join(filter(None, [format_date(edition.release_date), issuers, f"<{url}>"])),
    ]
    if page.withdrawal:
        reason = page.withdrawal.reason.replace("\n", "\n> ")
        facts.append(
            f"> **This release was withdrawn on {long_datetime(page.withdrawal.since)}**\n>\n> {reason}"
        )
    return "\n\n".join([*facts, edition.body])


def _context(request: HttpRequest, page: ReleaseView) -> dict[str, Any]:
    return {
        "page": page,
        "edition": page.edition,
        "section": page.edition.release.section,
        "url": request.build_absolute_uri(quote_path(page.edition.address.path)),
        "json_ld": serializers.release_linked_data(page, request.build_absolute_uri),
    }


@takes_parameters("before")
def _section(request: HttpRequest, section: Section, address: str, now: dt.datetime) -> HttpResponse:
    before = request.GET.get("before", "")
    try:
        listing = lists.list_releases(now, before, section)
    except pagination.BadCursor:
        raise Http404 from None
    below = [one for one in lists.public_sections(now) if one.parent_id == section.pk]
    children = [] if section.parent_id else below
    context = {
        "section": section,
        "path": address,
        "listing": listing,
        "children": children,
        "years": lists.list_years(now, section.pk) if listing.editions else [],
        "before": before,
        "json_ld": linked_data.list_linked_data(
            section.title, quote_path(address), listing.editions, request.build_absolute_uri
        ),
    }
    return render(request, "releases/section.html", context)


def _redirect(request: HttpRequest, to: str) -> HttpResponse:
    """A path of ours is percent-encoded here, and stays one; the query goes along."""
    address, mark, fragment = to.partition("#")
    place, _, own = address.partition("?")
    if place.startswith("/"):
        place = quote_path("/" + place.lstrip("/"))
    query = "&".join(filter(None, [own, request.META.get("QUERY_STRING", "")]))
    return HttpResponsePermanentRedirect("".join([place, query and f"?{query}", mark, fragment]))
