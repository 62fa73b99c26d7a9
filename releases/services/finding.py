"""Finding releases: words and filters to a page of results, with the counts of what else could be chosen.

All of it asks the listed editions of one instant, so that no count and no suggestion hints at a release to come.
"""

import datetime as dt
import difflib
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import ExtractYear, Substr
from django.utils.timezone import localdate

from releases.content.searching import Query, Term, excerpt, parse, placed_words
from releases.models import Agreement, Annex, Edition, Mention
from releases.models.edition import NEWEST_FIRST
from releases.services.jsonlists import JSONOne
from releases.services.pages import BadCursor, Listing, cursor, read_cursor, with_parts
from releases.services.searching import in_annexes, in_editions
from releases.services.searching.indexing import plain_text

PAGE_LENGTH = 20
OPENING = 1_500
SORTS = ("relevance", "newest", "oldest")
NAMES = ("agency", "year", "kind", "section", "agreement", "language", "annex")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader asked for; `chosen` holds values by the names in NAMES."""

    query: Query = field(default_factory=lambda: parse(""))
    chosen: tuple[tuple[str, str], ...] = ()
    sort: str = "newest"

    @classmethod
    def read(cls, asked: dict[str, str]) -> "Filters":
        """From a query string's values; what is no filter is left out."""
        query = parse(asked.get("q", ""))
        chosen = tuple((name, asked[name][:200]) for name in NAMES if asked.get(name, "").strip())
        sort = asked.get("sort", "")
        return cls(query, chosen, sort if sort in SORTS else "relevance" if query.wanted else "newest")

    def value(self, name: str) -> str:
        return dict(self.chosen).get(name, "")

    def without(self, name: str) -> "Filters":
        return replace(self, chosen=tuple(pair for pair in self.chosen if pair[0] != name))

    def is_empty(self) -> bool:
        return not self.chosen and not self.query.text


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


def matching(at: dt.datetime, filters: Filters) -> QuerySet[Edition]:
    """The listed editions that have all that was asked for, with `tier`.

    4: the title has it all; 3: the text has it as one phrase; 2: the text has it all; 1: an annex has some of it.
    """
    found = Edition.objects.listed(at)
    for name, value in filters.chosen:
        found = found.filter(_chosen(name, value))
    for term in filters.query.terms:
        holds = Q(pk__in=in_editions([term])) | Q(
            pk__in=Annex.objects.filter(blob__pages_text__in=in_annexes([term])).values("edition_id")
        )
        found = found.filter(~holds if term.without else holds)
    wanted = filters.query.wanted
    if not wanted:
        return found.annotate(tier=Value(1))
    phrase = [Term(tuple(word for term in wanted for word in term.words))]
    tier = Case(
        When(pk__in=in_editions(wanted, titles=True), then=4),
        When(pk__in=in_editions(phrase), then=3),
        When(pk__in=in_editions(wanted), then=2),
        default=1,
        output_field=IntegerField(),
    )
    return found.annotate(tier=tier)


def results(
    at: dt.datetime,
    filters: Filters,
    before: str = "",
    length: int = PAGE_LENGTH,
    within: tuple[dt.date, dt.date] | None = None,
) -> Listing:
    """A page of what was found, each with `pieces` (text, found) and `hit`, a page of an annex. Raises BadCursor.

    `within` are the first and the last release date.
    """
    editions = with_parts(matching(at, filters), at).select_related("release__section")
    if within:
        editions = editions.filter(release_date__range=within)
    editions = editions.annotate(opening=Substr("body_html", 1, OPENING))
    wanted = filters.query.wanted
    if wanted:
        pages = Annex.objects.filter(edition=OuterRef("pk"), blob__pages_text__in=in_annexes(wanted))
        pages = pages.order_by("position", "blob__pages_text__number")
        editions = editions.annotate(
            hit=JSONOne(
                pages, label="label", title="title", path="address__path", sha256="blob_id",
                page="blob__pages_text__number", text="blob__pages_text__text",
            )
        )  # fmt: skip
    else:
        editions = editions.defer("body_html")
    if before:
        editions = editions.filter(_behind(before, filters.sort))
    found = list(editions.defer("body").order_by(*_order(filters.sort))[: length + 1])
    for edition in found[:length]:
        _add_pieces(edition, filters.query)
    last = f"{vars(found[length - 1])['tier']}:{cursor(found[length - 1])}" if len(found) > length else ""
    return Listing(found[:length], last)


def facets(at: dt.datetime, filters: Filters) -> Facets:
    """How many were found, and how many of them each further choice would leave, in one query."""
    has_annex = Exists(Annex.objects.filter(edition=OuterRef("pk")))
    base = matching(at, filters).order_by().annotate(year=ExtractYear("release_date"), has_annex=has_annex)
    rows = base.values_list("pk", "release_id", "language", "release__section_id", "year", "has_annex")
    sql, values = rows.query.get_compiler(connection=connection).as_sql()
    with connection.cursor() as reader:
        reader.execute(_COUNTS.format(found=sql), [*values, localdate(at)])
        counted = reader.fetchall()
    options: dict[str, list[Option]] = {name: [] for name in NAMES}
    total = 0
    for name, value, label, count in counted:
        if name == "total":
            total = count
        elif value not in (None, ""):
            options[name].append(Option(str(value), str(label), count))
    options["year"].sort(key=lambda option: option.value, reverse=True)
    for name in set(NAMES) - {"year"}:
        options[name].sort(key=lambda option: (-option.count, option.label))
    return Facets(total, options)


_COUNTS = """
WITH found (id, release_id, language, section_id, year, has_annex) AS ({found}),
about (id, agreement_id) AS (
  SELECT found.id, named.agreement_id FROM found JOIN releases_edition_agreements named ON named.edition_id = found.id
  UNION SELECT found.id, tied.agreement_id FROM found JOIN releases_mention tied ON tied.release_id = found.release_id
)
SELECT 'total', '', '', COUNT(*) FROM found
UNION ALL SELECT 'year', CAST(year AS varchar(4)), CAST(year AS varchar(4)), COUNT(*) FROM found GROUP BY year
UNION ALL SELECT 'language', language, language, COUNT(*) FROM found GROUP BY language
UNION ALL SELECT 'annex', 'yes', 'With annexes', COUNT(*) FROM found WHERE has_annex HAVING COUNT(*) > 0
UNION ALL SELECT 'kind', section.release_label, section.release_label, COUNT(*)
  FROM found JOIN releases_section section ON section.id = found.section_id GROUP BY section.release_label
UNION ALL SELECT 'section', section.folder, section.title, COUNT(*)
  FROM found JOIN releases_section section ON section.id = found.section_id GROUP BY section.folder, section.title
UNION ALL SELECT 'agency', agency.slug, (
    SELECT held.name FROM releases_agencyname held
    WHERE held.agency_id = agency.id AND (held.valid_from IS NULL OR held.valid_from <= %s)
    ORDER BY CASE WHEN held.valid_from IS NULL THEN 1 ELSE 0 END, held.valid_from DESC LIMIT 1
  ), COUNT(*)
  FROM found JOIN releases_issuer issuer ON issuer.edition_id = found.id
  JOIN releases_agency agency ON agency.id = issuer.agency_id GROUP BY agency.id, agency.slug
UNION ALL SELECT 'agreement', agreement.slug, agreement.title, COUNT(*)
  FROM about JOIN releases_agreement agreement ON agreement.id = about.agreement_id
  GROUP BY agreement.slug, agreement.title
"""


def did_you_mean(at: dt.datetime, query: Query) -> str:
    """The query with the words that no public title has replaced by the nearest that one has; "" when there is none."""
    titles = Edition.objects.listed(at).values_list("title", flat=True).iterator()
    known: dict[str, str] = {}
    for title in titles:
        known |= {word: title[start:end].lower() for word, start, end in placed_words(title)}
    text, changed = query.text, False
    for term in query.wanted:
        for word in term.words:
            if word not in known and (near := difflib.get_close_matches(word, known, 1, 0.75)):
                typed = next(
                    (
                        query.text[start:end]
                        for found, start, end in placed_words(query.text)
                        if found == word
                    ),
                    word,
                )
                text, changed = text.replace(typed, known[near[0]]), True
    return text if changed else ""


def _chosen(name: str, value: str) -> Q:
    if name == "annex":
        return Q(Exists(Annex.objects.filter(edition=OuterRef("pk"))))
    if name == "agreement":
        tied = Mention.objects.filter(agreement__slug=value, release=OuterRef("release_id"))
        named = Agreement.editions.through.objects.filter(agreement__slug=value, edition=OuterRef("pk"))
        return Q(Exists(tied) | Exists(named))
    if name == "year":
        return Q(release_date__year=int(value)) if value.isdecimal() and len(value) == 4 else Q(pk=None)
    return Q(**{_COLUMNS[name]: value})


_COLUMNS = {
    "agency": "issuers__agency__slug", "kind": "release__section__release_label",
    "section": "release__section__folder", "language": "language",
}  # fmt: skip


def _order(sort: str) -> list[Any]:
    if sort == "oldest":
        return [F(name.removeprefix("-")).asc() for name in NEWEST_FIRST]
    return ["-tier", *NEWEST_FIRST] if sort == "relevance" else list(NEWEST_FIRST)


def _behind(before: str, sort: str) -> Q:
    tier, _, place = before.partition(":")
    day, instant, release = read_cursor(place)
    if tier not in ("1", "2", "3", "4"):
        raise BadCursor(before)
    side = "gt" if sort == "oldest" else "lt"
    same_day = Q(release_date=day)
    behind = (
        Q(**{f"release_date__{side}": day})
        | same_day & Q(**{f"first_live_at__{side}": instant})
        | same_day & Q(**{"first_live_at": instant, f"release_id__{side}": release})
    )
    return Q(tier__lt=int(tier)) | Q(tier=int(tier)) & behind if sort == "relevance" else behind


def _add_pieces(edition: Edition, query: Query) -> None:
    facts = vars(edition)
    text = plain_text(edition.body_html if query.wanted else facts["opening"].rpartition("<")[0])
    facts["pieces"] = excerpt(edition.summary or text if not query.wanted else text, query, 220)
    if hit := facts.get("hit"):
        hit["pieces"] = excerpt(" ".join(hit.pop("text").split()), query, 180)
