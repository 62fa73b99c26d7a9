"""Pictures of a body as a page shows them: in the size that a screen needs, with their room kept, and with what is
told of them."""

import html as entities
import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote

COLUMN = 736
"""CSS pixels of the widest column of a text; MARGINS are those beside it on a narrow screen."""
MARGINS = 40
_TAG = re.compile(r"<(?P<link>/?a)\b[^<>]*>|<img\b(?P<given>[^<>]*)>")
_SOURCE = re.compile(r'\ssrc="([^"]*)"')
_ALT = re.compile(r'\salt="[^"]*[^"\s]')
_SIZE = re.compile(r'\s(?:width|height)="[^"]*"')
_PIXELS = re.compile(r'\swidth="(\d{1,4})"')
_PART = re.compile(r'\swidth="(?!100%)\d+%"')
_TITLED = re.compile(
    r'<p(?P<own>[^<>]*)>\s*<img(?P<before>[^<>]*)\stitle="(?P<words>[^"]*[^"\s][^"]*)"(?P<after>[^<>]*)>\s*</p>'
)


class Picture(NamedTuple):
    """Its pixels, and addresses of smaller copies of it in WebP with the width of each, the narrowest first."""

    width: int
    height: int
    copies: tuple[tuple[str, int], ...] = ()


def caption_pictures(html: str) -> str:
    """A picture alone in its paragraph and with a title is a figure, whose caption that is."""

    def figure(found: re.Match[str]) -> str:
        picture = f"<img{found['before']}{found['after']}>"
        return f"<figure{found['own']}>{picture}<figcaption>{found['words']}</figcaption></figure>"

    return _TITLED.sub(figure, html)


def show_pictures(html: str, pictures: Mapping[str, Picture]) -> str:
    """Each in a copy as wide as the screen needs, by the path (decoded) of its source, with a link to itself; below
    the first one they are asked for when they come near."""
    count, is_linked = 0, False

    def show(tag: re.Match[str]) -> str:
        nonlocal count, is_linked
        if tag["link"]:
            is_linked = tag["link"] == "a"
            return tag[0]
        count += 1
        given = tag["given"] + (' loading="lazy"' if count > 1 else "")
        source = _SOURCE.search(given)
        picture = pictures.get(unquote(entities.unescape(source[1]))) if source else None
        if source is None or picture is None or _PART.search(given):
            return f"<img{given}>"
        shown = _with_copies(given, picture)
        can_link = picture.copies and not is_linked and _ALT.search(given)
        return f'<a class="original" href="{source[1]}">{shown}</a>' if can_link else shown

    return _TAG.sub(show, html)


def _with_copies(given: str, picture: Picture) -> str:
    pixels = _PIXELS.search(given)
    width = int(pixels[1]) if pixels and int(pixels[1]) else picture.width
    height = max(1, round(picture.height * width / picture.width))
    shown = f'<img{_SIZE.sub("", given)} width="{width}" height="{height}">'
    if not picture.copies:
        return shown
    copies = ", ".join(f"{address} {wide}w" for address, wide in picture.copies)
    most = min(width, COLUMN)
    sizes = f"(min-width: {most + MARGINS}px) {most}px, calc(100vw - {MARGINS}px)"
    return f'<picture><source type="image/webp" srcset="{copies}" sizes="{sizes}">{shown}</picture>'
