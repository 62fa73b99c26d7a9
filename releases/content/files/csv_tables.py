"""A table that somebody made with a spreadsheet, as its lines: whatever encoding, mark or separator it was
saved with."""

import codecs
import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST_LINE = 10_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


class TableRefused(ValueError):
    """The bytes are no table; the message is for the person who chose the file."""


@dataclass(frozen=True, slots=True)
class Row:
    """`cells` of line `number`; `problem` says why the line can't be read ("" when it can)."""

    number: int
    cells: tuple[str, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[Row, ...]
    encoding: str
    separator: str


def read_table(data: bytes) -> Table:
    """Raises TableRefused. Each line is a row of its own, so that a broken one spoils no other."""
    text, encoding = _decoded(data)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    separator = ""
    if lines[0].lower().startswith("sep=") and len(lines[0]) == 5:
        separator, lines[0] = lines[0][4], ""
    if not separator:
        separator = max(",;\t", key=lambda mark: sum(_is_parted(line, mark) for line in lines[:200]))
    rows = (
        _row(number, line, separator) for number, line in enumerate(lines, 1) if line.strip(separator + " ")
    )
    return Table(tuple(rows), encoding, separator)


def write_table(rows: Iterable[Iterable[str]], separator: str = ",") -> bytes:
    """A table that spreadsheets open with the right letters, and in which no cell is a formula."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator)
    writer.writerows(
        [f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell for cell in row] for row in rows
    )
    return codecs.BOM_UTF8 + stream.getvalue().encode("utf-8", "replace")


def _decoded(data: bytes) -> tuple[str, str]:
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise TableRefused(
            "This is a workbook. Save it as CSV (“CSV UTF-8” in Excel), then choose that file."
        )
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data.decode("utf-16"), "UTF-16"
        if b"\x00" not in data:
            return _eight_bits(data)
    except UnicodeDecodeError:
        pass
    raise TableRefused("This is no text. Save the table as CSV in UTF-8, then choose that file.")


def _eight_bits(data: bytes) -> tuple[str, str]:
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        return data.decode("cp1252"), "Windows-1252"


def _is_parted(line: str, mark: str) -> bool:
    """Whether the mark parts the line into cells of which the second is empty or an address."""
    cells = [cell.strip(' "') for cell in line.split(mark)]
    return len(cells) > 1 and (not cells[1] or cells[1].startswith(("/", "http")) or cells[1].lower() == "to")


def _row(number: int, line: str, separator: str) -> Row:
    if len(line) > LONGEST_LINE:
        words = f"The line has {len(line):,} characters; {LONGEST_LINE:,} are allowed."
        return Row(number, (line[:200], ""), words)
    try:
        cells = next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return Row(number, (line[:200], ""), "The line cannot be read.")
    return Row(number, tuple(cell.strip() for cell in cells))
