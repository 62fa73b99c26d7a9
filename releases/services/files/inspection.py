"""What a file says of itself: pages, text, first picture, accessibility.

Read in the task worker, never in a request.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from operator import methodcaller
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from releases.models import Blob
from releases.services.files.storage import place_bytes
from releases.services.search import index_blob

PDF = "application/pdf"
PICTURES = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/avif")
READABLE = (PDF, *PICTURES)
SECONDS = 120
READER = "releases.services.files.pdf_worker"


def enqueue_uninspected() -> int:
    """Hand every file that nobody has read yet to the worker; returns their number."""
    waiting = list(uninspected_blobs())
    for sha256 in waiting:
        inspect_blob.enqueue(sha256)
    return len(waiting)


def enqueue_blob(blob: Blob) -> None:
    """Hand one file to the worker, unless it was read before or can't be."""
    if blob.inspected_at is None and blob.media_type in READABLE:
        inspect_blob.enqueue(blob.pk)


def uninspected_blobs() -> Iterable[str]:
    """The SHA-256 of every file that the worker can read and has not read, or not as this version does."""
    found = Blob.objects.filter(_is_unread(), media_type__in=READABLE)
    return found.order_by("pk").values_list("pk", flat=True)


def _is_unread() -> Q:
    """Earlier versions read pictures without making copies of them."""
    is_without_copies = Q(media_type__in=PICTURES, picture_width__isnull=True, problem="")
    return Q(inspected_at__isnull=True) | is_without_copies


@task()
def inspect_blob(sha256: str) -> None:
    """The worker's task: `inspect_file` of a blob that is still there and not read yet."""
    blob = Blob.objects.filter(_is_unread(), pk=sha256).first()
    if blob:
        inspect_file(blob)


def inspect_file(blob: Blob) -> Blob:
    """Read a file in a child process with limits, so that no file can harm the worker, and keep what it
    says."""
    found = {"problem": "", **_read_in_child(blob)}
    made = {blob.thumbnail: found.pop("thumbnail", "")}
    copies: dict[str, str] = found.pop("copies", {})
    made |= {blob.copy(int(width)): data for width, data in copies.items()}
    found["copy_widths"] = " ".join(copies)
    found["inspected_at"] = timezone.now()
    for name, value in found.items():
        setattr(blob, name, value)
    with transaction.atomic():
        if Blob.objects.filter(pk=blob.pk).update(**found):  # else it was erased while it was read
            _keep_made(made)
            index_blob(blob)
    return blob


def _keep_made(made: Mapping[Path, str]) -> None:
    """Files by their paths, as hex; none for what could not be made."""
    for path, data in made.items():
        if data:
            place_bytes(path, methodcaller("write", bytes.fromhex(data)))


def _read_in_child(blob: Blob) -> dict[str, Any]:
    command = [sys.executable, "-m", READER, str(blob.file.resolve()), blob.media_type]
    try:
        done = subprocess.run(  # noqa: S603 (our own module)
            command, cwd=settings.BASE_DIR, capture_output=True, timeout=SECONDS, check=True
        )
        return dict(json.loads(done.stdout))
    except subprocess.TimeoutExpired:
        return {"problem": f"Reading it took more than {SECONDS} seconds."}
    except (subprocess.CalledProcessError, ValueError):
        return {"problem": "It could not be read; the file may be damaged."}
