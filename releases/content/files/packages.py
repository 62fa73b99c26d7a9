"""Zips: which of them are documents of an office suite, found by reading no more than a little."""

import os
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

_OFFICE = "application/vnd.openxmlformats-officedocument."
DOCUMENT = f"{_OFFICE}wordprocessingml.document"
SHEET = f"{_OFFICE}spreadsheetml.sheet"
PRESENTATION = f"{_OFFICE}presentationml.presentation"
BINARY_SHEET = "application/vnd.ms-excel.sheet.binary.macroEnabled.12"
WITH_MACROS = {
    DOCUMENT: "application/vnd.ms-word.document.macroEnabled.12",
    SHEET: "application/vnd.ms-excel.sheet.macroEnabled.12",
    PRESENTATION: "application/vnd.ms-powerpoint.presentation.macroEnabled.12",
}
ZIP = "application/zip"
MOST_ENTRIES = 5_000
_LONGEST_DIRECTORY = 400 * MOST_ENTRIES
_LONGEST_PART = 1_000_000
_END, _LOCATOR, _END_64 = b"PK\x05\x06", b"PK\x06\x07", b"PK\x06\x06"
_END_LENGTH, _LOCATOR_LENGTH, _END_64_LENGTH = 22, 20, 56
_LONGEST_END = _LOCATOR_LENGTH + _END_LENGTH + 65_535
_ELSEWHERE, _ELSEWHERE_LONG = 0xFFFF, 0xFFFFFFFF
_MACRO_EXTENSIONS = ("docm", "dotm", "xlsm", "xltm", "pptm", "ppsm", "potm")
_TYPES = "[content_types].xml"
_MAIN = re.compile(
    rb"application/vnd\.(?:openxmlformats-officedocument\.(wordprocessing|spreadsheet|presentation)ml|ms-(word|excel|powerpoint))"
    rb"\.(?:[a-zA-Z]{1,30}\.){1,2}(?:binary\.macroEnabled\.)?main\b"
)
_KINDS = {
    "wordprocessing": DOCUMENT,
    "word": DOCUMENT,
    "spreadsheet": SHEET,
    "excel": SHEET,
    "presentation": PRESENTATION,
    "powerpoint": PRESENTATION,
}
_PARTS = (
    (re.compile(r"word/document\d*\.xml"), DOCUMENT),
    (re.compile(r"xl/workbook\d*\.xml"), SHEET),
    (re.compile(r"xl/workbook\d*\.bin"), BINARY_SHEET),
    (re.compile(r"ppt/presentation\d*\.xml"), PRESENTATION),
)
_OPEN_DOCUMENT = re.compile(r"application/vnd\.oasis\.opendocument\.(?:text|spreadsheet|presentation)")


def identify_zip(stream: BinaryIO, extension: str) -> str:
    """The media type of a zip: that of the office document which it holds, else a zip's; "" where it is
    broken, or says that it holds more entries than any document."""
    try:
        # Whoever opens a zip parses its directory as a whole.
        if any(entries > MOST_ENTRIES or size > _LONGEST_DIRECTORY for entries, size in _list_claims(stream)):
            return ""
        with zipfile.ZipFile(stream) as archive:
            return _identify_archive(archive, extension)
    except (zipfile.BadZipFile, zlib.error, struct.error, ValueError, OSError, EOFError):
        return ""
    except (KeyError, RuntimeError, NotImplementedError):  # locked with a password, or packed by other means
        return ZIP


def _identify_archive(archive: zipfile.ZipFile, extension: str) -> str:
    names = {name.lower(): name for name in reversed(archive.namelist())}
    if "mimetype" in names:
        declared = _read_part(archive, names["mimetype"]).decode("ascii").strip()
        if _OPEN_DOCUMENT.fullmatch(declared):
            return declared
    if _TYPES not in names:
        return ZIP
    types = _read_part(archive, names[_TYPES]).replace(b"\0", b"")
    # Suites on the web number the main part; the extension tells of macros.
    by_part = next((kind for part, kind in _PARTS if any(map(part.fullmatch, names))), ZIP)
    return _read_types(types) or (
        by_part if extension not in _MACRO_EXTENSIONS else WITH_MACROS.get(by_part, by_part)
    )


def _read_types(types: bytes) -> str:
    """What the list of types calls the main part; "" where it names none."""
    main = _MAIN.search(types)
    if not main:
        return ""
    kind = BINARY_SHEET if b".binary." in main[0] else _KINDS[(main[1] or main[2]).decode()]
    return WITH_MACROS.get(kind, kind) if b"macroEnabled" in main[0] else kind


def _read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_LONGEST_PART)


def _list_claims(stream: BinaryIO) -> Iterator[tuple[int, int]]:
    """(entries, bytes of the directory) by the end record, or by those for large zips, wherever a reader may
    look for them. Raises BadZipFile."""
    size = stream.seek(0, os.SEEK_END)
    start = max(0, size - _LONGEST_END)
    stream.seek(start)
    tail = stream.read()
    end = tail.rfind(_END)
    if end < 0:
        raise zipfile.BadZipFile
    entries, length = struct.unpack_from("<HL", tail, end + 10)
    locator = end - _LOCATOR_LENGTH
    if locator < 0 or not tail.startswith(_LOCATOR, locator):
        yield entries, length
        return
    pointed = struct.unpack_from("<Q", tail, locator + 8)[0]
    for place in {pointed, max(0, start + locator - _END_64_LENGTH)}:
        stream.seek(min(place, size))
        record = stream.read(_END_64_LENGTH)
        if record.startswith(_END_64):
            yield struct.unpack_from("<QQ", record, 32)
    if entries != _ELSEWHERE or length != _ELSEWHERE_LONG:
        yield entries, length
