"""Whether what is kept is still what was recorded: the ledger's chain, the approved texts, the bytes of their
files."""

from collections.abc import Iterator
from pathlib import Path

from releases.content.files.digests import digest_file
from releases.models import Blob, Edition, LedgerEntry
from releases.services.editions.digests import digest_edition


def find_discrepancies(*, files: bool = False) -> Iterator[str]:
    """One sentence for each thing that is not as it was recorded; none when all holds.

    `files`: their bytes too.
    """
    if broken := LedgerEntry.objects.broken():
        yield f"Ledger entry {broken.pk} ({broken}) does not follow from the one before it."
    yield from _changed_texts()
    if files:
        yield from _changed_files()


def _changed_texts() -> Iterator[str]:
    parts = ["issuers__agency", "annexes__address", "illustrations__address", "agreements"]
    approved = Edition.objects.filter(state=Edition.State.APPROVED, erased_at__isnull=True)
    for edition in approved.select_related("address").prefetch_related(*parts).iterator(chunk_size=500):
        if digest_edition(edition) != edition.digest:
            yield f"{edition} at {edition.permalink} is not what was approved."


def _changed_files() -> Iterator[str]:
    for blob in Blob.objects.only("sha256").iterator(chunk_size=500):
        if (problem := _problem(blob.file, blob.sha256)) is not None:
            yield f"The file {blob.sha256} {problem}."


def _problem(file: Path, sha256: str) -> str | None:
    try:
        same = digest_file(file) == sha256
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return None if same else "has other bytes than its name says"
