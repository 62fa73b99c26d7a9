import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.http import http_date

from releases.content.extraction.kinds import KINDS
from releases.public.lists import TITLES
from releases.public.pages import own_page
from releases.services.editions.pagination import BadCursor
from releases.services.feeds import sitemaps, syndication
from releases.services.search import results
from releases.services.search.filters import FILTER_NAMES, Filters
from releases.services.search.synonyms import add_synonyms
from releases.services.website import lists

GROUPS = ("agency", "section", "agreement", "kind", "language")


@own_page("q", "before", *FILTER_NAMES)
def atom(request: HttpRequest, now: dt.datetime) -> HttpResponse:
    """The newest releases that a list's address would show, as a feed: for all, an agency, an agreement, a
    search."""
    feed = _feed(request, now)
    text = syndication.format_atom(feed, request.build_absolute_uri)
    response = HttpResponse(text, content_type="application/atom+xml; charset=utf-8")
    return _conditional(request, response, feed.changed)


@own_page("q", "before", *FILTER_NAMES)
def json(request: HttpRequest, now: dt.datetime) -> HttpResponse:
    """The same as a JSON Feed 1.1."""
    feed = _feed(request, now)
    response = JsonResponse(
        syndication.format_json_feed(feed, request.build_absolute_uri),
        content_type="application/feed+json; charset=utf-8",
        json_dumps_params={"ensure_ascii": False},
    )
    return _conditional(request, response, feed.changed)


def _feed(request: HttpRequest, now: dt.datetime) -> syndication.Feed:
    filters = add_synonyms(now, Filters.read(dict(request.GET.lists()) | {"sort": ["newest"]}))
    try:
        return syndication.read_feed(now, filters, request.GET.get("before", ""), request.path)
    except (BadCursor, syndication.NoSuchFeed):
        raise Http404 from None


def _conditional(request: HttpRequest, response: HttpResponse, changed: dt.datetime | None) -> HttpResponse:
    """304 for a reader that has this very text; feed readers ask every few minutes."""
    set_response_etag(response)
    stamp = int(changed.timestamp()) if changed else None
    if stamp:
        response["Last-Modified"] = http_date(stamp)
    return get_conditional_response(request, response["ETag"], stamp, response) or response


@own_page()
def sitemap_index(request: HttpRequest, now: dt.datetime) -> HttpResponse:
    return _xml(request, sitemaps.format_sitemap_index(now, request.build_absolute_uri))


@own_page()
def sitemap(request: HttpRequest, now: dt.datetime, year: int, month: int) -> HttpResponse:
    """The releases of a month of release dates; 404 for a month without one."""
    year, month = int(year), int(month)
    if not (year and 1 <= month <= 12):
        raise Http404
    return _xml(request, sitemaps.format_month_sitemap(now, year, month, request.build_absolute_uri))


@own_page()
def pages_sitemap(request: HttpRequest, now: dt.datetime) -> HttpResponse:
    return _xml(request, sitemaps.format_pages_sitemap(now, request.build_absolute_uri))


@own_page()
def news_sitemap(request: HttpRequest, now: dt.datetime) -> HttpResponse:
    return _xml(request, sitemaps.format_news_sitemap(now, request.build_absolute_uri))


@own_page()
def robots(request: HttpRequest, now: dt.datetime) -> HttpResponse:
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}",
        f"Sitemap: {request.build_absolute_uri('/sitemap-news.xml')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@own_page()
def feeds(request: HttpRequest, now: dt.datetime) -> HttpResponse:
    """Every feed that there is: of all releases, and for each agency, section, agreement, kind and
    language."""
    facets = results.search_with_facets(now, Filters()).facets
    groups = [(name, TITLES[name], facets.options[name]) for name in GROUPS if facets.options[name]]
    return render(request, "releases/feeds.html", {"groups": groups})


@own_page()
def open_data(request: HttpRequest, now: dt.datetime) -> HttpResponse:
    """What programs can read here, for people."""
    newest = lists.list_releases(now, length=1).editions
    context = {"example": newest[0] if newest else None, "kinds": KINDS}
    return render(request, "releases/open_data.html", context)


def _xml(request: HttpRequest, text: str) -> HttpResponse:
    if not text:
        raise Http404
    return _conditional(request, HttpResponse(text, content_type="application/xml; charset=utf-8"), None)
