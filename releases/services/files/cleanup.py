"""Taking away bytes that nothing refers to any more: of discarded drafts, of pictures that no text shows, of
writing cut short."""

import contextlib
import datetime as dt
import math
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError, QuerySet

from releases.models import Blob, Upload
from releases.services.search import forget_blob

GRACE_PERIOD = dt.timedelta(
    days=8
)  # a form that was refused, or that a browser keeps, names its files for a week


class NotItsStore(Exception):
    """The store holds more files that the database does not know than files that it knows."""


def unused_blobs(at: dt.datetime) -> QuerySet[Blob]:
    """Blobs that no edition, old site, agreement or newsroom needs, and that nobody has brought for `GRACE_PERIOD`.

    A picture that was uploaded and that no edition shows is one.
    """
    of_newsroom = {"logos": None, "dark_logos": None, "social_pictures": None}
    nowhere = Blob.objects.filter(
        annexes=None, illustrations=None, site_files=None, agreement_texts=None, **of_newsroom
    )
    return nowhere.filter(stored_at__lt=at - GRACE_PERIOD).order_by("pk")


def stray_files(at: dt.datetime) -> list[Path]:
    """Files of the store that belong to no blob: what a killed process leaves. Raises NotItsStore."""
    known = set(Blob.objects.values_list("pk", flat=True))
    files = [
        file
        for folder in ("blobs", "thumbnails", "pictures")
        for file in (settings.MEDIA_ROOT / folder).glob("*/*")
    ]
    unknown = [file for file in files if _sha256(file) not in known]
    if len(unknown) > len(files) - len(unknown):
        raise NotItsStore(
            f"{settings.MEDIA_ROOT} holds {len(unknown):,} files that this database does not know, and"
            f" {len(files) - len(unknown):,} that it knows. Is it the right database? Nothing was removed."
        )
    return [file for file in unknown if _last_written(file) < (at - GRACE_PERIOD).timestamp()]


def prune_files(at: dt.datetime) -> Iterator[Blob | Path]:
    """Remove what `unused_blobs` and `stray_files` name, and tell each; what somebody has just brought anew
    stays."""
    left = stray_files(at)
    for blob in unused_blobs(at).defer("text"):
        if _forget_unused(blob, at):
            delete_bytes(blob.pk)
            yield blob
    for file in left:
        _drop_stray(file)
        yield file


def delete_blob(blob: Blob) -> bool:
    """Delete the row of a blob with its pages and their words; False where somebody else needs it."""
    with contextlib.suppress(ProtectedError), transaction.atomic():
        forget_blob(blob)
        Blob.objects.filter(pk=blob.pk).delete()
        return True
    return False


def delete_bytes(sha256: str) -> None:
    """Delete the bytes of a blob that has no row, unless somebody is bringing them again.

    Until the transaction ends the name is taken here, so whoever brings them waits, and looks for them
    afterwards.
    """
    with transaction.atomic():
        blob, is_free = Blob.objects.get_or_create(sha256=sha256, defaults={"size": 0})
        if is_free:
            for file in (blob.file, *blob.made_files):
                file.unlink(missing_ok=True)
            blob.delete()


def _forget_unused(blob: Blob, at: dt.datetime) -> bool:
    """Locked first and asked afterwards; what somebody holds is passed over, so that nobody waits in a
    circle."""
    with transaction.atomic():
        uploads = list(Upload.objects.select_for_update(skip_locked=True).filter(blob=blob))
        held = Blob.objects.select_for_update(skip_locked=True).filter(pk=blob.pk).first()
        if not held or not unused_blobs(at).filter(pk=blob.pk).exists():
            return False
        for upload in uploads:
            upload.delete()
            with contextlib.suppress(ProtectedError), transaction.atomic():
                upload.address.delete()
        return delete_blob(held)


def _drop_stray(file: Path) -> None:
    blob = Blob(sha256=_sha256(file))
    if file in (blob.file, *blob.made_files):
        delete_bytes(blob.pk)
    else:
        file.unlink(missing_ok=True)


def _last_written(file: Path) -> float:
    """Never for a file that has just got its name."""
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return math.inf


def _sha256(file: Path) -> str:
    return file.name.partition(".")[0]
