import json
import re
from datetime import UTC, date, datetime
from urllib.parse import urlencode, urlsplit

from django import template
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext, pgettext

from releases.content.permalinks import href
from releases.content.rendering import decorate
from releases.models import AgreementEvent
from releases.services.naming import names

register = template.Library()
register.filter("href", href)

KINDS = {
    "application/pdf": "PDF",
    "application/msword": "Word",
    "application/vnd.ms-excel": "Excel",
    "application/vnd.ms-powerpoint": "PowerPoint",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
    "text/csv": "CSV",
    "text/plain": "Text",
    "application/zip": "ZIP",
    "image/jpeg": "JPEG picture",
    "image/png": "PNG picture",
    "image/gif": "GIF picture",
    "image/webp": "WebP picture",
    "video/mp4": "MP4 video",
    "audio/mpeg": "MP3 sound",
}


@register.filter
def body(edition):
    """The stored HTML of an edition, which was cleaned then, decorated for its page: the only door for it."""
    return mark_safe(decorate(edition.body_html, names=names(edition.known_agreements)))  # noqa: S308


@register.filter
def translated(words):
    """Fixed words of ours, such as the name of a status, in the reader's language."""
    return gettext(str(words)) if words else ""


@register.filter
def day(value):
    """13 January 2023, as the reader's language writes it."""
    return date_format(value, pgettext("format of a day", "j F Y"))


@register.filter
def instant(moment):
    """13 January 2023, 9.00 am (Asia/Singapore)"""
    local = localtime(moment)
    return f"{day(local)}, {date_format(local, pgettext('format of a time', 'g.i a'))} ({local.tzinfo})"


@register.filter
def instant_text(text):
    """`instant` of one that came out of the database inside JSON (UTC where it names no zone)."""
    moment = datetime.fromisoformat(text)
    return instant(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


@register.filter
def host(url):
    """www.example.org"""
    return urlsplit(url).hostname or url


@register.filter
def filesize(size):
    """214 KB"""
    for unit, limit in (("KB", 1_000_000), ("MB", 1_000_000_000)):
        if size < limit * 0.9995:
            number = size * 1000 / limit
            return (
                f"{number:.1f} {unit}" if unit == "MB" and number < 10 else f"{max(1, round(number))} {unit}"
            )
    return f"{size / 1_000_000_000:.1f} GB"


@register.filter
def file_facts(annex):
    """PDF · 3 pages · 214 KB, from a row of `annex_list`; pages once they are known."""
    pages = annex["pages"]
    known = ngettext("%(number)d page", "%(number)d pages", pages) % {"number": pages} if pages else ""
    kind = gettext(KINDS.get(annex["media_type"], "File"))
    return " · ".join(filter(None, [kind, known, filesize(annex["size"])]))


@register.filter
def blob_facts(blob):
    """`file_facts` of a Blob."""
    return file_facts({"pages": blob.pages, "media_type": blob.media_type, "size": blob.size})


@register.filter
def iso(text):
    """An instant out of the database's JSON as ISO 8601 with its zone."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()


@register.filter
def annex_name(annex):
    """Annex A: Key features …"""
    return ": ".join(filter(None, [annex["label"], annex["title"]]))


@register.filter
def acronyms(issuers):
    """MTI, MCI, IMDA: for lists, every issuer by its acronym or name."""
    return ", ".join(issuer["acronym"] or issuer["name"] for issuer in issuers)


@register.filter
def release_kind(edition, issuers):
    """Press release, or Joint press release when several agencies issue it."""
    label = edition.release.section.release_label
    return f"Joint {label.lower()}" if len(issuers) > 1 and label == "Press release" else label


@register.filter
def event_name(kind):
    return AgreementEvent.Kind(kind).label


@register.filter
def json_script_ld(value):
    """JSON-LD in a data block; < > & are written so that no text in it can end the block."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    safe = text.translate({ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"})
    return mark_safe(f'<script type="application/ld+json">{safe}</script>')  # noqa: S308


@register.simple_tag
def query(filters, **changes):
    """The query string of a list with some values changed; an empty one takes a filter away."""
    values = dict(filters.chosen)
    values |= {"q": filters.query.text, "sort": filters.sort}
    values |= dict(changes.items())
    if "sort" not in changes and values["sort"] == ("relevance" if filters.query.wanted else "newest"):
        values.pop("sort")
    kept = {name: value for name, value in values.items() if value}
    return f"?{urlencode(kept)}" if kept else "?"


@register.filter
def month_name(month):
    """March"""
    return date_format(date(2000, month, 1), "F")


@register.filter
def paragraphs_of(text):
    """The lines of a page of a PDF as paragraphs: one begins after a blank line, a full stop, or with a number or bullet."""
    found = [""]
    for line in text.splitlines():
        if not line.strip() or found[-1].endswith((".", ":", ";", "!", "?")) or _BEGINS.match(line):
            found.append("")
        found[-1] = f"{found[-1]} {line.strip()}".strip()
    return [paragraph for paragraph in found if paragraph]


_BEGINS = re.compile(r"\s*(?:\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]\s|[•●▪–-]\s|annex\b)", re.IGNORECASE)
