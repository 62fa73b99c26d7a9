import io
import struct
import time
import zipfile

import pytest

from releases.content.files.media_types import find_annex_problem, identify_file, identify_stream
from releases.content.files.packages import MOST_ENTRIES

OFFICE = "application/vnd.openxmlformats-officedocument."
WORD, EXCEL, SLIDES = (
    f"{OFFICE}{name}"
    for name in ("wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation")
)
MACRO_WORD = "application/vnd.ms-word.document.macroEnabled.12"
MACRO_EXCEL = "application/vnd.ms-excel.sheet.macroEnabled.12"
MACRO_SLIDES = "application/vnd.ms-powerpoint.presentation.macroEnabled.12"
BINARY_EXCEL = "application/vnd.ms-excel.sheet.binary.macroEnabled.12"
LINE = '<Types><Override PartName="/{part}" ContentType="{kind}"/></Types>'


def package(part="word/document.xml", kind="", **others):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", LINE.format(part=part, kind=kind))
        for name, data in {part: "x", **others}.items():
            archive.writestr(name, data)
    return stream.getvalue()


def media_type(data, name):
    return identify_file(data, name).media_type


@pytest.mark.parametrize(
    "name, part, expected",
    [
        ("a.docx", "word/document2.xml", WORD),
        ("a.xlsx", "xl/workbook2.xml", EXCEL),
        ("a.pptx", "ppt/presentation12.xml", SLIDES),
        ("a.xlsm", "xl/workbook.xml", MACRO_EXCEL),
        ("a.docm", "word/document3.xml", MACRO_WORD),
        ("a.pptm", "ppt/presentation.xml", MACRO_SLIDES),
        ("a.xlsb", "xl/workbook.bin", BINARY_EXCEL),
    ],
)
def test_suites_on_the_web_number_the_main_part(name, part, expected):
    data = package(part)
    assert (media_type(data, name), find_annex_problem(data, name)) == (expected, "")


@pytest.mark.parametrize(
    "name, kind, expected",
    [
        ("a.docx", f"{WORD}.main+xml", WORD),
        ("a.dotx", f"{OFFICE}wordprocessingml.template.main+xml", WORD),
        ("a.docm", "application/vnd.ms-word.document.macroEnabled.main+xml", MACRO_WORD),
        ("a.xlsx", f"{EXCEL}.main+xml", EXCEL),
        ("a.xltx", f"{OFFICE}spreadsheetml.template.main+xml", EXCEL),
        ("a.xlsm", "application/vnd.ms-excel.sheet.macroEnabled.main+xml", MACRO_EXCEL),
        ("a.xlsb", "application/vnd.ms-excel.sheet.binary.macroEnabled.main", BINARY_EXCEL),
        ("a.pptx", f"{SLIDES}.main+xml", SLIDES),
        ("a.ppsx", f"{OFFICE}presentationml.slideshow.main+xml", SLIDES),
        ("a.pptm", "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml", MACRO_SLIDES),
    ],
)
def test_a_document_is_what_its_list_of_types_says_whatever_its_parts_are_called(name, kind, expected):
    data = package("parts/p1.xml", kind)
    assert (media_type(data, name), find_annex_problem(data, name)) == (expected, "")


def test_macros_are_not_hidden_by_a_name():
    data = package("xl/workbook.xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml")
    assert (
        find_annex_problem(data, "a.xlsx") == "a.xlsx ends in .xlsx, but its content is that of a .xlsm file."
    )


def test_an_open_document_says_what_it_is():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    assert media_type(stream.getvalue(), "a.odt") == "application/vnd.oasis.opendocument.text"


@pytest.mark.parametrize("declared", ["text/html", "image/svg+xml", "application/pdf"])
def test_a_zip_cannot_declare_itself_to_be_something_that_opens_in_a_browser(declared):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", declared)
    assert media_type(stream.getvalue(), "a.zip") == "application/zip"


def many(entries):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "x")
        archive.writestr("word/document.xml", "x")
        for number in range(entries):
            archive.writestr(f"{number}", b"")
    return stream.getvalue()


def saying(data, entries, length):
    """With an end record that lies about the number of entries and the length of the directory."""
    end = data.rindex(b"PK\x05\x06")
    said = struct.pack("<HHL", entries, entries, length)
    return data[: end + 8] + said + data[end + 16 :]


@pytest.mark.parametrize("entries", [MOST_ENTRIES + 1, 70_000])
def test_a_zip_of_too_many_entries_is_not_parsed(entries):
    data = many(entries)
    started = time.process_time()
    assert media_type(data, "a.docx") == "application/octet-stream"
    assert time.process_time() - started < 0.05
    assert find_annex_problem(data, "a.docx").startswith(
        "a.docx ends in .docx, but its content is something else."
    )


def test_a_zip_that_counts_few_entries_before_a_long_directory_is_not_parsed():
    data = many(30_000)
    length = struct.unpack_from("<L", data, data.rindex(b"PK\x05\x06") + 12)[0]
    assert length > 1_000_000
    started = time.process_time()
    assert media_type(saying(data, 2, length * 2), "a.docx") == "application/octet-stream"
    assert time.process_time() - started < 0.05


def large(entries, length):
    """A zip with the records of large ones, as some programs write for any."""
    data = package()
    end = data.rindex(b"PK\x05\x06")
    size, start = struct.unpack_from("<LL", data, end + 12)
    record = struct.pack(
        "<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, entries, entries, length or size, start
    )
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    return data[:end] + record + locator + data[end:]


@pytest.mark.parametrize("elsewhere", [False, True])
def test_the_records_of_large_zips_count_too(elsewhere):
    few, many_entries, long = large(2, 0), large(400_000, 0), large(2, 1 << 30)
    if elsewhere:
        few, many_entries, long = (saying(data, 0xFFFF, 0xFFFFFFFF) for data in (few, many_entries, long))
    assert media_type(few, "a.docx") == WORD
    assert {media_type(data, "a.docx") for data in (many_entries, long)} == {"application/octet-stream"}


@pytest.mark.parametrize("damage", [slice(0, 60), slice(0, -30), slice(0, -1)])
def test_half_a_document_is_broken(damage):
    assert media_type(package()[damage], "a.docx") == "application/octet-stream"


def test_a_list_of_types_that_unfolds_to_gigabytes_is_read_no_further_than_a_little():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b" " * 200_000_000)
        archive.writestr("word/document.xml", "x")
    data = stream.getvalue()
    started = time.process_time()
    assert media_type(data, "a.docx") == WORD
    assert time.process_time() - started < 0.2


def test_a_document_larger_than_its_head_is_known_by_its_end(tmp_path):
    path = tmp_path / "large.docx"
    path.write_bytes(package(**{"word/media/1.png": bytes(range(256)) * 10}, z="y"))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("word/film.bin", bytes(3_000_000))
    with path.open("rb") as stream:
        assert identify_stream(stream, path.name).media_type == WORD
