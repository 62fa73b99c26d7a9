from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render

from releases.public.views import own_page
from releases.services import feeding, finding

LENGTH = 30


@own_page
def atom(request, now):
    """The newest releases that a list's address would show, as a feed: for all, an agency, an agreement, a search."""
    editions, title, page = _listed(request, now)
    text = feeding.atom(editions, title, page, request.get_full_path(), request.build_absolute_uri)
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")


@own_page
def json(request, now):
    editions, title, page = _listed(request, now)
    feed = feeding.json_feed(editions, title, page, request.get_full_path(), request.build_absolute_uri)
    return JsonResponse(
        feed, content_type="application/feed+json; charset=utf-8", json_dumps_params={"ensure_ascii": False}
    )


def _listed(request, now):
    filters = finding.Filters.read(request.GET.dict() | {"sort": "newest"})
    asked = [filters.query.text, *(value for _, value in filters.chosen)]
    title = "Press Room: " + ", ".join(filter(None, asked)) if any(asked) else "Press Room"
    query = request.META.get("QUERY_STRING", "")
    page = f"/releases/?{query}" if query else "/releases/"
    return finding.results(now, filters, length=LENGTH).editions, title, page


@own_page
def sitemap_index(request, now):
    return _xml(feeding.sitemap_index(now, request.build_absolute_uri))


@own_page
def sitemap(request, now, year, month):
    year, month = int(year), int(month)
    if not 1 <= month <= 12:
        raise Http404
    return _xml(feeding.sitemap(now, year, month, request.build_absolute_uri))


@own_page
def news_sitemap(request, now):
    return _xml(feeding.news_sitemap(now, request.build_absolute_uri))


@own_page
def robots(request, now):
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}",
        f"Sitemap: {request.build_absolute_uri('/sitemap-news.xml')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@own_page
def feeds(request, now):
    return render(request, "releases/feeds.html")


def _xml(text):
    return HttpResponse(text, content_type="application/xml; charset=utf-8")
