"""What a reader types to find releases, and the words of a text, equal for every database.

Words are folded (case, accents), English ones stemmed (Porter 2); Chinese, Japanese and Korean have no
spaces, so their runs become overlapping pairs of characters, in the text and in the query alike.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import NamedTuple

import Stemmer

from releases.content.text import spellings
from releases.content.text.dates import DATE, Days, parse_days

LONGEST_QUERY = 200
EVERYDAY = frozenset(
    "a about act after all an and are as at be by can for from has have her his how in into is it its more mr mrs ms new no "
    "not of on or our out over s said that the their this to up was we what when which who will with minist minister "
    "ministri press releas repli respons speech statement question pq open close remark address launch sign singapor".split()
)
"""Words, as they are compared, that say nothing of what a title is about."""
_READINGS = [(number, "read") for number in ("st", "nd", "rd", "first", "second", "third")]
FORMULAS = frozenset(
    [*_READINGS, ("parliamentari", "secretari"), ("perman", "secretari"), ("suppli", "debat")]
)
"""Pairs of words, as they are compared, that are of an occasion or an office."""
OPERATORS = frozenset({"AND", "OR", "NOT"})
MOST_TERMS = 10
LONGEST_WORD = 100
SHORTEST_PAIR = 6  # letters of two words together that may be one
MOST_KNOWN, LONGEST_KEPT = 200_000, 40
BLOCK_LENGTH = 400
_STEMMER = Stemmer.Stemmer("english", 0)
_PART = re.compile(rf'(-?)(?:"([^"]*)"|({DATE})|(\S+))', re.IGNORECASE)
_IDEOGRAPH = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f"
_MARKS = (
    "".join(chr(point) for point in range(0x0900, 0x1100) if unicodedata.category(chr(point)).startswith("M"))
    + spellings.COMBINING
    + spellings.INVISIBLE
    + spellings.ARABIC_MARKS
)
_LETTERS = rf"[^\W_{_IDEOGRAPH}{_MARKS}]"
_COMPACT = r"(?<![^\W_])(?:(?:[A-Za-z]\.){2,}(?![A-Za-z])|(?i:Ph|[BM])\.(?i:D|Sc|Phil|Eng|Ed)\b\.?|[0-9]{1,3}(?:,[0-9]{3})+(?![^\W_]|,[0-9]))"
"""U.N., Ph.D. and 1,250,000, whose dots and commas part no words."""
_WORD = re.compile(  # ASCII words before others: the same ones, found faster
    rf"{_COMPACT}|[0-9A-Za-z]++(?![^\x00-\x7f])|{_LETTERS}+(?:[{_MARKS}]+{_LETTERS}*)*|[{_IDEOGRAPH}]+"
)
_COMPACT_RUN = re.compile(_COMPACT)
_HYPHENATED = re.compile(r"(?<![^\W_])[^\W\d_]+(?:(?:[-*]|'(?!s\b))[^\W\d_]+)+(?![^\W_])", re.IGNORECASE)
_GROUPED = re.compile(r"[0-9]{2,}(?:[ -][0-9]{2,})+|[0-9](?: [0-9]{3}){2,}")
_THOUSANDS = re.compile(r"(?<![\w.,-])[0-9]{1,3}(?: [0-9]{3}){2,}(?![\w])")
"""1 250 000, as many countries write it."""
_JOINTS = re.compile("[-*']")
_COUNTRY = re.compile(r"[0-9]{2}[ -](?=[0-9])")
_TO_PLAIN = (
    ("\u2010", "-"),
    ("\u2011", "-"),
    ("\u00a0", " "),
    ("\u202f", " "),
    ("\u2009", " "),
    ("\u2019", "'"),
)
_BESIDE_DIGITS = re.compile(r"(?<=[0-9])(?=[^0-9])|(?<=[^0-9])(?=[0-9])")
LEAST_DIGITS, MOST_DIGITS = 7, 15  # of numbers that are written in groups
_TYPOGRAPHIC = "’‘“”–—…•\u00a0"
_AROUND = ".,:;!?()[]\"'" + _TYPOGRAPHIC
_CLOSED = {ord("."): None, ord(","): None}
_TO_SPACES = {point: " " for point in range(128) if not chr(point).isalnum()}
_IDEOGRAPHS = re.compile(rf"[{_IDEOGRAPH}]")


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand one behind another, or `days` of release; `without` when releases that have them are
    left out. `others`: words that serve as well, since they are another way to write it or another name; `related`:
    words that mean about the same."""

    words: tuple[str, ...]
    without: bool = False
    days: Days | None = None
    typed: str = field(default="", compare=False)
    others: tuple[tuple[str, ...], ...] = ()
    related: tuple[tuple[str, ...], ...] = ()

    @property
    def ways(self) -> tuple[tuple[str, ...], ...]:
        """All words that serve."""
        return (self.words, *self.others)


@dataclass(frozen=True, slots=True)
class Query:
    """`text` as typed; `terms` hold, or don't where they say `without`. Everyday words are no terms where there are
    others.

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
    text = _THOUSANDS.sub(lambda number: number[0].replace(" ", ""), text)
    read = dict.fromkeys(map(_read_term, _PART.finditer(text[:LONGEST_QUERY])))
    terms = list(_join_neighbours(term for term in read if term.words))
    telling = [term for term in terms if not _is_everyday(term)]
    if any(not term.without for term in telling):
        terms = telling
    cut = len(text) > LONGEST_QUERY or len(terms) > MOST_TERMS
    return Query(text[:LONGEST_QUERY], tuple(terms[:MOST_TERMS]), cut)


def _read_term(part: re.Match[str]) -> Term:
    minus, phrase, date, word = part.groups("")
    days = parse_days(date) if date else None
    together = tuple((one,) for one in join_compounds(word).split())  # of e-mail
    return Term(tuple(split_words(phrase or date or word)), bool(minus), days, part[0], together)


def _join_neighbours(terms: Iterable[Term]) -> Iterator[Term]:
    """Two words that are typed apart serve as one as well: trace together, 6837 9655."""
    before = None
    for term in terms:
        if before and (joined := _join_pair(before, term)):
            before, term = (replace(one, others=(*one.others, joined)) for one in (before, term))
        if before:
            yield before
        before = term
    if before:
        yield before


def _join_pair(one: Term, other: Term) -> tuple[str, ...]:
    """Two plain words as one; () where they are none, or too short together to be a word of its own."""
    first, second = (_letters_typed(term) for term in (one, other))
    is_number = first.isdecimal() and second.isdecimal()
    if not (first and second) or is_number != (first + second).isdecimal():
        return ()
    joined = _join_parts(first + second)
    return (joined,) if len(joined) >= (LEAST_DIGITS if is_number else SHORTEST_PAIR) else ()


def _letters_typed(term: Term) -> str:
    """A word as typed, in the letters of `spellings`; "" for what is none, such as a phrase or a date."""
    is_plain = not (term.without or term.days or len(term.words) != 1 or _is_everyday(term))
    letters = spellings.fold_letters(term.typed)
    return letters if is_plain and letters.isalnum() and not _IDEOGRAPHS.search(letters) else ""


def _is_everyday(term: Term) -> bool:
    """A word that nearly all texts have, unless it is in quotation marks or, as WHO and IT are, in capitals; AND is
    what other searches ask for so."""
    is_plain = not (term.without or term.days or term.typed.startswith('"'))
    is_acronym = len(term.typed) > 1 and term.typed.isupper() and term.typed not in OPERATORS
    return is_plain and not is_acronym and FUNCTION_WORDS.issuperset(term.words)


def split_words(text: str) -> list[str]:
    """The words of a text as they are compared: `["treati"]` for both Treaty and treaties."""
    return join_words(text).split()


def join_words(text: str) -> str:
    """`split_words`, with spaces between them: what an index takes."""
    return " ".join(filter(None, map(_WORDS_IN.__getitem__, text.split())))


def split_runs(text: str) -> list[str]:
    """A text as written, in runs of letters and digits. English needs no search for them, its quotation marks
    and dashes aside."""
    for sign in _TYPOGRAPHIC:
        text = text.replace(sign, " ")
    if not text.isascii():
        return _WORD.findall(text)
    return _COMPACT_RUN.sub(lambda run: run[0].translate(_CLOSED), text).translate(_TO_SPACES).split()


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
        else:
            words = _WORDS_OF[run].split()  # of COVID19 two, which share a place
            yield from (
                PlacedWord(word, found.start(), found.end())
                for word in words
                if among is None or word in among
            )


class _Known(dict[str, str]):
    """What `find` says of each run that was met, kept up to a limit: texts repeat theirs."""

    def __init__(self, find: Callable[[str], str]) -> None:
        super().__init__()
        self.find = find

    def __missing__(self, run: str) -> str:
        if len(self) >= MOST_KNOWN:
            self.clear()
        found = self.find(run)
        if len(run) <= LONGEST_KEPT:
            self[run] = found
        return found


def _find_words_in(text: str) -> str:
    """The words in what stands between spaces, with its punctuation: as a rule one run."""
    run = text.strip(_AROUND)
    runs = [run] if run.isascii() and run.isalnum() else split_runs(text)
    return " ".join(filter(None, map(_WORDS_OF.__getitem__, runs)))


_WORDS_OF = _Known(lambda run: _paired(run) if _IDEOGRAPHS.match(run) else _folded(run))
_WORDS_IN = _Known(_find_words_in)


def _paired(run: str) -> str:
    return " ".join(word for word, _, _ in _pairs(unicodedata.normalize("NFKC", run), 0, 0))


def _folded(run: str) -> str:
    """A run of letters and digits without case, accents and, in English, endings, in one spelling; letters and
    digits apart, a very long word cut."""
    plain = run.lower().translate(_CLOSED)
    if not plain.isascii():
        plain = spellings.fold_letters(run)
    if plain.isalpha():
        return _stemmed(plain)
    return " ".join(map(_stemmed, _BESIDE_DIGITS.sub(" ", plain).split()))  # nothing, of marks alone


def _stemmed(word: str) -> str:
    if not word.isascii():
        return word[:LONGEST_WORD]
    return str(_STEMMER.stemWord(spellings.unify_spelling(word)))[:LONGEST_WORD]


def join_with_compounds(text: str) -> str:
    """What an index takes of a text: `join_words`, and behind them what others write as one word."""
    return f"{join_words(text)} {join_compounds(text)}".strip()


def join_compounds(text: str) -> str:
    """The words of a text that others write together, as compared, with spaces between them: "email" for E-mail,
    "oneil" for O’Neil, "68379655" for 6837 9655, also where a country's number stands before it."""
    for typed, plain in _TO_PLAIN:
        text = text.replace(typed, plain)
    found = [run for run in dict.fromkeys(text.split()) if _JOINTS.search(run)]
    numbers = _GROUPED.findall(text)
    local = [number[3:] for number in numbers if _COUNTRY.match(number)]
    return " ".join(filter(None, map(_COMPOUNDS_IN.__getitem__, [*found, *numbers, *local])))


def _join_hyphenated(run: str) -> str:
    parts = _HYPHENATED.findall(run) if not run[0].isdecimal() else [run]
    return " ".join(filter(None, map(_join_parts, parts)))


def _join_parts(compound: str) -> str:
    joined = "".join(letter for letter in spellings.fold_letters(compound) if letter.isalnum())
    is_number = joined.isdecimal() and LEAST_DIGITS <= len(joined) <= MOST_DIGITS
    return _stemmed(joined) if is_number or joined.isalpha() else ""


def _pairs(run: str, start: int, end: int) -> Iterator[PlacedWord]:
    if len(run) == 1:
        yield PlacedWord(run, start, end)
    for place in range(len(run) - 1):
        yield PlacedWord(run[place : place + 2], start + place, min(start + place + 2, end))


def split_ideographs(term: Term) -> tuple[tuple[str, ...], ...]:
    """The pairs of a run of ideographs that is looked for as a whole, the first MOST_TERMS; () for other words and for
    what was typed in quotation marks."""
    is_run = len(term.words) > 1 and all(_IDEOGRAPHS.match(word) for word in term.words)
    is_phrase = term.typed.startswith('"')
    return () if is_phrase or not is_run else tuple((word,) for word in term.words[:MOST_TERMS])


def pair_words(title: str) -> list[Term]:
    """Pairs of words that stand together in a title and say what it is about; not those of every title."""
    found = split_words(title)
    telling = [word not in EVERYDAY and not word.isdecimal() for word in found]
    pairs = [
        Term((one, other))
        for (one, other), tell in zip(pairwise(found), pairwise(telling), strict=True)
        if all(tell) and len(one) + len(other) > 3 and (one, other) not in FORMULAS
    ]
    return list(dict.fromkeys(pairs))[:MOST_TERMS]


_COMPOUNDS_IN = _Known(_join_hyphenated)


FUNCTION_WORDS = frozenset(
    split_words(
        "a about after all also am an and any are as at be because been before being between both but by can could did do does"
        " doing down during each for from further had has have having he her here him his how i if in into is it its itself"
        " just me more most my no nor not now of off on once only or other our out over own same she should so some such"
        " than that the their them then there these they this those through to too under until up very was we were what"
        " when where which while who whom whose why will with would you your s t"
    )
)
"""Words, as they are compared, that no search has to have."""


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
    wanted = {word for term in query.plain for way in term.ways for word in way}
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
