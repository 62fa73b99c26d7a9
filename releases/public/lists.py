import datetime as dt

from django.conf import settings
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.http import url_has_allowed_host_and_scheme

from releases.models import Agency
from releases.public.views import own_page
from releases.services import agencies as agency_facts
from releases.services import finding
from releases.services.pages import BadCursor

YEAR = 365 * 24 * 3600
TITLES = {
    "agency": "Agency", "year": "Year", "kind": "Kind", "section": "Section", "agreement": "Agreement",
    "language": "Language", "annex": "Annexes",
}  # fmt: skip


@own_page
def releases(request, now):
    """All releases, found by words and filters that are in the address."""
    filters = finding.Filters.read(request.GET.dict())
    before = request.GET.get("before", "")
    try:
        listing = finding.results(now, filters, before)
    except BadCursor:
        listing, before = finding.results(now, filters), ""
    facets = finding.facets(now, filters)
    context = {
        "filters": filters, "listing": listing, "before": before, "total": facets.total, "nav": "releases",
        "facets": [(name, TITLES[name], facets.options[name], filters.value(name)) for name in finding.NAMES],
        "chips": _chips(filters, facets),
        "instead": "" if facets.total or not filters.query.wanted else finding.did_you_mean(now, filters.query),
        "relaxed": [] if facets.total else _relaxed(now, filters),
    }  # fmt: skip
    return render(request, "releases/release_list.html", context)


def _chips(filters, facets):
    """(name, title, label) of each filter that is on."""
    labels = {
        (name, option.value): option.label for name, found in facets.options.items() for option in found
    }
    return [(name, TITLES[name], labels.get((name, value), value)) for name, value in filters.chosen]


def _relaxed(now, filters):
    """What leaving out one filter would find, where nothing was found."""
    found = [(filters.without(name), name, value) for name, value in filters.chosen]
    counted = [
        (kept, TITLES[name], value, finding.matching(now, kept).count()) for kept, name, value in found
    ]
    return [row for row in counted if row[3]]


@own_page
def agencies(request, now):
    lines = agency_facts.lines(now)
    context = {
        "lines": [line for line in lines if line.agency.is_active],
        "ended": [line for line in lines if not line.agency.is_active],
        "matrix": agency_facts.matrix(now, lines), "nav": "agencies",
    }  # fmt: skip
    return render(request, "releases/agency_list.html", context)


@own_page
def agency(request, now, slug):
    found = get_object_or_404(Agency.objects.prefetch_related("names"), slug=slug)
    facts = agency_facts.facts_of(found, now)
    if not facts.releases:
        raise Http404
    newest = finding.results(now, finding.Filters.read({"agency": slug}), length=10)
    context = {"facts": facts, "listing": newest, "bars": _bars(facts.months), "nav": "agencies"}
    return render(request, "releases/agency_detail.html", context)


def _bars(months):
    """(x, y, height, month, count) of each bar in a picture of 24 by 10 units of ten."""
    most = max((count for _, count in months), default=0) or 1
    return [
        (place * 10, 100 - round(100 * count / most), round(100 * count / most), month, count)
        for place, (month, count) in enumerate(months)
    ]


@own_page
def archive(request, now):
    return render(request, "releases/archive.html", {"grid": agency_facts.grid(now), "nav": "archive"})


@own_page
def archive_year(request, now, year, month=None):
    """The releases of a year or of a month of it, all on one page per month, newest first."""
    if not 1800 <= year <= 9998 or (month is not None and not 1 <= month <= 12):
        raise Http404
    last = dt.date(year + (month or 12) // 12, (month or 12) % 12 + 1, 1) - dt.timedelta(days=1)
    before = request.GET.get("before", "")
    try:
        listing = finding.results(now, finding.Filters(), before, within=(dt.date(year, month or 1, 1), last))
    except BadCursor:
        raise Http404 from None
    if not listing.editions:
        raise Http404
    context = {"year": year, "month": month, "listing": listing, "before": before, "nav": "archive"}
    return render(request, "releases/archive_period.html", context)


@own_page
def accessibility(request, now):
    return render(request, "releases/accessibility.html")


@own_page
def language(request, now, code):
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
