"""How many releases were found, and how many of them each further choice would leave."""

import datetime as dt
import json
from dataclasses import dataclass, replace
from functools import lru_cache

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.timezone import localdate

from releases.content.extraction.kinds import KINDS
from releases.models import Annex, Edition
from releases.services.editions.date_parts import YearOf
from releases.services.editions.facts import find_once
from releases.services.editions.statements import BoundSQL, Rows, Statement
from releases.services.search.candidates import MOST_FOUND, Candidates
from releases.services.search.engine import editions_among, format_keys
from releases.services.search.filters import FILTER_NAMES, MOST_SHAPES, Filters, Shape, matching_editions

MOST_OPTIONS = 60
"""Of one filter: those that the most releases have. Pages of agencies and agreements list all."""


@dataclass(frozen=True, slots=True)
class Option:
    """A value that can be chosen, and how many of the releases found have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """`is_cut`: more than MOST_FOUND were found; `total` is one more then, and the options are those of the
    newest MOST_FOUND. `is_by_section`: each kind has a section of its own, so that one of the two filters says it
    all."""

    total: int
    options: dict[str, list[Option]]
    is_cut: bool = False
    is_by_section: bool = False

    @classmethod
    def read(cls, text: str = "[]") -> "Facets":
        """From what _COUNTS selects; nothing was found where there is none."""
        options: dict[str, list[Option]] = {name: [] for name in FILTER_NAMES}
        total = pairs = 0
        for name, value, label, count in json.loads(text):
            if name == "total":
                total = count
            elif name == "pairs":
                pairs = count
            elif value not in (None, ""):
                options[name].append(Option(str(value), KINDS.get(label, str(label)), count))
        is_by_section = pairs == len(options["kind"]) == len(options["section"])
        options["year"].sort(key=lambda option: option.value, reverse=True)
        for name in set(FILTER_NAMES) - {"year"}:
            options[name].sort(key=lambda option: (-option.count, option.label))
            del options[name][MOST_OPTIONS:]
        return cls(total, options, is_by_section=is_by_section)


@find_once
def count_facets(at: dt.datetime, filters: Filters, candidates: Candidates | None = None) -> Facets:
    """All counts of what was asked for; of a search for words those of its candidates."""
    if filters.is_impossible:
        return Facets.read()
    if candidates is None:
        return _count(_chosen_statement(filters.shape).sql_and_parameters(at=at, **filters.values()), at)
    facets = _count(CANDIDATES.sql_and_parameters(keys=format_keys(candidates.keys)), at)
    return replace(facets, total=candidates.total, is_cut=candidates.total > MOST_FOUND)


def _count(found: BoundSQL, at: dt.datetime) -> Facets:
    as_list = _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS.format(found=found.sql, as_list=as_list), [*found.parameters, localdate(at)])
        return Facets.read(cursor.fetchone()[0])


@lru_cache(maxsize=MOST_SHAPES)
def _chosen_statement(shape: Shape) -> Statement:
    return Statement(lambda at, **values: _countable(matching_editions(at, shape, values)))


def _countable(editions: QuerySet[Edition]) -> Rows:
    """What _COUNTS reads of the releases found."""
    has_annex = Exists(Annex.objects.filter(edition=OuterRef("pk")))
    dated = editions.order_by().annotate(year=YearOf("release_date"), has_annex=has_annex)
    return dated.values_list(
        "pk", "release_id", "language", "kind", "release__section_id", "year", "has_annex"
    )


CANDIDATES = Statement(lambda keys: _countable(Edition.objects.filter(pk__in=editions_among(keys))))
_SQLITE = "JSON_GROUP_ARRAY(JSON_ARRAY(name, value, label, number))"
_POSTGRESQL = "CAST(JSON_AGG(JSON_BUILD_ARRAY(name, value, label, number)) AS text)"
_COUNTS = """
WITH found (id, release_id, language, kind, section_id, year, has_annex) AS ({found}),
about (id, agreement_id) AS (
  SELECT found.id, named.agreement_id FROM found JOIN releases_edition_agreements named ON named.edition_id = found.id
  UNION SELECT found.id, tied.agreement_id FROM found JOIN releases_mention tied ON tied.release_id = found.release_id
  UNION SELECT found.id, told.agreement_id FROM found JOIN releases_agreementevent told ON told.release_id = found.release_id
)
SELECT {as_list} FROM (
SELECT 'total' AS name, '' AS value, '' AS label, COUNT(*) AS number FROM found
UNION ALL SELECT 'year', CAST(year AS varchar(4)), CAST(year AS varchar(4)), COUNT(*) FROM found GROUP BY year
UNION ALL SELECT 'language', language, language, COUNT(*) FROM found GROUP BY language
UNION ALL SELECT 'annex', 'yes', 'With annexes', COUNT(*) FROM found WHERE has_annex HAVING COUNT(*) > 0
UNION ALL SELECT 'kind', kind, kind, COUNT(*) FROM found GROUP BY kind
UNION ALL SELECT 'pairs', '', '', COUNT(*) FROM (SELECT DISTINCT kind, section_id FROM found) pairs
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
