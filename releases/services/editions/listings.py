"""A page of a list, by statements that are compiled once for each kind of list: first the keys of its
editions, then what is shown of them."""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from releases.content.text.tokens import cut_excerpt, parse_query
from releases.models import Edition
from releases.models.edition import NEWEST_FIRST
from releases.services.editions.columns import EXCERPT_LENGTH, excerpt_text, with_parts
from releases.services.editions.pagination import Key, Listing, format_cursor, keyset_q, read_cursor
from releases.services.editions.statements import Rows, Statement, Value

LATEST_COUNT = 1_000
NO_WORDS = parse_query("")
SHOWN = (
    "title",
    "summary",
    "language",
    "kind",
    "lead_text",
    "release_date",
    "change_class",
    "live_from",
    "first_live_at",
    "address__path",
    "address__path_digest",  # which an address without it would ask for
    "release__section__folder",
    "release__section__title",
)
"""What lists and feeds show of an edition."""
OLDEST_FIRST = [F(name.removeprefix("-")).asc() for name in NEWEST_FIRST]
Select = Callable[..., QuerySet[Edition]]
Also = Callable[[dt.datetime], dict[str, Any]]


class Order(NamedTuple):
    """Of a list: its columns, the bound of release dates where it begins and the lookups on both sides of a
    day."""

    columns: tuple[Any, ...]
    newest: bool
    begins: str
    behind: str
    before: str
    last_day: dt.date


NEWEST = Order(NEWEST_FIRST, True, "last_day", "lte", "gte", dt.date.min)
OLDEST = Order(tuple(OLDEST_FIRST), False, "first_day", "gte", "lte", dt.date.max)


def list_statements(
    read: Select, look_up: Select | None = None, *, length: int, is_later: bool, newest: bool = True
) -> list[Statement]:
    """For the `Key`s of a page, and of the edition after it, of those that a `select(at, ...)` chooses.

    `read` chooses for who reads the archive in the order of its lists. Where few may be chosen, it reads the
    next LATEST_COUNT only, and `look_up` finds and sorts all. `is_later`: of a page after the first. Values
    of `select` that are called `first_day` and `last_day` bound it.
    """

    order = NEWEST if newest else OLDEST
    if look_up is None:
        return [_keys_statement(read, order, length, is_later)]
    bounded = _keys_statement(read, order, length, is_later, is_bounded=True)
    return [bounded, _keys_statement(look_up, order, length, is_later)]


def _keys_statement(
    select: Select, order: Order, length: int, is_later: bool, *, is_bounded: bool = False
) -> Statement:
    def build(at: dt.datetime, **values: Any) -> Rows:
        place = [values.pop(name) for name in ("day", "first", "release")] if is_later else []
        editions = select(at, **values)
        if place:
            editions = editions.filter(keyset_q(*place, newer=not order.newest))
        if is_bounded:
            editions = editions.filter(_among_next(place[0] if place else values.get(order.begins), order))
        told = editions.order_by(*order.columns).values_list(
            "pk", "release_date", "first_live_at", "release_id"
        )
        return told[: length + 1]

    return Statement(build)


def _among_next(day: dt.date | None, order: Order) -> Q:
    """Released by the day of the edition that comes LATEST_COUNT behind `day`, or behind the first of all."""
    approved = Edition.objects.filter(state=Edition.State.APPROVED).order_by(*order.columns)
    begun = Q(**{f"release_date__{order.behind}": day}) if day else Q()
    last = Subquery(approved.filter(begun).values("release_date")[LATEST_COUNT : LATEST_COUNT + 1])
    return begun & Q(**{f"release_date__{order.before}": Coalesce(last, order.last_day)})


def read_listing(
    statements_for: Callable[[bool], Sequence[Statement]],
    at: dt.datetime,
    before: str,
    length: int,
    also: Also | None = None,
    **values: Value,
) -> Listing:
    """A page from the position `before` on ("": the first), each edition with `pieces`. Raises BadCursor.

    `statements_for(is_later)` returns the `list_statements`; `values` are what its `select` takes; `also(at)`
    returns further annotations.
    """
    if before:
        place = read_cursor(before)
        values |= {"day": place.day, "first": place.first_live_at, "release": place.release}
    keys = _read_keys(statements_for(bool(before)), at, length, values)
    shown = read_editions(at, [key.edition for key in keys[:length]], length, also)
    return Listing(shown, format_cursor(shown[-1]) if shown and len(keys) > length else "")


def find_newer(
    statements: Sequence[Statement], at: dt.datetime, listing: Listing, length: int, **values: Value
) -> str:
    """The `newer` of a page that is not the first; `statements` are those of the opposite order, of a later page."""
    if not listing.editions:
        return ""
    place = read_cursor(format_cursor(listing.editions[0]))
    values |= {"day": place.day, "first": place.first_live_at, "release": place.release}
    keys = _read_keys(statements, at, length, values)
    return format_cursor(keys[length]) if len(keys) > length else ""


def _read_keys(
    statements: Sequence[Statement], at: dt.datetime, length: int, values: dict[str, Value]
) -> list[Key]:
    """By the first of the statements that finds enough, else by the last."""
    keys: list[Key] = []
    for statement in statements:
        if len(keys) <= length:
            keys = [Key(*row) for row in statement.rows(at=at, **values)]
    return keys


def read_editions(
    at: dt.datetime, keys: Sequence[int], length: int, also: Also | None = None
) -> list[Edition]:
    """The listed editions among at most `length` with these keys, in their order, with what a list shows."""
    if not keys:
        return []
    padded = (*keys, *[0] * (length - len(keys)))
    found = {edition.pk: edition for edition in _shown_statement(also).instances(at=at, keys=padded)}
    editions = [found[key] for key in keys if key in found]
    for edition in editions:
        vars(edition)["pieces"] = cut_excerpt(excerpt_text(edition), NO_WORDS, EXCERPT_LENGTH)
    return editions


@lru_cache
def _shown_statement(also: Also | None) -> Statement:
    def build(at: dt.datetime, keys: Sequence[int]) -> QuerySet[Edition]:
        listed = Edition.objects.listed(at).filter(pk__in=keys).annotate(**(also(at) if also else {}))
        return with_parts(listed, at).select_related("release__section").only(*SHOWN)

    return Statement(build)
