"""Feeds and sitemaps of what is listed."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from xml.etree import ElementTree as ET

from django.db.models import Count, Max
from django.db.models.functions import ExtractMonth, ExtractYear
from django.utils.feedgenerator import Atom1Feed, Enclosure

from releases.content.permalinks import href
from releases.models import Edition

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
FRESH = dt.timedelta(days=2)
Absolute = Callable[[str], str]
Plain = dict[str, Any]


def atom(editions: Sequence[Edition], title: str, page: str, own: str, absolute: Absolute) -> str:
    """An Atom feed (RFC 4287); `page` and `own` are the addresses of the list and of the feed."""
    feed = Atom1Feed(title, absolute(page), "", feed_url=absolute(own), feed_guid=absolute(own))
    for edition in editions:
        facts = vars(edition)
        link = absolute(href(edition.address.path))
        feed.add_item(
            title=edition.title, link=link, description=_summary(edition), unique_id=link,
            author_name=", ".join(issuer["name"] for issuer in facts["issued_by"]) or "Press Room",
            pubdate=edition.first_live_at, updateddate=edition.live_from,
            enclosures=[
                Enclosure(absolute(href(annex["path"])), str(annex["size"]), annex["media_type"])
                for annex in facts["annex_list"]
            ],
        )  # fmt: skip
    return str(feed.writeString("utf-8"))


def json_feed(editions: Sequence[Edition], title: str, page: str, own: str, absolute: Absolute) -> Plain:
    """JSON Feed 1.1."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": absolute(page),
        "feed_url": absolute(own),
        "items": [_json_item(edition, absolute) for edition in editions],
    }


def _json_item(edition: Edition, absolute: Absolute) -> Plain:
    facts = vars(edition)
    link = absolute(href(edition.address.path))
    return {
        "id": link,
        "url": link,
        "title": edition.title,
        "content_text": _summary(edition),
        "language": edition.language,
        "date_published": edition.first_live_at.isoformat() if edition.first_live_at else None,
        "date_modified": edition.live_from.isoformat() if edition.live_from else None,
        "authors": [{"name": issuer["name"]} for issuer in facts["issued_by"]],
        "attachments": [
            {
                "url": absolute(href(annex["path"])),
                "mime_type": annex["media_type"],
                "title": annex["title"] or annex["label"],
                "size_in_bytes": annex["size"],
            }
            for annex in facts["annex_list"]
        ],
    }


def _summary(edition: Edition) -> str:
    return "".join(piece for piece, _ in vars(edition)["pieces"])


def sitemap_index(at: dt.datetime, absolute: Absolute) -> str:
    """One sitemap a month, each with the instant at which it last changed."""
    root = ET.Element("sitemapindex", xmlns=SITEMAP)
    months = (
        Edition.objects.listed(at)
        .annotate(year=ExtractYear("release_date"), month=ExtractMonth("release_date"))
        .values("year", "month")
        .annotate(changed=Max("live_from"), count=Count("pk"))
        .order_by("-year", "-month")
    )
    for row in months:
        entry = ET.SubElement(root, "sitemap")
        ET.SubElement(entry, "loc").text = absolute(f"/sitemap-{row['year']}-{row['month']:02}.xml")
        ET.SubElement(entry, "lastmod").text = row["changed"].isoformat()
    return _document(root)


def sitemap(at: dt.datetime, year: int, month: int, absolute: Absolute) -> str:
    root = ET.Element("urlset", xmlns=SITEMAP)
    found = Edition.objects.listed(at).filter(release_date__year=year, release_date__month=month)
    for path, changed in found.newest_first().values_list("address__path", "live_from"):
        entry = ET.SubElement(root, "url")
        ET.SubElement(entry, "loc").text = absolute(href(path))
        ET.SubElement(entry, "lastmod").text = changed.isoformat()
    return _document(root)


def news_sitemap(at: dt.datetime, absolute: Absolute) -> str:
    """The releases that became public in the last two days, as news search engines want them."""
    root = ET.Element("urlset", {"xmlns": SITEMAP, "xmlns:news": NEWS})
    found = Edition.objects.listed(at).filter(first_live_at__gt=at - FRESH).select_related("address")
    for edition in found.newest_first()[:1000]:
        entry = ET.SubElement(root, "url")
        ET.SubElement(entry, "loc").text = absolute(href(edition.address.path))
        news = ET.SubElement(entry, "news:news")
        publication = ET.SubElement(news, "news:publication")
        ET.SubElement(publication, "news:name").text = "Press Room"
        ET.SubElement(publication, "news:language").text = edition.language.partition("-")[0]
        first = edition.first_live_at
        ET.SubElement(news, "news:publication_date").text = first.isoformat() if first else ""
        ET.SubElement(news, "news:title").text = edition.title
    return _document(root)


def _document(root: ET.Element) -> str:
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode")
