"""A page of a list, by a statement that is compiled once for each kind of list."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import F, QuerySet

from releases.content.text.tokens import cut_excerpt, parse_query
from releases.models import Edition
from releases.models.edition import NEWEST_FIRST
from releases.services.editions.columns import EXCERPT_LENGTH, excerpt_text, with_excerpt, with_parts
from releases.services.editions.pagination import Listing, format_cursor, keyset_q, read_cursor
from releases.services.editions.statements import Statement, Value

NO_WORDS = parse_query("")
OLDEST_FIRST = [F(name.removeprefix("-")).asc() for name in NEWEST_FIRST]


def list_statement(
    select: Callable[..., QuerySet[Edition]], *, length: int, is_later: bool, newest: bool = True
) -> Statement:
    """The statement of a page of the editions that `select(at, ...)` chooses, for `read_listing`.

    `is_later`: of a page after the first.
    """

    def build(at: dt.datetime, **values: Any) -> QuerySet[Edition]:
        place = [values.pop(name) for name in ("day", "first", "release")] if is_later else []
        editions = select(at, **values)
        if place:
            editions = editions.filter(keyset_q(*place, newer=not newest))
        ordered = editions.order_by(*(NEWEST_FIRST if newest else OLDEST_FIRST))
        return shown_editions(ordered, at)[: length + 1]

    return Statement(build)


def shown_editions(editions: QuerySet[Edition], at: dt.datetime) -> QuerySet[Edition]:
    """Editions with what a list shows of each."""
    return with_excerpt(with_parts(editions, at)).defer("body", "body_html")


def read_listing(
    statement_for: Callable[[bool], Statement], at: dt.datetime, before: str, length: int, **values: Value
) -> Listing:
    """A page from the position `before` on ("": the first), each edition with `pieces`. Raises BadCursor.

    `statement_for(is_later)` returns the `list_statement`; `values` are what its `select` takes.
    """
    if before:
        place = read_cursor(before)
        values |= {"day": place.day, "first": place.first_live_at, "release": place.release}
    found = statement_for(bool(before)).instances(at=at, **values)
    shown = found[:length]
    add_pieces(shown)
    return Listing(shown, format_cursor(shown[-1]) if len(found) > length else "")


def add_pieces(editions: Iterable[Edition]) -> None:
    """To each of `shown_editions` its `pieces`: how it begins."""
    for edition in editions:
        vars(edition)["pieces"] = cut_excerpt(excerpt_text(edition), NO_WORDS, EXCERPT_LENGTH)
