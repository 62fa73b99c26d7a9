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
        (b"\r\n%PDF-1.7", "a.pdf", "application/pdf"),
        (b"\xef\xbb\xbf%PDF-1.7", "a.pdf", "application/pdf"),
        (b"Content-Type: application/pdf\r\n\r\n%PDF-1.7", "A.PDF", "application/pdf"),
        (b" " * 1023 + b"%PDF-1.7", "a.pdf", "application/pdf"),
        (b" " * 1024 + b"%PDF-1.7", "a.pdf", "application/octet-stream"),
        (b" %PDF-1.7", "a.html", "application/octet-stream"),
        (b"A note on %PDF-1.7", "a.txt", "text/plain"),
        (b"MZ\x90 %PDF-1.7", "a.pdf", "application/octet-stream"),
        (b"\x7fELF %PDF-1.7", "a.pdf", "application/octet-stream"),
        (b"#!/bin/sh\n%PDF-1.7", "a.pdf", "application/octet-stream"),
        (b"\xff\xd8\xff\xe0", "a.png", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "a.png", "image/png"),
        (b"GIF89a..", "a.gif", "image/gif"),
        (b"RIFF....WEBPVP8 ", "a.webp", "image/webp"),
        (b"\xff\xf3\x40\xc0", "a.mp3", "audio/mpeg"),
        (b"\xff\xf2\x40\xc0", "a.mp3", "audio/mpeg"),
        (b"\xff\xfa\x90\x64", "a.mp3", "audio/mpeg"),
        (b"\xff\xf3\x40\xc0", "a.pdf", "application/octet-stream"),
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
        (b"<!-- c -->\n" * 50 + b"<!--" + b"x" * 9000 + b"--><svg/>", "a.svg", "image/svg+xml"),
        ('<?xml version="1.0" encoding="UTF-16"?><svg/>'.encode("utf-16"), "a.svg", "image/svg+xml"),
        (b"<!-- <svg/>", "a.svg", "application/octet-stream"),
        (b"<!--" * 16_000, "a.svg", "application/octet-stream"),
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
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "iso-8859-15", "mac-roman", "cp850", "cp437"],
)
@pytest.mark.parametrize(
    "name, media_type", [("a.csv", "text/csv"), ("a.txt", "text/plain"), ("A.CSV", "text/csv")]
)
def test_a_table_is_taken_in_whatever_encoding_a_spreadsheet_saved_it(encoding, name, media_type):
    data = "Größe;Café\r\n1,5;naïve\r\n".encode(encoding)
    assert (identify_file(data, name).media_type, find_annex_problem(data, name)) == (media_type, "")


@pytest.mark.parametrize(
    "words, encoding",
    [
        ("名称,数量\r\n规定,1\r\n", "gb18030"),
        ("名稱,數量\r\n", "big5"),
        ("名称,数量\r\n", "shift_jis"),
        ("이름,수\r\n", "euc-kr"),
        ("பெயர்,எண்\r\n", "utf-16-le"),
        ("名称,数量\r\n", "utf-16-be"),
    ],
)
def test_a_table_in_another_script_is_taken(words, encoding):
    marks = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
    assert find_annex_problem(marks.get(encoding, b"") + words.encode(encoding), "a.csv") == ""


def test_a_long_table_may_have_its_letters_at_any_place():
    data = ("a" * 65_535 + "é,名\n" * 9).encode()
    assert find_annex_problem(data, "a.csv") == ""
    assert find_annex_problem(b"\xff\xfe" + ("名," * 40_000).encode("utf-16-le"), "a.csv") == ""


@pytest.mark.parametrize(
    "data",
    [
        b"a,b\x00c",
        b"\xff\xfea\x00\x01\x00",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\xff\xfe" + "<script>alert(1)</script>".encode("utf-16-le"),
        b"\xfe\xff" + "<svg onload=alert(1)>".encode("utf-16-be"),
        b"\xe9<\x00script>",
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "a.txt"])
def test_what_is_no_text_in_any_encoding_is_no_table(data, name):
    assert identify_file(data, name).media_type == "application/octet-stream"


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
