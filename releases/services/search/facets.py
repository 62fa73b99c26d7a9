"""How many releases were found, and how many of them each further choice would leave."""

import datetime as dt
import json
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef
from django.utils.timezone import localdate

from releases.models import Annex
from releases.models.edition import NEWEST_FIRST
from releases.services.editions.date_parts import YearOf
from releases.services.editions.facts import find_once
from releases.services.editions.statements import Rows, Statement
from releases.services.search.filters import FILTER_NAMES, MOST_SHAPES, Filters, Shape, matching_editions

MOST_FOUND = 1_000


@dataclass(frozen=True, slots=True)
class Option:
    """A value that can be chosen, and how many of the releases found have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """`is_cut`: more than MOST_FOUND were found; `total` is one more then, and the options are those of the
    newest MOST_FOUND."""

    total: int
    options: dict[str, list[Option]]
    is_cut: bool = False

    @classmethod
    def read(cls, text: str = "[]") -> "Facets":
        """From what _COUNTS selects; nothing was found where there is none."""
        options: dict[str, list[Option]] = {name: [] for name in FILTER_NAMES}
        total = 0
        for name, value, label, count in json.loads(text):
            if name == "total":
                total = count
            elif value not in (None, ""):
                options[name].append(Option(str(value), str(label), count))
        options["year"].sort(key=lambda option: option.value, reverse=True)
        for name in set(FILTER_NAMES) - {"year"}:
            options[name].sort(key=lambda option: (-option.count, option.label))
        return cls(total, options)


@find_once
def count_facets(at: dt.datetime, filters: Filters) -> Facets:
    """All counts of what was asked for; of a search for words those of the newest MOST_FOUND."""
    if filters.is_impossible:
        return Facets.read()
    is_search = bool(filters.query.terms)
    found = _countable(filters.find_shape()).sql_and_parameters(at=at, **filters.values())
    rows = (_NEWEST if is_search else _ALL).format(rows=found.sql, most=MOST_FOUND)
    as_list = _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS.format(found=rows, as_list=as_list), [*found.parameters, localdate(at)])
        facets = Facets.read(cursor.fetchone()[0])
    return replace(facets, is_cut=is_search and facets.total > MOST_FOUND)


@lru_cache(maxsize=MOST_SHAPES)
def _countable(shape: Shape) -> Statement:
    """What _COUNTS reads of the releases found."""

    def build(at: dt.datetime, **values: Any) -> Rows:
        has_annex = Exists(Annex.objects.filter(edition=OuterRef("pk")))
        found = matching_editions(at, shape, values)
        dated = found.annotate(
            year=YearOf("release_date"), has_annex=has_annex, section_id=F("release__section_id")
        )
        newest = dated.order_by(*NEWEST_FIRST)[: MOST_FOUND + 1] if shape.terms else dated.order_by()
        facts = ("pk", "release_id", "language", "year", "has_annex", "section_id")
        return newest.values_list(*facts, "release_date", "first_live_at")

    return Statement(build)


_ALL = "found AS ({rows}), counted AS (SELECT COUNT(*) AS number FROM found)"
_NEWEST = """
hit AS ({rows}), counted AS (SELECT COUNT(*) AS number FROM hit),
found AS (SELECT * FROM hit ORDER BY release_date DESC, first_live_at DESC, release_id DESC LIMIT {most})
"""
_SQLITE = "JSON_GROUP_ARRAY(JSON_ARRAY(name, value, label, number))"
_POSTGRESQL = "CAST(JSON_AGG(JSON_BUILD_ARRAY(name, value, label, number)) AS text)"
_COUNTS = """
WITH {found},
about (edition_id, agreement_id) AS (
  SELECT found.pk, named.agreement_id FROM found JOIN releases_edition_agreements named ON named.edition_id = found.pk
  UNION SELECT found.pk, tied.agreement_id FROM found JOIN releases_mention tied ON tied.release_id = found.release_id
)
SELECT {as_list} FROM (
SELECT 'total' AS name, '' AS value, '' AS label, number FROM counted
UNION ALL SELECT 'year', CAST(year AS varchar(4)), CAST(year AS varchar(4)), COUNT(*) FROM found GROUP BY year
UNION ALL SELECT 'language', language, language, COUNT(*) FROM found GROUP BY language
UNION ALL SELECT 'annex', 'yes', 'With annexes', COUNT(*) FROM found WHERE has_annex HAVING COUNT(*) > 0
UNION ALL SELECT 'kind', section.release_label, section.release_label, COUNT(*)
  FROM found JOIN releases_section section ON section.id = found.section_id GROUP BY section.release_label
UNION ALL SELECT 'section', section.folder, section.title, COUNT(*)
  FROM found JOIN releases_section section ON section.id = found.section_id GROUP BY section.folder, section.title
UNION ALL SELECT 'agency', agency.slug, COALESCE((
    SELECT held.name FROM releases_agencyname held
    WHERE held.agency_id = agency.id AND (held.valid_from IS NULL OR held.valid_from <= %s)
    ORDER BY CASE WHEN held.valid_from IS NULL THEN 1 ELSE 0 END, held.valid_from DESC LIMIT 1
  ), NULLIF(agency.acronym, ''), agency.slug), COUNT(*)
  FROM found JOIN releases_issuer issuer ON issuer.edition_id = found.pk
  JOIN releases_agency agency ON agency.id = issuer.agency_id GROUP BY agency.id, agency.slug, agency.acronym
UNION ALL SELECT 'agreement', agreement.slug, agreement.title, COUNT(*)
  FROM about JOIN releases_agreement agreement ON agreement.id = about.agreement_id
  GROUP BY agreement.slug, agreement.title
) option
"""
