"""Feeds of what is listed: Atom (RFC 4287) with pages (RFC 5005), and JSON Feed 1.1, of the same releases
with the same ids.

Ids are tag URIs (RFC 4151), because a permalink may change and a feed reader would show the release again.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from django.conf import settings
from django.db.models import Exists, F, Max, OuterRef, Subquery
from django.utils.timezone import localtime

from releases.content.extraction.kinds import KINDS
from releases.content.files.annex_names import format_annex_name
from releases.content.markdown import make_portable
from releases.content.markdown.page_parts import find_first_picture
from releases.content.text.permalinks import quote_path
from releases.content.text.xml import strip_illegal
from releases.models import Absence, Edition
from releases.services.editions.columns import agreements_of, annexes_of, annotation, issuers_of
from releases.services.editions.facts import find_once
from releases.services.search.counts import count_found
from releases.services.search.filters import Filters
from releases.services.search.results import search

ATOM = "http://www.w3.org/2005/Atom"
FEED_LENGTH = 30
NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
Absolute = Callable[[str], str]
Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Feed:
    """A page of a feed: the newest releases of a list, or older ones.

    `following` is the address of the next page, or ""; `absences` are the instants at which a release of the
    site was last withdrawn, removed or back.
    """

    editions: Sequence[Edition]
    title: str
    page: str
    first: str
    own: str
    following: str
    absences: tuple[dt.datetime, ...] = ()

    @property
    def updated(self) -> dt.datetime:
        """The last instant at which a release of it appeared or changed."""
        return max((edition.live_from for edition in self.editions if edition.live_from), default=NEVER)

    @property
    def changed(self) -> dt.datetime | None:
        """`updated`, or the instant at which any release was withdrawn or came back; None where nothing
        tells."""
        if not self.editions:
            return None
        return max([self.updated, *self.absences])


class NoSuchFeed(Exception):
    """No public release has a value that was asked for: it is mistyped, or has another name by now."""


def read_feed(at: dt.datetime, filters: Filters, before: str, address: str) -> Feed:
    """A page of the feed at `address`. Raises BadCursor, NoSuchFeed."""
    if filters.unread:
        raise NoSuchFeed
    listing = search(at, filters, before, FEED_LENGTH, also=_also)
    if not listing.editions and filters.chosen:
        alone = [Filters(chosen=(pair,)) for pair in filters.leave_out("from", "to").chosen]
        if 0 in count_found(at, alone, 1):
            raise NoSuchFeed
    query = filters.query_string()
    first = f"{address}?{query}" if query else address
    joint = "&" if query else "?"
    return Feed(
        listing.editions,
        feed_title(filters, listing.editions),
        f"/releases/?{query}" if query else "/releases/",
        first,
        f"{first}{joint}before={before}" if before else first,
        f"{first}{joint}before={listing.older}" if listing.older else "",
        _list_absences(at),
    )


def _also(at: dt.datetime) -> Plain:
    """The text, and the permalink under which a release first went live, which its id keeps."""
    record = Edition.objects.on_record(at).filter(release=OuterRef("release_id"))
    first = Subquery(record.order_by("number").values("address__path")[:1])
    return {"first_path": first, "text": F("body_html")}


@find_once
def _list_absences(at: dt.datetime) -> tuple[dt.datetime, ...]:
    """When an absence of what had been public last began, and when one last ended, by `at`."""
    public = Edition.objects.ever_public(at).filter(release=OuterRef("release_id"))
    absences = Absence.objects.filter(Exists(public))
    begun = absences.filter(since__lte=at).aggregate(last=Max("since"))
    ended = absences.filter(until__lte=at).aggregate(last=Max("until"))
    return tuple(found["last"] for found in (begun, ended) if found["last"])


def feed_title(filters: Filters, editions: Sequence[Edition]) -> str:
    """The newsroom's name, then Ministry of Trade and Industry, 2024.

    What nothing public has is called by the value that was asked for.
    """
    names = _names(editions[0]) if editions else {}
    names |= {pair: " ".join(pair) for pair in filters.chosen if pair[0] in ("from", "to")}
    asked = [filters.query.text, *(names.get(pair, pair[1]) for pair in filters.chosen)]
    return ": ".join(filter(None, [settings.SITE_NAME, ", ".join(filter(None, asked))]))


def _names(edition: Edition) -> dict[tuple[str, str], str]:
    section = edition.release.section
    return {
        ("annex", "yes"): "with annexes",
        ("kind", edition.kind): KINDS[edition.kind],
        ("section", section.folder): section.title,
        **{("agency", row.slug): row.name for row in issuers_of(edition)},
        **{("agreement", row.slug): row.title for row in agreements_of(edition)},
    }


def tag_uri(day: dt.date, path: str) -> str:
    """A tag URI (RFC 4151): the same for ever, wherever the release moves to."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},{day.isoformat()}:{quote_path(path)}"


def _tag_of(edition: Edition) -> str:
    first = edition.first_live_at
    return tag_uri(
        localtime(first).date() if first else edition.release_date, annotation(edition, "first_path")
    )


def format_atom(feed: Feed, absolute: Absolute) -> str:
    """The feed as Atom 1.0 (RFC 4287), its pages linked as RFC 5005 has it; instants are in ISO 8601."""
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": "en"})
    _text(root, "id", absolute(feed.first))
    _text(root, "title", feed.title)
    _text(root, "updated", _instant(feed.updated))
    places = {"alternate": feed.page, "self": feed.own, "first": feed.first, "next": feed.following}
    for rel, address in places.items():
        if address:
            kind = "text/html" if rel == "alternate" else "application/atom+xml"
            ET.SubElement(root, "link", rel=rel, type=kind, href=absolute(address))
    author = ET.SubElement(root, "author")
    _text(author, "name", settings.SITE_NAME)
    for edition in feed.editions:
        _entry(root, edition, absolute)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode")


def _entry(root: ET.Element, edition: Edition, absolute: Absolute) -> None:
    entry = ET.SubElement(root, "entry", {"xml:lang": edition.language})
    _text(entry, "id", _tag_of(edition))
    _text(entry, "title", edition.title)
    ET.SubElement(
        entry,
        "link",
        rel="alternate",
        type="text/html",
        hreflang=edition.language,
        href=_link(edition, absolute),
    )
    for annex in annexes_of(edition):
        ET.SubElement(
            entry,
            "link",
            rel="enclosure",
            type=annex.media_type,
            length=str(annex.size),
            title=strip_illegal(format_annex_name(annex.label, annex.title)),
            href=absolute(quote_path(annex.path)),
        )
    _text(entry, "published", _instant(edition.first_live_at))
    _text(entry, "updated", _instant(edition.live_from))
    for issuer in issuers_of(edition):
        author = ET.SubElement(entry, "author")
        _text(author, "name", issuer.name)
        _text(author, "uri", absolute(f"/agencies/{issuer.slug}/"))
    ET.SubElement(entry, "category", term=KINDS[edition.kind])
    _text(entry, "summary", _summary(edition))
    if html := _whole_text(edition, absolute):
        ET.SubElement(entry, "content", type="html").text = strip_illegal(html)


def format_json_feed(feed: Feed, absolute: Absolute) -> Plain:
    """The feed in the shape of JSON Feed 1.1."""
    paging = {"next_url": absolute(feed.following)} if feed.following else {}
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": absolute(feed.page),
        "feed_url": absolute(feed.own),
        "language": "en",
        **paging,
        "items": [_json_item(edition, absolute) for edition in feed.editions],
    }


def _json_item(edition: Edition, absolute: Absolute) -> Plain:
    html = _whole_text(edition, absolute)
    picture = find_first_picture(annotation(edition, "text"))
    told = {
        "id": _tag_of(edition),
        "url": _link(edition, absolute),
        "title": edition.title,
        "summary": _summary(edition),
        "content_html": html,
        "content_text": "" if html else _summary(edition) or edition.title,
        "image": absolute(picture) if picture else "",
        "language": edition.language,
        "date_published": _instant(edition.first_live_at),
        "date_modified": _instant(edition.live_from),
        "tags": [KINDS[edition.kind]],
        "authors": [
            {"name": issuer.name, "url": absolute(f"/agencies/{issuer.slug}/")}
            for issuer in issuers_of(edition)
        ],
        "attachments": [
            {
                "url": absolute(quote_path(annex.path)),
                "mime_type": annex.media_type,
                "title": format_annex_name(annex.label, annex.title),
                "size_in_bytes": annex.size,
            }
            for annex in annexes_of(edition)
        ],
    }
    return {name: value for name, value in told.items() if value not in ([], "")}


def _link(edition: Edition, absolute: Absolute) -> str:
    return absolute(quote_path(edition.address.path))


def _whole_text(edition: Edition, absolute: Absolute) -> str:
    """The body as HTML for a reader elsewhere; "" where the release is a file or a link."""
    return make_portable(annotation(edition, "text").strip(), _link(edition, absolute), absolute)


def _instant(moment: dt.datetime | None) -> str:
    """In the newsroom's zone, so that its first ten signs are the day on which readers know it."""
    return localtime(moment or NEVER).isoformat()


def _summary(edition: Edition) -> str:
    return "".join(piece for piece, _ in annotation(edition, "pieces"))


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = strip_illegal(text)
