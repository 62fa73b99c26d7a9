"""Storing bytes under their digest, row and bytes in one transaction, so that no row points at missing
bytes."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from releases.content.files.media_types import VAGUE, identify_file, identify_stream
from releases.models import Blob

CHUNK = 1 << 20
Write = Callable[[BinaryIO], object]
"""Writes the bytes of a blob."""


def store_file(path: Path) -> Blob:
    """The Blob of the file at `path`, copied in where it is new. Raises OSError."""
    sha256, media_type, size = _read(path)
    return _row(sha256, media_type, size, lambda target: _copy(path, target))


def store_bytes(data: bytes, name: str) -> Blob:
    """The Blob of `data`, written where it is new. Raises OSError."""
    sha256 = hashlib.sha256(data).hexdigest()
    media_type = identify_file(data, name).media_type
    return _row(sha256, media_type, len(data), lambda target: target.write(data))


def is_whole(blob: Blob) -> bool:
    """Whether its bytes are there and as many as there should be."""
    try:
        return bool(blob.file.stat().st_size == blob.size)
    except FileNotFoundError:
        return False


def lost_blobs() -> set[str]:
    """The SHA-256 of every blob whose bytes are not there, or are cut short."""
    return {blob.pk for blob in Blob.objects.only("size").iterator(chunk_size=500) if not is_whole(blob)}


def renew_blobs(keys: Iterable[str]) -> dict[str, Blob]:
    """The blobs that are still there, by SHA-256, as if they were brought now."""
    Blob.objects.filter(pk__in=list(keys)).update(stored_at=timezone.now())
    return Blob.objects.in_bulk(list(keys))


def _row(sha256: str, media_type: str, size: int, write: Write) -> Blob:
    """The row first, which nobody else sees yet: whoever is removing these bytes is done with it then."""
    scan = Blob.Scan.WAITING if settings.CLAMD_URL else Blob.Scan.UNKNOWN
    blob = Blob(sha256=sha256, size=size, media_type=media_type, scan=scan)
    with transaction.atomic():
        Blob.objects.bulk_create(
            [blob], update_conflicts=True, unique_fields=["sha256"], update_fields=["stored_at"]
        )
        if not is_whole(blob):
            place_bytes(blob.file, write)
        stored = Blob.objects.get(pk=sha256)
        if stored.media_type in VAGUE and media_type not in VAGUE:  # an earlier version may not have known it
            stored.media_type = media_type
            stored.save(update_fields=["media_type"])
        return stored


def _read(path: Path) -> tuple[str, str, int]:
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        size = stream.tell()
        stream.seek(0)
        return sha256, identify_stream(stream, path.name).media_type, size


def _copy(path: Path, target: BinaryIO) -> None:
    with path.open("rb") as source:
        while chunk := source.read(CHUNK):
            target.write(chunk)


def place_bytes(file: Path, write: Write) -> None:
    """Write to a temporary name beside `file`, then rename: a reader sees all of it or nothing. Raises OSError,
    and what `write` raises."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=file.parent)
    try:
        with os.fdopen(descriptor, "wb") as target:
            write(target)
            target.flush()
            os.fsync(target.fileno())
        Path(name).chmod(0o640)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
