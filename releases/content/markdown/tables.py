"""Tables: every line of the block has a pipe, a heading is not needed."""

import re

from releases.content.markdown import limits, patterns, tags
from releases.content.markdown.blocks import Region
from releases.content.markdown.nodes import Document, Node

_LINE = re.compile(r"(?:\||[^\n]*?[^\\\n]\|)[^\n]*\n")
_START = re.compile(r" {0,3}(?=[^ \t\r\f\v\n])(?:\||[^\n]*?[^\\\n]\|)[^\n]*\n")
_SEPARATOR = re.compile(r"[+|: \t-]*-[+|: \t-]*\n")
_FOOT = re.compile(r"[+|: \t=]*=[+|: \t=]*\n")
_ALIGNMENT = re.compile(r"[ ]?(:)?(-+)(:)?[ ]?")
_CODE_OR_TAG = re.compile(r"(`{1,20})(?:(?!\1).)*?\1(?!`)|<(?=[A-Za-z_])", re.DOTALL)
_PIPE = re.compile(r"(?<!\\)\|")
_CELLS = re.compile(r"(`{1,20})(?:(?!\1).)*?\1(?!`)|\\.|[^|\\`]+|(\|)|.", re.DOTALL)


def read_table(region: Region) -> bool:
    end = region.text.find("\n", region.position)
    if region.text.find("|", region.position, end) < 0:
        return False
    if not region.after_boundary() or not region.match(_START):
        return False
    lines, position = [], region.position
    while found := _LINE.match(region.text, position):
        lines.append(found[0])
        position = found.end()
    if not patterns.BEFORE_BOUNDARY.match(region.text, position):
        return False
    if not _parted(region.text[region.position : position - 1], region.document):
        return False
    bodies, alignment = _sections(lines)
    if not any(rows for kind, rows in bodies if kind == "tbody"):
        return False
    region.position = position
    node = region.add(Node("table"))
    columns = max(len(row) for _, rows in bodies for row in rows)
    region.document.budget.spend(limits.STEPS_OF_A_PART * columns * len(lines))
    node.children = [_section(kind, rows, columns, alignment) for kind, rows in bodies if rows]
    return True


def _parted(text: str, document: Document) -> bool:
    """Whether every line has a pipe that parts cells: not one inside code or a tag, as in `<b>Name |
    Title</b>`."""
    outside, position = [], 0
    while found := _CODE_OR_TAG.search(text, position):
        document.budget.spend()
        outside.append(text[position : found.start()])
        tag = None if found[1] else tags.TAG.match(text, found.start())
        if tag and tag[1].lower() not in patterns.BLOCK_TAGS:
            position = tags.read_element(text, tag, document, {}).end
        else:
            position = found.end()
    outside.append(text[position:])
    return all(_PIPE.search(line) for line in "".join(outside).split("\n"))


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
