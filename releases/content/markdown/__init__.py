"""Markdown bodies to cleaned HTML, as the old sites' kramdown showed them. Pure functions, without Django.

What leaves `render` is safe to store and to show. `decorate` adds what depends on the page.
"""

from dataclasses import dataclass

from releases.content.markdown.agreement_links import Name
from releases.content.markdown.engine import RENDERER_VERSION, read_body
from releases.content.markdown.limits import BodyRefused, check_output
from releases.content.markdown.page_links import decorate, make_portable
from releases.content.markdown.sanitizer import clean

__all__ = [
    "RENDERER_VERSION",
    "BodyRefused",
    "Name",
    "Rendering",
    "clean",
    "decorate",
    "make_portable",
    "render",
    "render_body",
    "render_raw",
]


@dataclass(frozen=True, slots=True)
class Rendering:
    """`renumbered`: whether kramdown showed other numbers than the typed ones, which are shown here."""

    html: str
    renumbered: bool


def render_raw(markdown: str) -> str:
    """HTML as the old sites showed it but for typed numbers; not cleaned, so not for the public.

    Raises BodyRefused.
    """
    return read_body(markdown).html


def render(markdown: str) -> str:
    """Cleaned HTML, ready to store and to show. Raises BodyRefused."""
    return render_body(markdown).html


def render_body(markdown: str) -> Rendering:
    """`render`, with what an import tells of it. Raises BodyRefused."""
    raw = read_body(markdown)
    html = clean(raw.html)
    check_output(markdown, html)
    return Rendering(html, raw.renumbered)
