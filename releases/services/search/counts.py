"""How many releases each of several searches finds, in one query."""

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connection

from releases.services.editions.statements import Rows, Statement
from releases.services.search.filters import MOST_SHAPES, Filters, Shape, matching_editions


def count_found(at: dt.datetime, tried: Sequence[Filters], most: int) -> list[int]:
    """How many each finds that has all words, one more than `most` at most."""
    queries, parameters = [], []
    for place, filters in enumerate(tried):
        if not filters.is_impossible:
            found = _found_statement(filters.shape, most).sql_and_parameters(at=at, **filters.values())
            queries.append(f"SELECT {place}, COUNT(*) FROM ({found.sql}) found")  # noqa: S608 (our own SQL)
            parameters += found.parameters
    if not queries:
        return [0] * len(tried)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(queries), parameters)
        counts = dict(cursor.fetchall())
    return [counts.get(place, 0) for place in range(len(tried))]


@lru_cache(maxsize=MOST_SHAPES)
def _found_statement(shape: Shape, most: int) -> Statement:
    def build(at: dt.datetime, **values: Any) -> Rows:
        found = matching_editions(at, shape, values).order_by()
        return found.values_list("pk")[: most + 1]

    return Statement(build)
