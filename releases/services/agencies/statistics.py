"""Agencies as readers see them: names, numbers of releases, whom they issue with."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils.timezone import localdate

from releases.models import Agency, AgencyName, Agreement, Edition
from releases.models.edition import NEWEST_FIRST
from releases.services.editions.facts import find_once
from releases.services.editions.months import YearCount, count_years, find_shade
from releases.services.editions.statements import BoundSQL, Row, Statement, Value

MONTHS = 24
MATRIX_SIZE = 12
MOST_PARTNERS = 12
MOST_LISTED = 2**31 - 1  # all


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """An agency in the list, under its name and acronym of the day: how many public releases it has issued, and
    when the last."""

    key: int
    slug: str
    kind: str
    is_active: bool
    name: str
    acronym: str
    releases: int
    latest: dt.date


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
    counted = _count(_BY_AGENCY, _LISTED.sql_and_parameters(at=at), localdate(at))
    lines = [AgencyLine(*[*facts, dt.date.fromisoformat(str(latest))]) for *facts, latest in counted]
    return sorted(lines, key=lambda line: (-line.releases, line.name))


def list_most_active(at: dt.datetime, length: int) -> list[AgencyLine]:
    """The agencies with the most releases."""
    return sorted(list_agencies(at), key=lambda line: (-line.releases, line.slug))[:length]


@find_once
def build_matrix(at: dt.datetime) -> JointMatrix:
    """How many releases each pair of the most active agencies issued together; empty when none did."""
    pairs = {
        frozenset((one, other)): count
        for one, other, count in _count(_BY_PAIR, _LISTED.sql_and_parameters(at=at))
    }
    joint = {agency for pair in pairs for agency in pair}
    shown = [line for line in list_agencies(at) if line.acronym and line.key in joint][:MATRIX_SIZE]
    most = max(pairs.values(), default=1)
    rows = []
    for place, line in enumerate(shown[:-1]):
        others = shown[place + 1 :]
        counts = [pairs.get(frozenset((line.key, other.key)), 0) for other in others]
        cells = [
            MatrixCell(other, count, find_shade(count, most))
            for other, count in zip(others, counts, strict=True)
        ]
        rows.append(MatrixRow(line, [*[None] * place, *cells]))
    return JointMatrix(shown[1:], rows)


def _count(counts: str, editions: BoundSQL, *values: Value) -> list[Row]:
    """The rows of one of the statements below, of these editions."""
    with connection.cursor() as cursor:
        cursor.execute(counts.format(editions=editions.sql), [*editions.parameters, *values])
        return cursor.fetchall()


# In the order of the index that holds all that the door asks of an edition, so that no text is read; SQLite keeps
# the order of a subquery only where it has a limit.
_LISTED = Statement(
    lambda at: (
        Edition.objects.listed(at).order_by(*NEWEST_FIRST).values_list("pk", "release_date")[:MOST_LISTED]
    )
)
_OF_AGENCY = Statement(lambda at, agency: _issued_by(at, agency).values_list("pk", "release_date"))
_DAYS_OF_AGENCY = Statement(
    lambda at, slug: (
        Edition.objects.listed(at)
        .filter(issuers__agency__slug=slug)
        .order_by()
        .values_list("release_date")
        .annotate(Count("pk"))
    )
)
_AGREEMENTS_OF_AGENCY = Statement(
    lambda at, agency: (
        Agreement.objects.public(at)
        .filter(
            Q(lead_agency=agency)
            | Q(mentions__release__in=_issued_by(at, agency).values("release"))
            | Q(editions__in=_issued_by(at, agency).values("pk"))
        )
        .distinct()
    )
)
_AGENCIES = Statement(Agency.objects.all)
_NAMES = Statement(lambda day: AgencyName.objects.by(day))
_BY_AGENCY = """
WITH listed (id, day) AS MATERIALIZED ({editions}),
counted (agency_id, releases, latest) AS MATERIALIZED (
  SELECT issuer.agency_id, COUNT(*), MAX(listed.day)
  FROM listed JOIN releases_issuer issuer ON issuer.edition_id = listed.id GROUP BY issuer.agency_id
)
SELECT agency.id, agency.slug, agency.kind, agency.is_active,
  COALESCE(held.name, NULLIF(agency.acronym, ''), agency.slug),
  COALESCE(NULLIF(held.acronym, ''), agency.acronym), counted.releases, counted.latest
FROM counted JOIN releases_agency agency ON agency.id = counted.agency_id
LEFT JOIN releases_agencyname held ON held.id = (
  SELECT named.id FROM releases_agencyname named
  WHERE named.agency_id = agency.id AND (named.valid_from IS NULL OR named.valid_from <= %s)
  ORDER BY CASE WHEN named.valid_from IS NULL THEN 1 ELSE 0 END, named.valid_from DESC LIMIT 1
)
"""
_BY_PAIR = """
WITH listed (id, day) AS MATERIALIZED ({editions})
SELECT one.agency_id, other.agency_id, COUNT(*)
FROM listed JOIN releases_issuer one ON one.edition_id = listed.id
JOIN releases_issuer other ON other.edition_id = one.edition_id AND other.agency_id > one.agency_id
GROUP BY one.agency_id, other.agency_id
"""
_BY_PARTNER = """
WITH listed (id, day) AS MATERIALIZED ({editions}),
joint (edition_id, agency_id) AS MATERIALIZED (
  SELECT issuer.edition_id, issuer.agency_id
  FROM listed JOIN releases_issuer issuer ON issuer.edition_id = listed.id AND issuer.agency_id <> %s
)
SELECT agency_id, COUNT(*) FROM joint GROUP BY agency_id
UNION ALL SELECT NULL, COUNT(DISTINCT edition_id) FROM joint
"""


def _issued_by(at: dt.datetime, agency: int) -> QuerySet[Edition]:
    return Edition.objects.listed(at).filter(issuers__agency=agency).order_by()


@find_once
def find_agency_facts(at: dt.datetime, slug: str) -> AgencyFacts | None:
    """What the public may know of an agency that has public releases; None of any other, after one query."""
    days = _DAYS_OF_AGENCY.rows(at=at, slug=slug)
    return _facts(Agency.objects.select_related("successor").get(slug=slug), days, at) if days else None


def _facts(agency: Agency, days: list[Row], at: dt.datetime) -> AgencyFacts:
    """`days`: each release date of the agency, with its releases."""
    today = localdate(at)
    known = _NAMES.instances(day=today)
    names = [name for name in known if name.agency_id == agency.pk]
    months: Counter[dt.date] = Counter()
    for day, releases in days:
        months[day.replace(day=1)] += releases
    place = today.year * 12 + today.month - 1
    last = [dt.date(number // 12, number % 12 + 1, 1) for number in range(place - MONTHS + 1, place + 1)]
    joint, partners = _find_partners(agency, known, at)
    return AgencyFacts(
        agency,
        names[-1].name if names else str(agency),
        (names[-1].acronym if names else "") or agency.acronym,
        _successor(agency, at),
        [FormerName(name.name, later.valid_from) for name, later in pairwise(names) if later.valid_from],
        months.total(),
        joint,
        min(day for day, _ in days),
        [MonthCount(first, months[first]) for first in last],
        count_years(months.items()),
        partners,
        _AGREEMENTS_OF_AGENCY.instances(at=at, agency=agency.pk),
    )


def _find_partners(agency: Agency, names: list[AgencyName], at: dt.datetime) -> tuple[int, list[Partner]]:
    """How many releases it issued with others, and these, those with the most first; `names` of all agencies, each one's
    oldest first."""
    mine = _OF_AGENCY.sql_and_parameters(at=at, agency=agency.pk)
    counted: dict[int | None, int] = dict(_count(_BY_PARTNER, mine, agency.pk))
    held = {name.agency_id: name.name for name in names}
    partners = [
        Partner(one.slug, one.acronym or held.get(one.pk, one.slug), counted[one.pk])
        for one in _AGENCIES.instances()
        if one.pk in counted
    ]
    return counted[None], sorted(partners, key=lambda partner: -partner.releases)[:MOST_PARTNERS]


def _successor(agency: Agency, at: dt.datetime) -> Successor | None:
    """Who acts for it by the day; who will is not told."""
    successor = agency.successor
    if successor is None or not agency.acting_on(localdate(at)):
        return None
    held = AgencyName.objects.by(localdate(at)).filter(agency=successor).last()
    slug = successor.slug if _issued_by(at, successor.pk).exists() else ""
    return Successor(slug, held.name if held else str(successor))
