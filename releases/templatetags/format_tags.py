"""Days, times, numbers, files: facts as people read them."""

from datetime import date, datetime
from functools import lru_cache
from urllib.parse import quote, urlencode, urljoin

from django import template
from django.utils.formats import date_format, localize
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext, ngettext, pgettext

from releases.content.files.annex_names import format_annex_name
from releases.content.text.permalinks import quote_path
from releases.models import Blob, Edition
from releases.services.editions.rows import AnnexRow
from releases.templatetags.public_tags import MOST_FRAGMENTS

register = template.Library()
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
def long_date(value: date) -> str:
    """13 January 2023, as the reader's language writes it."""
    return _format_day(value.date() if isinstance(value, datetime) else value, get_language())


@lru_cache(maxsize=MOST_FRAGMENTS)
def _format_day(day: date, language: str | None) -> str:
    """`language` is the reader's."""
    return date_format(day, pgettext("format of a day", "j F Y"))


@register.filter(expects_localtime=True)
def iso(moment: date) -> str:
    """2023-01-13; of an instant, with its time in the newsroom's zone: for machines."""
    return moment.isoformat()


@register.filter
def plain(value: float) -> str:
    """12345: for machines."""
    return str(value)


@register.filter
def number(value: int) -> str:
    """12,345, as the reader's language writes it."""
    return format_number(value, get_language())


@register.filter
def long_datetime(moment: datetime) -> str:
    """13 January 2023, 9.00 a.m. Singapore time; the day alone at 00:00, which is when a day begins that
    nobody gave an hour."""
    return " ".join(filter(None, _tell_instant(moment)))


@register.filter
def datetime_beside(moment: datetime, other: datetime) -> str:
    """`long_datetime` in a sentence in which that of `other` follows, which names the zone where it has an hour."""
    words, zone = _tell_instant(moment)
    return words if _tell_instant(other)[1] else f"{words} {zone}".strip()


def _tell_instant(moment: datetime) -> tuple[str, str]:
    """The day and the hour, and the zone; at 00:00 the day and ""."""
    local = localtime(moment)
    if (local.hour, local.minute) == (0, 0):
        return long_date(local), ""
    hour = date_format(local, pgettext("format of a time", "g.i a"))
    area, _, city = str(local.tzinfo).rpartition("/")
    zone = gettext("%(city)s time") % {"city": city.replace("_", " ")} if area else city
    return f"{long_date(local)}, {hour}", zone


@register.filter
def publication_time(edition: Edition) -> SafeString:
    """The day of a release; with the time and its zone where it went live at one (an imported day begins at
    00:00)."""
    first = edition.first_live_at and localtime(edition.first_live_at)
    if first and first.date() == edition.release_date and (first.hour, first.minute) != (0, 0):
        return format_html('<time datetime="{}">{}</time>', first.isoformat(), long_datetime(first))
    return format_html(
        '<time datetime="{}">{}</time>', edition.release_date.isoformat(), long_date(edition.release_date)
    )


@register.filter
def filesize(size: int) -> str:
    """214 KB"""
    for unit, limit in (("KB", 1_000_000), ("MB", 1_000_000_000)):
        if size < limit * 0.9995:
            number = size * 1000 / limit
            return (
                f"{number:.1f} {unit}" if unit == "MB" and number < 10 else f"{max(1, round(number))} {unit}"
            )
    return f"{size / 1_000_000_000:.1f} GB"


@register.filter
def file_facts(annex: AnnexRow) -> str:
    """PDF · 3 pages · 214 KB, of an `AnnexRow`; pages once they are known."""
    return _describe_file(annex.media_type, annex.pages, annex.size)


@register.filter
def blob_facts(blob: Blob) -> str:
    """`file_facts` of a Blob."""
    return _describe_file(blob.media_type, blob.pages, blob.size)


def _describe_file(media_type: str, pages: int | None, size: int) -> str:
    known = ngettext("%(number)d page", "%(number)d pages", pages) % {"number": pages} if pages else ""
    return " · ".join(filter(None, [gettext(KINDS.get(media_type, "File")), known, filesize(size)]))


@register.filter
def annex_name(annex: AnnexRow) -> str:
    """Annex A: Key features of …"""
    return format_annex_name(annex.label, annex.title)


@register.simple_tag
def format_request(annex: AnnexRow, email: str, url: str) -> str:
    """The address that opens a mail to `email` which names the file and the page of its release, whose address
    is `url`."""
    subject = gettext("Another format of %(name)s") % {"name": annex_name(annex)}
    body = gettext("Please send me this file in a format that I can read: ")
    lines = [f"{body}\n", urljoin(url, quote_path(annex.path)), url]
    query = urlencode({"subject": subject, "body": "\r\n".join(lines)}, quote_via=quote)
    return f"mailto:{quote(email, safe='@')}?{query}"


@lru_cache(maxsize=MOST_FRAGMENTS)
def format_number(number: int, language: str | None) -> str:
    """12,345, as `language` writes it, which is the reader's."""
    return localize(number)


@register.filter
def month_of(year: int, month: int) -> str:
    """March 2023, as the reader's language writes it."""
    return _format_month(year, month, get_language())


@lru_cache(maxsize=MOST_FRAGMENTS)
def _format_month(year: int, month: int, language: str | None) -> str:
    """`language` is the reader's."""
    return date_format(date(year, month, 1), pgettext("format of a month", "F Y"))


@register.filter
def month_name(month: int) -> str:
    """March"""
    return date_format(date(2000, month, 1), "F")


@register.filter
def month_short(month: int) -> str:
    """Mar"""
    return date_format(date(2000, month, 1), "M")
