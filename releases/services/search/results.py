"""Finding releases: words and filters to a page of results, with the counts of what else could be chosen.

All of it asks the listed editions of one instant, so that no count hints at a release to come.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, reduce
from operator import add, or_
from typing import Any, NamedTuple

from django.db.models import Case, OuterRef, Q, QuerySet, When

from releases.content.text.markup import cut_body_excerpt
from releases.content.text.tokens import ExcerptPiece, Query, cut_excerpt
from releases.models import Agency, Annex, Edition, Issuer
from releases.services.editions.columns import EXCERPT_LENGTH
from releases.services.editions.facts import find_once
from releases.services.editions.json_subqueries import JSONOne
from releases.services.editions.listings import (
    Also,
    find_newer,
    list_statements,
    read_editions,
    read_listing,
)
from releases.services.editions.pagination import PAGE_LENGTH, BadCursor, Listing
from releases.services.editions.statements import Rows, Statement, Value
from releases.services.search.candidates import MOST_FOUND, Candidates, find_candidates
from releases.services.search.engine import annex_pages_with, format_keys, format_match
from releases.services.search.facets import Facets, Option, count_facets
from releases.services.search.filters import AMONG, MOST_SHAPES, Filters, Shape, matching_editions
from releases.services.search.ranking import rank_found

HIT_LENGTH = 180


class AnnexHit(NamedTuple):
    """The page of an annex that has the most words; `pieces` are an excerpt around the first."""

    label: str
    title: str
    sha256: str
    page: int
    pieces: tuple[ExcerptPiece, ...]


class FacetedListing(NamedTuple):
    """A page of what was found, and how much else could be chosen.

    `missing`: words, as typed, that nothing has; `is_partial`: some releases have not all the others, but most.
    """

    listing: Listing
    facets: Facets
    missing: tuple[str, ...] = ()
    is_partial: bool = False


def search_with_facets(at: dt.datetime, filters: Filters, before: str = "") -> FacetedListing:
    """A page of what was found from the position `before` on, and all counts.

    Raises BadCursor, also for a position behind the last release.
    """
    candidates = _find_candidates(at, filters)
    listing = _list(at, filters, candidates, before)
    if before and not listing.editions:
        raise BadCursor(before)
    facets = count_facets(at, replace(filters, sort=""), candidates) if listing.editions else Facets.read()
    if candidates is None:
        return FacetedListing(listing, facets)
    missing = tuple(term.typed for term in candidates.missing)
    return FacetedListing(listing, facets, missing, candidates.is_partial)


def offer_agencies(at: dt.datetime, filters: Filters, found: Facets) -> list[Option]:
    """The chosen agencies, then whose releases are there as well, as though none was chosen; `found` are the counts of
    what was chosen."""
    others = replace(filters.leave_out("agency", "with"), sort="")
    offered = count_facets(at, others, _find_candidates(at, others)).options["agency"]
    known = {option.value: option for option in [*found.options["agency"], *offered]}
    chosen = filters.values_of("agency")
    first = [known.get(value, Option(value, value, 0)) for value in chosen]
    return first + [option for option in offered if option.value not in chosen]


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
    which takes neither, the newest MOST_FOUND are ranked, and `before` is how many of them were shown.
    """
    return _list(at, filters, _find_candidates(at, filters), before, length, within, also)


def _find_candidates(at: dt.datetime, filters: Filters) -> Candidates | None:
    """None of a search without words or days: of years there are few, so that all is counted once."""
    is_asked = (
        filters.query.terms or filters.value("from") or filters.value("to")
    ) and not filters.is_impossible
    return find_candidates(at, replace(filters, sort="")) if is_asked else None


def _list(
    at: dt.datetime,
    filters: Filters,
    candidates: Candidates | None,
    before: str,
    length: int = PAGE_LENGTH,
    within: tuple[dt.date, dt.date] | None = None,
    also: Also | None = None,
) -> Listing:
    if filters.is_impossible:
        return Listing([], "")
    if candidates and filters.sort == "relevance" and filters.query.wanted:
        listing = _list_ranked(at, filters, candidates, before, length)
    else:
        listing = _list_dated(at, filters, candidates, before, length, within, also)
    if filters.query.plain and listing.editions:
        _add_matches(listing.editions, filters.query, length)
    return listing


def _list_dated(
    at: dt.datetime,
    filters: Filters,
    candidates: Candidates | None,
    place: str,
    length: int,
    within: tuple[dt.date, dt.date] | None,
    also: Also | None,
) -> Listing:
    """A list by date, of the same releases that are found by relevance. Of an agency that issued few of the newest
    releases, those up to its last day."""
    shape, values = _settle(filters, candidates)
    newest = filters.sort != "oldest"

    def read(shape: Shape, values: Mapping[str, Value], most: int | None = None) -> Listing:
        return read_listing(
            lambda is_later: _dated_statements(shape, length, is_later, newest)[:most],
            at,
            place,
            length,
            also,
            **values,
        )

    agencies = filters.values_of("agency")
    if newest and agencies and not (place or within or filters.period):
        recent = read(shape, values, most=1)
        if recent.older:
            return recent
        known = Agency.objects.filter(slug__in=agencies).values_list("pk", flat=True)
        within = dt.date.min, max((_find_last_day(at, agency) for agency in known), default=dt.date.min)
    if within:
        shape = shape._replace(names=(*shape.names, "first_day", "last_day"))
        values |= {"first_day": within[0], "last_day": within[1]}
    listing = read(shape, values)
    if not place:
        return listing
    opposite = _dated_statements(shape, length, True, not newest)
    return replace(listing, newer=find_newer(opposite, at, listing, length, **values))


def _settle(filters: Filters, candidates: Candidates | None) -> tuple[Shape, dict[str, Value]]:
    """What a list by date asks for: words, or the candidates where these have not all of them as typed."""
    if candidates is None or (candidates.is_typed and not candidates.is_partial):
        return filters.find_shape(), dict(filters.values())
    rest = tuple(term for term in filters.query.terms if term not in filters.query.plain)
    filters = replace(filters, query=Query("", rest))
    shape = filters.shape._replace(names=(*filters.shape.names, AMONG))
    return shape, {**filters.values(), AMONG: format_keys(candidates.keys)}


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


def _list_ranked(
    at: dt.datetime, filters: Filters, candidates: Candidates, before: str, length: int
) -> Listing:
    """A list by relevance: of the newest MOST_FOUND."""
    if before and not (before.isascii() and before.isdecimal() and 0 < int(before) < MOST_FOUND):
        raise BadCursor(before)
    ranked = rank_found(at, filters.query, candidates)
    start = int(before or 0)
    end = start + length
    editions = read_editions(at, list(ranked[start:end]), length)
    newer = str(start - length) if start > length else ""
    return Listing(editions, str(end) if len(ranked) > end else "", newer)


def _add_matches(editions: Sequence[Edition], query: Query, length: int) -> None:
    """To each `pieces` of its text that have the words, and `hit`, the page of an annex that has the most of them,
    if it has half."""
    keys = tuple(edition.pk for edition in editions)
    words = tuple(format_match([term]) for term in query.plain)
    rows = MATCHES.rows(keys=(*keys, *[0] * (length - len(keys))), words=words)
    matches = {key: (text, hit) for key, text, hit in rows}
    for edition in editions:
        text, hit = matches[edition.pk]
        vars(edition)["pieces"] = cut_body_excerpt(text, query, EXCERPT_LENGTH)
        if hit:
            pieces = cut_excerpt(" ".join(hit.pop("text").split()), query, HIT_LENGTH)
            vars(edition)["hit"] = AnnexHit(**hit, pieces=tuple(pieces))


def _match_rows(keys: Sequence[int], words: Sequence[str]) -> Rows:
    held = [Q(blob__pages_text__in=annex_pages_with(one)) for one in words]
    pages = Annex.objects.filter(reduce(or_, held), edition=OuterRef("pk"))
    number = reduce(add, (Case(When(one, then=1), default=0) for one in held))
    hit = JSONOne(
        pages.annotate(held=number)
        .filter(held__gte=(len(words) + 1) // 2)
        .order_by("-held", "position", "blob__pages_text__number"),
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
