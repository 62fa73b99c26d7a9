"""Where a search found nothing: what would find something, from words that are public at the instant."""

import datetime as dt
import difflib
from dataclasses import dataclass, replace
from functools import reduce
from math import ceil
from operator import or_

from releases.content.text.tokens import MOST_TERMS, Query, Term, locate_words, parse_query, split_runs
from releases.services.editions.facts import find_once
from releases.services.search.candidates import MOST_FOUND
from releases.services.search.counts import count_found
from releases.services.search.filters import Filters
from releases.services.search.openings import read_openings

SIMILARITY, MIN_WORD_LENGTH, MOST_MISSING = 0.75, 4, 2
KnownWords = dict[int, list[tuple[int, str]]]
"""By length, each with its `_letters_of`: by these a nearest one is looked for among few."""


@dataclass(frozen=True, slots=True)
class Relaxation:
    """What leaving something out would find: a filter, whose `name` is told, or a word."""

    filters: Filters
    name: str
    value: str
    count: int


def find_relaxations(at: dt.datetime, filters: Filters) -> list[Relaxation]:
    """Each filter and each word without which something is found, in one query."""
    tried = [Relaxation(filters.without(name, value), name, value, 0) for name, value in filters.chosen]
    if len(filters.query.terms) > 1:
        for term in filters.query.terms:
            fewer = filters.query.less(term)
            tried += [Relaxation(replace(filters, query=fewer), "", term.typed, 0)] if fewer.wanted else []
    counted = count_found(at, [offer.filters for offer in tried], MOST_FOUND)
    found = (replace(offer, count=count) for offer, count in zip(tried, counted, strict=True))
    return [offer for offer in found if offer.count]


def correct_query(at: dt.datetime, filters: Filters) -> str:
    """The search with the words that nothing public holds replaced by the nearest that do; "" where that
    finds nothing."""
    wanted = [Term((word,)) for word in _mendable(filters.query)]
    counted = count_found(at, [Filters(Query("", (term,))) for term in wanted], 1)
    strange = {term.words[0] for term, count in zip(wanted, counted, strict=True) if not count}
    text = _mended(filters.query.text, strange, _known(at)) if strange else ""
    return text if text and any(count_found(at, [replace(filters, query=parse_query(text))], 1)) else ""


def _mendable(query: Query) -> list[str]:
    """The first words that are long enough to resemble others, each once."""
    long = {word for word, start, end in locate_words(query.text) if end - start >= MIN_WORD_LENGTH}
    words = dict.fromkeys(word for term in query.plain for word in term.words if word in long)
    return list(words)[:MOST_TERMS]


def _mended(text: str, strange: set[str], known: KnownWords) -> str:
    """The text with each strange word that resembles a known one replaced; "" if none does."""
    pieces, position = [], 0
    for word, start, end in locate_words(text):
        if word in strange and (near := _nearest(text[start:end].lower(), known)):
            pieces += [text[position:start], near]
            position = end
    return "".join([*pieces, text[position:]]) if pieces else ""


def _nearest(word: str, known: KnownWords) -> str:
    """The known word most like it; "" where none is alike enough to have these many letters of it."""
    length, letters, alike = len(word), _letters_of(word), []
    if length < MIN_WORD_LENGTH:
        return ""
    for other_length in range(length - MOST_MISSING, length + MOST_MISSING + 1):
        common = ceil(SIMILARITY * (length + other_length) / 2)
        alike += [
            other
            for held, other in known.get(other_length, [])
            if (letters & ~held).bit_count() <= length - common
            and (held & ~letters).bit_count() <= other_length - common
        ]
    return next(iter(difflib.get_close_matches(word, alike, 1, SIMILARITY)), "")


@find_once
def _known(at: dt.datetime) -> KnownWords:
    """The words of the newest titles, summaries and openings."""
    known: KnownWords = {}
    for word in {run.lower() for text in read_openings(at) for run in split_runs(text)}:
        known.setdefault(len(word), []).append((_letters_of(word), word))
    return known


def _letters_of(word: str) -> int:
    """A bit for each letter that a word has; some strange letters share theirs."""
    return reduce(or_, (1 << (ord(letter) & 127) for letter in word))
