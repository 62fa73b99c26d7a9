"""SHA-256 over the canonical form of values, the same on every machine and database."""

import hashlib
import json


def digest_values(values: object) -> str:
    """Hex SHA-256 of `values` as JSON: keys sorted, no spaces, text as UTF-8, dates as ISO 8601."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: object) -> str:
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    raise TypeError(f"{type(value).__name__} has no canonical form")
