"""The order of what a search for words found: how well each release has them, then the newest first."""

import datetime as dt
from typing import Any, NamedTuple

from django.db import connection

from releases.content.text.tokens import Query, Term
from releases.models import Edition
from releases.services.editions.pagination import Cursor, keyset_q
from releases.services.editions.statements import BoundSQL, Rows, Statement
from releases.services.search.candidates import MOST_FOUND, Candidates
from releases.services.search.engine import (
    editions_among,
    format_held,
    format_match,
    join_words,
    number_editions,
    write_condition,
)

BEST_TIER, LEAST_TIER = 6, 1
PARTS = ((6, "title", False), (5, "lead", True), (4, "lead", False), (3, "words", True), (2, "words", False))
"""Tier, column, and whether it has all plain words as one phrase."""
NEAR_COUNT = 200


class Ranked(NamedTuple):
    """The key of an edition, and its tier."""

    key: int
    tier: int


class Place(NamedTuple):
    """Of a release in the order."""

    tier: int
    cursor: Cursor


def rank_candidates(
    candidates: Candidates, query: Query, length: int, after: Place | None = None
) -> list[Ranked]:
    """The first `length` of the candidates, of those behind a place where one is given.

    Tier 6: the title has all that was asked for; 5: title, summary and first words have it as one phrase, 4:
    they have it all; 3: the text has it as one phrase, 2: the text has it all; 1: an annex has some of it. A
    date is had by what was released then, too.
    """
    if candidates.total <= MOST_FOUND:
        return _rank(candidates, query, length, after, is_read=False)
    # Common words are in many titles: often the newest few have as many of the best tier as are shown.
    near = _rank(candidates, query, length, after, is_read=True, among=NEAR_COUNT)
    if len(near) == length and near[-1].tier == BEST_TIER:
        return near
    return _rank(candidates, query, length, after, is_read=True)


def _rank(
    candidates: Candidates,
    query: Query,
    length: int,
    after: Place | None,
    *,
    is_read: bool,
    among: int = MOST_FOUND,
) -> list[Ranked]:
    """Of the newest `among`. `is_read`: a few are read, rather than all that hold a word looked up."""
    tier = _write_tier(query, is_read=is_read)
    edition = " JOIN releases_edition edition ON edition.id = candidate.id" if query.dates else ""
    ranked = (
        f"SELECT candidate.place, candidate.id, {tier.sql} AS tier"  # noqa: S608 (our own SQL)
        f" FROM ({number_editions()}) candidate{join_words(is_read=is_read)}{edition} WHERE candidate.place < %s"
    )
    parameters = [*tier.parameters, candidates.keys, among]
    behind = ""
    if after:
        behind = " WHERE tier < %s OR (tier = %s AND place >= %s)"
        parameters += [after.tier, after.tier, _count_before(candidates, after.cursor)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, tier FROM ({ranked}) ranked{behind} ORDER BY tier DESC, place LIMIT %s",  # noqa: S608
            [*parameters, length],
        )
        return [Ranked(*row) for row in cursor.fetchall()]


def _count_before(candidates: Candidates, place: Cursor) -> int:
    """How many of the candidates stand before a place in the order of all lists, or there."""
    behind = BEHIND.rows(
        keys=candidates.keys, day=place.day, first=place.first_live_at, release=place.release
    )
    return min(candidates.total, MOST_FOUND) - len(behind)


def _behind_rows(keys: str, day: dt.date, first: dt.datetime, release: int) -> Rows:
    behind = Edition.objects.filter(keyset_q(day, first, release), pk__in=editions_among(keys))
    return behind.order_by().values_list("pk")


BEHIND = Statement(_behind_rows)


def _write_tier(query: Query, *, is_read: bool) -> BoundSQL:
    parts: list[str] = []
    parameters: list[Any] = []
    for tier, column, is_phrase in PARTS:
        held = _write_held(query, column, is_phrase=is_phrase, is_read=is_read and column != "words")
        parts.append(f"WHEN {held.sql} THEN {tier}")
        parameters += held.parameters
    return BoundSQL(f"CASE {' '.join(parts)} ELSE {LEAST_TIER} END", parameters)


def _write_held(query: Query, column: str, *, is_phrase: bool, is_read: bool) -> BoundSQL:
    """Whether a part of the text has all words, and all dates unless the edition was released then."""
    held = write_condition(column, is_read=is_read)
    together = Term(tuple(word for term in query.plain for word in term.words))
    words = [together] if is_phrase and query.plain else query.plain
    asked = [format_held(term) for term in words] if is_read else [format_match(words)] * bool(words)
    parameters: list[Any] = list(asked)
    for term in query.dates:
        parameters += [format_held(term) if is_read else format_match([term]), *(term.days or ())]
    dated = f"({held} OR edition.release_date BETWEEN %s AND %s)"
    return BoundSQL(" AND ".join([held] * len(asked) + [dated] * len(query.dates)), parameters)
