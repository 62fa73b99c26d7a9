"""Words and texts of a page: what is cleaned, in which language it is, what it says in the reader's."""

import json
import re
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.templatetags.i18n import TranslateNode, do_translate
from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_info, gettext

from releases.content.markdown import clean, decorate, render
from releases.content.markdown.page_parts import find_first_picture
from releases.content.markdown.pictures import Picture
from releases.content.markdown.toc import list_headings
from releases.content.text import script_languages
from releases.content.text.permalinks import quote_path
from releases.services.editions.rows import ReleaseView
from releases.services.website.page_words import find_page_words

MOST_FRAGMENTS = 2_048
register = template.Library()
register.filter("href", quote_path)


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
def link_host(url: str) -> str:
    """www.example.org"""
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url


@register.filter
def json_script_ld(value: Any) -> SafeString:
    """JSON-LD in a data block; < > & are written so that no text in it can end the block."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    safe = text.translate({ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"})
    return mark_safe(f'<script type="application/ld+json">{safe}</script>')  # noqa: S308


@register.filter
def language_name(code: str) -> str:
    """English for en or en-SG, in the reader's language; a code that is not known as it is."""
    try:
        return get_language_info(code.lower())["name_translated"]
    except KeyError:
        return code


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
