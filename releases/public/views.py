from functools import wraps

from django.http import (
    Http404,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponsePermanentRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from releases.content.permalinks import href
from releases.models import Edition
from releases.public.caching import never_stale
from releases.public.downloads import serve
from releases.services import agreements, pages, resolving, serializing

FORMATS = ["text/html", "application/json", "text/markdown"]


@never_stale
def home(request):
    if refusal := _refuse_method(request):
        return refusal
    now = timezone.now()
    context = {
        "listing": pages.listing(now, length=10), "sections": pages.sections(),
        "agreements": agreements.changed_lately(now),
    }  # fmt: skip
    return render(request, "releases/home.html", context)


@never_stale
def page(request, path):
    """Whatever the old site had at this path: a release, a section, a file, or where it went."""
    if refusal := _refuse_method(request):
        return refusal
    now = timezone.now()
    if response := _stored(request, resolving.resolve(request.path_info, now), now):
        return response
    raise Http404


def own_page(view):
    """A page of ours, `view(request, now, ...)`; an address that the old site had at the same path wins."""

    @never_stale
    @wraps(view)
    def wrapped(request, **values):
        if refusal := _refuse_method(request):
            return refusal
        now = timezone.now()
        stored = _stored(request, resolving.resolve(request.path_info, now), now)
        return stored or view(request, now, **values)

    return wrapped


def _stored(request, answer, now):
    match answer:
        case resolving.ReleasePage(edition):
            return _release(request, edition, now)
        case resolving.SectionPage(section, address):
            return _section(request, section, address, now)
        case resolving.File() as file:
            return serve(request, file)
        case resolving.Moved(to):
            return _redirect(request, to)
        case resolving.Gone():
            return render(request, "410.html", status=410)
    return None


@never_stale
def not_found(request, exception=None):
    return render(request, "404.html", status=404)


def server_error(request):
    return render(request, "500.html", status=500)


def _refuse_method(request):
    return None if request.method in ("GET", "HEAD") else HttpResponseNotAllowed(["GET", "HEAD"])


def _release(request, edition, now):
    wanted = request.get_preferred_type(FORMATS) if "Accept" in request.headers else FORMATS[0]
    if wanted == "application/json":
        found = serializing.for_json(Edition.objects.live(now), now).get(pk=edition)
        response = JsonResponse(serializing.release_item(found), json_dumps_params={"ensure_ascii": False})
    else:
        found = pages.release_page(edition, now)
        if wanted == "text/markdown":
            response = HttpResponse(found.body, content_type="text/markdown; charset=utf-8")
        else:
            response = render(request, "releases/release_detail.html", _context(request, found))
    patch_vary_headers(response, ["Accept"])
    return response


def _context(request, edition):
    return {
        "edition": edition,
        "section": edition.release.section,
        "url": request.build_absolute_uri(href(edition.address.path)),
        "json_ld": serializing.release_ld(edition, request.build_absolute_uri),
    }


def _section(request, section, address, now):
    before = request.GET.get("before", "")
    try:
        listing = pages.listing(now, before, section)
    except pages.BadCursor:
        raise Http404 from None
    children = [] if section.parent_id else list(section.children.select_related("address"))
    context = {
        "section": section,
        "path": address,
        "listing": listing,
        "children": children,
        "before": before,
    }
    return render(request, "releases/section.html", context)


def _redirect(request, to):
    """A path of ours is percent-encoded here; the query goes along."""
    target = href(to) if to.startswith("/") else to
    query = request.META.get("QUERY_STRING", "")
    joint = "&" if "?" in target else "?"
    return HttpResponsePermanentRedirect(f"{target}{joint}{query}" if query else target)
