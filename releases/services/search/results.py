"""Finding releases: words and filters to a page of results, with the counts of what else could be chosen.

All of it asks the listed editions of one instant, so that no count hints at a release to come.
"""

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import F, OuterRef, Q, QuerySet

from releases.content.text.markup import plain_text
from releases.content.text.tokens import Query, cut_excerpt
from releases.models import Annex, Edition
from releases.models.edition import NEWEST_FIRST
from releases.services.editions.columns import EXCERPT_LENGTH, excerpt_text, with_excerpt, with_parts
from releases.services.editions.json_subqueries import JSONOne
from releases.services.editions.listings import list_statement, read_listing
from releases.services.editions.pagination import (
    PAGE_LENGTH,
    BadCursor,
    Listing,
    format_cursor,
    keyset_q,
    read_cursor,
)
from releases.services.editions.statements import Statement
from releases.services.search import annex_pages_with
from releases.services.search.facets import Facets, count_facets, facets_column
from releases.services.search.filters import Filters, chosen_editions, matching_editions

TIERS = tuple("123456")
Also = Callable[[dt.datetime], dict[str, Any]]
ONLY_TIER = 1  # of every release where no words are searched for


class FacetedListing(NamedTuple):
    """A page of what was found, and how much else could be chosen."""

    listing: Listing
    facets: Facets


def search_with_facets(at: dt.datetime, filters: Filters, before: str = "") -> FacetedListing:
    """A page of what was found from the position `before` on, and all counts.

    Raises BadCursor, also for a position behind the last release.
    """
    if not filters.query.terms:
        listing = search(at, filters, before)
        if before and not listing.editions:
            raise BadCursor(before)
        return FacetedListing(listing, count_facets(at, filters) if listing.editions else Facets.read())
    editions = _page(matching_editions(at, filters), at, filters, before).annotate(
        counts=facets_column(at, filters)
    )
    listing = _listing(editions, filters, PAGE_LENGTH)
    if before and not listing.editions:
        raise BadCursor(before)
    facets = Facets.read(vars(listing.editions[0])["counts"]) if listing.editions else Facets.read()
    return FacetedListing(listing, facets)


def search(
    at: dt.datetime,
    filters: Filters,
    before: str = "",
    length: int = PAGE_LENGTH,
    within: tuple[dt.date, dt.date] | None = None,
    also: Also | None = None,
) -> Listing:
    """A page of what was found, without counts. Raises BadCursor.

    `within` are the first and the last release date; `also(at)` returns further annotations.
    """
    if not filters.query.terms:
        return _list_chosen(at, filters, before, length, within, also)
    editions = matching_editions(at, filters).annotate(**(also(at) if also else {}))
    if within:
        editions = editions.filter(release_date__range=within)
    return _listing(_page(editions, at, filters, before), filters, length)


def _list_chosen(
    at: dt.datetime,
    filters: Filters,
    before: str,
    length: int,
    within: tuple[dt.date, dt.date] | None,
    also: Also | None,
) -> Listing:
    """`search` without words, by statements that are compiled once for each choice of filters."""
    values = filters.values()
    if values is None:
        return Listing([], "")
    if within:
        values |= {"first_day": within[0], "last_day": within[1]}
    tier, _, place = before.partition(":")
    if before and not (place and tier in TIERS):
        raise BadCursor(before)
    names, newest = tuple(values), filters.sort != "oldest"
    found = read_listing(
        lambda is_later: _chosen_statement(names, length, is_later, newest, also),
        at,
        place,
        length,
        **values,
    )
    return Listing(found.editions, found.older and f"{ONLY_TIER}:{found.older}")


@lru_cache(maxsize=128)
def _chosen_statement(
    names: tuple[str, ...], length: int, is_later: bool, newest: bool, also: Also | None
) -> Statement:
    """`names` are those of the values that `chosen_editions` gets."""

    def select(at: dt.datetime, **values: Any) -> QuerySet[Edition]:
        return chosen_editions(at, **values).annotate(**(also(at) if also else {}))

    return list_statement(select, length=length, is_later=is_later, newest=newest)


def _page(editions: QuerySet[Edition], at: dt.datetime, filters: Filters, before: str) -> QuerySet[Edition]:
    editions = with_excerpt(with_parts(editions, at)).defer("body")
    if filters.query.plain:
        editions = editions.annotate(hit=_hit(filters.query))
    else:
        editions = editions.defer("body_html")
    if before:
        editions = editions.filter(_behind(before, filters.sort))
    return editions.order_by(*_order(filters.sort))


def _hit(query: Query) -> JSONOne:
    """The first page of an annex that holds all words."""
    pages = Annex.objects.filter(edition=OuterRef("pk"), blob__pages_text__in=annex_pages_with(query.plain))
    return JSONOne(
        pages.order_by("position", "blob__pages_text__number"),
        label="label",
        title="title",
        path="address__path",
        sha256="blob_id",
        page="blob__pages_text__number",
        text="blob__pages_text__text",
    )


def _listing(editions: QuerySet[Edition], filters: Filters, length: int) -> Listing:
    """The first of the editions, each with `pieces` (text, found) and `hit`, a page of an annex."""
    found = list(editions[: length + 1])
    for edition in found[:length]:
        _add_pieces(edition, filters.query)
    last = (
        f"{vars(found[length - 1])['tier']}:{format_cursor(found[length - 1])}" if len(found) > length else ""
    )
    return Listing(found[:length], last)


def _order(sort: str) -> list[Any]:
    if sort == "oldest":
        return [F(name.removeprefix("-")).asc() for name in NEWEST_FIRST]
    return ["-tier", *NEWEST_FIRST] if sort == "relevance" else list(NEWEST_FIRST)


def _behind(before: str, sort: str) -> Q:
    tier, _, place = before.partition(":")
    if tier not in TIERS:
        raise BadCursor(before)
    behind = keyset_q(*read_cursor(place), newer=sort == "oldest")
    return Q(tier__lt=int(tier)) | Q(tier=int(tier)) & behind if sort == "relevance" else behind


def _add_pieces(edition: Edition, query: Query) -> None:
    facts = vars(edition)
    text = plain_text(edition.body_html) if query.plain else excerpt_text(edition)
    facts["pieces"] = cut_excerpt(text, query, EXCERPT_LENGTH)
    if hit := facts.get("hit"):
        hit["pieces"] = cut_excerpt(" ".join(hit.pop("text").split()), query, 180)
