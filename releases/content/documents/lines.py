"""A document as lines, whatever it came as: what a reader sees of each, and the Markdown that shows it."""

import re
from dataclasses import dataclass

from releases.content.markdown.escaping import guard_start, link_addresses

BULLETS = "•●▪◦‣·–—⁃○■□➢✓\uf0b7\uf0a7\uf0d8\uf0fc\uf076"
"""Signs that stand for a bullet; the last are Word's own, of its fonts Symbol and Wingdings."""
_PLACE = "\\s*[\ue000-\ue008]?"
_BULLET = re.compile(rf"{_PLACE}(?:[{BULLETS}]\s*|[o§*-](?:\t|\s{{2,}}))(?=\S)")
_NUMBER = re.compile(rf"{_PLACE}([1-9]\d{{0,2}}|0)(?:\.(?:\t|\s+)|\t|\s{{2,}})(?=\S)")
_LETTER = re.compile(
    rf"{_PLACE}(\(?(?:[a-zA-Z]|[ivxIVX]{{1,5}}|\d{{1,3}})\)|(?:[a-zA-Z]|[ivx]{{1,5}})\.|\d{{1,3}}(?:\.\d{{1,3}}){{1,4}}\.?)(?:\t|\s+)(?=\S)"
)
_INITIAL = re.compile(r"\s*[A-Z]\. [A-Z]")
BREAK = "\u2028"
"""Where a line breaks inside a paragraph."""


@dataclass(frozen=True, slots=True)
class Line:
    """`text` is what is seen of a paragraph, its marker ("1.", "(a)", "•") included; `markdown` shows the rest
    of it, in one line.

    `kind`: "" a paragraph, "number", "letter" or "bullet" one with that marker ("letter" without one goes on with
    the point above), "heading", "quote", "picture", "note" (a footnote), or "block": several lines of Markdown that
    stand by themselves. `level`: of a heading from 1 on, of a bullet its depth from 0 on.
    """

    text: str
    markdown: str
    kind: str = ""
    marker: str = ""
    level: int = 0


def find_marker(text: str) -> re.Match[str] | None:
    """What a paragraph begins with, up to its words: a number, a letter or a bullet, as typed."""
    if _INITIAL.match(text):  # A. Tan said
        return None
    return _NUMBER.match(text) or _LETTER.match(text) or _BULLET.match(text)


def name_marker(found: re.Match[str] | None) -> tuple[str, str]:
    """(kind, marker as typed) of what `find_marker` gives."""
    if found is None:
        return "", ""
    kind = {_NUMBER: "number", _LETTER: "letter", _BULLET: "bullet"}[found.re]
    return kind, found[1] if kind != "bullet" else "-"


def make_line(text: str) -> Line:
    """A line of plain words."""
    found = find_marker(text)
    kind, marker = name_marker(found)
    words = " ".join(text[found.end() if found else 0 :].split())
    return Line(" ".join(text.split()), link_addresses(words), kind, marker)


def write_lines(lines: list[Line]) -> str:
    """Markdown of the lines: each a block of its own, numbers and letters as typed, points of a list together,
    what is lettered or has a bullet inside the numbered paragraph above it."""
    written: list[str] = []
    before, number, level = "", "", -1
    for line in lines:
        if not line.markdown.strip():
            continue
        kind, number = _place_line(line, number)
        if not (kind == before == "bullet"):
            written.append("")
        level = min(line.level, level + 1) if kind == "bullet" else -1  # a point stands in one a level above
        edge = " " * (len(number) + 2 if number else 0) + "  " * max(level, 0)
        written += _write_line(line, kind, edge)
        before = kind
    return "\n".join(written).strip("\n") + "\n"


def _place_line(line: Line, number: str) -> tuple[str, str]:
    """What a line is written as, and the number of the paragraph that it stands in, "" for none; `number` is that
    of the line before. A list that is typed 1. 1. 1. would count on."""
    if line.kind == "number":
        return ("letter", "") if line.marker == number == "1" else ("number", line.marker)
    return line.kind, number if line.kind in ("letter", "bullet") else ""


def _write_line(line: Line, kind: str, edge: str) -> list[str]:
    if kind in ("block", "note"):
        return line.markdown.split("\n")
    dot = "." if line.kind == "number" else ""
    lead, words = {
        "number": (f"{line.marker}. ", line.markdown),
        "letter": (edge, f"{line.marker}{dot} {line.markdown}".strip()),
        "bullet": (f"{edge}- ", line.markdown),
        "quote": ("> ", line.markdown),
    }.get(kind, ("", line.markdown))
    if kind == "heading":
        return [f"{'#' * max(line.level, 2)} {line.markdown}"]  # the page has the title at 1
    goes_on = "> " if kind == "quote" else " " * len(lead)
    return [f"{lead}{guard_start(words)}".replace(BREAK, f"  \n{goes_on}")]
