import fcntl
import os
import secrets
from pathlib import Path


def local_secret(file: Path) -> str:
    """The random key of an installation that only answers on loopback, made once and kept in `file` (mode
    0600).

    Processes that need it first at the same time wait for each other and get the same key. Raises OSError.
    """
    if file.exists() and (kept := file.read_text()):
        return kept
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT, 0o600), "r+") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        secret = stream.read()
        if not secret:
            secret = secrets.token_urlsafe(64)
            stream.write(secret)
    return secret
