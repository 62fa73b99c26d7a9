"""The one stylesheet of the pages: ours, with the tokens of the operator's theme and the office's colour behind
it."""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

from releases.content.text.colours import find_shades

NAME = "releases/site.css"
_IMPORT = re.compile(r'^@import "([\w.-]+)";\n', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """`digest` is of `text`, for its address."""

    digest: str
    text: str


@lru_cache(maxsize=8)
def find_stylesheet(colour: str) -> Stylesheet | None:
    """With a colour, if any, that `read_colour` gave; None where nothing but ours is asked for, which every server
    hands out as a file."""
    theme = Path(settings.THEME, "tokens.css")
    added = theme.read_text("utf-8") if settings.THEME and theme.is_file() else ""
    added += _colour_tokens(colour) if colour else ""
    if not added:
        return None
    ours = Path(str(finders.find(NAME)))
    text = _IMPORT.sub(lambda found: (ours.parent / found[1]).read_text("utf-8"), ours.read_text("utf-8"))
    text += added
    return Stylesheet(hashlib.sha256(text.encode()).hexdigest()[:16], text)


def _colour_tokens(colour: str) -> str:
    shades = find_shades(colour)
    own = f"var(--light, {shades.light}) var(--dark, {shades.dark})"
    hover = f"var(--light, {shades.light_hover}) var(--dark, {shades.dark_hover})"
    tokens = f"--accent: {own}; --link: {own}; --link-hover: {hover};"
    return f":root, :root[data-theme], :host {{ {tokens} }}\n"
