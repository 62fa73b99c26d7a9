"""What a reader types to find releases, and the words of a text, equal for every database.

Words are folded (case, accents), English ones stemmed (Porter 2); Chinese, Japanese and Korean have no spaces, so their
runs become overlapping pairs of characters, in the text and in the query alike.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

LONGEST_QUERY = 200
MOST_TERMS = 10
_STEMMER = snowballstemmer.stemmer("english")
_PART = re.compile(r'(-?)"([^"]*)"|(-?)(\S+)')
_IDEOGRAPH = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_MARKS = "".join(
    chr(point) for point in range(0x0900, 0x0E00) if unicodedata.category(chr(point)).startswith("M")
)
_WORD = re.compile(rf"[{_IDEOGRAPH}]+|[^\W_{_IDEOGRAPH}]+(?:[{_MARKS}]+[^\W_{_IDEOGRAPH}]*)*")
_IDEOGRAPHS = re.compile(rf"[{_IDEOGRAPH}]")
_ACCENTS = re.compile("[\u0300-\u036f]")


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand one behind another; `without` when releases that hold them are left out."""

    words: tuple[str, ...]
    without: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """`text` as typed; `terms` all hold, or don't where they say `without`. `cut` tells that some of it was left out."""

    text: str
    terms: tuple[Term, ...]
    cut: bool = False

    @property
    def wanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if not term.without)


def parse(text: str) -> Query:
    """Words, "phrases" and -words; nothing in it is an error."""
    text = " ".join(text.replace("\x00", " ").replace("“", '"').replace("”", '"').split())
    terms = []
    for minus, phrase, minus_word, word in _PART.findall(text[:LONGEST_QUERY]):
        held = tuple(words(phrase or word))
        if held:
            terms.append(Term(held, bool(minus or minus_word)))
    terms = list(dict.fromkeys(terms))
    cut = len(text) > LONGEST_QUERY or len(terms) > MOST_TERMS
    return Query(text[:LONGEST_QUERY], tuple(terms[:MOST_TERMS]), cut)


def words(text: str) -> list[str]:
    """The words of a text as they are compared: `["treati"]` for both Treaty and treaties."""
    found: list[str] = []
    for run in _WORD.findall(text):
        if run.isascii() or not _IDEOGRAPHS.match(run):
            found.append(folded(run))
        else:
            found += [word for word, _, _ in _pairs(unicodedata.normalize("NFKC", run), 0, 0)]
    return found


def placed_words(text: str) -> Iterator[tuple[str, int, int]]:
    """(word, start, end) for each, in the order of the text."""
    for found in _WORD.finditer(text):
        run = found[0]
        if _IDEOGRAPHS.match(run):
            yield from _pairs(unicodedata.normalize("NFKC", run), found.start(), found.end())
        else:
            yield folded(run), found.start(), found.end()


@lru_cache(maxsize=200_000)
def folded(word: str) -> str:
    """One word without case, accents and, in English, endings."""
    plain = unicodedata.normalize("NFKD", word).casefold()
    plain = unicodedata.normalize("NFC", _ACCENTS.sub("", plain))
    return str(_STEMMER.stemWord(plain)) if plain.isascii() else plain


def _pairs(run: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    if len(run) == 1:
        yield run, start, end
    for place in range(len(run) - 1):
        yield run[place : place + 2], start + place, min(start + place + 2, end)


def excerpt(text: str, query: Query, length: int = 240) -> list[tuple[str, bool]]:
    """A piece of the text around the first wanted words as (piece, found); its start when none is there."""
    wanted = {word for term in query.wanted for word in term.words}
    places = [(start, end) for word, start, end in placed_words(text) if word in wanted]
    first = places[0][0] if places else 0
    start = _at_space(text, max(0, first - length // 3))
    end = min(len(text), start + length)
    end = text.rfind(" ", first, end) if end < len(text) and text.rfind(" ", first, end) > first else end
    pieces: list[tuple[str, bool]] = [("… ", False)] if start else []
    position = start
    for begun, ended in places:
        if begun >= position and ended <= end:
            pieces += [(text[position:begun], False), (text[begun:ended], True)]
            position = ended
    pieces += [(text[position:end], False), (" …" if end < len(text) else "", False)]
    return [(piece, found) for piece, found in pieces if piece]


def _at_space(text: str, position: int) -> int:
    return text.find(" ", position) + 1 if position and text.find(" ", position) >= 0 else position
