import datetime as dt

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from releases.models import Annex, Blob, PageText
from releases.public.pages import own_page
from releases.services.website.resolver import Gone


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
        return _tell_gone(request, now, sha256)
    context = {
        "annex": found[0],
        "blob": found[0].blob,
        "places": {place.address_id: place for place in reversed(found)}.values(),
        "pages": PageText.objects.filter(blob=sha256).order_by("number"),
    }
    return render(request, "releases/annex_detail.html", context)


@own_page()
def thumbnail(request: HttpRequest, now: dt.datetime, sha256: str) -> HttpResponseBase:
    """The picture of a public file's first page, as WebP; 404 where it has none. A browser that has seen it
    may keep it, since its address is that of these bytes."""
    blob = Blob.objects.filter(
        pk=sha256, annexes__in=Annex.objects.live(now), thumbnail_width__isnull=False
    ).first()
    if blob is None or not blob.thumbnail.is_file():
        return _tell_gone(request, now, sha256)
    kept = {"Cache-Control": "private, max-age=31536000, immutable"}
    return FileResponse(blob.thumbnail.open("rb"), content_type="image/webp", headers=kept)


def _tell_gone(request: HttpRequest, now: dt.datetime, sha256: str) -> HttpResponse:
    """410 where the file went with a release that was removed; raises Http404 where nobody ever saw it."""
    if not Annex.objects.of_removed(now).filter(blob=sha256).exists():
        raise Http404
    return render(request, "410.html", {"gone": Gone()}, status=410)
