"""The newest releases that a search for words finds: those that are ranked, and counted by filters."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import log
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from releases.content.text.tokens import Query, Term
from releases.models.edition import NEWEST_FIRST
from releases.services.editions.facts import find_once
from releases.services.editions.statements import Rows, Statement
from releases.services.search.counts import count_found
from releases.services.search.engine import editions_holding, format_match
from releases.services.search.filters import MOST_SHAPES, Filters, Shape, matching_editions

MOST_FOUND = 1_000
COMMON = 300
"""Words that more releases have are all weighed alike: to count on takes longer than it helps."""
ENOUGH = 20
"""So many releases that have all words that no others are looked for."""
MOST_WEIGHED = 20_000
"""Of words that all are common only so many of the newest editions are weighed."""
QUORUM = 0.3
"""The part of the rarity of all words that a release has to hold, or words near to them, where few have them all."""
_RARITY = 20_000
Row = tuple[int, ...]
"""The key of an edition, and where not all have all words, how much it holds."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """`keys` of editions, MOST_FOUND at most, the newest first; `total` is one more where more were found.

    `rarities` of the query's plain words, each a whole number above 0; `missing`: those of them that no release has;
    `is_typed`: whether all were looked for as they were typed.
    `held`: where some have not all words but most, the rarities of those that each has, its annexes included; empty
    where all have all.
    """

    keys: tuple[int, ...]
    total: int
    rarities: tuple[int, ...] = ()
    missing: tuple[Term, ...] = ()
    is_typed: bool = True
    held: tuple[int, ...] = ()

    @property
    def is_partial(self) -> bool:
        """Whether some have not all words."""
        return bool(self.held)


@find_once
def find_candidates(at: dt.datetime, filters: Filters) -> Candidates:
    """Of filters that are possible, whatever their order is: what has all words, or where that is little, most of
    them."""
    plain = filters.query.plain
    if not plain:
        return _take(_keys_statement(filters.shape).rows(at=at, **filters.values()))
    sought, counts = _count_words(at, filters)
    rarities = tuple(map(_find_rarity, counts))
    missing = tuple(term for term, count in zip(plain, counts, strict=True) if not count)
    if not any(counts):
        return Candidates((), 0, rarities, missing)
    left = tuple(term for term in sought if term not in missing)
    is_typed = left == plain
    return _take(_find_rows(at, filters, left, counts), rarities, missing, is_typed)


def _find_rows(at: dt.datetime, filters: Filters, sought: tuple[Term, ...], counts: list[int]) -> list[Row]:
    """What has all of the words sought; where fewer than ENOUGH have, what has most of them, if that is more."""
    least = min(filter(None, counts))
    if sought == filters.query.plain and least < ENOUGH and max(counts) <= COMMON:
        most_words = _find_most(at, filters, counts)
        whole = sum(map(_find_rarity, counts))
        all_words: list[Row] = [(key,) for key, held in most_words if held >= whole]
    else:
        all_words = _find_all(at, filters, sought, least)
        most_words = _find_most(at, filters, counts) if len(all_words) < ENOUGH else []
    return most_words if len(most_words) > len(all_words) else all_words


def _count_words(at: dt.datetime, filters: Filters) -> tuple[list[Term], list[int]]:
    """The plain words, or what means about the same in place of those that nothing has; and how many have each."""
    words = list(filters.query.plain)
    counts = _count_each(at, filters, words)
    strange = [place for place, count in enumerate(counts) if not count and words[place].related]
    for place in strange:
        first, *others = words[place].related
        words[place] = replace(words[place], words=first, others=tuple(others))
    for place, count in zip(
        strange, _count_each(at, filters, [words[place] for place in strange]), strict=True
    ):
        counts[place] = count
        if not count:
            words[place] = filters.query.plain[place]
    return words, counts


def _count_each(at: dt.datetime, filters: Filters, terms: Sequence[Term]) -> list[int]:
    """How many have each, COMMON + 1 at most."""
    return count_found(at, [replace(filters, query=Query("", (term,))) for term in terms], COMMON)


def _find_all(at: dt.datetime, filters: Filters, sought: Sequence[Term], least: int) -> list[Row]:
    """What has all of these words, of which so many have the one that the fewest have."""
    rest = (term for term in filters.query.terms if term not in filters.query.plain)
    filters = replace(filters, query=Query("", (*sought, *rest)))
    shape = filters.find_shape() if least > COMMON else filters.shape
    return _keys_statement(shape).rows(at=at, **filters.values())


def _take(
    rows: list[Row], rarities: tuple[int, ...] = (), missing: tuple[Term, ...] = (), is_typed: bool = True
) -> Candidates:
    """From keys, or keys and what each holds."""
    keys, *held = zip(*rows[:MOST_FOUND], strict=True) if rows else ((),)
    return Candidates(keys, len(rows), rarities, missing, is_typed, *held)


def _find_rarity(count: int) -> int:
    """Of a word that so many releases have: a whole number, so that both databases weigh alike."""
    return round(100 * log(1 + _RARITY / (count + 1)))


def _find_most(at: dt.datetime, filters: Filters, counts: list[int]) -> list[Row]:
    """What holds QUORUM of the words, by their rarity, or words near to them: keys, and how much of the words
    themselves; the newest first. A word that very many have weighs nothing beside rarer ones."""
    query = filters.query
    weighed = [(term, count) for term, count in zip(query.plain, counts, strict=True) if count]
    rare = [(term, count) for term, count in weighed if count <= COMMON]
    first = "0" if rare else f"(SELECT MAX(id) FROM releases_edition) - {MOST_WEIGHED}"  # noqa: S608 (our own number)
    rare = rare or weighed
    hits = [hit for term, count in rare for hit in _weigh_hits(term, _find_rarity(count))]
    each = " UNION ALL ".join(
        f"SELECT rowid AS id, {near} AS near, {held} AS held FROM ({found.sql}) found"  # noqa: S608 (our own SQL)
        for found, near, held in hits
    )
    rest = replace(filters, query=Query("", tuple(term for term in query.terms if term not in query.plain)))
    listed = _most_statement(rest.shape).sql_and_parameters(at=at, **rest.values())
    hit = (
        f"WITH hit (id, held) AS (SELECT id, SUM(held) FROM ({each}) held WHERE id > {first} GROUP BY id HAVING SUM(near) >= %s),"  # noqa: S608
        f" listed (id, release_date, first_live_at, release_id) AS ({listed.sql})"
    )
    order = "listed.release_date DESC, listed.first_live_at DESC, listed.release_id DESC"
    quorum = round(QUORUM * sum(_find_rarity(count) for _, count in rare))
    with connection.cursor() as cursor:
        words = [value for found, _, _ in hits for value in found.params]
        cursor.execute(
            f"{hit} SELECT hit.id, hit.held FROM listed JOIN hit ON hit.id = listed.id ORDER BY {order}",  # noqa: S608
            [*words, quorum, *listed.parameters],
        )
        return [(key, int(held)) for key, held in cursor.fetchall()]


def _weigh_hits(term: Term, rarity: int) -> Iterator[tuple[RawSQL, int, int]]:
    """Those who have a term, and how much each counts for the quorum and as one that has the word itself."""
    own = editions_holding(format_match([term]))
    if not term.related:
        yield own, rarity, rarity
        return
    yield own, 0, rarity
    yield editions_holding(format_match([replace(term, others=(*term.others, *term.related))])), rarity, 0


@lru_cache(maxsize=MOST_SHAPES)
def _keys_statement(shape: Shape) -> Statement:
    def build(at: dt.datetime, **values: Any) -> Rows:
        newest = matching_editions(at, shape, values).order_by(*NEWEST_FIRST)
        return newest.values_list("pk")[: MOST_FOUND + 1]

    return Statement(build)


@lru_cache(maxsize=MOST_SHAPES)
def _most_statement(shape: Shape) -> Statement:
    def build(at: dt.datetime, **values: Any) -> Rows:
        held = RawSQL("SELECT id FROM hit", [])
        newest = matching_editions(at, shape, values).filter(pk__in=held).order_by(*NEWEST_FIRST)
        return newest.values_list("pk", "release_date", "first_live_at", "release_id")[: MOST_FOUND + 1]

    return Statement(build)
