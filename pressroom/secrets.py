import secrets
from pathlib import Path


def local_secret(file: Path) -> str:
    """The random key of an installation that only answers on loopback, made once and kept in `file` (mode 0600)."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(64))
    return file.read_text()
