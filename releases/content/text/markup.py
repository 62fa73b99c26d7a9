"""HTML to the words that a reader sees."""

import html
import re

_TAG = re.compile(r"<[^<>]*>")


def plain_text(body_html: str) -> str:
    """A stored body as running text, blocks apart."""
    return " ".join(html.unescape(_TAG.sub(" ", body_html)).split())
