"""The bytes of files at their old paths: whole or a range, with the type that they have and never as a page
of ours."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header, parse_etags

from releases.content.files.media_types import choose_policy, is_inline
from releases.models import Blob
from releases.services.website import resolver

CHUNK = 1 << 16
RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def serve(request: HttpRequest, file: resolver.File) -> HttpResponseBase:
    """Answer with a `resolver.File`. 304, 206 and 416 as RFC 9110 has them; several ranges are given
    whole."""
    etag = f'"{file.sha256}"'
    if _is_known(etag, request.headers.get("If-None-Match", "")):
        response: HttpResponseBase = HttpResponseNotModified()
    elif settings.SENDFILE == "nginx":
        response = HttpResponse(content_type=file.media_type)
        response["X-Accel-Redirect"] = f"/_blobs/{file.sha256[:2]}/{file.sha256}"
    else:
        response = _from_here(request, file, etag)
    return _with_headers(response, file, etag)


def _is_known(etag: str, asked: str) -> bool:
    known = [tag.removeprefix("W/") for tag in parse_etags(asked)]
    return etag in known or known == ["*"]


def _from_here(request: HttpRequest, file: resolver.File, etag: str) -> HttpResponseBase:
    asked = _asked_range(request, file.size, etag)
    first, last = asked or (0, file.size - 1)
    if asked and first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.size}"})
    length = last - first + 1
    path = Blob(sha256=file.sha256).file
    if path.stat().st_size != file.size:
        raise OSError(f"{path} has other bytes than were stored.")  # never a part of a file
    body = [] if request.method == "HEAD" else _chunks(path, first, length)
    response = StreamingHttpResponse(body, content_type=file.media_type, status=206 if asked else 200)
    response["Content-Length"] = str(length)
    if asked:
        response["Content-Range"] = f"bytes {first}-{last}/{file.size}"
    return response


def _asked_range(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    """(first, last) byte of the one range that was asked for; first > last when there is no such part; else
    None."""
    asked = RANGE.fullmatch(request.headers.get("Range", "").strip())
    if not asked or request.headers.get("If-Range", etag) != etag:
        return None
    start, end = (int(number[:18]) if number else None for number in asked.groups())
    if start is None:
        return None if end is None else (size - min(end, size), size - 1)
    if end is not None and end < start:
        return None
    return start, size - 1 if end is None else min(end, size - 1)


def _chunks(path: Path, first: int, length: int) -> Iterator[bytes]:
    with path.open("rb") as stream:
        stream.seek(first)
        while length > 0 and (chunk := stream.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk


def _with_headers(response: HttpResponseBase, file: resolver.File, etag: str) -> HttpResponseBase:
    name = file.path.rstrip("/").rpartition("/")[2]
    response["ETag"] = etag
    if settings.SENDFILE != "nginx":  # which says so itself, of what it sends
        response["Accept-Ranges"] = "bytes"
    response["X-Content-Type-Options"] = "nosniff"
    if disposition := content_disposition_header(not is_inline(file.media_type), name):
        response["Content-Disposition"] = disposition
    response["Content-Security-Policy"] = choose_policy(file.media_type)
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    if file.page:
        response["Link"] = f'<{quote(file.page)}>; rel="up"'
    return response
