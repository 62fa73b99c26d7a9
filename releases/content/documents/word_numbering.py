"""Automatic numbers of a Word file, which nobody typed, as the text that Word shows."""

from dataclasses import dataclass, field
from xml.etree import ElementTree

from releases.content.documents.numerals import write_numeral
from releases.content.documents.word_package import W
from releases.content.text.whole_numbers import read_whole_number

DEEPEST_LEVEL = 8
LONGEST_CHAIN = 20
"""Of styles that stand on each other."""
BULLET = "•"
_SUFFIXES = {"space": " ", "nothing": ""}
TAB = "\u2003"


@dataclass(frozen=True, slots=True)
class _Level:
    kind: str
    text: str
    start: int
    suffix: str
    restart: int | None
    is_legal: bool
    style: str


@dataclass(slots=True)
class _List:
    """A list by its number in the file: the definition that it counts with, and its own levels and starts."""

    definition: str
    levels: dict[int, _Level] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)
    is_begun: bool = False


class Numbering:
    """Counts through a document, paragraph by paragraph in its order."""

    def __init__(self, numbering: ElementTree.Element | None, styles: ElementTree.Element | None) -> None:
        self._definitions: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, _List] = {}
        self._styles = (
            {} if styles is None else {_get(one, "styleId"): one for one in styles.iter(f"{W}style")}
        )
        self._plain = next(
            (
                key
                for key, one in self._styles.items()
                if _get(one, "default") in ("1", "true") and _get(one, "type") == "paragraph"
            ),
            "",
        )
        self._counts: dict[str, dict[int, int]] = {}
        if numbering is not None:
            self._read(numbering)

    def _read(self, numbering: ElementTree.Element) -> None:
        links: dict[str, str] = {}
        named: dict[str, str] = {}
        for one in numbering.iter(f"{W}abstractNum"):
            key = _get(one, "abstractNumId")
            levels = [
                (read_whole_number(_get(level, "ilvl"), 0), _read_level(level))
                for level in one.iter(f"{W}lvl")
            ]
            self._definitions[key] = dict(levels)
            links[key] = _value(one, "numStyleLink")
            named[_value(one, "styleLink")] = key
        for one in numbering.iter(f"{W}num"):
            definition = _value(one, "abstractNumId")
            link = links.get(definition, "")  # a list style holds the levels
            found = _List(named.get(link, definition) if link else definition)
            for change in one.iter(f"{W}lvlOverride"):
                _change_level(found, change)
            self._lists[_get(one, "numId")] = found

    def write_marker(self, paragraph: ElementTree.Element) -> str:
        """The marker of the next paragraph and what parts it from the text; "" for one without a number."""
        key, place = self._find_place(paragraph)
        found = self._lists.get(key)
        if found is None:
            return ""
        levels = {**self._definitions.get(found.definition, {}), **found.levels}
        level = levels.get(place)
        if level is None:
            return ""
        counts = self._counts.setdefault(found.definition, {})
        if not found.is_begun:
            found.is_begun = True
            for other, start in found.starts.items():
                counts[other] = start - 1
        _count(counts, place, levels)
        if level.kind == "none":
            return level.text.split("%")[0] + level.suffix if level.text and "%" not in level.text else ""
        deep = chr(0xE000 + place)
        if level.kind == "bullet":
            return f"{deep}{BULLET}{TAB}"
        written = _fill(level, levels, counts)
        return f"{deep}{written}{level.suffix}" if written else ""

    def _find_place(self, paragraph: ElementTree.Element) -> tuple[str, int]:
        """(list, level) by the paragraph's own properties, else by its style and those that it stands on."""
        own = paragraph.find(f"{W}pPr")
        own = ElementTree.Element(f"{W}pPr") if own is None else own
        key, place = _numbering_of(own)
        if not key:
            key, of_style = self._find_place_of_style(_value(own, "pStyle") or self._plain)
            place = of_style if place is None else place
        return key, min(place or 0, DEEPEST_LEVEL)

    def _find_place_of_style(self, named: str) -> tuple[str, int | None]:
        for _ in range(LONGEST_CHAIN):
            style = self._styles.get(named)
            if style is None:
                break
            properties = style.find(f"{W}pPr")
            key, place = ("", None) if properties is None else _numbering_of(properties)
            if key:
                return key, self._level_of_style(key, named) if place is None else place
            named = _value(style, "basedOn")
        return "", None

    def _level_of_style(self, key: str, style: str) -> int:
        found = self._lists.get(key)
        levels = self._definitions.get(found.definition, {}) if found else {}
        return next((place for place, level in levels.items() if level.style == style and style), 0)


def _change_level(found: _List, change: ElementTree.Element) -> None:
    """A level that a list has otherwise than its definition."""
    place = read_whole_number(_get(change, "ilvl"), 0)
    if (level := change.find(f"{W}lvl")) is not None:
        found.levels[place] = _read_level(level)
    if start := _value(change, "startOverride"):
        found.starts[place] = read_whole_number(start, 0)


def _count(counts: dict[int, int], place: int, levels: dict[int, _Level]) -> None:
    counts[place] = counts.get(place, levels[place].start - 1) + 1
    for deeper in [one for one in counts if one > place]:
        restart = levels[deeper].restart if deeper in levels else None
        if restart is None or (restart != 0 and place < restart):
            del counts[deeper]


def _fill(level: _Level, levels: dict[int, _Level], counts: dict[int, int]) -> str:
    written = level.text
    for place in range(DEEPEST_LEVEL + 1):
        other = levels.get(place)
        if other and f"%{place + 1}" in written:
            kind = "decimal" if level.is_legal else other.kind
            number = counts.get(place, other.start)
            written = written.replace(f"%{place + 1}", write_numeral(number, kind))
    return written


def _read_level(level: ElementTree.Element) -> _Level:
    restart = _value(level, "lvlRestart")
    legal = level.find(f"{W}isLgl")
    suffix = _value(level, "suff")
    return _Level(
        kind=_value(level, "numFmt") or "decimal",
        text=_value(level, "lvlText"),
        start=read_whole_number(_value(level, "start"), 0),
        suffix=_SUFFIXES.get(suffix, TAB),
        restart=read_whole_number(restart, 0) if restart else None,
        is_legal=legal is not None and _get(legal, "val") not in ("0", "false"),
        style=_value(level, "pStyle"),
    )


def _numbering_of(properties: ElementTree.Element) -> tuple[str, int | None]:
    found = properties.find(f"{W}numPr")
    if found is None:
        return "", None
    place = _value(found, "ilvl")
    return _value(found, "numId"), read_whole_number(place, 0) if place else None


def _get(element: ElementTree.Element, name: str) -> str:
    return element.get(f"{W}{name}", "")


def _value(parent: ElementTree.Element, name: str) -> str:
    """The value of a child element; "" where there is none."""
    child = parent.find(f"{W}{name}")
    return "" if child is None else child.get(f"{W}val", "")
