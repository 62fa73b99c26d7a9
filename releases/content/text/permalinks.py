"""Paths of the public site: the only place that knows what an address may be and which spellings mean the
same."""

import hashlib
import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote, unquote

from releases.content.text.limits import DIRECTIONS, LINE_CONTROLS, SURROGATES

LONGEST_PATH = 1000
MOST_PATHS = 2_048  # that are kept as links
RESERVED = frozenset({"admin", "api", "static", "accounts", "healthz", "readyz"})

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_SLASHES = re.compile(r"/{2,}")
_FORBIDDEN = re.compile(rf"[{LINE_CONTROLS}{DIRECTIONS}\u200e\u200f\\?#<>{{}}]")
_UNSERVABLE = re.compile(rf"[\x00{SURROGATES}]")
_ENCODED = re.compile(r"%(?:2f|5c|00|2e)", re.IGNORECASE)
_IN_SLUG = frozenset("._~!$&'()+,;=@")


class PermalinkError(ValueError):
    """A path that can't be an address; the message says why."""


def normalise_path(path: str, *, is_old: bool = False) -> str:
    """`path` as written, with a leading slash and without doubled ones. Raises PermalinkError.

    An old site's own path (`is_old`) may hold what a new one may not, blanks at its ends among it: it is
    served percent-encoded.
    """
    clean = _SLASHES.sub("/", "/" + (path if is_old else path.strip(" ")).lstrip("/"))
    if clean == "/":
        raise PermalinkError("The address is that of the home page.")
    if _SCHEME.match(path) and not path.lower().startswith(("http:", "https:")):
        raise PermalinkError("The address is not a path.")
    if path.startswith("//") and "." in path[2:].split("/", 1)[0]:
        raise PermalinkError("The address names another site.")
    if len(clean) > LONGEST_PATH:
        raise PermalinkError(f"The address has {len(clean):,} characters; {LONGEST_PATH:,} are allowed.")
    if found := (_UNSERVABLE if is_old else _FORBIDDEN).search(clean):
        character = repr(found[0]) if found[0].isprintable() else f"the character U+{ord(found[0]):04X}"
        raise PermalinkError(f"The address holds {character}, which no address may.")
    if _ENCODED.search(clean) or {".", ".."} & set(unquote(clean).split("/")):
        raise PermalinkError("The address holds . or .. as a part of its path, or an encoded slash or dot.")
    if (first := clean.split("/")[1].casefold()) in RESERVED:
        raise PermalinkError(f"Addresses below /{first}/ belong to Press Room itself.")
    return clean


@lru_cache(maxsize=MOST_PATHS)
def quote_path(path: str) -> str:
    """A stored path as a link: percent-encoded but for what a path may hold."""
    return quote(path, safe="/:@!$&'()*+,;=~")


def digest_path(path: str) -> str:
    """Hex SHA-256 of a path's UTF-8."""
    return hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()


def fold_path(path: str) -> str:
    """What all spellings of one path have in common: encoding, Unicode form, case, slashes and index.html
    aside."""
    plain = unicodedata.normalize("NFC", unquote(path)).casefold()
    plain = _SLASHES.sub("/", "/" + plain.strip("/"))
    return plain.removesuffix("/index.html").rstrip("/") or "/"


def make_slug(text: str, marks: frozenset[str] = _IN_SLUG) -> str:
    """A file name's slug as Jekyll writes it into a URL, case kept, not percent-encoded; `marks` stay beside
    letters and digits (its mode "pretty"; none of them: "default")."""
    kept = (
        one if one in marks or unicodedata.category(one)[0] in "LM" or one.isdecimal() else "-"
        for one in text
    )
    return re.sub(r"-{2,}", "-", "".join(kept)).strip("-")
