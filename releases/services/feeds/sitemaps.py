"""Sitemaps: an index, the pages of ours, the releases of each month, and those of the last two days for news
search.

No sitemap is empty, since the schema of sitemaps.org knows none.
"""

import calendar
import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from xml.etree import ElementTree as ET

from django.conf import settings
from django.db.models import Max
from django.utils.timezone import localtime

from releases.content.text.permalinks import quote_path
from releases.content.text.xml import strip_illegal
from releases.models import Agency, Agreement, Edition, Issuer, Section
from releases.services.editions.facts import find_once
from releases.services.editions.statements import Statement

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
NEWS_AGE, MAX_NEWS = dt.timedelta(days=2), 1000
MAX_URL_LENGTH = 2047
CHINESE = {"zh-hans": "zh-cn", "zh-hant": "zh-tw"}
OWN_PATHS = ("/", "/releases/", "/agencies/", "/agreements/", "/archive/", "/feeds/", "/accessibility/")
Absolute = Callable[[str], str]
Page = tuple[str, dt.datetime | None]


def format_sitemap_index(at: dt.datetime, absolute: Absolute) -> str:
    """One sitemap a month, each with the instant at which it last changed, and one of the other pages."""
    maps: list[Page] = [("/sitemap-pages.xml", None)]
    maps += [(f"/sitemap-{year}-{month:02}.xml", changed) for year, month, changed in _list_months(at)]
    return _document("sitemapindex", "sitemap", maps, absolute)


# By day and not by month, as the index has them: no row with its text is read.
_DAYS = Statement(
    lambda at: Edition.objects.listed(at).order_by().values_list("release_date").annotate(Max("live_from"))
)


@find_once
def _list_months(at: dt.datetime) -> list[tuple[int, int, dt.datetime]]:
    """(year, month, when it last changed) of every month with a release, the newest first."""
    months: dict[tuple[int, int], dt.datetime] = {}
    for day, changed in _DAYS.rows(at=at):
        month = day.year, day.month
        months[month] = max(changed, months.get(month, changed))
    return [(*month, months[month]) for month in sorted(months, reverse=True)]


def format_month_sitemap(at: dt.datetime, year: int, month: int, absolute: Absolute) -> str:
    """The releases of a month; "" if it has none."""
    days = (dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1]))
    found = Edition.objects.listed(at).filter(release_date__range=days)
    pages = found.newest_first().values_list("address__path", "live_from")
    return _document("urlset", "url", pages, absolute)


def format_pages_sitemap(at: dt.datetime, absolute: Absolute) -> str:
    """The pages that are no release: lists, sections, agencies that have issued something, public
    agreements."""
    return _document("urlset", "url", ((path, None) for path in _own_pages(at)), absolute)


def _own_pages(at: dt.datetime) -> Iterator[str]:
    yield from OWN_PATHS
    yield from Section.objects.order_by("folder").values_list("address__path", flat=True)
    issued = Issuer.objects.filter(edition__in=Edition.objects.listed(at).values("pk")).values("agency")
    for slug in Agency.objects.filter(pk__in=issued).order_by("slug").values_list("slug", flat=True):
        yield f"/agencies/{slug}/"
    for slug in Agreement.objects.public(at).order_by("slug").values_list("slug", flat=True):
        yield f"/agreements/{slug}/"


def format_news_sitemap(at: dt.datetime, absolute: Absolute) -> str:
    """The releases that became public in the last two days, as news search engines want them; else the home
    page."""
    found = Edition.objects.listed(at).filter(first_live_at__gt=at - NEWS_AGE).select_related("address")
    editions = list(found.newest_first()[:MAX_NEWS])
    root = ET.Element("urlset", {"xmlns": SITEMAP, "xmlns:news": NEWS})
    for edition in editions:
        if (entry := _add(root, "url", edition.address.path, None, absolute)) is not None:
            _add_news(entry, edition)
    if not len(root):
        _add(root, "url", "/", None, absolute)
    return _written(root)


def _add_news(entry: ET.Element, edition: Edition) -> None:
    news = ET.SubElement(entry, "news:news")
    publication = ET.SubElement(news, "news:publication")
    ET.SubElement(publication, "news:name").text = settings.SITE_NAME
    code = edition.language.lower()
    ET.SubElement(publication, "news:language").text = CHINESE.get(code, code.partition("-")[0])
    first = edition.first_live_at
    ET.SubElement(news, "news:publication_date").text = localtime(first).isoformat() if first else ""
    ET.SubElement(news, "news:title").text = strip_illegal(edition.title)


def _document(root_name: str, name: str, pages: Iterable[Page], absolute: Absolute) -> str:
    root = ET.Element(root_name, xmlns=SITEMAP)
    for path, changed in pages:
        _add(root, name, path, changed, absolute)
    return _written(root) if len(root) else ""


def _add(
    root: ET.Element, name: str, path: str, changed: dt.datetime | None, absolute: Absolute
) -> ET.Element | None:
    """An address that is longer than sitemaps may hold is left out."""
    address = absolute(quote_path(path))
    if len(address) > MAX_URL_LENGTH:
        return None
    entry = ET.SubElement(root, name)
    ET.SubElement(entry, "loc").text = address
    if changed:
        ET.SubElement(entry, "lastmod").text = localtime(changed).isoformat()
    return entry


def _written(root: ET.Element) -> str:
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode")
