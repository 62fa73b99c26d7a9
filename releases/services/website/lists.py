"""Pages of the public releases, of a section or of all, and what stands beside them."""

import datetime as dt
from dataclasses import replace
from functools import cache
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from releases.models import Edition, Release, Section
from releases.services.editions.facts import find_once
from releases.services.editions.listings import find_newer, list_statements, read_listing
from releases.services.editions.months import YearCount, count_days, count_years
from releases.services.editions.pagination import PAGE_LENGTH, Listing
from releases.services.editions.statements import Statement


def list_releases(
    at: dt.datetime, before: str = "", section: Section | None = None, length: int = PAGE_LENGTH
) -> Listing:
    """A page of the public releases, newest first, of a section and those below it, with `pieces`. Raises
    BadCursor."""
    values: dict[str, Any] = {"section": section.pk} if section else {}
    listing = read_listing(
        lambda is_later: _statements(length, is_later, bool(section)), at, before, length, **values
    )
    if not before:
        return listing
    opposite = _statements(length, True, bool(section), newest=False)
    return replace(listing, newer=find_newer(opposite, at, listing, length, **values))


@cache
def _statements(length: int, is_later: bool, is_of_section: bool, *, newest: bool = True) -> list[Statement]:
    select = (_read_in_section, _in_section) if is_of_section else (Edition.objects.listed,)
    return list_statements(*select, length=length, is_later=is_later, newest=newest)


def _in_section(at: dt.datetime, section: int) -> QuerySet[Edition]:
    inside = Q(release__section=section) | Q(release__section__parent=section)
    return Edition.objects.listed(at).filter(inside)


def _read_in_section(at: dt.datetime, section: int) -> QuerySet[Edition]:
    inside = Q(section=section) | Q(section__parent=section)
    return Edition.objects.listed(at).filter(
        Exists(Release.objects.filter(inside, pk=OuterRef("release_id")))
    )


_DAYS_IN_SECTION = Statement(
    lambda at, section: _in_section(at, section).order_by().values_list("release_date").annotate(Count("pk"))
)


@find_once
def list_years(at: dt.datetime, section: int | None = None) -> list[YearCount]:
    """Years, the newest first, with the numbers of releases of all, or of the section with this key and those
    below it."""
    if section is None:
        return count_years(count_days(at))
    return count_years(_DAYS_IN_SECTION.rows(at=at, section=section))


def without_rooms(sections: list[Section]) -> list[Section]:
    """Those that list releases of their own, where a room and the sections in it would say the same twice."""
    rooms = {section.parent_id for section in sections}
    return [section for section in sections if section.pk not in rooms]


_SECTIONS = Statement(
    lambda at: (
        Section.objects.select_related("address", "parent")
        .annotate(is_read=Exists(Edition.objects.listed(at).filter(release__section=OuterRef("pk"))))
        .order_by(F("parent_id").asc(nulls_first=True), "title")
    )
)


@find_once
def public_sections(at: dt.datetime) -> list[Section]:
    """The sections that have something to read, or one below them has, with their addresses, rooms first."""
    sections = _SECTIONS.instances(at=at)
    rooms = {section.parent_id for section in sections if section.is_read}
    return [section for section in sections if section.is_read or section.pk in rooms]
