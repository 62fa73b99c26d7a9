import json
import re
from datetime import date
from urllib.parse import urlencode, urlsplit

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.timezone import localtime
from django.utils.translation import get_language, get_language_info, gettext, ngettext, pgettext

from releases.content.files.annex_names import full_name
from releases.content.markdown import decorate
from releases.content.markdown.toc import outline
from releases.content.text import script_languages
from releases.content.text.permalinks import href
from releases.models import AgreementEvent
from releases.services.editions.columns import issuers_of

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
def body(page):
    """The stored HTML of a `ReleaseView`, which was cleaned then, decorated for its page: the only door for it."""
    decorated = decorate(page.body_html, names=page.agreement_names)
    return mark_safe(script_languages.mark(decorated, page.edition.language))  # noqa: S308


@register.filter
def foreign(text, own="en"):
    """A title or another plain text in the language `own`, with the language of every run in another script."""
    pieces = script_languages.runs(str(text), own)
    return format_html_join(
        "",
        "{}",
        (
            (format_html('<span lang="{}">{}</span>', code, piece) if code else piece,)
            for piece, code in pieces
        ),
    )


@register.filter
def said(text, own):
    """`foreign` text, with its own language where the page's is another."""
    marked = foreign(text, own)
    return marked if _is_readers(own) else format_html('<span lang="{}">{}</span>', own, marked)


@register.simple_tag
def spoken(own):
    """The attribute `lang` of an element whose words are in the language `own`; nothing where that is the reader's."""
    return "" if _is_readers(own) else format_html(' lang="{}"', own)


def _is_readers(language):
    return (
        language.lower() == "en" and (get_language() or "en").startswith("en")
    ) or language.lower() == get_language()


@register.filter
def contents(html):
    """The headings of what `body` gave, where there are three or more; their words are cleaned HTML text."""
    return [(heading.level, heading.address, mark_safe(heading.words)) for heading in outline(html)]  # noqa: S308


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
def published(edition):
    """The day of a release; with the time and its zone where it went live at one (an imported day begins at 00:00)."""
    first = edition.first_live_at and localtime(edition.first_live_at)
    if first and first.date() == edition.release_date and (first.hour, first.minute) != (0, 0):
        return format_html('<time datetime="{}">{}</time>', first.isoformat(), instant(first))
    return format_html(
        '<time datetime="{}">{}</time>', edition.release_date.isoformat(), day(edition.release_date)
    )


@register.filter
def host(url):
    """www.example.org"""
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url


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
    """PDF · 3 pages · 214 KB, of an `AnnexRow`; pages once they are known."""
    return _describe_file(annex.media_type, annex.pages, annex.size)


@register.filter
def blob_facts(blob):
    """`file_facts` of a Blob."""
    return _describe_file(blob.media_type, blob.pages, blob.size)


def _describe_file(media_type, pages, size):
    known = ngettext("%(number)d page", "%(number)d pages", pages) % {"number": pages} if pages else ""
    return " · ".join(filter(None, [gettext(KINDS.get(media_type, "File")), known, filesize(size)]))


@register.filter
def annex_name(annex):
    return full_name(annex.label, annex.title)


@register.filter
def acronyms(edition):
    """MTI, MCI, IMDA: for lists, every issuer of an edition that was read `with_parts`, by its acronym or name."""
    return ", ".join(issuer.acronym or issuer.name for issuer in issuers_of(edition))


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
def month_of(year, month):
    """March 2023, as the reader's language writes it."""
    return date_format(date(year, month, 1), pgettext("format of a month", "F Y"))


@register.filter
def month_name(month):
    """March"""
    return date_format(date(2000, month, 1), "F")


@register.filter
def month_short(month):
    """Mar"""
    return date_format(date(2000, month, 1), "M")


@register.filter
def language_name(code):
    """English for en or en-SG, in the reader's language; a code that is not known as it is."""
    try:
        return get_language_info(code.lower())["name_translated"]
    except KeyError:
        return code


@register.filter
def paragraphs_of(text):
    """The lines of a page of a PDF as paragraphs.

    One begins after a blank line, a full stop or a line with room for the next word, or with a number or bullet.
    """
    lines = [line.strip() for line in text.splitlines()]
    width = 0.85 * max(map(len, lines), default=0)
    found, last = [""], ""
    for line in lines:
        has_room = line[:1].isupper() and len(f"{last} {line.split(' ', 1)[0]}") < width
        if not line or last.endswith((".", ":", ";", "!", "?")) or has_room or _BEGINS.match(line):
            found.append("")
        found[-1], last = f"{found[-1]} {line}".strip(), line
    return [paragraph for paragraph in found if paragraph]


_BEGINS = re.compile(r"\s*(?:\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]\s|[•●▪–-]\s|annex\b)", re.IGNORECASE)
