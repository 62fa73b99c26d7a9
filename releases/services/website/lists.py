"""Pages of the public releases, of a section or of all, and what stands beside them."""

import datetime as dt
from functools import cache

from django.db.models import Count, F, Q, QuerySet

from releases.models import Edition, Section
from releases.services.agencies.statistics import YearCount
from releases.services.editions.date_parts import YearOf
from releases.services.editions.facts import find_once
from releases.services.editions.listings import list_statement, read_listing
from releases.services.editions.pagination import PAGE_LENGTH, Listing
from releases.services.editions.statements import Statement


def list_releases(
    at: dt.datetime, before: str = "", section: Section | None = None, length: int = PAGE_LENGTH
) -> Listing:
    """A page of the public releases, newest first, of a section and those below it, with `pieces`. Raises
    BadCursor."""
    values = {"section": section.pk} if section else {}
    return read_listing(
        lambda is_later: _statement(length, is_later, bool(section)), at, before, length, **values
    )


@cache
def _statement(length: int, is_later: bool, is_of_section: bool) -> Statement:
    select = _in_section if is_of_section else Edition.objects.listed
    return list_statement(select, length=length, is_later=is_later)


def _in_section(at: dt.datetime, section: int) -> QuerySet[Edition]:
    inside = Q(release__section=section) | Q(release__section__parent=section)
    return Edition.objects.listed(at).filter(inside)


@find_once
def count_years(at: dt.datetime, section: int | None = None) -> list[YearCount]:
    """Years, the newest first, with the numbers of releases of all, or of the section with this key and those
    below it."""
    listed = Edition.objects.listed(at) if section is None else _in_section(at, section)
    dated = listed.annotate(year=YearOf("release_date")).values_list("year")
    return [YearCount(*row) for row in dated.annotate(Count("pk")).order_by("-year")]


@find_once
def public_sections(at: dt.datetime) -> list[Section]:
    """The sections that have something to read, or one below them has, with their addresses, rooms first."""
    read = Edition.objects.listed(at).values("release__section")
    found = Section.objects.filter(Q(pk__in=read) | Q(children__in=read)).distinct()
    placed = found.select_related("address", "parent")
    return list(placed.order_by(F("parent_id").asc(nulls_first=True), "title"))
