"""What came and what went between two texts."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from releases.content.text.diff import Paragraph
from releases.templatetags.public_tags import lang_span

register = template.Library()


@register.filter
def mark_change(words: str, tag: str) -> SafeString | str:
    """Words that came ("ins") or went ("del"), which a screen reader says too; others ("") as they are."""
    if not tag:
        return words
    said = {"ins": gettext("added:"), "del": gettext("removed:")}[tag]
    return format_html(
        '<{0}><span class="vh">{1} </span>{2}<span class="vh"> ({3})</span></{0}>',
        tag,
        said,
        words,
        gettext("end"),
    )


@register.filter
def mark_pieces(paragraph: Paragraph, own: str) -> SafeString:
    """A paragraph of a comparison in the language `own`, with what came and went."""
    pieces = ((mark_change(lang_span(text, own), mark),) for text, mark in paragraph.pieces)
    return format_html_join("", "{}", pieces)
