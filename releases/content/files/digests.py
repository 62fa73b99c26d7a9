"""What bytes on disk are known by."""

import hashlib
from pathlib import Path


def digest_file(path: Path) -> str:
    """The SHA-256 of the bytes at `path`, in hex. Raises OSError."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
