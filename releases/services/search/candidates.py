"""The newest releases that a search for words finds: those that are ranked, and counted by filters."""

import datetime as dt
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
ENOUGH = 10
"""So many releases that have all words that no others are looked for."""
QUORUM = 0.5
"""The part of the rarity of all words that a release has to hold, where few have them all."""
_RARITY = 2_000


@dataclass(frozen=True, slots=True)
class Candidates:
    """`keys` of editions, MOST_FOUND at most, the newest first; `total` is one more where more were found.

    `rarities` of the query's plain words, each a whole number above 0; `missing`: those of them that no release has.
    `held`: where some have not all words but most, the rarities of those that each has, its annexes included; empty
    where all have all.
    """

    keys: tuple[int, ...]
    total: int
    rarities: tuple[int, ...] = ()
    missing: tuple[Term, ...] = ()
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
    if len(plain) < 2:
        rows = _keys_statement(filters.find_shape()).rows(at=at, **filters.values())
        return _take(rows, (_find_rarity(len(rows)),) * len(plain), plain if not rows else ())
    counts = count_found(at, [replace(filters, query=Query("", (term,))) for term in plain], COMMON)
    rarities = tuple(_find_rarity(count) for count in counts)
    missing = tuple(term for term, count in zip(plain, counts, strict=True) if not count)
    all_words = [] if missing else _keys_statement(filters.find_shape()).rows(at=at, **filters.values())
    if len(all_words) >= ENOUGH or len(missing) == len(plain):
        return _take(all_words, rarities, missing)
    most_words = _find_most(at, filters, counts)
    if len(most_words) == len(all_words):
        return _take(all_words, rarities, missing)
    return _take(most_words, rarities, missing)


def _take(rows: list[tuple[int, ...]], rarities: tuple[int, ...], missing: tuple[Term, ...]) -> Candidates:
    """From keys, or keys and what each holds."""
    keys, *held = zip(*rows[:MOST_FOUND], strict=True) if rows else ((),)
    return Candidates(keys, len(rows), rarities, missing, *held)


def _find_rarity(count: int) -> int:
    """Of a word that so many releases have: a whole number, so that both databases weigh alike."""
    return round(100 * log(1 + _RARITY / (count + 1)))


def _find_most(at: dt.datetime, filters: Filters, counts: list[int]) -> list[tuple[int, ...]]:
    """What holds QUORUM of the words, by their rarity: keys, and how much; the newest first. A word that very many
    have weighs nothing beside rarer ones."""
    query = filters.query
    weighed = [(term, count) for term, count in zip(query.plain, counts, strict=True) if count]
    rare = [(term, count) for term, count in weighed if count <= COMMON] or weighed
    hits = [editions_holding(format_match([term])) for term, _ in rare]
    weights = [_find_rarity(count) for _, count in rare]
    each = " UNION ALL ".join(
        f"SELECT rowid AS id, {weight} AS weight FROM ({hit.sql}) held"  # noqa: S608 (our own SQL)
        for hit, weight in zip(hits, weights, strict=True)
    )
    rest = replace(filters, query=Query("", tuple(term for term in query.terms if term not in query.plain)))
    listed = _most_statement(rest.shape).sql_and_parameters(at=at, **rest.values())
    hit = (
        f"WITH hit (id, weight) AS (SELECT id, SUM(weight) FROM ({each}) held GROUP BY id HAVING SUM(weight) >= %s),"  # noqa: S608
        f" listed (id, release_date, first_live_at, release_id) AS ({listed.sql})"
    )
    order = "listed.release_date DESC, listed.first_live_at DESC, listed.release_id DESC"
    quorum = round(QUORUM * sum(weights))
    with connection.cursor() as cursor:
        words = [value for hit in hits for value in hit.params]
        cursor.execute(
            f"{hit} SELECT hit.id, hit.weight FROM listed JOIN hit ON hit.id = listed.id ORDER BY {order}",  # noqa: S608
            [*words, quorum, *listed.parameters],
        )
        return [(key, int(weight)) for key, weight in cursor.fetchall()]


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
