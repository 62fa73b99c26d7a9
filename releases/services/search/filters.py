"""Words and filters of a list's address, and the listed releases of one instant that have them all."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from releases.content.text.tokens import Query, Term, parse_query
from releases.models import Agreement, Annex, Edition, Mention
from releases.services.search import annex_pages_with, editions_with

DAYS = {"first_day": "gte", "last_day": "lte"}
SORTS = ("relevance", "newest", "oldest")
FILTER_NAMES = ("agency", "with", "year", "kind", "section", "agreement", "language", "annex")


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
        chosen = tuple((name, value) for name, value in given.items() if value.strip())
        sort = asked.get("sort", "")
        return cls(query, chosen, sort if sort in SORTS else "relevance" if query.wanted else "newest")

    def value(self, name: str) -> str:
        """What was chosen of a filter; "" where nothing was."""
        return dict(self.chosen).get(name, "")

    def values(self) -> dict[str, str | dt.date] | None:
        """What `chosen_editions` takes; None where nothing can have it, as no day is in the year 0."""
        values: dict[str, str | dt.date] = dict(self.chosen)
        year = str(values.pop("year", ""))
        if not year:
            return values
        if not (year.isdecimal() and len(year) == 4 and int(year)):
            return None
        return values | {"first_day": dt.date(int(year), 1, 1), "last_day": dt.date(int(year), 12, 31)}

    def without(self, name: str) -> "Filters":
        """The same search without the filter of that name."""
        return replace(self, chosen=tuple(pair for pair in self.chosen if pair[0] != name))

    def query_string(self) -> str:
        """The words and filters as a query string, always in the same order."""
        return urlencode([("q", self.query.text)] * bool(self.query.text) + list(self.chosen))


def chosen_editions(at: dt.datetime, **values: Any) -> QuerySet[Edition]:
    """The listed editions that have all that was chosen: values by the names in FILTER_NAMES, but of a year
    its days."""
    found = Edition.objects.listed(at)
    for name, value in values.items():
        found = found.filter(_chosen(name, value))
    return found


def matching_editions(at: dt.datetime, filters: Filters) -> QuerySet[Edition]:
    """The listed editions that have all that was asked for, with `tier`.

    6: the title has it all; 5: title, summary and first words have it as one phrase, 4: they have it all; 3:
    the text has it as one phrase, 2: the text has it all; 1: an annex has some of it. A date is had by what
    was released then, too.
    """
    values = filters.values()
    found = chosen_editions(at, **(values or {}))
    if values is None:
        found = found.filter(pk__isnull=True)
    for term in filters.query.terms:
        found = found.filter(~_holds(term) if term.without else _holds(term))
    wanted = filters.query.wanted
    return found.annotate(tier=_tier(wanted) if wanted else Value(1))


def _holds(term: Term) -> Q:
    pages = annex_pages_with([term])
    in_annex = Q(pk__in=Annex.objects.filter(blob__pages_text__in=pages).values("edition_id"))
    return Q(pk__in=editions_with([term])) | in_annex | _released(term)


def _released(term: Term) -> Q:
    return Q(release_date__range=term.days) if term.days else Q(pk__in=[])


def _tier(wanted: Sequence[Term]) -> Case:
    together = [term for term in wanted if not term.days]
    phrase = [Term(tuple(word for term in together for word in term.words))] if together else []
    dates = [term for term in wanted if term.days]
    return Case(
        When(_all_in("title", wanted), then=6),
        When(_all_in("lead", [*phrase, *dates]), then=5),
        When(_all_in("lead", wanted), then=4),
        When(_all_in("words", [*phrase, *dates]), then=3),
        When(_all_in("words", wanted), then=2),
        default=1,
        output_field=IntegerField(),
    )


def _all_in(column: str, terms: Sequence[Term]) -> Q:
    """A part of the text has all words, and all dates unless the edition was released then."""
    plain = [term for term in terms if not term.days]
    had = Q(pk__in=editions_with(plain, column)) if plain else Q()
    for term in terms:
        if term.days:
            had &= Q(pk__in=editions_with([term], column)) | _released(term)
    return had


def _chosen(name: str, value: Any) -> Q:
    if name == "annex":
        return Q(Exists(Annex.objects.filter(edition=OuterRef("pk"))))
    if name == "agreement":
        tied = Mention.objects.filter(agreement__slug=value, release=OuterRef("release_id"))
        named = Agreement.editions.through.objects.filter(agreement__slug=value, edition=OuterRef("pk"))
        return Q(Exists(tied) | Exists(named))
    if name in DAYS:
        return Q(**{f"release_date__{DAYS[name]}": value})
    return Q(**{_COLUMNS[name]: value})


_COLUMNS = {
    "agency": "issuers__agency__slug",
    "with": "issuers__agency__slug",
    "kind": "release__section__release_label",
    "section": "release__section__folder",
    "language": "language",
}
