"""What the toolbar of a text asks the desk: where a link may lead, and a piece of a clipboard as Markdown."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse

from releases.admin.base.authority import authority_of
from releases.admin.editions.new_release import LARGEST_HTML
from releases.content.documents.document import DocumentRefused
from releases.services.editing import new_releases
from releases.services.editing.link_targets import find_link_targets


def link_targets_view(desk: Any, request: HttpRequest) -> JsonResponse:
    """`targets`: kind, title and address of each, for whoever may write."""
    _require_writer(request)
    edition = request.GET.get("edition", "")
    key = int(edition) if edition.isascii() and edition.isdecimal() and len(edition) < 10 else None
    found = find_link_targets(request.GET.get("q", "")[:200], authority_of(request), key)
    return _answer({"targets": [target._asdict() for target in found]})


def clipboard_view(desk: Any, request: HttpRequest) -> JsonResponse:
    """`markdown` of the HTML that is sent, and what is `left_out` of it in words; `error` where it can't be read."""
    _require_writer(request)
    html = request.POST.get("html", "")
    if not html or len(html) > LARGEST_HTML:
        return _answer({"error": "The text could not be read. Paste it as plain text."}, status=400)
    try:
        markdown, left_out = new_releases.write_body(new_releases.read_formatted(html))
    except DocumentRefused as refused:
        return _answer({"error": str(refused)}, status=400)
    return _answer({"markdown": markdown, "left_out": left_out})


def _require_writer(request: HttpRequest) -> None:
    if not request.user.has_perm("releases.change_edition"):
        raise PermissionDenied


def _answer(told: dict[str, Any], status: int = 200) -> JsonResponse:
    response = JsonResponse(told, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
