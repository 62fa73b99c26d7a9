"""Plain text, as a word processor or a mail gives it: each line is a paragraph, rows of tabs are a table."""

import itertools
import re
from collections.abc import Iterable

from releases.content.documents.lines import Line, find_marker, make_line
from releases.content.markdown.escaping import escape_words

_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_VALUE = re.compile(r"\W*\d")


def read_plain_text(text: str) -> list[Line]:
    """The lines of a text, which is plain words and no Markdown."""
    plain = _LINE_END.sub("\n", text).replace("\u00a0", " ").replace("\x00", "")
    lines: list[Line] = []
    for cells, group in itertools.groupby(plain.split("\n"), _count_cells):
        rows = list(group)
        lines += [_make_table(rows)] if cells > 1 and len(rows) > 1 else map(make_line, rows)
    return lines


def write_table(rows: list[list[str]], *, is_headed: bool) -> str:
    """A table of cells that are Markdown; rows that are short are filled up."""
    width = max(map(len, rows))
    filled = [[*row, *[""] * (width - len(row))] for row in rows]
    written = [f"| {' | '.join(cell or ' ' for cell in row)} |" for row in filled]
    if is_headed:
        written.insert(1, f"|{' --- |' * width}")
    return "\n".join(written)


def has_heading(rows: list[list[str]]) -> bool:
    """Whether the first row of a table that marks none names what the others hold."""
    return len(rows) > 1 and all(cell.strip() and not _VALUE.match(cell) for cell in rows[0])


def _count_cells(line: str) -> int:
    """How many cells a row of a table has; 0 for another line, such as one with a number and a tab."""
    if "\t" not in line.strip() or find_marker(line):
        return 0
    return line.strip("\r\n ").count("\t") + 1


def _make_table(lines: Iterable[str]) -> Line:
    rows = [[" ".join(cell.split()) for cell in line.strip("\r\n ").split("\t")] for line in lines]
    cells = [[escape_words(cell) for cell in row] for row in rows]
    text = " ".join(" ".join(row) for row in rows)
    return Line(text, write_table(cells, is_headed=has_heading(rows)), "block")
