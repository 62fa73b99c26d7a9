import pytest

from releases.content.markdown import render
from releases.content.text.rendered import Link, read_rendered


@pytest.mark.parametrize(
    "markdown, blocks",
    [
        (
            "## A heading\n\nSome **bold** words  \non two lines.",
            ["A heading", "Some bold words on two lines."],
        ),
        ("3. Three.\n4. Four.\n\n   More of four.", ["3. Three.", "4. Four.", "More of four."]),
        ("1. One.\n   * Under it.\n2. Two.", ["1. One.", "• Under it.", "2. Two."]),
        ("| A | B |\n|---|---|\n| 1 | *2* |", ["A | B", "1 | 2"]),
        ("> Quoted.\n\nR&amp;D &lt; 5", ["Quoted.", "R&D < 5"]),
        ("", []),
    ],
)
def test_blocks_are_what_readers_see(markdown, blocks):
    assert read_rendered(render(markdown)).blocks == blocks


def test_a_row_is_one_block_whatever_stands_in_its_cells():
    html = "<table><tr><td><p>One</p><p>more</p></td><td><ul><li>Two</li></ul></td></tr></table><p>After</p>"
    assert read_rendered(html).blocks == ["One more | • Two", "After"]


def test_links_are_told_with_their_words():
    links = read_rendered(
        render("See [the *annex*](/files/a.pdf) and\n\n[more](https://example.org/).")
    ).links
    assert links == [Link("the annex", "/files/a.pdf"), Link("more", "https://example.org/")]


def test_a_list_that_starts_with_no_number_starts_with_one():
    html = '<ol start="--5"><li>A</li><li value="x">B</li></ol>'
    assert read_rendered(html).blocks == ["1. A", "2. B"]
