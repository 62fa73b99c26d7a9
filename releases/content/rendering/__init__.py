"""Markdown bodies to cleaned HTML. Pure functions; what leaves `render` is safe to store and to show."""

import nh3
from markdown_it import MarkdownIt

RENDERER_VERSION = 1
_PARSER = MarkdownIt("commonmark", {"html": True})


class BodyRefused(ValueError):
    """A body that is too large or too deeply nested to show; the message is for the editor."""


def render_raw(markdown: str) -> str:
    return str(_PARSER.render(markdown))


def clean(html: str) -> str:
    return nh3.clean(html)


def render(markdown: str) -> str:
    return clean(render_raw(markdown))


def decorate(html: str, *, heading_level: int = 2) -> str:
    return html


def renumbered(markdown: str) -> bool:
    return False
