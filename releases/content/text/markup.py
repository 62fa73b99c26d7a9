"""HTML to the words that a reader sees."""

import html
import re

from releases.content.text.tokens import ExcerptPiece, Query, cut_around, cut_excerpt, find_first

OPENING_LENGTH = 2_000
_TAG = re.compile(r"<[^<>]*>")


def plain_text(body_html: str) -> str:
    """A stored body as running text, blocks apart."""
    return " ".join(html.unescape(_TAG.sub(" ", body_html)).split())


def cut_opening(body_html: str, length: int) -> str:
    """The first `length` characters of a body, without a tag that was cut."""
    opening = body_html[:length]
    place = opening.rfind("<")
    return opening[:place] if place > opening.rfind(">") else opening


def cut_body_excerpt(body_html: str, query: Query, length: int) -> list[ExcerptPiece]:
    """`cut_excerpt` of the running text of a stored body, of which only the opening is read where that is
    enough."""
    text = plain_text(cut_opening(body_html, OPENING_LENGTH))
    first = find_first(text, query)
    if first is None or first + length >= len(text):
        return cut_excerpt(plain_text(body_html), query, length)
    return cut_around(text, first, query, length)
