"""Pages of the public releases, of a section or of all, and what stands beside them."""

import datetime as dt

from django.db.models import Count, F, Q, QuerySet

from releases.content.text.tokens import cut_excerpt, parse_query
from releases.models import (
    Edition,
    Section,
)
from releases.models.edition import NEWEST_FIRST
from releases.services.editions.columns import (
    EXCERPT_LENGTH,
    annotation,
    excerpt_text,
    with_excerpt,
    with_parts,
)
from releases.services.editions.date_parts import YearOf
from releases.services.editions.json_subqueries import JSONList
from releases.services.editions.pagination import PAGE_LENGTH, Listing, format_cursor, page_after


def list_releases(
    at: dt.datetime,
    before: str = "",
    section: Section | None = None,
    length: int = PAGE_LENGTH,
    **beside: JSONList,
) -> Listing:
    """A page of the public releases, newest first, of a section and those below it, with `pieces`. Raises
    BadCursor.

    What stands `beside` the list comes in its query.
    """
    editions = page_after(with_excerpt(with_parts(_listed(at, section), at)), before).annotate(**beside)
    found = list(editions.defer("body", "body_html").order_by(*NEWEST_FIRST)[: length + 1])
    for edition in found:
        vars(edition)["pieces"] = cut_excerpt(excerpt_text(edition), parse_query(""), EXCERPT_LENGTH)
    columns = {name: annotation(found[0], name) for name in beside} if found else {}
    return Listing(found[:length], format_cursor(found[length - 1]) if len(found) > length else "", columns)


def years_column(at: dt.datetime, section: Section | None = None) -> JSONList:
    """Years, the newest first, with the numbers of releases of a section and those below it; for
    `list_releases`."""
    dated = _listed(at, section).annotate(year=YearOf("release_date")).values("year")
    return JSONList(dated.annotate(count=Count("pk")).order_by("-year"), year="year", count="count")


def _listed(at: dt.datetime, section: Section | None) -> QuerySet[Edition]:
    found = Edition.objects.listed(at)
    return (
        found.filter(Q(release__section=section) | Q(release__section__parent=section)) if section else found
    )


def public_sections(at: dt.datetime) -> QuerySet[Section]:
    """The sections that have something to read, or one below them has, with their addresses, rooms first."""
    read = Edition.objects.listed(at).values("release__section")
    found = Section.objects.filter(Q(pk__in=read) | Q(children__in=read)).distinct()
    return found.select_related("address", "parent").order_by(F("parent_id").asc(nulls_first=True), "title")
