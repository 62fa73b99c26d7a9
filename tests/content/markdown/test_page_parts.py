import re

import pytest

from releases.content.markdown import decorate, render
from releases.content.markdown.page_parts import list_file_links
from releases.content.markdown.page_words import PageWords

TABLE = "| a |\n|---|\n| b |\n"
CAPTIONED = "<table><caption>Trade in <b>2024</b></caption><tr><td>1</td></tr></table>\n"


def names(body):
    return re.findall(r'aria-label="([^"]*)"><table', decorate(render(body)))


@pytest.mark.parametrize(
    "body, found",
    [
        (TABLE, ["Table"]),
        (f"{TABLE}\nText\n\n{TABLE}", ["Table 1", "Table 2"]),
        (
            f"## Fish & chips\n\n{TABLE}\nText\n\n{TABLE}",
            ["Table: Fish &amp; chips", "Table: Fish &amp; chips (2)"],
        ),
        (f"## Fish\n\n{CAPTIONED}\n{TABLE}", ["Table: Trade in 2024", "Table: Fish"]),
        ("<table><tr><td><table><tr><td>In</td></tr></table></td></tr></table>", ["Table 1"]),
    ],
)
def test_a_table_has_a_name_of_its_own(body, found):
    assert names(body) == found


def test_the_links_of_notes_say_where_they_lead():
    html = decorate(render("One[^a], two[^b], one again[^a].\n\n[^a]: First.\n[^b]: Second."))
    assert re.findall(r"<sup[^<>]*>", html) == [
        '<sup id="fnref:a">',
        '<sup id="fnref:b">',
        '<sup id="fnref:a:1">',
        "<sup>",
    ]
    assert html.count('role="doc-noteref"') == html.count('<a role="doc-noteref"') == 3
    back = re.findall(r'<a aria-label="([^"]*)" href="#fnref:([^"]*)"', html)
    assert back == [
        ("Back to note 1 in the text", "a"),
        ("Back to note 1 in the text (2)", "a:1"),
        ("Back to note 2 in the text", "b"),
    ]


def test_a_link_to_an_absent_file_is_words_that_say_so():
    html = render(
        "See [the *annex*](/files/a%20b.pdf), [this](/files/c.pdf?x=1), [page](/news/) and [d](/d.docx)."
    )
    assert list_file_links(html) == ["/files/a b.pdf", "/files/c.pdf", "/d.docx"]
    shown = decorate(html, absent={"/files/a b.pdf"})
    assert 'See the <em>annex</em> <span class="by">(file not available)</span>, <a' in shown
    assert shown.count("<a ") == html.count("<a ") - 1


def test_words_of_ours_are_in_the_language_of_the_text():
    words = PageWords("Perenggan", "Jadual", "Kembali ke nota {}", "Tonton video", "fail tiada")
    body = f'1. a[^1]\n\n{TABLE}\n<iframe src="https://www.youtube.com/embed/abc"></iframe>\n\n[^1]: b'
    html = decorate(render(body), words=words)
    told = (
        "Perenggan </span>1",
        'aria-label="Jadual"',
        'aria-label="Kembali ke nota 1"',
        "Tonton video (YouTube)",
    )
    assert [one for one in told if one not in html] == []


def test_a_picture_of_which_nobody_said_anything_has_words_of_ours():
    shown = decorate('<p><img src="/a.png"><img src="/b.png" alt=""><img alt="C" src="/c.png"></p>')
    assert re.findall(r'alt="([^"]*)"', shown) == ["Picture without a description", "", "C"]


def test_links_and_header_cells_without_words_are_none():
    html = '<p>a <a href="/b/"><strong> </strong></a></p><table><tr><th scope="col"><p></p></th><th>B</th></tr></table>'
    shown = decorate(html)
    assert "<a " not in shown and shown.count("<th") == 1 and "<td><p></p></td>" in shown
    assert '<a href="/b/"><img' in decorate('<p><a href="/b/"><img src="/c.png" alt="C"></a></p>')


def test_many_blanks_in_a_link_take_no_time():
    html = f'<p><a href="/b/">{chr(160) * 5_000}B</a></p>'
    assert "B</a>" in decorate(html)
