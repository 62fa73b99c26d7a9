"""What an edition shows that is not public yet, for those who may see it: its own annexes and pictures."""

import dataclasses
import re
from collections.abc import Callable

from releases.content.text.permalinks import digest_path, quote_path
from releases.models import Annex, Blob, Edition, Illustration, Upload
from releases.models.annex import IS_FREE
from releases.services.accounts.permissions import Authority
from releases.services.editions.rows import ReleaseView

_TARGET = re.compile(r'(\s(?:href|src)=")([^"]*)(")')


def with_own_files(page: ReleaseView, place: Callable[[str], str]) -> ReleaseView:
    """The page with the edition's own files leading to `place(SHA-256)`."""
    places = {path: place(blob.pk) for path, blob in own_files(page.edition).items()}
    annexes = [
        dataclasses.replace(annex, path=places.get(annex.path, annex.path), thumbnail_width=None)
        for annex in page.annexes
    ]
    targets = {quote_path(path): found for path, found in places.items()} | places
    body_html = _TARGET.sub(
        lambda found: f"{found[1]}{targets.get(found[2], found[2])}{found[3]}", page.body_html
    )
    return dataclasses.replace(page, annexes=annexes, body_html=body_html)


def own_files(edition: Edition) -> dict[str, Blob]:
    """Path and bytes of every annex and picture that does not wait for a virus scan."""
    rows: list[Annex | Illustration] = [
        *edition.annexes.filter(IS_FREE).select_related("address", "blob").defer("blob__text"),
        *edition.illustrations.filter(IS_FREE).select_related("address", "blob").defer("blob__text"),
    ]
    return {row.address.path: row.blob for row in rows}


def picture(path: str, authority: Authority) -> Blob | None:
    """A picture for the preview beside the editor: one that was put into a text just now, or that of an
    edition in sight."""
    if "\x00" in path:
        return None
    at_path = {"address__path_digest": digest_path(path)}
    upload = Upload.objects.filter(IS_FREE, **at_path).select_related("blob").first()
    if upload:
        return upload.blob
    seen = Illustration.objects.filter(IS_FREE, **at_path, edition__in=authority.editions.values("pk"))
    shown = seen.select_related("blob").order_by("-edition").first()
    return shown.blob if shown else None
