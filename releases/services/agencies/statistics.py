"""Agencies as readers see them: names, numbers of releases, whom they issue with."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from itertools import permutations
from typing import Literal, NamedTuple

from django.db.models import (
    Count,
    Exists,
    F,
    Max,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Coalesce, NullIf
from django.utils.timezone import localdate

from releases.models import Agency, AgencyName, Agreement, Edition, Issuer
from releases.services.editions.date_parts import MonthOf, YearOf
from releases.services.editions.facts import find_once

MONTHS = 24
MATRIX_SIZE = 12


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """An agency in the list: how many public releases it has issued, and when the last."""

    agency: Agency
    name: str
    acronym: str
    releases: int
    latest: dt.date


class ActiveAgency(NamedTuple):
    """`name` is that of the day."""

    slug: str
    name: str
    releases: int


@find_once
def list_most_active(at: dt.datetime, length: int) -> list[ActiveAgency]:
    """The agencies with the most releases."""
    counted = _issuers(at).values("agency__slug").annotate(count=Count("pk"), name=_held_name(at))
    ordered = counted.order_by("-count", "agency__slug")[:length]
    return [ActiveAgency(*row) for row in ordered.values_list("agency__slug", "name", "count")]


class MatrixCell(NamedTuple):
    """How many releases another agency issued with that of the row; `shade` 0 for none, 1 to 4 by the share
    of the most."""

    other: AgencyLine
    releases: int
    shade: int


class MatrixRow(NamedTuple):
    """A cell for each column, None below the diagonal."""

    agency: AgencyLine
    cells: list[MatrixCell | None]


@dataclass(frozen=True, slots=True)
class JointMatrix:
    """The agencies of the columns, and the rows."""

    columns: list[AgencyLine]
    rows: list[MatrixRow]


class Successor(NamedTuple):
    """`slug` is "" where it has no page, since it has issued nothing yet."""

    slug: str
    name: str


class FormerName(NamedTuple):
    """`until` is the first day of the name that followed."""

    name: str
    until: dt.date


class MonthCount(NamedTuple):
    """A month by its first day."""

    first: dt.date
    releases: int


class YearCount(NamedTuple):
    year: int
    releases: int


class Partner(NamedTuple):
    """An agency by its acronym, or its name where it has none, and the releases issued together."""

    slug: str
    name: str
    releases: int


@dataclass(frozen=True, slots=True)
class AgencyFacts:
    """What readers may know of an agency. `months` are the last MONTHS, the oldest first; `years` those with
    releases, the newest first; `partners` those with the most first; `former` names the oldest first; `joint`
    counts releases with others.
    """

    agency: Agency
    name: str
    acronym: str
    successor: Successor | None
    former: list[FormerName]
    releases: int
    joint: int
    since: dt.date | None
    months: list[MonthCount]
    years: list[YearCount]
    partners: list[Partner]
    agreements: list[Agreement]


@find_once
def list_agencies(at: dt.datetime) -> list[AgencyLine]:
    """Every agency with public releases, the most active first."""
    counted = (
        _issuers(at).values("agency").annotate(releases=Count("edition"), latest=Max("edition__release_date"))
    )
    facts = {row["agency"]: row for row in counted}
    agencies = Agency.objects.filter(pk__in=facts).prefetch_related(_names(at))
    found = [
        AgencyLine(
            agency,
            _name(agency, at),
            _acronym(agency, at),
            facts[agency.pk]["releases"],
            facts[agency.pk]["latest"],
        )
        for agency in agencies
    ]
    return sorted(found, key=lambda line: (-line.releases, line.name))


@find_once
def build_matrix(at: dt.datetime) -> JointMatrix:
    """How many releases each pair of the most active agencies issued together; empty when none did."""
    agencies = list_agencies(at)
    together: dict[int, set[int]] = {}
    for edition, agency in _issuers(at).values_list("edition_id", "agency_id"):
        together.setdefault(edition, set()).add(agency)
    pairs = Counter(pair for issuers in together.values() for pair in permutations(issuers, 2))
    joint = {one for one, _ in pairs}
    shown = [line for line in agencies if line.acronym and line.agency.pk in joint][:MATRIX_SIZE]
    most = max(pairs.values(), default=1)
    rows = []
    for place, line in enumerate(shown[:-1]):
        counts = [pairs[line.agency.pk, other.agency.pk] for other in shown[place + 1 :]]
        cells = [
            MatrixCell(other, count, _shade(count, most))
            for other, count in zip(shown[place + 1 :], counts, strict=True)
        ]
        rows.append(MatrixRow(line, [*[None] * place, *cells]))
    return JointMatrix(shown[1:], rows)


def _shade(count: int, most: int) -> int:
    """0 for none, else 1 to 4 by the share of the most."""
    return -(-4 * count // most)


@find_once
def find_agency_facts(at: dt.datetime, slug: str) -> AgencyFacts | None:
    """What the public may know of an agency that has public releases; None of any other, after one query."""
    issued = Agency.objects.filter(slug=slug, pk__in=_issuers(at).values("agency"))
    agency = issued.select_related("successor").prefetch_related(_names(at)).first()
    return _facts(agency, at) if agency else None


def _facts(agency: Agency, at: dt.datetime) -> AgencyFacts:
    mine = Edition.objects.listed(at).filter(issuers__agency=agency)
    counted = mine.aggregate(releases=Count("pk"), since=Min("release_date"))
    together = _issuers(at).filter(edition__issuers__agency=agency).exclude(agency=agency)
    partners = (
        together.values_list("agency__slug", "agency__acronym", _held_name(at))
        .annotate(times=Count("pk"))
        .order_by("-times")[:12]
    )
    years = (
        mine.annotate(year=YearOf("release_date")).values_list("year").annotate(Count("pk")).order_by("-year")
    )
    today = localdate(at)
    names = list(agency.names.all())
    former = list(zip([name.name for name in names], [name.valid_from for name in names[1:]], strict=False))
    agreements = Agreement.objects.public(at).filter(
        Q(lead_agency=agency)
        | Q(mentions__release__in=mine.values("release"))
        | Q(editions__in=mine.values("pk"))
    )
    return AgencyFacts(
        agency,
        _name(agency, at),
        _acronym(agency, at),
        _successor(agency, at),
        [FormerName(name, until) for name, until in former if until],
        counted["releases"],
        together.values("edition").distinct().count(),
        counted["since"],
        _months(mine, today),
        [YearCount(*row) for row in years],
        [Partner(slug, acronym or name, times) for slug, acronym, name, times in partners],
        list(agreements.distinct()),
    )


def _successor(agency: Agency, at: dt.datetime) -> Successor | None:
    """Who acts for it by the day; who will is not told."""
    successor = agency.successor
    if successor is None or not agency.acting_on(localdate(at)):
        return None
    held = AgencyName.objects.by(localdate(at)).filter(agency=successor).last()
    slug = successor.slug if _issuers(at).filter(agency=successor).exists() else ""
    return Successor(slug, held.name if held else str(successor))


def _months(editions: QuerySet[Edition], today: dt.date) -> list[MonthCount]:
    """The last MONTHS, the oldest first."""
    place = today.year * 12 + today.month - 1
    firsts = [dt.date(number // 12, number % 12 + 1, 1) for number in range(place - MONTHS + 1, place + 1)]
    counted = {
        (year, month): count
        for year, month, count in editions.filter(release_date__gte=firsts[0])
        .annotate(year=YearOf("release_date"), month=MonthOf("release_date"))
        .values_list("year", "month")
        .annotate(count=Count("pk"))
        .order_by()
    }
    return [MonthCount(first, counted.get((first.year, first.month), 0)) for first in firsts]


class GridMonth(NamedTuple):
    """A month (1 to 12) and its releases; `shade` 0 for none, 1 to 4 by the share of the month with the
    most."""

    month: int
    releases: int
    shade: int


class GridYear(NamedTuple):
    """A year with its twelve months in their order."""

    year: int
    months: tuple[GridMonth, ...]


@find_once
def build_month_grid(at: dt.datetime) -> list[GridYear]:
    """How many releases are public at the instant `at` by the month of their release date, the newest year
    first.

    Years without a release are left out.
    """
    counted = list(
        Edition.objects.listed(at)
        .annotate(year=YearOf("release_date"), month=MonthOf("release_date"))
        .values_list("year", "month")
        .annotate(count=Count("pk"))
        .order_by()
    )
    most = max((count for _, _, count in counted), default=1)
    known = {(year, month): count for year, month, count in counted}
    years = sorted({year for year, _, _ in counted}, reverse=True)
    return [
        GridYear(
            year,
            tuple(
                GridMonth(month, count := known.get((year, month), 0), _shade(count, most))
                for month in range(1, 13)
            ),
        )
        for year in years
    ]


def _issuers(at: dt.datetime) -> QuerySet[Issuer]:
    return Issuer.objects.filter(Exists(Edition.objects.listed(at).filter(pk=OuterRef("edition")))).order_by()


def _held_name(at: dt.datetime) -> Coalesce:
    """The name of an issuer's agency on the day; as in `_name`, what it goes by where it has none yet."""
    held = AgencyName.objects.by(localdate(at)).filter(agency=OuterRef("agency"))
    name = Subquery(held.order_by(F("valid_from").desc(nulls_last=True)).values("name")[:1])
    return Coalesce(name, NullIf("agency__acronym", Value("")), F("agency__slug"), output_field=TextField())


def _names(at: dt.datetime) -> Prefetch[Literal["names"]]:
    return Prefetch("names", AgencyName.objects.by(localdate(at)))


def _name(agency: Agency, at: dt.datetime) -> str:
    """The name on the day of an agency with `_names`."""
    held = agency.name_on(localdate(at))
    return held.name if held else str(agency)


def _acronym(agency: Agency, at: dt.datetime) -> str:
    """That of the day, as the name is; today's own where the name has none."""
    held = agency.name_on(localdate(at))
    return (held.acronym if held else "") or agency.acronym
