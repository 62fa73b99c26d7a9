"""Finding releases: words and filters to a page of results, with the counts of what else could be chosen.

All of it asks the listed editions of one instant, so that no count hints at a release to come.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import OuterRef, QuerySet

from releases.content.text.markup import cut_body_excerpt
from releases.content.text.tokens import ExcerptPiece, Query, cut_excerpt
from releases.models import Agency, Annex, Edition, Issuer
from releases.services.editions.columns import EXCERPT_LENGTH
from releases.services.editions.facts import find_once
from releases.services.editions.json_subqueries import JSONOne
from releases.services.editions.listings import Also, list_statements, read_editions, read_listing
from releases.services.editions.pagination import (
    PAGE_LENGTH,
    BadCursor,
    Listing,
    format_cursor,
    read_cursor,
)
from releases.services.editions.statements import Rows, Statement, Value
from releases.services.search import annex_pages_with, format_match
from releases.services.search.candidates import find_candidates
from releases.services.search.facets import Facets, count_facets
from releases.services.search.filters import MOST_SHAPES, Filters, Shape, matching_editions
from releases.services.search.ranking import Place, rank_candidates

TIERS = tuple("123456")
ONLY_TIER = 1  # of every release in a list by date
HIT_LENGTH = 180


class AnnexHit(NamedTuple):
    """A page of an annex on which all words are; `pieces` are an excerpt around the first."""

    label: str
    title: str
    sha256: str
    page: int
    pieces: tuple[ExcerptPiece, ...]


class FacetedListing(NamedTuple):
    """A page of what was found, and how much else could be chosen."""

    listing: Listing
    facets: Facets


def search_with_facets(at: dt.datetime, filters: Filters, before: str = "") -> FacetedListing:
    """A page of what was found from the position `before` on, and all counts.

    Raises BadCursor, also for a position behind the last release.
    """
    listing = search(at, filters, before)
    if before and not listing.editions:
        raise BadCursor(before)
    found = count_facets(at, replace(filters, sort="")) if listing.editions else Facets.read()
    return FacetedListing(listing, found)


def search(
    at: dt.datetime,
    filters: Filters,
    before: str = "",
    length: int = PAGE_LENGTH,
    within: tuple[dt.date, dt.date] | None = None,
    also: Also | None = None,
) -> Listing:
    """A page of what was found, without counts. Raises BadCursor.

    `within` are the first and the last release date; `also(at)` returns further annotations. By relevance,
    which takes neither, the newest MOST_FOUND are ranked.
    """
    tier, _, place = before.partition(":")
    if before and not (tier in TIERS and place):
        raise BadCursor(before)
    if filters.is_impossible:
        return Listing([], "")
    if filters.sort == "relevance" and filters.query.wanted:
        listing = _list_ranked(at, filters, tier, place, length)
    else:
        listing = _list_dated(at, filters, place, length, within, also)
    if filters.query.plain and listing.editions:
        _add_matches(listing.editions, filters.query, length)
    return listing


def _list_dated(
    at: dt.datetime,
    filters: Filters,
    place: str,
    length: int,
    within: tuple[dt.date, dt.date] | None,
    also: Also | None,
) -> Listing:
    """`search` by date. Of an agency that issued few of the newest releases, those up to its last day."""
    shape, values = filters.find_shape(), filters.values()
    newest = filters.sort != "oldest"

    def read(shape: Shape, values: Mapping[str, Value], most: int | None = None) -> Listing:
        found = read_listing(
            lambda is_later: _dated_statements(shape, length, is_later, newest)[:most],
            at,
            place,
            length,
            also,
            **values,
        )
        return Listing(found.editions, found.older and f"{ONLY_TIER}:{found.older}")

    agency = filters.value("agency")
    if newest and agency and not (within or filters.value("year")):
        recent = read(shape, values, most=1)
        if recent.older:
            return recent
        known = Agency.objects.filter(slug=agency).first()
        within = dt.date.min, _find_last_day(at, known.pk) if known else dt.date.min
    if within:
        shape = shape._replace(names=(*shape.names, "first_day", "last_day"))
        values |= {"first_day": within[0], "last_day": within[1]}
    return read(shape, values)


@find_once
def _find_last_day(at: dt.datetime, agency: int) -> dt.date:
    """The last on which an agency issued anything: it takes a look at all that it did."""
    issued = Issuer.objects.filter(agency=agency).values("edition")
    days = Edition.objects.listed(at).filter(pk__in=issued).order_by("-release_date")
    return days.values_list("release_date", flat=True).first() or dt.date.min


@lru_cache(maxsize=MOST_SHAPES)
def _dated_statements(shape: Shape, length: int, is_later: bool, newest: bool) -> list[Statement]:
    def read(at: dt.datetime, **values: Any) -> QuerySet[Edition]:
        return matching_editions(at, shape._replace(is_common=True), values)

    def look_up(at: dt.datetime, **values: Any) -> QuerySet[Edition]:
        return matching_editions(at, shape, values)

    select = (read, look_up) if shape.names else (look_up,)
    return list_statements(*select, length=length, is_later=is_later, newest=newest)


def _list_ranked(at: dt.datetime, filters: Filters, tier: str, place: str, length: int) -> Listing:
    """`search` by relevance: of the newest MOST_FOUND."""
    candidates = find_candidates(at, replace(filters, sort=""))
    if not candidates.total:
        return Listing([], "")
    after = Place(int(tier), read_cursor(place)) if place else None
    ranked = rank_candidates(candidates, filters.query, length + 1, after)
    tiers = dict(ranked[:length])
    editions = read_editions(at, list(tiers), length)
    if len(ranked) <= length or not editions:
        return Listing(editions, "")
    return Listing(editions, f"{tiers[editions[-1].pk]}:{format_cursor(editions[-1])}")


def _add_matches(editions: Sequence[Edition], query: Query, length: int) -> None:
    """To each `pieces` of its text that have the words, and `hit`, the first page of an annex that has
    them all."""
    keys = tuple(edition.pk for edition in editions)
    rows = MATCHES.rows(keys=(*keys, *[0] * (length - len(keys))), words=format_match(query.plain))
    matches = {key: (text, hit) for key, text, hit in rows}
    for edition in editions:
        text, hit = matches[edition.pk]
        vars(edition)["pieces"] = cut_body_excerpt(text, query, EXCERPT_LENGTH)
        if hit:
            pieces = cut_excerpt(" ".join(hit.pop("text").split()), query, HIT_LENGTH)
            vars(edition)["hit"] = AnnexHit(**hit, pieces=tuple(pieces))


def _match_rows(keys: Sequence[int], words: str) -> Rows:
    pages = Annex.objects.filter(edition=OuterRef("pk"), blob__pages_text__in=annex_pages_with(words))
    hit = JSONOne(
        pages.order_by("position", "blob__pages_text__number"),
        label="label",
        title="title",
        sha256="blob_id",
        page="blob__pages_text__number",
        text="blob__pages_text__text",
    )
    return (
        Edition.objects.filter(pk__in=keys).annotate(hit=hit).order_by().values_list("pk", "body_html", "hit")
    )


MATCHES = Statement(_match_rows)
