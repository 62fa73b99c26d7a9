import datetime as dt
from dataclasses import replace
from typing import Any, NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from releases.content.extraction.kinds import KINDS
from releases.content.text.tokens import parse_query
from releases.public.pages import own_page
from releases.services.agencies import statistics as agency_facts
from releases.services.agencies.contacts import present_contacts
from releases.services.editions.months import build_month_grid
from releases.services.editions.pagination import BadCursor
from releases.services.feeds.linked_data import agency_linked_data, list_linked_data
from releases.services.search import did_you_mean, results
from releases.services.search.candidates import MOST_FOUND
from releases.services.search.facets import Facets, Option
from releases.services.search.filters import FILTER_NAMES, Filters
from releases.services.search.synonyms import add_synonyms
from releases.templatetags.format_tags import long_date
from releases.templatetags.list_tags import query_string

YEAR = 365 * 24 * 3600
NO_MENUS = ("agency", "from", "to")
"""Filters that are ticked or typed; the others are chosen from a menu."""
TITLES = {
    "agency": "Agency",
    "with": "Jointly with",
    "from": "First day",
    "to": "Last day",
    "year": "Year",
    "kind": "Kind",
    "section": "Section",
    "agreement": "Agreement",
    "language": "Language",
    "annex": "Annexes",
}


@own_page("q", "sort", "before", "exact", *FILTER_NAMES)
def releases(request: HttpRequest, now: dt.datetime) -> HttpResponse:
    """All releases, found by words and filters that are in the address.

    What is misspelt is searched for as it was meant, unless the address says `exact`.
    """
    typed = add_synonyms(now, Filters.read(dict(request.GET.lists())))
    before = request.GET.get("before", "")
    try:
        found = results.search_with_facets(now, typed, before)
    except BadCursor:
        found, before = results.search_with_facets(now, typed), ""
    filters = typed
    is_exact = before or request.GET.get("exact")
    if found.missing and not is_exact and (meant := did_you_mean.correct_query(now, typed)):
        filters = add_synonyms(now, replace(typed, query=parse_query(meant)))
        found = results.search_with_facets(now, filters)
    listing, facets = found.listing, found.facets
    options = _offer(now, filters, facets)
    place = f"{request.path}{query_string(filters)}"
    context = {
        "place": place,
        "json_ld": list_linked_data(gettext("Releases"), place, listing.editions, request.build_absolute_uri),
        "filters": filters,
        "typed": "" if filters is typed else typed.query.text,
        "missing": found.missing if listing.editions else (),
        "is_partial": found.is_partial,
        "listing": listing,
        "is_filtered": bool(listing.editions or filters.chosen or filters.unread),
        "before": before,
        "results": (int(before) + 1, int(before) + len(listing.editions)) if before.isdecimal() else None,
        "total": facets.total,
        "is_cut": facets.is_cut,
        "most": MOST_FOUND,
        "nav": "releases",
        "facets": [
            (name, TITLES[name], options[name], filters.value(name)) for name in _list_menus(filters, facets)
        ],
        "agencies": options["agency"],
        "days": [_day_field(name, filters) for name in ("from", "to")],
        "chips": _chips(filters, options),
        **(_help(now, filters) if not facets.total else {}),
    }
    return render(request, "releases/release_list.html", context)


def _help(now: dt.datetime, filters: Filters) -> dict[str, Any]:
    """What to try where nothing was found."""
    return {
        "instead": did_you_mean.correct_query(now, filters),
        "relaxed": [
            (offer.filters, TITLES.get(offer.name, ""), _word(offer.name, offer.value), offer.count)
            for offer in did_you_mean.find_relaxations(now, filters)
        ],
    }


def _offer(now: dt.datetime, filters: Filters, facets: Facets) -> dict[str, list[Option]]:
    """What can be chosen of each filter; an agency that was chosen by its name, also where nothing has it."""
    if not filters.value("agency"):
        return facets.options
    offered = results.offer_agencies(now, filters, facets)
    if any(option.label == option.value for option in offered):
        names = {line.slug: line.name for line in agency_facts.list_agencies(now)}
        offered = [replace(option, label=names.get(option.value, option.label)) for option in offered]
    return facets.options | {
        "agency": offered,
        "with": _partners(filters, facets),
    }


def _list_menus(filters: Filters, facets: Facets) -> list[str]:
    """The section is left out where it says the same as the kind."""
    menus = [name for name in FILTER_NAMES if name not in NO_MENUS]
    if facets.is_by_section and not filters.value("section"):
        menus.remove("section")
    return menus


def _partners(filters: Filters, facets: Facets) -> list[Option]:
    """Who issued with the agencies that were chosen."""
    chosen = filters.values_of("agency")
    return [option for option in facets.options["agency"] if option.value not in chosen]


class DayField(NamedTuple):
    """A day to type: `value` as its box shows it, `problem` what was typed that is no date."""

    name: str
    title: str
    value: str
    problem: str


def _day_field(name: str, filters: Filters) -> DayField:
    problem, chosen = dict(filters.unread).get(name, ""), filters.value(name)
    day = dt.date.fromisoformat(chosen) if chosen else None
    return DayField(
        name, TITLES[name], problem or (f"{day.day}/{day.month}/{day.year}" if day else ""), problem
    )


class Chip(NamedTuple):
    """A filter that is on: the filters without it, what it is called, and its value in words."""

    without: Filters
    title: str
    label: str


def _chips(filters: Filters, options: dict[str, list[Option]]) -> list[Chip]:
    labels = {(name, option.value): option.label for name, found in options.items() for option in found}
    return [
        Chip(filters.without(name, value), TITLES[name], labels.get((name, value), _word(name, value)))
        for name, value in filters.chosen
    ]


def _word(name: str, value: str) -> str:
    """A value of a filter that nothing found has, as readers know it."""
    if name in ("from", "to"):
        return long_date(dt.date.fromisoformat(value))
    return gettext(KINDS[value]) if name == "kind" and value in KINDS else value


@own_page()
def agencies(request: HttpRequest, now: dt.datetime) -> HttpResponse:
    lines = agency_facts.list_agencies(now)
    context = {
        "lines": [line for line in lines if line.is_active],
        "ended": [line for line in lines if not line.is_active],
        "matrix": agency_facts.build_matrix(now),
        "nav": "agencies",
    }
    return render(request, "releases/agency_list.html", context)


@own_page()
def agency(request: HttpRequest, now: dt.datetime, slug: str) -> HttpResponse:
    facts = agency_facts.find_agency_facts(now, slug)
    if facts is None:
        raise Http404
    newest = results.search(now, Filters.read({"agency": slug}), length=10)
    context = {
        "facts": facts,
        "contacts": present_contacts(slug, now),
        "listing": newest,
        "nav": "agencies",
        "bars": _bars(facts.months),
        "has_chart": sum(one.releases > 0 for one in facts.months) > 1,
        "most": max(one.releases for one in facts.months),
        "json_ld": agency_linked_data(facts, request.build_absolute_uri),
    }
    return render(request, "releases/agency_detail.html", context)


class Bar(NamedTuple):
    """A bar in a picture of 24 by 10 units of ten."""

    x: int
    y: int
    height: int
    month: dt.date
    number: int


def _bars(months: list[agency_facts.MonthCount]) -> list[Bar]:
    most = max((count for _, count in months), default=0) or 1
    return [
        Bar(place * 10, 100 - round(100 * count / most), round(100 * count / most), month, count)
        for place, (month, count) in enumerate(months)
    ]


@own_page()
def archive(request: HttpRequest, now: dt.datetime) -> HttpResponse:
    return render(request, "releases/archive.html", {"grid": build_month_grid(now), "nav": "archive"})


@own_page("before")
def archive_year(request: HttpRequest, now: dt.datetime, year: int, month: int | None = None) -> HttpResponse:
    """The releases of a year or of a month of it, newest first."""
    if not 1800 <= year <= 9998 or (month is not None and not 1 <= month <= 12):
        raise Http404
    last = dt.date(year + (month or 12) // 12, (month or 12) % 12 + 1, 1) - dt.timedelta(days=1)
    before = request.GET.get("before", "")
    try:
        listing = results.search(now, Filters(), before, within=(dt.date(year, month or 1, 1), last))
    except BadCursor:
        raise Http404 from None
    if not listing.editions:
        raise Http404
    context = {
        "year": year,
        "month": month,
        "listing": listing,
        "before": before,
        "nav": "archive",
        "grid": build_month_grid(now),
    }
    return render(request, "releases/archive_period.html", context)


@own_page()
def accessibility(request: HttpRequest, now: dt.datetime) -> HttpResponse:
    return render(request, "releases/accessibility.html")


@own_page("next")
def language(request: HttpRequest, now: dt.datetime, code: str) -> HttpResponse:
    """Keep the language that a reader chose, and go back to the page."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    target = request.GET.get("next", "/")
    here = url_has_allowed_host_and_scheme(target, allowed_hosts=None) and target.startswith("/")
    response = HttpResponseRedirect(target if here else "/")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=YEAR,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response
