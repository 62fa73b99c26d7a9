"""Drawings (SVG) that every page shows: what draws is kept of them, and nothing else."""

import math
import re
from typing import NamedTuple
from xml.parsers import expat

from py_svg_hush import filter_svg

DEEPEST = 64
ROOT = "http://www.w3.org/2000/svg svg"
EMBEDDED = {"image": ["png", "jpeg", "webp"]}
LONGER_SIDE = 1_000
MOVING = {
    f"http://www.w3.org/2000/svg {name}"
    for name in ("animate", "animateColor", "animateMotion", "animateTransform", "set")
}
NO_DRAWING = "This is no SVG drawing that can be read. Save it anew as plain SVG, then try again."
_PIXELS = {
    "": 1.0,
    "px": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "mm": 96 / 25.4,
    "cm": 96 / 2.54,
    "in": 96.0,
}
_LENGTH = re.compile(r"\s*([0-9]{0,7}\.?[0-9]{1,9})\s*(px|pt|pc|mm|cm|in)?\s*", re.ASCII)
_NUMBERS = re.compile(r"[\s,]+")


class DrawingRefused(ValueError):
    """A drawing that can't be taken; the message is for who brought it."""


class Drawing(NamedTuple):
    """`width` and `height` say its proportion: the longer one is LONGER_SIDE."""

    data: bytes
    width: int
    height: int


def clean_drawing(data: bytes) -> Drawing:
    """An SVG file without scripts, links, pages within it and all that leads elsewhere. Raises DrawingRefused."""
    box = _find_box(_read_root(data))
    try:
        cleaned = filter_svg(data, EMBEDDED)
    except ValueError as error:
        raise DrawingRefused(NO_DRAWING) from error
    if box is None:
        raise DrawingRefused(
            "The drawing does not say how large it is. Give it a viewBox, or width and height."
        )
    left, top, width, height = box
    if "viewBox" not in _read_root(cleaned):  # else a browser cuts it off where it shows it smaller
        cleaned = cleaned.replace(
            b"<svg", f'<svg viewBox="{left:g} {top:g} {width:g} {height:g}"'.encode(), 1
        )
    scale = LONGER_SIDE / max(width, height)
    return Drawing(cleaned, max(1, round(width * scale)), max(1, round(height * scale)))


def _read_root(data: bytes) -> dict[str, str]:
    """The attributes of the outermost element. Raises DrawingRefused for what is no drawing or moves, and before a
    parser would make much of little: by entities, or by elements within elements."""
    outline = _Outline()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = outline.begin, outline.end
    parser.EntityDeclHandler = outline.refuse_entity
    try:
        parser.Parse(data, True)
    except DrawingRefused:
        raise
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise DrawingRefused(NO_DRAWING) from error
    return outline.root


class _Outline:
    """What is told of a drawing element by element; each method may raise DrawingRefused."""

    def __init__(self) -> None:
        self.root: dict[str, str] = {}
        self.depth = 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth == 1:
            self.root = attributes
        if self.depth == 1 and name != ROOT:
            raise DrawingRefused(NO_DRAWING)
        if name in MOVING:
            raise DrawingRefused("The drawing moves. Take one that stands still.")
        if self.depth > DEEPEST:
            raise DrawingRefused("The drawing has too many groups within groups. Save it simplified.")

    def end(self, name: str) -> None:
        self.depth -= 1

    def refuse_entity(self, *declared: object) -> None:
        raise DrawingRefused(
            "The drawing uses entities (<!ENTITY …>), as older versions of Illustrator write them. Save it anew as"
            " plain SVG, then try again."
        )


def _find_box(root: dict[str, str]) -> tuple[float, float, float, float] | None:
    """(left, top, width, height) of what is drawn; None where the drawing says nothing of it."""
    try:
        left, top, width, height = map(float, _NUMBERS.split(root.get("viewBox", "").strip()))
    except ValueError:
        left = top = 0.0
        width, height = (_read_length(root.get(name, "")) for name in ("width", "height"))
    box = (left, top, width, height)
    return box if all(map(math.isfinite, box)) and width > 0 and height > 0 else None


def _read_length(text: str) -> float:
    """Pixels of the screen; 0 for what is none, such as a percentage."""
    found = _LENGTH.fullmatch(text)
    return float(found[1]) * _PIXELS[found[2] or ""] if found else 0.0
