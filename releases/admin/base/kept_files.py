"""Files that stay chosen after a refused save: their bytes are stored, and the form carries their names."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core import signing

from releases.models import Blob
from releases.services.files.storage import renew_blobs

OF_EDITIONS, OF_THE_NEWSROOM = "annex", "newsroom"
"""Forms that carry files: what one of them signed, no other takes."""
LONGEST_KEPT = 7 * 24 * 3600  # seconds


@dataclass(frozen=True, slots=True)
class KeptFile:
    """Bytes that are stored, and the name of the file that brought them."""

    blob: Blob
    name: str


def sign_files(files: Iterable[KeptFile], salt: str = OF_EDITIONS) -> str:
    """What a form carries of files that are stored: signed, so that nobody can ask for another's by their
    digest."""
    return signing.dumps([[file.blob.pk, file.name] for file in files], salt=salt)


def read_signed_files(signed: str, salt: str = OF_EDITIONS) -> list[KeptFile]:
    """The files that an earlier, refused save brought; none where the signature is wrong or older than a
    week."""
    try:
        found = signing.loads(signed, salt=salt, max_age=LONGEST_KEPT)
    except signing.BadSignature:
        return []
    blobs = renew_blobs([key for key, _ in found])
    return [KeptFile(blobs[key], name) for key, name in found if key in blobs]
