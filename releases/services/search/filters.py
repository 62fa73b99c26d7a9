"""Words and filters of a list's address, and the listed releases of one instant that have them all."""

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet
from django.utils.text import slugify

from releases.content.text.tokens import Query, parse_query
from releases.models import Agreement, AgreementEvent, Annex, Edition, Issuer, Mention, Release
from releases.services.editions.statements import Scalar
from releases.services.search.engine import (
    editions_among,
    editions_holding,
    format_match,
    is_common,
)

AMONG = "among"
"""The name of a filter that readers do not choose: the editions of a list, as `format_keys` writes it."""
DAYS = {"first_day": "gte", "last_day": "lte"}
SORTS = ("relevance", "newest", "oldest")
FILTER_NAMES = ("agency", "with", "year", "kind", "section", "agreement", "language", "annex")
MOST_SHAPES = 256  # whose statements are kept
Values = dict[str, Any]


class TermShape(NamedTuple):
    """What the SQL of a term depends on; its words are the value `term_N`, as `format_match` writes them, its
    days `since_N` and `until_N`."""

    without: bool
    is_date: bool


class Shape(NamedTuple):
    """What the SQL of a search depends on: its terms without their words, and the names of its other values.

    `is_common`: so many have them that the archive is read from its newest release on, until enough are
    found.
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
            values[f"term_{place}"] = format_match([term])
            if term.days:
                values |= {f"since_{place}": term.days[0], f"until_{place}": term.days[1]}
        return values

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
        value = values[name]
        among = Q(pk__in=editions_among(value)) if name == AMONG else _chosen(name, value, shape.is_common)
        found = found.filter(among)
    # A sign keeps a database from reading all that hold a term, and sorting them.
    found = found.alias(key=Func(F("pk"), template="+%(expressions)s") if shape.is_common else F("pk"))
    for place, term in enumerate(shape.terms):
        holds = Q(key__in=editions_holding(values[f"term_{place}"]))
        if term.is_date:
            holds |= Q(release_date__range=(values[f"since_{place}"], values[f"until_{place}"]))
        found = found.filter(~holds if term.without else holds)
    return found


def _chosen(name: str, value: Any, is_read: bool) -> Q:
    """`is_read`: for who reads the archive, asked of each edition."""
    if name == "annex":
        return Q(Exists(Annex.objects.filter(edition=OuterRef("pk"))))
    if name == "agreement":
        tied = Mention.objects.filter(agreement__slug=value, release=OuterRef("release_id"))
        named = Agreement.editions.through.objects.filter(agreement__slug=value, edition=OuterRef("pk"))
        # What a listed release tells of is public with it.
        told = AgreementEvent.objects.filter(agreement__slug=value, release=OuterRef("release_id"))
        return Q(Exists(tied) | Exists(named) | Exists(told))
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
