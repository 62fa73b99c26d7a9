"""Words and filters of a list's address, and the listed releases of one instant that have them all."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet
from django.utils.text import slugify

from releases.content.text.dates import read_days
from releases.content.text.tokens import Query, parse_query
from releases.models import Agreement, AgreementEvent, Annex, Edition, Issuer, Mention, Release
from releases.services.editions.statements import Value
from releases.services.search.engine import (
    editions_among,
    editions_holding,
    format_match,
    is_common,
)

AMONG = "among"
"""The name of a filter that readers do not choose: the editions of a list, as `format_keys` writes it."""
DAYS = {"first_day": "gte", "last_day": "lte"}
PERIOD = ("from", "to", "year")
"""Filters that bound the release dates."""
SORTS = ("relevance", "newest", "oldest")
FILTER_NAMES = ("agency", "with", "from", "to", "year", "kind", "section", "agreement", "language", "annex")
MOST_AGENCIES = 10
"""So many can be chosen: a release of any of them is found."""
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
    """What a reader asked for; `chosen` holds values by the names in FILTER_NAMES, of "agency" several, days of
    "from" and "to" as 2025-05-09. `unread` are those of the two that are no date, as typed."""

    query: Query = field(default_factory=lambda: parse_query(""))
    chosen: tuple[tuple[str, str], ...] = ()
    sort: str = "newest"
    unread: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    @classmethod
    def read(cls, asked: Mapping[str, str | Sequence[str]]) -> "Filters":
        """From a query string's values; what is no filter is left out."""
        typed = {name: [values] if isinstance(values, str) else values for name, values in asked.items()}
        last = {name: values[-1] for name, values in typed.items() if values}
        query = parse_query(last.get("q", ""))
        chosen, unread = _read_chosen(typed, last)
        sort = last.get("sort", "")
        sort = sort if sort in SORTS else "relevance" if query.wanted else "newest"
        return cls(query, chosen, sort, unread)

    def values_of(self, name: str) -> tuple[str, ...]:
        """All that was chosen of a filter."""
        return tuple(value for one, value in self.chosen if one == name)

    def value(self, name: str) -> str:
        """What was chosen of a filter; "" where nothing was."""
        return next(iter(self.values_of(name)), "")

    @property
    def period(self) -> dict[str, dt.date]:
        """The bounds of release dates that were chosen, by the names in DAYS, of filters that are possible."""
        year = self.value("year")
        since = [dt.date.fromisoformat(day) for day in self.values_of("from")]
        until = [dt.date.fromisoformat(day) for day in self.values_of("to")]
        if year:
            since.append(dt.date(int(year), 1, 1))
            until.append(dt.date(int(year), 12, 31))
        bounds = {"first_day": max(since, default=None), "last_day": min(until, default=None)}
        return {name: day for name, day in bounds.items() if day}

    @property
    def shape(self) -> Shape:
        """For what is not read in the order of lists."""
        names = dict.fromkeys(name for name, _ in self.chosen if name not in PERIOD)
        terms = (TermShape(term.without, bool(term.days)) for term in self.query.terms)
        return Shape(tuple(terms), (*names, *self.period))

    def find_shape(self) -> Shape:
        """For what is; asks the database how common the words are."""
        plain = self.query.plain
        return self.shape._replace(is_common=bool(plain) and is_common(format_match(plain)))

    @property
    def is_impossible(self) -> bool:
        """Nothing can have what was chosen, as no day is in the year 0."""
        year = self.value("year")
        return bool(year) and not (year.isdecimal() and len(year) == 4 and int(year))

    def values(self) -> dict[str, Value]:
        """What `matching_editions` takes beside the shape, of filters that are possible."""
        values: dict[str, Value] = {name: value for name, value in self.chosen if name not in PERIOD}
        values |= self.period
        if agencies := self.values_of("agency"):
            values["agency"] = agencies
        for place, term in enumerate(self.query.terms):
            values[f"term_{place}"] = format_match([term])
            if term.days:
                values |= {f"since_{place}": term.days[0], f"until_{place}": term.days[1]}
        return values

    def without(self, name: str, value: str) -> "Filters":
        """The same search without that value of a filter."""
        return replace(self, chosen=tuple(pair for pair in self.chosen if pair != (name, value)))

    def query_string(self) -> str:
        """The words and filters as a query string, always in the same order."""
        return urlencode([("q", self.query.text)] * bool(self.query.text) + list(self.chosen))

    def leave_out(self, *names: str) -> "Filters":
        """The same search without these filters."""
        return replace(self, chosen=tuple(pair for pair in self.chosen if pair[0] not in names))


def _clean(value: str) -> str:
    return value[:200].replace("\x00", "").strip()


def _read_chosen(
    typed: Mapping[str, Sequence[str]], last: Mapping[str, str]
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """`chosen` and `unread` of all values by name, and of the last of each."""
    given = {name: [_clean(last.get(name, ""))] for name in FILTER_NAMES}
    given["agency"] = list(dict.fromkeys(map(_clean, typed.get("agency", ()))))[:MOST_AGENCIES]
    # Addresses that readers kept name it "Press release".
    given["kind"] = [slugify(value) for value in given["kind"]]
    days, unread = _read_period(given["from"][0], given["to"][0])
    given |= days
    return tuple((name, value) for name, values in given.items() for value in values if value), unread


def _read_period(since: str, until: str) -> tuple[dict[str, list[str]], tuple[tuple[str, str], ...]]:
    """Values of "from" and "to", the earlier first, and those that are no date. A month or a year as the end is its
    last day."""
    first, last = read_days(since), read_days(until)
    if first and last and first.first > last.last:
        first, last = last, first
    days = {"from": [str(first.first)] if first else [], "to": [str(last.last)] if last else []}
    typed = (("from", since, first), ("to", until, last))
    return days, tuple((name, text) for name, text, read in typed if text and not read)


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
        issued = Issuer.objects.filter(**{"agency__slug__in" if name == "agency" else "agency__slug": value})
        return (
            Q(Exists(issued.filter(edition=OuterRef("pk"))))
            if is_read
            else Q(pk__in=issued.values("edition"))
        )
    placed = Release.objects.filter(section__folder=value)
    return Q(Exists(placed.filter(pk=OuterRef("release_id")))) if is_read else Q(release__in=placed)
