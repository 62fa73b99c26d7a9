"""What a reader types to find releases, and the words of a text, equal for every database.

Words are folded (case, accents), English ones stemmed (Porter 2); Chinese, Japanese and Korean have no
spaces, so their runs become overlapping pairs of characters, in the text and in the query alike.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import Stemmer

from releases.content.text.dates import DATE, Days, parse_days

LONGEST_QUERY = 200
EVERYDAY = frozenset(
    "a about act after all an and are as at be by can for from has have her his how in into is it its more mr mrs ms new no "
    "not of on or our out over s said that the their this to up was we what when which who will with minist minister "
    "ministri press releas repli respons speech statement question pq open close remark address launch sign singapor".split()
)
"""Words, as they are compared, that say nothing of what a title is about."""
MOST_TERMS = 10
LONGEST_WORD = 100
MOST_KNOWN = 200_000
BLOCK_LENGTH = 400
_STEMMER = Stemmer.Stemmer("english", 0)
_PART = re.compile(rf'(-?)(?:"([^"]*)"|({DATE})|(\S+))', re.IGNORECASE)
_IDEOGRAPH = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_MARKS = "".join(
    chr(point) for point in range(0x0900, 0x0E00) if unicodedata.category(chr(point)).startswith("M")
)
_LETTERS = rf"[^\W_{_IDEOGRAPH}]"
_WORD = re.compile(  # ASCII words first: the same ones, found faster
    rf"[0-9A-Za-z]++(?![^\x00-\x7f])|{_LETTERS}+(?:[{_MARKS}]+{_LETTERS}*)*|[{_IDEOGRAPH}]+"
)
_TYPOGRAPHIC = "’‘“”–—…•\u00a0"
_TO_SPACES = {point: " " for point in range(128) if not chr(point).isalnum()}
_IDEOGRAPHS = re.compile(rf"[{_IDEOGRAPH}]")
_ACCENTS = re.compile("[\u0300-\u036f]")


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand one behind another, or `days` of release; `without` when releases that have them are
    left out."""

    words: tuple[str, ...]
    without: bool = False
    days: Days | None = None
    typed: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Query:
    """`text` as typed; `terms` all hold, or don't where they say `without`.

    `cut` tells that some of it was left out.
    """

    text: str
    terms: tuple[Term, ...]
    cut: bool = False

    @property
    def wanted(self) -> tuple[Term, ...]:
        """The terms that have to be there."""
        return tuple(term for term in self.terms if not term.without)

    @property
    def plain(self) -> tuple[Term, ...]:
        """The wanted words that are no date."""
        return tuple(term for term in self.wanted if not term.days)

    @property
    def dates(self) -> tuple[Term, ...]:
        """The wanted dates."""
        return tuple(term for term in self.wanted if term.days)

    def less(self, term: Term) -> "Query":
        """The same search without one of its terms."""
        return parse_query(" ".join(other.typed for other in self.terms if other != term))


def parse_query(text: str) -> Query:
    """Words, "phrases" and -words; nothing in it is an error."""
    text = " ".join(text.replace("\x00", " ").replace("“", '"').replace("”", '"').split())
    terms = []
    for part in _PART.finditer(text[:LONGEST_QUERY]):
        minus, phrase, date, word = part.groups("")
        if held := tuple(split_words(phrase or date or word)):
            terms.append(Term(held, bool(minus), parse_days(date) if date else None, part[0]))
    terms = list(dict.fromkeys(terms))
    cut = len(text) > LONGEST_QUERY or len(terms) > MOST_TERMS
    return Query(text[:LONGEST_QUERY], tuple(terms[:MOST_TERMS]), cut)


def split_words(text: str) -> list[str]:
    """The words of a text as they are compared: `["treati"]` for both Treaty and treaties."""
    return join_words(text).split()


def join_words(text: str) -> str:
    """`split_words`, with spaces between them: what an index takes."""
    return " ".join(map(_WORDS_OF.__getitem__, split_runs(text)))


def split_runs(text: str) -> list[str]:
    """A text as written, in runs of letters and digits. English needs no search for them, its quotation marks
    and dashes aside."""
    for sign in _TYPOGRAPHIC:
        text = text.replace(sign, " ")
    return text.translate(_TO_SPACES).split() if text.isascii() else _WORD.findall(text)


class PlacedWord(NamedTuple):
    """A word as it is compared, and where it stands in the text."""

    word: str
    start: int
    end: int


def locate_words(text: str, among: Collection[str] | None = None) -> Iterator[PlacedWord]:
    """The words of a text, in its order; where `among` is given, those of them."""
    for found in _WORD.finditer(text):
        run = found[0]
        if not run.isascii() and _IDEOGRAPHS.match(run):
            pairs = _pairs(unicodedata.normalize("NFKC", run), found.start(), found.end())
            yield from (pair for pair in pairs if among is None or pair.word in among)
        elif among is None or _WORDS_OF[run] in among:
            yield PlacedWord(_WORDS_OF[run], found.start(), found.end())


class _Known(dict[str, str]):
    """The words of each run of letters that was met, kept up to a limit: texts repeat theirs."""

    def __missing__(self, run: str) -> str:
        if len(self) >= MOST_KNOWN:
            self.clear()
        if _IDEOGRAPHS.match(run):
            return " ".join(word for word, _, _ in _pairs(unicodedata.normalize("NFKC", run), 0, 0))
        self[run] = known = _folded(run)
        return known


_WORDS_OF = _Known()


def _folded(word: str) -> str:
    """One word without case, accents and, in English, endings; a very long one is cut."""
    plain = word.lower()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", word).casefold()
        plain = unicodedata.normalize("NFC", _ACCENTS.sub("", plain))
    return (str(_STEMMER.stemWord(plain)) if plain.isascii() else plain)[:LONGEST_WORD]


def _pairs(run: str, start: int, end: int) -> Iterator[PlacedWord]:
    if len(run) == 1:
        yield PlacedWord(run, start, end)
    for place in range(len(run) - 1):
        yield PlacedWord(run[place : place + 2], start + place, min(start + place + 2, end))


def pair_words(title: str) -> list[Term]:
    """Pairs of words that stand together in a title and say what it is about; not those of every title."""
    found = split_words(title)
    telling = [word not in EVERYDAY and not word.isdecimal() for word in found]
    pairs = [
        Term((one, other))
        for (one, other), tell in zip(pairwise(found), pairwise(telling), strict=True)
        if all(tell) and len(one) + len(other) > 3
    ]
    return list(dict.fromkeys(pairs))[:MOST_TERMS]


class ExcerptPiece(NamedTuple):
    """A piece of an excerpt; `is_match` when it is a word that was looked for."""

    text: str
    is_match: bool


def cut_excerpt(text: str, query: Query, length: int = 240) -> list[ExcerptPiece]:
    """A piece of the text around the first wanted words; its start when none is there.

    `length` is that of Latin letters, beside which an ideograph is as wide as two.
    """
    return cut_around(text, find_first(text, query), query, length)


def cut_around(text: str, first: int | None, query: Query, length: int) -> list[ExcerptPiece]:
    """`cut_excerpt`, for who knows what `find_first` says."""
    start, end = _window(text, first or 0, length)
    pieces = [ExcerptPiece("… " if start else "", False)]
    position = start
    for begun, ended in _places(text, query, first, end) if first is not None else ():
        if begun >= position and ended <= end:
            pieces += [ExcerptPiece(text[position:begun], False), ExcerptPiece(text[begun:ended], True)]
            position = ended
    pieces += [ExcerptPiece(text[position:end], False), ExcerptPiece(" …" if end < len(text) else "", False)]
    return [piece for piece in pieces if piece.text]


def find_first(text: str, query: Query) -> int | None:
    """Where the first wanted word begins; None where there is none."""
    places = _places(text, query, 0, len(text)) if query.plain else iter(())
    return next((begun for begun, _ in places), None)


def _places(text: str, query: Query, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where each wanted word begins and ends, of the blocks from `start` to `end`: to tell whether one has
    any takes less than to locate its words."""
    wanted = {word for term in query.plain for word in term.words}
    for position, block in _blocks(text, start, end):
        if not wanted.isdisjoint(split_words(block)):
            found = locate_words(block, wanted)
            yield from ((position + word.start, position + word.end) for word in found)


def _blocks(text: str, position: int, end: int) -> Iterator[tuple[int, str]]:
    """Pieces of a text, between words, with their positions, which are below `end`."""
    while position < end:
        behind = text.find(" ", min(position + BLOCK_LENGTH, end)) + 1 or len(text)
        yield position, text[position:behind]
        position = behind


def _window(text: str, first: int, length: int) -> tuple[int, int]:
    """Where an excerpt begins and ends that has the place `first` in its first third: between words, where it
    can."""
    if len(_IDEOGRAPHS.findall(text, first, first + length)) > length // 3:
        length //= 2
    start = _at_space(text, max(0, first - length // 3), first)
    end = start + length
    if end >= len(text):
        return start, len(text)
    space = text.rfind(" ", first, end)
    return start, space if space > first else end


def _at_space(text: str, position: int, latest: int) -> int:
    """The first word's start from `position` on; the position itself where no space comes before `latest`."""
    return text.find(" ", position, latest) + 1 or position if position else 0
