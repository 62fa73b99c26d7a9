"""HTML that no office writes: it is refused or read, and never holds the desk up."""

import time

import pytest

from releases.content.documents.document import DocumentRefused
from releases.content.documents.html_text import read_html
from releases.content.documents.plain_text import read_plain_text
from releases.content.documents.release_fields import find_fields

SECONDS = 6
"""Of the processor: on a slow machine none of these takes half of it, and without its limit each takes minutes."""


@pytest.mark.parametrize(
    "html, words",
    [
        ("<div>" * 20_000, "nested more than 60 deep"),
        ("<p>" + "<b>a</b>" * 30_000, "more than 10,000 pieces"),
    ],
)
def test_what_is_nested_or_strung_together_without_end_is_refused_in_time(html, words):
    begun = time.process_time()
    with pytest.raises(DocumentRefused, match=words):
        read_html(html)
    assert time.process_time() - begun < SECONDS


def test_line_breaks_notes_and_wide_cells_are_read_in_time():
    rows = "<tr>" + "<td rowspan=500 colspan=50>a</td>" * 20 + "</tr>"
    marks = "".join(f'<p>a<a href="#n{i}" id="r{i}">{i}</a></p>' for i in range(400))
    notes = "".join(f'<p id="n{i}"><a href="#r{i}">{i}</a> said</p>' for i in range(400))
    begun = time.process_time()
    read = read_html(f"<p><b>{'a<br>' * 1_500}</b></p><table>{rows * 100}</table>{marks}{notes}")
    assert time.process_time() - begun < SECONDS
    assert [line.kind for line in read.lines].count("note") == 400
    table = next(line for line in read.lines if line.kind == "block")
    assert table.text.split().count("a") == 2_000


@pytest.mark.parametrize(
    "text", ["Issued by\n" + ", " * 140_000, "-" * 290_000, "* " * 145_000, "#" * 290_000]
)
def test_signs_without_end_are_looked_through_in_time(text):
    begun = time.process_time()
    find_fields(read_plain_text(f"A title\n\n{text}"))
    assert time.process_time() - begun < SECONDS
