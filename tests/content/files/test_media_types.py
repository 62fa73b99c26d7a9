import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.content.files.media_types import find_annex_problem, identify_file, is_inline, is_lfs_pointer

OFFICE = "application/vnd.openxmlformats-officedocument."


def zipped(*names, **contents):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, contents.get(name, "x"))
    return stream.getvalue()


@pytest.mark.parametrize(
    "data, name, media_type",
    [
        (b"%PDF-1.7 x", "a.pdf", "application/pdf"),
        (b"%PDF-1.7 x", "a.html", "application/pdf"),
        (b" %PDF-1.7", "a.pdf", "application/octet-stream"),
        (b"\xff\xd8\xff\xe0", "a.png", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "a.png", "image/png"),
        (b"GIF89a..", "a.gif", "image/gif"),
        (b"RIFF....WEBPVP8 ", "a.webp", "image/webp"),
        (zipped("[Content_Types].xml", "word/document.xml"), "a.docx", f"{OFFICE}wordprocessingml.document"),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "a.docx", f"{OFFICE}spreadsheetml.sheet"),
        (zipped("a.txt"), "a.docx", "application/zip"),
        (b"PK\x03\x04 broken", "a.docx", "application/octet-stream"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.doc", "application/msword"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.exe", "application/octet-stream"),
        (b"a,b\n1,2\n", "a.csv", "text/csv"),
        ("Größe\n".encode(), "a.txt", "text/plain"),
        (b"a\x00b", "a.txt", "application/octet-stream"),
        (b"<html><script>", "a.html", "application/octet-stream"),
        (b"<html><script>", "a.pdf", "application/octet-stream"),
        (b"<svg onload=x>", "a.svg", "image/svg+xml"),
        (
            b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- a > b -->\n<!DOCTYPE svg [ <!ENTITY n 'x'> ]>\n<s:svg xmlns:s='u'/>",
            "A.SVG",
            "image/svg+xml",
        ),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.png", "application/octet-stream"),
        (b"<html><svg>", "a.svg", "application/octet-stream"),
        (b"<svgx>", "a.svg", "application/octet-stream"),
        (b"words", "a.html", "application/octet-stream"),
        (b"MZ\x90", "a.exe", "application/octet-stream"),
        (b"", "a.pdf", "application/octet-stream"),
    ],
)
def test_a_file_is_what_its_bytes_say(data, name, media_type):
    assert identify_file(data, name).media_type == media_type


@pytest.mark.parametrize(
    "media_type", ["application/octet-stream", "text/html", "text/plain", "application/zip"]
)
def test_nothing_that_could_run_opens_in_the_browser(media_type):
    assert not is_inline(media_type)


@pytest.mark.parametrize(
    "data, name, problem",
    [
        (b"%PDF-1.7", "a.pdf", ""),
        (b"%PDF-1.7", "A.PDF", ""),
        (b"", "a.pdf", "a.pdf is empty."),
        (b"\xff\xd8\xff", "a.png", "a.png ends in .png, but its content is that of a .jpg file."),
        (
            b"<html>",
            "a.pdf",
            "a.pdf ends in .pdf, but its content is something else. It may be broken, or another file renamed.",
        ),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            "a.svg",
            "a.svg is of a kind that cannot be an annex. PDF, office files, pictures, CSV and text can.",
        ),
        (
            zipped("a.txt"),
            "a.zip",
            "a.zip is of a kind that cannot be an annex. PDF, office files, pictures, CSV and text can.",
        ),
    ],
)
def test_an_annex_is_refused_in_plain_words(data, name, problem):
    assert find_annex_problem(data, name) == problem


def test_a_git_lfs_pointer_is_not_the_file():
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
    assert (is_lfs_pointer(pointer), is_lfs_pointer(b"%PDF-1.7")) == (True, False)


@given(st.binary(max_size=200), st.sampled_from(["pdf", "docx", "txt", "csv", "html", ""]))
def test_any_bytes_are_something(data, extension):
    for content in (data, b"PK\x03\x04" + data, b"RIFF" + data):
        assert identify_file(content, f"a.{extension}").media_type
