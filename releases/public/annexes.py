import datetime as dt
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotFound
from django.http.response import HttpResponseBase
from django.shortcuts import render

from releases.content.text.permalinks import quote_path
from releases.models import Annex, Blob, PageText
from releases.public.files import serve
from releases.public.pages import own_page
from releases.services.website import resolver

KEPT = "private, max-age=31536000, immutable"


@own_page()
def annex(request: HttpRequest, now: dt.datetime, sha256: str) -> HttpResponse:
    """A file as a web page: what it is, where it lies, the text that was read from it."""
    found = list(
        Annex.objects.live(now)
        .filter(blob=sha256)
        .select_related("address", "blob", "edition__address")
        .defer("blob__text", "edition__body", "edition__body_html")
        .order_by("-edition__release_date", "pk")
    )
    if not found:
        gone = resolver.find_file(sha256, now)
        return _tell_gone(request, gone if isinstance(gone, resolver.Gone) else None)
    context = {
        "annex": found[0],
        "blob": found[0].blob,
        "places": {place.address_id: place for place in reversed(found)}.values(),
        "pages": PageText.objects.filter(blob=sha256).order_by("number"),
    }
    return render(request, "releases/annex_detail.html", context)


@own_page()
def file(request: HttpRequest, now: dt.datetime, sha256: str) -> HttpResponseBase:
    """The bytes of a public file, for programs that know its digest, which the API names. Whoever has them may
    keep them, since they are those of this address; whether they are public is asked each time."""
    found = resolver.find_file(sha256, now)
    if not isinstance(found, resolver.File):
        return _tell_gone(request, found)
    response = serve(request, found)
    response["Link"] = f'{response["Link"]}, <{quote_path(found.path)}>; rel="canonical"'
    if response.status_code in (200, 206, 304):
        response["Cache-Control"] = KEPT
    return response


@own_page()
def thumbnail(request: HttpRequest, now: dt.datetime, sha256: str) -> HttpResponseBase:
    """The picture of a public file's first page, as WebP; 404 where it has none. A browser that has seen it
    may keep it, since its address is that of these bytes."""
    return _serve_made(request, now, Blob(sha256=sha256).thumbnail, sha256)


@own_page()
def picture(request: HttpRequest, now: dt.datetime, sha256: str, width: str) -> HttpResponseBase:
    """A smaller copy of a public picture, as WebP; 404 where it has none of this width."""
    return _serve_made(request, now, Blob(sha256=sha256).copy(int(width)), sha256)


def _serve_made(request: HttpRequest, now: dt.datetime, made: Path, sha256: str) -> HttpResponseBase:
    """What the worker made of the file with this digest: for whoever gets the file itself."""
    found = resolver.find_file(sha256, now)
    if not isinstance(found, resolver.File):
        return _tell_gone(request, found)
    if not made.is_file():
        return HttpResponseNotFound(content_type="text/plain")
    return FileResponse(made.open("rb"), content_type="image/webp", headers={"Cache-Control": KEPT})


def _tell_gone(request: HttpRequest, gone: resolver.Gone | None) -> HttpResponse:
    """410 where the file went with a release that was removed; raises Http404 where nobody ever saw it."""
    if gone is None:
        raise Http404
    return render(request, "410.html", {"gone": gone}, status=410)
