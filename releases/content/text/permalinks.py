"""Paths of the public site: the only place that knows what an address may be and which spellings mean the
same."""

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Sequence
from urllib.parse import quote, unquote

from releases.content.text.limits import DIRECTIONS, LINE_CONTROLS

LONGEST_PATH = 1000
RESERVED = frozenset({"admin", "api", "static", "accounts", "healthz", "readyz"})

STYLES = {
    "none": "/:categories/:title:output_ext",
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
}

_DAYS = {
    "year": "%Y",
    "month": "%m",
    "day": "%d",
    "y_day": "%j",
    "short_year": "%y",
    "week": "%V",
    "short_day": "%a",
}
_PLACEHOLDER = re.compile(
    r":(categories|title|slug|output_ext|i_month|i_day|short_day|short_year|y_day|year|month|day|week)"
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_SLASHES = re.compile(r"/{2,}")
_FORBIDDEN = re.compile(rf"[{LINE_CONTROLS}{DIRECTIONS}\u200e\u200f\\?#<>{{}}]")
_ENCODED = re.compile(r"%(?:2f|5c|00|2e)", re.IGNORECASE)
_IN_SLUG = frozenset("._~!$&'()+,;=@")


class PermalinkError(ValueError):
    """A path that can't be an address; the message says why."""


def normalise_path(path: str) -> str:
    """`path` as written, with a leading slash and without doubled ones. Raises PermalinkError."""
    clean = _SLASHES.sub("/", "/" + path.strip(" ").lstrip("/"))
    if clean == "/":
        raise PermalinkError("The address is that of the home page.")
    if _SCHEME.match(path) and not path.lower().startswith(("http:", "https:")):
        raise PermalinkError("The address is not a path.")
    if path.startswith("//") and "." in path[2:].split("/", 1)[0]:
        raise PermalinkError("The address names another site.")
    if len(clean) > LONGEST_PATH:
        raise PermalinkError(f"The address has {len(clean):,} characters; {LONGEST_PATH:,} are allowed.")
    if found := _FORBIDDEN.search(clean):
        character = repr(found[0]) if found[0].isprintable() else f"the character U+{ord(found[0]):04X}"
        raise PermalinkError(f"The address holds {character}, which no address may.")
    if _ENCODED.search(clean) or {".", ".."} & set(unquote(clean).split("/")):
        raise PermalinkError("The address holds . or .. as a part of its path, or an encoded slash or dot.")
    if (first := clean.split("/")[1].casefold()) in RESERVED:
        raise PermalinkError(f"Addresses below /{first}/ belong to Press Room itself.")
    return clean


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


def make_slug(text: str) -> str:
    """A file name's slug as Jekyll writes it into a URL: mode "pretty", case kept, not percent-encoded."""
    kept = (
        one if one in _IN_SLUG or unicodedata.category(one)[0] in "LM" or one.isdecimal() else "-"
        for one in text
    )
    return re.sub(r"-{2,}", "-", "".join(kept)).strip("-")


def expand_template(template: str, *, categories: Sequence[str], date: dt.date, name: str) -> str:
    """A permalink, or a style of permalinks, with Jekyll's placeholders filled in; `name` is the file name's
    between date and extension."""
    if not _PLACEHOLDER.search(template):
        return template
    values = {key: date.strftime(form) for key, form in _DAYS.items()} | {
        "categories": "/".join(dict.fromkeys(category.lower() for category in categories)),
        "title": make_slug(name),
        "slug": re.sub(r"[^\w-]|_", "-", make_slug(name)).lower().strip("-"),
        "output_ext": ".html",
        "i_month": str(date.month),
        "i_day": str(date.day),
    }
    return _SLASHES.sub("/", _PLACEHOLDER.sub(lambda found: values[found[1]], template))
