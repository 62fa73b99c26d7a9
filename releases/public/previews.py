"""What the holder of a preview link sees.

A link that is unknown, revoked or over answers like any address that never was.
"""

import datetime as dt
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from releases.content.text.permalinks import quote_path
from releases.models import Edition, PreviewLink
from releases.public.files import serve
from releases.public.http import View, moment
from releases.services.editing import previews
from releases.services.editions.digests import digest_edition
from releases.services.editions.transitions import ActionRefused
from releases.services.website import resolver


def private(view: View) -> View:
    """Kept nowhere, told to nobody."""

    @wraps(view)
    def wrapped(request: HttpRequest, token: str, **values: Any) -> HttpResponseBase:
        now = moment(request)
        link = previews.find_link(token, now)
        if link is None:
            raise Http404
        response = view(request, link, token, now, **values)
        response["Cache-Control"] = "private, no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return wrapped


def is_public(edition: Edition, now: dt.datetime) -> bool:
    """Since then the permalink answers, whatever has become of the release."""
    return bool(edition.live_from and edition.live_from <= now)


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt  # who can post knows the token, which no other site can make a browser send
@private
def preview(request: HttpRequest, link: PreviewLink, token: str, now: dt.datetime) -> HttpResponse:
    """The page of the link's edition, with what its reader writes; once it is public, a redirect to its
    permalink."""
    if is_public(link.edition, now):
        return HttpResponseRedirect(quote_path(link.edition.address.path))
    problem = ""
    if request.method == "POST":
        try:
            previews.comment(
                link,
                text=request.POST.get("text", ""),
                consents="consents" in request.POST,
                at=now,
                seen=request.POST.get("seen", ""),
            )
            return HttpResponseRedirect(request.path)
        except ActionRefused as refused:
            problem = str(refused)
    files = reverse("preview-file", args=[token, "0" * 64]).removesuffix("0" * 64 + "/")
    page = previews.page_for(link, files, now)
    context = {
        "page": page,
        "edition": page.edition,
        "section": page.edition.release.section,
        "link": link,
        "problem": problem,
        "comments": link.comments.all(),
        "typed": request.POST.get("text", ""),
        "seen": digest_edition(link.edition),
        "url": request.build_absolute_uri(quote_path(page.edition.address.path)),
    }
    return render(request, "releases/preview.html", context)


@require_http_methods(["GET", "HEAD"])
@private
def file(
    request: HttpRequest, link: PreviewLink, token: str, now: dt.datetime, sha256: str
) -> HttpResponseBase:
    """A file of the link's edition; once this is public, a redirect to the file's own address."""
    found = previews.file_for(link, sha256, now)
    if found is None:
        raise Http404
    if is_public(link.edition, now):
        return HttpResponseRedirect(quote_path(found.path))
    blob = found.blob
    return serve(request, resolver.File(found.path, blob.pk, blob.size, blob.media_type, ""))
