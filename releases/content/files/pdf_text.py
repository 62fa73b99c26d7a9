"""The text of a PDF as people read it: without marks for programs, words whole that a line's end parted."""

import re
from collections.abc import Iterable, Iterator

_UNSEEN = {
    point: None for point in (*range(32), *range(0x7F, 0xA0), 0xAD, 0xFEFF) if chr(point) not in "\n\t"
}
_LIGATURES = {
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "st",
    0xFB06: "st",
}
_TRANSLATED = _UNSEEN | _LIGATURES
_LETTER = r"[^\W\d_]"
_PARTED = re.compile(rf"({_LETTER}+)(?:[\x02\ufffe]|[-\u2010]\n|\xad\n?)({_LETTER}+)")
_AT_THE_END = re.compile("[\x02\ufffe]")
_WORD = re.compile(rf"{_LETTER}+(?:-{_LETTER}+)*")


def clean_pages(pages: Iterable[str]) -> Iterator[str]:
    """The texts of all pages of a document, as PDFium gives them, in which a hyphen at a line's end is
    U+0002.

    Such a hyphen belongs to the word or to the line. The words of the document tell which; where they don't,
    the word is written in one.
    """
    texts = [page.replace("\r\n", "\n").replace("\r", "\n") for page in pages]
    known = {word.lower() for text in texts for word in _WORD.findall(_PARTED.sub(" ", text))}
    for text in texts:
        whole = _PARTED.sub(lambda found: _join(found[1], found[2], known), text)
        yield _AT_THE_END.sub("-", whole).translate(_TRANSLATED).encode("utf-8", "replace").decode()


def _join(left: str, right: str, known: set[str]) -> str:
    one, two = left.lower(), right.lower()
    is_one_word = right[0].islower() or (left.isupper() and right.isupper())
    if f"{one}-{two}" in known or not is_one_word:
        return f"{left}-{right}"
    are_words = {one, two} <= known and f"{one}{two}" not in known
    return f"{left}-{right}" if are_words else f"{left}{right}"
