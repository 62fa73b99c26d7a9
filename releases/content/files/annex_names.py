"""What an annex is called, and which file an empty link may have meant."""

import html
import re
import unicodedata
from collections.abc import Collection, Iterable
from typing import NamedTuple
from urllib.parse import unquote

MOST_CANDIDATES = 10

_PICTURE = re.compile(r"!\[[^\[\]]{0,500}\]\([^()]{0,2000}\)")
_TAG = re.compile(r"<[^<>]{1,2000}>")
_SIZE = re.compile(
    r"[(\[]\s?(?:(?:pdf|docx?|xlsx?|pptx?|zip|csv|mp4|jpe?g|png)\b)?[\s,;:–—-]{0,4}(?:\d[\d.,]{0,9}\s?[kmg]i?b)?\s?[)\]]",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(annex|appendix|attachment|enclosure|schedule)"
    r"(?:(?:\s{1,3}|[_-]{1,3})"
    r"([a-z][-.]?\d{1,2}(?:[-.]\d{1,2}|[a-z])?|\d{1,2}(?:[-.]\d{1,2}|-?[a-z])?|[a-z]|[ivx]{1,5})(?!\w)"
    r"|(?=\s{0,3}(?:[:–—]|-\s|\Z)))(.*)",
    re.IGNORECASE | re.DOTALL,
)
_GENERIC = re.compile(
    r"(?:(?:click |read )?(?:here|this|link|more)|download|pdf|full (?:text|speech)|document|view"
    r"|(?:the )?pdf version(?: of (?:the )?(?:speech|statement|press release))?|this link|attachment|file|english|media release)?",
    re.IGNORECASE,
)
_COMMON = frozenset(
    "annex appendix attachment the of a an and for to in on pdf version speech statement press release".split()
)
_COPY = re.compile(r"\s?\(\d{1,2}\)\Z")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


class AnnexName(NamedTuple):
    """ "Annex A" ("" for none) and "Key features of …"."""

    label: str
    title: str


class FileCandidates(NamedTuple):
    """Paths of files that an empty link may have meant: the one that it surely did ("" for none), and those
    to choose from."""

    sure: str
    shown: list[str]


def split_label(label: str, file_name: str) -> AnnexName:
    """The label and title of an annex from a link's text, else from the file's name; size notes are
    dropped."""
    text = _clean(label)
    words = " ".join(re.sub(r"[_\s]+", " ", _stem(file_name)).split())
    named = _capitalised(_COPY.sub("", words))
    if _GENERIC.fullmatch(text):
        text = named
    mark, title = _parted(text)
    if mark and not title:
        other, rest = _parted(named)
        title = _capitalised(rest) if other.casefold() == mark.casefold() else ""
    return AnnexName(mark, _capitalised(title) if text == named else title)


def format_annex_name(label: str, title: str) -> str:
    """Annex A: Key features of …"""
    return ": ".join(filter(None, [label, title]))


def find_candidates(label: str, year: int, paths: Iterable[str], linked: Collection[str]) -> FileCandidates:
    """Files of a site (`paths`) that the empty link `label` in a post of `year` may have meant; `linked` are
    linked to.

    Sure is only a file whose name says the same as a specific link text, that no post links to, and whose
    folder is of the post's year where it is of any.
    """
    words = _words(_clean(label))
    if not words:
        return FileCandidates("", [])
    alike = [(path, _words(_stem(path))) for path in sorted(paths)]
    equal = [
        path for path, name in alike if name == words and path not in linked and _year(path) in (0, year)
    ]
    shown = [path for path, name in alike if _resembles(words, name) and _year(path) in (0, year)]
    sure = equal[0] if len(equal) == 1 and len(set(words) - _COMMON) >= 3 else ""
    return FileCandidates(sure, sorted(set(equal) | set(shown))[:MOST_CANDIDATES])


def _clean(label: str) -> str:
    text = _TAG.sub("", _PICTURE.sub("", label[:1500]))
    text = html.unescape(text).replace("\\", "").replace("**", "").replace("__", "")
    text = _SIZE.sub("", text)
    return " ".join(text.split()).strip(" *_[]:–—-")


def _parted(text: str) -> tuple[str, str]:
    found = _LABEL.match(text)
    if not found:
        return "", text
    mark = f"{found[1].capitalize()} {(found[2] or '').upper()}".strip()
    return mark, found[3].strip(" :;,.–—-_)(\t")


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _stem(path: str) -> str:
    name = unicodedata.normalize("NFC", unquote(path.rpartition("/")[2]))
    return re.sub(r"(?:\.[A-Za-z0-9]{2,4}){1,2}$", "", name)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _resembles(words: list[str], name: list[str]) -> bool:
    shorter, longer = sorted((words, name), key=len)
    return bool(shorter) and longer[: len(shorter)] == shorter


def _year(path: str) -> int:
    """The year that a file's folder names, 0 when it names none."""
    found = _YEAR.search(path.rpartition("/")[0])
    return int(found[1]) if found else 0
