import pytest

from releases.content.files.csv_tables import TableRefused, read_table, write_table

TEXT = "from,to\n/café/,/neu/\n/b,\n"


def cells(data):
    return [row.cells for row in read_table(data).rows]


@pytest.mark.parametrize(
    "data, encoding",
    [
        (TEXT.encode(), "UTF-8"),
        (TEXT.encode("utf-8-sig"), "UTF-8"),
        (TEXT.encode("cp1252"), "Windows-1252"),
        (TEXT.encode("utf-16"), "UTF-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.replace("\n", "\r\n").encode("cp1252"), "Windows-1252"),
    ],
)
def test_a_table_is_read_in_whatever_encoding_it_was_saved(data, encoding):
    assert read_table(data).encoding == encoding
    assert cells(data) == [("from", "to"), ("/café/", "/neu/"), ("/b", "")]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_table_is_read_with_whatever_separator_it_was_saved(separator):
    text = TEXT.replace(",", separator)
    assert read_table(text.encode()).separator == separator
    assert cells(text.encode()) == [("from", "to"), ("/café/", "/neu/"), ("/b", "")]


def test_a_comma_in_an_address_does_not_make_it_a_table_with_commas():
    assert cells(b"/a, b/;/c\n/d, e;/f\n") == [("/a, b/", "/c"), ("/d, e", "/f")]


def test_excel_s_own_line_names_the_separator():
    assert cells(b"sep=;\n/a;/b\n") == [("/a", "/b")]


def test_quotes_hold_a_separator_and_lines_keep_their_numbers():
    table = read_table(b'"/a, b",/c\n\n"/d ""e""",/f')
    assert [(row.number, row.cells) for row in table.rows] == [(1, ("/a, b", "/c")), (3, ('/d "e"', "/f"))]


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"a\x00b", b"\x81\x8d", b"\xff\xfe\x00\xd8x\x00"]
)
def test_what_is_no_text_is_refused(data):
    with pytest.raises(TableRefused):
        read_table(data)


def test_what_is_written_is_read_again_and_holds_no_formula():
    data = write_table([("from", "to"), ("/é", "=1+1"), ("+6512", "@x")])
    assert data.startswith(b"\xef\xbb\xbf")
    assert cells(data) == [("from", "to"), ("/é", "'=1+1"), ("'+6512", "'@x")]
