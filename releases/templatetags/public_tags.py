import html
import json
import re
from collections.abc import Callable, Hashable, Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from unicodedata import normalize
from urllib.parse import quote, urlencode, urljoin, urlsplit

from django import template
from django.template.loader import render_to_string
from django.templatetags.i18n import TranslateNode, do_translate
from django.urls import reverse
from django.utils.formats import date_format, localize
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import get_language, get_language_info, gettext, ngettext, pgettext

from releases.content.agreement_status import STATUSES
from releases.content.extraction import kinds
from releases.content.files.annex_names import format_annex_name
from releases.content.markdown import clean, decorate, render
from releases.content.markdown.page_parts import find_first_picture
from releases.content.markdown.pictures import Picture
from releases.content.markdown.toc import list_headings
from releases.content.text import script_languages
from releases.content.text.permalinks import quote_path
from releases.content.text.tokens import ExcerptPiece
from releases.models import Agreement, AgreementEvent, Blob, Edition
from releases.services.agreements.register import Entry
from releases.services.editions.columns import issuers_of
from releases.services.editions.months import GridYear
from releases.services.editions.rows import AnnexRow, IssuerRow, ReleaseView
from releases.services.search.facets import Option
from releases.services.search.filters import Filters
from releases.services.search.results import AnnexHit
from releases.services.website.page_words import find_page_words

MOST_FRAGMENTS = 2_048
register = template.Library()
register.filter("href", quote_path)

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
def cleaned(markup: str) -> SafeString:
    """HTML of any origin, at the desk: nothing that runs and nothing that asks another site is left of it."""
    return mark_safe(clean(markup))  # noqa: S308


@register.filter
def body(page: ReleaseView) -> SafeString:
    """The stored HTML of a `ReleaseView`, which was cleaned then, decorated for its page: the only door for
    it."""
    language = page.edition.language
    pictures = {}
    for row in page.pictures:
        widths = map(int, row.copy_widths.split())
        copies = tuple((find_url("picture", row.sha256, width), width) for width in widths)
        pictures[row.path] = Picture(row.width, row.height, copies)
    decorated = decorate(
        page.body_html,
        names=page.agreement_names,
        words=find_page_words(language),
        absent=page.absent_files,
        pictures=pictures,
    )
    return mark_safe(script_languages.mark_scripts(decorated, language))  # noqa: S308


@register.filter
def markdown_page(text: str) -> SafeString:
    """A page that the newsroom typed in Markdown, as HTML that was cleaned."""
    return mark_safe(script_languages.mark_scripts(decorate(render(text)), "en"))  # noqa: S308


@register.filter
def mark_scripts(text: str, own: str = "en") -> SafeString:
    """A title or another plain text in the language `own`, with the language of every run in another
    script."""
    if not script_languages.has_other_script(text, own):
        return escape(text)
    pieces = script_languages.split_scripts(str(text), own)
    return format_html_join(
        "",
        "{}",
        (
            (format_html('<span lang="{}">{}</span>', code, piece) if code else piece,)
            for piece, code in pieces
        ),
    )


@register.filter
def lang_span(text: str, own: str) -> SafeString:
    """`mark_scripts` text, with its own language where the page's is another."""
    marked = mark_scripts(text, own)
    return marked if _is_readers(own) else format_html('<span lang="{}">{}</span>', own, marked)


@register.simple_tag
def lang_attr(own: str) -> SafeString | str:
    """The attribute `lang` of an element whose words are in the language `own`; nothing where that is the
    reader's."""
    return "" if _is_readers(own) else format_html(' lang="{}"', own)


def _is_readers(language: str) -> bool:
    return (
        language.lower() == "en" and (get_language() or "en").startswith("en")
    ) or language.lower() == get_language()


@register.filter
def first_picture(html: str) -> SafeString:
    """The path of the first picture of a stored body, as it stands in an attribute; "" for none."""
    return mark_safe(find_first_picture(html))  # noqa: S308 (from an attribute of cleaned HTML)


@register.filter
def first_paragraph(html: str) -> str:
    """The address of the first numbered paragraph of what `body` gave; "" where none has a number."""
    found = _NUMBERED.search(html)
    return found[1] if found else ""


@register.filter
def table_of_contents(html: str) -> list[Any]:
    """The headings of what `body` gave, where there are three or more; their words are cleaned HTML text."""
    return [(heading.level, heading.address, mark_safe(heading.words)) for heading in list_headings(html)]  # noqa: S308


@register.filter("gettext")
def translate(words: str) -> str:
    """Fixed words of ours, such as the name of a status, in the reader's language."""
    return gettext(str(words)) if words else ""


class FixedWords(template.Node):
    """Words of ours that are always the same: found once for each language of readers."""

    child_nodelists = ()

    def __init__(self, found: TranslateNode) -> None:
        self.found = found
        self.by_language: dict[str | None, str] = {}

    def render(self, context: template.Context) -> str:
        language = get_language()
        if language not in self.by_language:
            self.by_language[language] = self.found.render(context)
        return self.by_language[language]


@register.tag("translate")
def translate_words(parser: Any, token: Any) -> template.Node:
    """`{% translate %}` for pages of readers: Django's own looks words up anew each time."""
    found = do_translate(parser, token)
    expression = found.filter_expression
    is_fixed = expression.var.literal is not None and not expression.filters
    return found if not is_fixed or found.asvar or found.message_context else FixedWords(found)


@register.simple_tag(name="url")
def find_url(name: str, *args: Any) -> str:
    """`{% url %}` for pages of readers: Django's own looks an address up anew each time."""
    return _find_url(name, args)


@lru_cache(maxsize=MOST_FRAGMENTS)
def _find_url(name: str, args: tuple[Any, ...]) -> str:
    return reverse(name, args=args)


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
    return _format_number(value, get_language())


@register.filter
def long_datetime(moment: datetime) -> str:
    """13 January 2023, 9.00 a.m. Singapore time; the day alone at 00:00, which is when a day begins that
    nobody gave an hour."""
    local = localtime(moment)
    if (local.hour, local.minute) == (0, 0):
        return long_date(local)
    hour = date_format(local, pgettext("format of a time", "g.i a"))
    area, _, city = str(local.tzinfo).rpartition("/")
    zone = gettext("%(city)s time") % {"city": city.replace("_", " ")} if area else city
    return f"{long_date(local)}, {hour} {zone}"


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
def link_host(url: str) -> str:
    """www.example.org"""
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url


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


@register.filter
def acronyms(edition: Edition) -> str:
    """MTI, MCI, IMDA: for lists, every issuer of an edition that was read `with_parts`, by its acronym or
    name."""
    return ", ".join(issuer.acronym or issuer.name for issuer in issuers_of(edition))


@lru_cache(maxsize=MOST_FRAGMENTS)
def _render_part(template: str, name: str, shown: Hashable, language: str | None) -> SafeString:
    """A part of a page that depends on what is `shown` alone, which the template calls `name`, and on the
    reader's language: many pages have the same ones."""
    return render_to_string(f"releases/_{template}.html", {name: shown, "LANGUAGE_CODE": language})


class ListItem(NamedTuple):
    """All that `_list_item.html` shows of an edition."""

    path: str
    title: str
    language: str
    release_date: date
    kind: str
    acronyms: str
    annex_count: int
    change_class: str
    pieces: tuple[ExcerptPiece, ...]
    summary: str
    hit: AnnexHit | None


@register.simple_tag
def list_item(edition: Edition) -> SafeString:
    """An edition that was read `with_parts` as an item of a list."""
    facts = vars(edition)
    pieces = tuple(facts.get("pieces", ()))
    item = ListItem(
        edition.address.path,
        edition.title,
        edition.language,
        edition.release_date,
        kinds.KINDS[edition.kind],
        acronyms(edition),
        len(facts["annex_list"]),
        edition.change_class,
        pieces,
        "" if pieces else edition.summary,
        facts.get("hit"),
    )
    return _render_part("list_item", "edition", item, get_language())


@register.simple_tag
def issuer_links(issuers: list[IssuerRow]) -> SafeString:
    """Those who issue a release, each as a link to its page."""
    return _render_part("issuers", "issuers", tuple(issuers), get_language())


@register.simple_tag
def facet_options(name: str, options: list[Option], chosen: str) -> SafeString:
    """The options of a filter with their numbers; there are hundreds on a page."""
    return _render_options(name, tuple(options), chosen, get_language())


@lru_cache(maxsize=64)
def _render_options(name: str, options: tuple[Option, ...], chosen: str, language: str | None) -> SafeString:
    """The same on every list that nothing is chosen in."""
    label_of = WORDS_OF.get(name, _truncate_label)
    attribute = lang_attr("en") if name in ("agency", "section", "agreement") else ""
    return mark_safe(  # noqa: S308 (every part is escaped)
        "\n".join(
            f'<option\nvalue="{html.escape(option.value)}"\n{attribute}\n{"selected" if option.value == chosen else ""}\n>'
            f"\n{html.escape(label_of(option.label))}\n({_format_number(option.count, language)})\n</option>"
            for option in options
        )
    )


@register.simple_tag
def plain_options(values: Iterable[object], chosen: str) -> SafeString:
    """Options of a filter that are called by their values; there are a hundred on a page."""
    return _render_plain_options(tuple(map(str, values)), chosen)


@lru_cache(maxsize=64)
def _render_plain_options(values: tuple[str, ...], chosen: str) -> SafeString:
    marked = ((mark_safe("\nselected") if value == chosen else "", value) for value in values)
    return format_html_join("\n", "<option{}>{}</option>", marked)


@register.simple_tag
def agency_boxes(options: list[Option], filters: Filters) -> SafeString:
    """A box to tick for each agency, with the number of its releases."""
    return _render_boxes(tuple(options), filters.values_of("agency"), get_language())


@lru_cache(maxsize=64)
def _render_boxes(options: tuple[Option, ...], chosen: tuple[str, ...], language: str | None) -> SafeString:
    return format_html_join(
        "\n",
        '<label><input\ntype="checkbox"\nname="agency"\nvalue="{}"\nform="site-search"{}>\n<span><span{}>{}</span>\n({})</span></label>',
        (
            (
                option.value,
                mark_safe("\nchecked") if option.value in chosen else "",
                lang_attr("en"),
                normalize("NFC", option.label),
                _format_number(option.count, language),
            )
            for option in options
        ),
    )


@lru_cache(maxsize=MOST_FRAGMENTS)
def _format_number(number: int, language: str | None) -> str:
    """`language` is the reader's."""
    return localize(number)


def _truncate_label(label: str) -> str:
    return Truncator(label).chars(60) if len(label) > 60 else normalize("NFC", label)


@register.filter
def release_kind(edition: Edition, issuers: list[IssuerRow]) -> str:
    """Press release, or Joint press release when several agencies issue it."""
    label = kinds.KINDS[edition.kind]
    return f"Joint {label.lower()}" if len(issuers) > 1 and edition.kind == "press-release" else label


@register.filter
def event_name(kind: str) -> str:
    """The English name of a kind of event: signed as Signed."""
    return AgreementEvent.Kind(kind).label


@register.filter
def status_name(status: str) -> str:
    """The English name of the status of an agreement: in-force as In force."""
    return STATUSES[status]


@register.filter
def json_script_ld(value: Any) -> SafeString:
    """JSON-LD in a data block; < > & are written so that no text in it can end the block."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    safe = text.translate({ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"})
    return mark_safe(f'<script type="application/ld+json">{safe}</script>')  # noqa: S308


@register.simple_tag
def query_string(filters: Filters, **changes: Any) -> str:
    """The query string of a list with some values changed, "" where none is left; an empty one takes a filter
    away."""
    values: dict[str, Any] = {name: filters.values_of(name) for name, _ in filters.chosen}
    values |= {"q": filters.query.text, "sort": filters.sort} | changes
    if "sort" not in changes and values["sort"] == ("relevance" if filters.query.wanted else "newest"):
        values.pop("sort")
    kept = {name: value for name, value in values.items() if value}
    return f"?{urlencode(kept, doseq=True)}" if kept else ""


@register.simple_tag
def page_address(address: str, asked: str, before: str) -> str:
    """Of the page of a list that starts from a position, "" for the first; `asked` is its query string."""
    return f"{address}{asked}{'&' if asked else '?'}before={before}" if before else f"{address}{asked}"


@register.filter
def month_of(year: int, month: int) -> str:
    """March 2023, as the reader's language writes it."""
    return _format_month(year, month, get_language())


@lru_cache(maxsize=MOST_FRAGMENTS)
def _format_month(year: int, month: int, language: str | None) -> str:
    """`language` is the reader's."""
    return date_format(date(year, month, 1), pgettext("format of a month", "F Y"))


@register.simple_tag
def agreement_items(agreements: list[Agreement]) -> SafeString:
    """Items of a list of agreements, each a link to its dossier; an agency may have hundreds."""
    found = tuple((one.slug, one.title) for one in agreements)
    return _render_part("agreement_items", "agreements", found, get_language())


class RegisterRow(NamedTuple):
    """All that `_agreement_row.html` shows of a line of the register."""

    slug: str
    title: str
    acronyms: tuple[str, ...]
    parties: tuple[str, ...]
    type: str
    signed_on: date | None
    status: str
    status_words: str


@register.simple_tag
def agreement_row(entry: Entry) -> SafeString:
    """A line of the register of agreements."""
    found = entry.agreement
    row = RegisterRow(
        found.slug,
        found.title,
        tuple(found.acronyms),
        tuple(entry.parties),
        found.get_instrument_type_display(),
        entry.signed_on,
        entry.status,
        entry.status_words,
    )
    return _render_part("agreement_row", "row", row, get_language())


@register.simple_tag
def month_grid(grid: list[GridYear]) -> SafeString:
    """How many releases there are by year and month, each number a link to them."""
    return _render_part("month_grid", "grid", tuple(grid), get_language())


@register.filter
def month_name(month: int) -> str:
    """March"""
    return date_format(date(2000, month, 1), "F")


@register.filter
def month_short(month: int) -> str:
    """Mar"""
    return date_format(date(2000, month, 1), "M")


@register.filter
def language_name(code: str) -> str:
    """English for en or en-SG, in the reader's language; a code that is not known as it is."""
    try:
        return get_language_info(code.lower())["name_translated"]
    except KeyError:
        return code


WORDS_OF: dict[str, Callable[[str], str]] = {
    "language": language_name,
    "kind": translate,
    "annex": translate,
}
"""What the options of a filter are called, where it is not by their labels."""


@register.filter
def paragraphs_of(text: str) -> list[str]:
    """The lines of a page of a PDF as paragraphs.

    One begins after a blank line, a full stop or a line with room for the next word, or with a number or
    bullet.
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


_NUMBERED = re.compile(r'\sid="(p\d+)"')
_BEGINS = re.compile(r"\s*(?:\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]\s|[•●▪–-]\s|annex\b)", re.IGNORECASE)
