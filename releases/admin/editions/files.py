"""Files that are not public yet, handed to editors who may see their edition."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest

from releases.admin.base.authority import authority_of
from releases.admin.editions.views import visible
from releases.content.files.media_types import choose_policy, is_inline
from releases.models import Blob
from releases.services.editing import draft_files


def file_view(desk: Any, request: HttpRequest, pk: int, sha256: str) -> FileResponse:
    """An annex or a picture of an edition. Raises Http404."""
    own = draft_files.own_files(visible(request, pk))
    for path, blob in own.items():
        if blob.pk == sha256:
            return serve(blob, path)
    raise Http404


def picture_view(desk: Any, request: HttpRequest) -> FileResponse:
    """A picture of a text that is not public yet, for the preview beside the editor. Raises Http404."""
    if not request.user.has_perm("releases.change_edition"):
        raise PermissionDenied
    path = request.GET.get("path", "")
    blob = draft_files.picture(path, authority_of(request))
    if blob is None:
        raise Http404
    return serve(blob, path)


def serve(blob: Blob, path: str) -> FileResponse:
    """The bytes, under the last step of `path`, as nothing that a browser runs or keeps. Raises Http404."""
    try:
        stream = blob.file.open("rb")
    except OSError as error:
        raise Http404 from error
    name = path.rstrip("/").rpartition("/")[2]
    response = FileResponse(
        stream, content_type=blob.media_type, as_attachment=not is_inline(blob.media_type), filename=name
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = choose_policy(blob.media_type)
    return response
