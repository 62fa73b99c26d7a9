"""Words and filters of a list's address, and the listed releases of one instant that have them all."""

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils.text import slugify

from releases.content.text.tokens import Query, Term, parse_query
from releases.models import Agreement, Annex, Edition, Issuer, Mention, Release
from releases.services.editions.statements import Scalar
from releases.services.search.engine import (
    EDITIONS,
    editions_holding,
    format_held,
    format_match,
    is_common,
    write_condition,
)

DAYS = {"first_day": "gte", "last_day": "lte"}
SORTS = ("relevance", "newest", "oldest")
FILTER_NAMES = ("agency", "with", "year", "kind", "section", "agreement", "language", "annex")
PARTS = ((6, "title", False), (5, "lead", True), (4, "lead", False), (3, "words", True), (2, "words", False))
"""Tier, column, and whether it has all plain words as one phrase."""
MOST_SHAPES = 256  # whose statements are kept
Values = dict[str, Any]


class TermShape(NamedTuple):
    """What the SQL of a term depends on; its words are the values `term_N` and `held_N`, as `format_match`
    and `format_held` write them, its days `since_N` and `until_N`."""

    without: bool
    is_date: bool


class Shape(NamedTuple):
    """What the SQL of a search depends on: its terms without their words, and the names of its other values.

    `is_common`: so many have them that the archive is read from its newest release on, until enough are
    found, and a few are read rather than all looked up.
    """

    terms: tuple[TermShape, ...]
    names: tuple[str, ...]
    is_common: bool = False


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader asked for; `chosen` holds values by the names in FILTER_NAMES."""

    query: Query = field(default_factory=lambda: parse_query(""))
    chosen: tuple[tuple[str, str], ...] = ()
    sort: str = "newest"

    @classmethod
    def read(cls, asked: dict[str, str]) -> "Filters":
        """From a query string's values; what is no filter is left out."""
        query = parse_query(asked.get("q", ""))
        given = {name: asked.get(name, "")[:200].replace("\x00", "") for name in FILTER_NAMES}
        given["kind"] = slugify(given["kind"])  # addresses that readers kept name it "Press release"
        chosen = tuple((name, value) for name, value in given.items() if value.strip())
        sort = asked.get("sort", "")
        return cls(query, chosen, sort if sort in SORTS else "relevance" if query.wanted else "newest")

    def value(self, name: str) -> str:
        """What was chosen of a filter; "" where nothing was."""
        return dict(self.chosen).get(name, "")

    @property
    def shape(self) -> Shape:
        """For what is not read in the order of lists."""
        names = [name for name, _ in self.chosen if name != "year"] + list(DAYS) * bool(self.value("year"))
        terms = (TermShape(term.without, bool(term.days)) for term in self.query.terms)
        return Shape(tuple(terms), tuple(names))

    def find_shape(self) -> Shape:
        """For what is; asks the database how common the words are."""
        plain = self.query.plain
        return self.shape._replace(is_common=bool(plain) and is_common(format_match(plain)))

    @property
    def is_impossible(self) -> bool:
        """Nothing can have what was chosen, as no day is in the year 0."""
        year = self.value("year")
        return bool(year) and not (year.isdecimal() and len(year) == 4 and int(year))

    def values(self) -> dict[str, Scalar]:
        """What `matching_editions` takes beside the shape, of filters that are possible."""
        values: dict[str, Scalar] = dict(self.chosen)
        if year := str(values.pop("year", "")):
            values |= {"first_day": dt.date(int(year), 1, 1), "last_day": dt.date(int(year), 12, 31)}
        for place, term in enumerate(self.query.terms):
            values |= {f"term_{place}": format_match([term]), f"held_{place}": format_held(term)}
            if term.days:
                values |= {f"since_{place}": term.days[0], f"until_{place}": term.days[1]}
        plain = self.query.plain
        together = Term(tuple(word for term in plain for word in term.words))
        return values | {
            "term_each": format_match(plain),
            "term_together": format_match([together]),
            "held_together": format_held(together),
        }

    def without(self, name: str) -> "Filters":
        """The same search without the filter of that name."""
        return replace(self, chosen=tuple(pair for pair in self.chosen if pair[0] != name))

    def query_string(self) -> str:
        """The words and filters as a query string, always in the same order."""
        return urlencode([("q", self.query.text)] * bool(self.query.text) + list(self.chosen))


def matching_editions(at: dt.datetime, shape: Shape, values: Values) -> QuerySet[Edition]:
    """The listed editions that have all that was asked for by `Filters.values`."""
    found = Edition.objects.listed(at)
    for name in shape.names:
        found = found.filter(_chosen(name, values[name], shape.is_common))
    # A sign keeps a database from reading all that hold a term, and sorting them.
    found = found.alias(key=Func(F("pk"), template="+%(expressions)s") if shape.is_common else F("pk"))
    for place, term in enumerate(shape.terms):
        holds = Q(key__in=editions_holding(values[f"term_{place}"]))
        if term.is_date:
            holds |= Q(release_date__range=(values[f"since_{place}"], values[f"until_{place}"]))
        found = found.filter(~holds if term.without else holds)
    return found


def tier_column(shape: Shape, values: Values) -> Coalesce:
    """How well an edition, of a query's own table, has all that was asked for.

    6: the title has it all; 5: title, summary and first words have it as one phrase, 4: they have it all; 3:
    the text has it as one phrase, 2: the text has it all; 1: an annex has some of it. A date is had by what
    was released then, too.
    """
    sql, parameters = "", []
    for tier, column, is_phrase in PARTS:
        held, given = _held(column, is_phrase, shape, values)
        sql += f" WHEN {held} THEN {tier}"
        parameters += given
    row = f"SELECT CASE{sql} END FROM {EDITIONS} WHERE rowid = releases_edition.id"  # noqa: S608 (our own SQL)
    return Coalesce(RawSQL(row, parameters, IntegerField()), 1)  # noqa: S611 (the words are parameters)


def _held(column: str, is_phrase: bool, shape: Shape, values: Values) -> tuple[str, list[Any]]:
    """Whether a part of the text has all words, and all dates unless the edition was released then."""
    is_read = shape.is_common and column != "words"
    held, kind = write_condition(column, is_read=is_read), "held" if is_read else "term"
    plain = [f"{kind}_{place}" for place in _wanted(shape, is_date=False)]
    if plain and (is_phrase or not is_read):
        plain = [f"{kind}_together" if is_phrase else "term_each"]
    parameters = [values[name] for name in plain]
    dates = _wanted(shape, is_date=True)
    for place in dates:
        parameters += [values[f"{name}_{place}"] for name in (kind, "since", "until")]
    dated = f"({held} OR releases_edition.release_date BETWEEN %s AND %s)"
    return " AND ".join([held] * len(plain) + [dated] * len(dates)), parameters


def _wanted(shape: Shape, *, is_date: bool) -> list[int]:
    """The places of the dates that have to be there, or of the other terms."""
    return [place for place, term in enumerate(shape.terms) if term.is_date == is_date and not term.without]


def _chosen(name: str, value: Any, is_read: bool) -> Q:
    """`is_read`: for who reads the archive, asked of each edition."""
    if name == "annex":
        return Q(Exists(Annex.objects.filter(edition=OuterRef("pk"))))
    if name == "agreement":
        tied = Mention.objects.filter(agreement__slug=value, release=OuterRef("release_id"))
        named = Agreement.editions.through.objects.filter(agreement__slug=value, edition=OuterRef("pk"))
        return Q(Exists(tied) | Exists(named))
    if name in DAYS:
        return Q(**{f"release_date__{DAYS[name]}": value})
    if name in ("language", "kind"):
        return Q(**{name: value})
    if name in ("agency", "with"):
        issued = Issuer.objects.filter(agency__slug=value)
        return (
            Q(Exists(issued.filter(edition=OuterRef("pk"))))
            if is_read
            else Q(pk__in=issued.values("edition"))
        )
    placed = Release.objects.filter(section__folder=value)
    return Q(Exists(placed.filter(pk=OuterRef("release_id")))) if is_read else Q(release__in=placed)
