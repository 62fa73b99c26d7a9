"""The newest releases that a search for words finds: those that are ranked, and counted by filters."""

import datetime as dt
from functools import lru_cache
from typing import Any, NamedTuple

from releases.models.edition import NEWEST_FIRST
from releases.services.editions.facts import find_once
from releases.services.editions.statements import Rows, Statement
from releases.services.search.filters import MOST_SHAPES, Filters, Shape, matching_editions

MOST_FOUND = 1_000


class Candidates(NamedTuple):
    """`keys` of editions as text for `engine.editions_among`, MOST_FOUND at most; `total` is one more where
    more were found."""

    keys: str
    total: int


@find_once
def find_candidates(at: dt.datetime, filters: Filters) -> Candidates:
    """Of filters that are possible, whatever their order is."""
    rows = _keys_statement(filters.find_shape()).rows(at=at, **filters.values())
    return Candidates(f"[{','.join(str(key) for (key,) in rows[:MOST_FOUND])}]", len(rows))


@lru_cache(maxsize=MOST_SHAPES)
def _keys_statement(shape: Shape) -> Statement:
    def build(at: dt.datetime, **values: Any) -> Rows:
        newest = matching_editions(at, shape, values).order_by(*NEWEST_FIRST)
        return newest.values_list("pk")[: MOST_FOUND + 1]

    return Statement(build)
