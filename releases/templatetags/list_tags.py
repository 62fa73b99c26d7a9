"""What lists show of releases and agreements, and how they are asked for."""

import html
from collections.abc import Callable, Hashable, Iterable
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple
from unicodedata import normalize
from urllib.parse import urlencode

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import get_language

from releases.content.agreement_status import STATUSES
from releases.content.extraction import kinds
from releases.content.text.tokens import ExcerptPiece
from releases.models import Agreement, AgreementEvent, Edition
from releases.services.agreements.register import Entry
from releases.services.editions.columns import issuers_of
from releases.services.editions.months import GridYear
from releases.services.editions.rows import IssuerRow
from releases.services.search.facets import Option
from releases.services.search.filters import Filters
from releases.services.search.results import AnnexHit
from releases.templatetags.format_tags import format_number
from releases.templatetags.public_tags import MOST_FRAGMENTS, lang_attr, language_name, translate

register = template.Library()


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
            f"\n{html.escape(label_of(option.label))}\n({format_number(option.count, language)})\n</option>"
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
                format_number(option.count, language),
            )
            for option in options
        ),
    )


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


WORDS_OF: dict[str, Callable[[str], str]] = {
    "language": language_name,
    "kind": translate,
    "annex": translate,
}
"""What the options of a filter are called, where it is not by their labels."""
