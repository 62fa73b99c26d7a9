"""Tables: every line of the block has a pipe, a heading is not needed."""

import re

from releases.content.rendering import limits, patterns
from releases.content.rendering.blocks import Region
from releases.content.rendering.nodes import Node

_LINE = re.compile(r"(?:\||[^\n]*?[^\\\n]\|)[^\n]*\n")
_START = re.compile(r" {0,3}(?=[^ \t\r\f\v\n])(?:\||[^\n]*?[^\\\n]\|)[^\n]*\n")
_SEPARATOR = re.compile(r"[+|: \t-]*-[+|: \t-]*\n")
_FOOT = re.compile(r"[+|: \t=]*=[+|: \t=]*\n")
_ALIGNMENT = re.compile(r"[ ]?(:)?(-+)(:)?[ ]?")
_CELLS = re.compile(r"(`+)(?:(?!\1).)*?\1(?!`)|\\.|[^|\\`]+|(\|)|.", re.DOTALL)


def table(region: Region) -> bool:
    if not region.after_boundary() or not region.match(_START):
        return False
    lines, position = [], region.position
    while found := _LINE.match(region.text, position):
        lines.append(found[0])
        position = found.end()
    if not patterns.BEFORE_BOUNDARY.match(region.text, position):
        return False
    bodies, alignment = _sections(lines)
    if not any(rows for _, rows in bodies):
        return False
    region.position = position
    node = region.add(Node("table"))
    columns = max(len(row) for _, rows in bodies for row in rows)
    region.document.budget.spend(limits.STEPS_OF_A_PART * columns * len(lines))
    node.children = [_section(kind, rows, columns, alignment) for kind, rows in bodies if rows]
    return True


def _sections(lines: list[str]) -> tuple[list[tuple[str, list[list[str]]]], list[str]]:
    """([(thead, tbody or tfoot, rows of cells)], alignment per column)."""
    sections: list[tuple[str, list[list[str]]]] = [("tbody", [])]
    alignment: list[str] = []
    headed = False
    for line in lines:
        kind, rows = sections[-1]
        if _FOOT.fullmatch(line):
            sections.append(("tfoot", []))
        elif not _SEPARATOR.fullmatch(line):
            rows.append(_cells(line))
        elif rows and not headed:
            sections[-1] = ("thead", rows)
            alignment = _alignment(line)
            headed = True
            sections.append(("tbody", []))
        elif rows:
            sections.append((kind, []))
        else:
            headed = True
            alignment = alignment or _alignment(line)
    return sections, alignment


def _alignment(line: str) -> list[str]:
    found = [
        _ALIGNMENT.fullmatch(cell.strip(" \t\n"))
        for cell in line.strip(" \t\n").strip("|+").replace("+", "|").split("|")
    ]
    return [
        {(True, True): "center", (False, True): "right", (True, False): "left"}.get(
            (bool(cell[1]), bool(cell[3])), ""
        )
        if cell
        else ""
        for cell in found
    ]


def _cells(line: str) -> list[str]:
    """The cells of a row; a pipe in code or behind a backslash parts nothing."""
    cells = [""]
    for piece in _CELLS.finditer(line.strip(" \t\n").removeprefix("|")):
        if piece[2]:
            cells.append("")
        else:
            cells[-1] += "|" if piece[0] == "\\|" else piece[0]
    if len(cells) > 1 and not cells[-1].strip(" \t\n"):
        cells.pop()
    return [cell.strip(" \t\n") for cell in cells]


def _section(kind: str, rows: list[list[str]], columns: int, alignment: list[str]) -> Node:
    cell = "th" if kind == "thead" else "td"
    section = Node(kind)
    for row in rows:
        row += [""] * (columns - len(row))
        section.children.append(
            Node("tr", children=[_cell(cell, text, number, alignment) for number, text in enumerate(row)])
        )
    return section


def _cell(kind: str, text: str, number: int, alignment: list[str]) -> Node:
    where = alignment[number] if number < len(alignment) else ""
    return Node(kind, text or "\u00a0", attributes={"align": where} if where else {})
