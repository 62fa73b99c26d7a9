"""How many releases were found, and how many of them each further choice would leave."""

import datetime as dt
import json
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, TextField
from django.db.models.expressions import RawSQL
from django.utils.timezone import localdate

from releases.models import Annex, Edition
from releases.services.editions.date_parts import YearOf
from releases.services.editions.facts import find_once
from releases.services.editions.statements import Rows, Statement
from releases.services.search.filters import FILTER_NAMES, Filters, chosen_editions, matching_editions


@dataclass(frozen=True, slots=True)
class Option:
    """A value that can be chosen, and how many of the releases found have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    total: int
    options: dict[str, list[Option]]

    @classmethod
    def read(cls, text: str = "[]") -> "Facets":
        """From the column `facets_column`; nothing was found where there is none."""
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


def count_facets(at: dt.datetime, filters: Filters) -> Facets:
    """All counts of what was chosen without words to search for."""
    return _count_all(at, filters) if filters == Filters() else _count_chosen(at, filters)


def _count_chosen(at: dt.datetime, filters: Filters) -> Facets:
    values = filters.values()
    if values is None:
        return Facets.read()
    found = _chosen_statement(tuple(values)).sql_and_parameters(at=at, **values)
    with connection.cursor() as cursor:
        cursor.execute(_format_counts(found.sql), [*found.parameters, localdate(at)])
        return Facets.read(cursor.fetchone()[0])


_count_all = find_once(_count_chosen)


@lru_cache(maxsize=128)
def _chosen_statement(names: tuple[str, ...]) -> Statement:
    return Statement(lambda at, **values: _countable(chosen_editions(at, **values)))


def facets_column(at: dt.datetime, filters: Filters) -> RawSQL:
    """All counts as one column of text for `Facets.read`, so that a search for words takes one query with its
    counts."""
    rows = _countable(matching_editions(at, filters))
    sql, values = rows.query.get_compiler(connection=connection).as_sql()
    return RawSQL(_format_counts(sql), [*values, localdate(at)], TextField())  # noqa: S611 (no values in it)


def _countable(editions: QuerySet[Edition]) -> Rows:
    """What _COUNTS reads of the releases found."""
    has_annex = Exists(Annex.objects.filter(edition=OuterRef("pk")))
    dated = editions.order_by().annotate(year=YearOf("release_date"), has_annex=has_annex)
    return dated.values_list("pk", "release_id", "language", "release__section_id", "year", "has_annex")


def _format_counts(found: str) -> str:
    as_list = _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE
    return _COUNTS.format(found=found, as_list=as_list)


_SQLITE = "JSON_GROUP_ARRAY(JSON_ARRAY(name, value, label, number))"
_POSTGRESQL = "CAST(JSON_AGG(JSON_BUILD_ARRAY(name, value, label, number)) AS text)"
_COUNTS = """
WITH found (id, release_id, language, section_id, year, has_annex) AS ({found}),
about (id, agreement_id) AS (
  SELECT found.id, named.agreement_id FROM found JOIN releases_edition_agreements named ON named.edition_id = found.id
  UNION SELECT found.id, tied.agreement_id FROM found JOIN releases_mention tied ON tied.release_id = found.release_id
)
SELECT {as_list} FROM (
SELECT 'total' AS name, '' AS value, '' AS label, COUNT(*) AS number FROM found
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
  FROM found JOIN releases_issuer issuer ON issuer.edition_id = found.id
  JOIN releases_agency agency ON agency.id = issuer.agency_id GROUP BY agency.id, agency.slug, agency.acronym
UNION ALL SELECT 'agreement', agreement.slug, agreement.title, COUNT(*)
  FROM about JOIN releases_agreement agreement ON agreement.id = about.agreement_id
  GROUP BY agreement.slug, agreement.title
) counted
"""
