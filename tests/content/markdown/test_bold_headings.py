import re

import pytest

from releases.content.markdown import decorate, render

LINES = "**One**\n\nText.\n\n**Two**\n\nText.\n\n**Three**\n\nText."


def headings(body):
    return re.findall(r'<h(\d) id="([^"]*)">(.*?)</h', decorate(render(body)))


def test_bold_lines_of_a_text_without_headings_are_headings_at_their_addresses():
    assert headings(LINES) == [("2", "g1", "One"), ("2", "g3", "Two"), ("2", "g5", "Three")]


def test_underlined_lines_below_bold_ones_stand_a_level_lower():
    body = LINES.replace("**Two**", "<u>Two</u>")
    assert [level for level, _, _ in headings(body)] == ["2", "3", "2"]


def test_bold_lines_stand_below_real_headings():
    body = f"## Part\n\n{LINES}\n\n## Next part\n\nText."
    assert re.findall(r"<h(\d)", decorate(render(body))) == ["2", "3", "3", "3", "2"]


@pytest.mark.parametrize(
    "other",
    [
        "**A whole sentence that is only strong.**",
        "**[A link](/a.pdf)**",
        "**Bold** and not **bold**",
        "**1. Numbered**",
        "**Bold** **and bold**",
        f"**{'long ' * 30}**",
        "* **In a list**",
        "> **Quoted**",
        "**Of a letterhead**\n\n**and its second line**\n\n**and its third**\n\n- END -",
    ],
)
def test_other_strong_words_are_no_headings(other):
    found = [words for _, _, words in headings(f"{LINES}\n\n{other}")]
    assert found[:3] == ["One", "Two", "Three"] and found[3:] in ([], ["and its third"])


def test_two_bold_lines_are_only_strong_words():
    assert headings(LINES.rpartition("**Three**")[0]) == []


def test_where_only_numbers_are_addresses_headings_have_their_own():
    found = headings(f"1. A paragraph.\n2. Another.\n\n{LINES}")
    assert [address for _, address, _ in found] == ["site-part-1", "site-part-2", "site-part-3"]


def test_no_word_is_lost():
    html = render(LINES.replace("**Two**", "**Two**:"))
    assert re.sub(r"<[^>]*>", "", decorate(html)) == re.sub(r"<[^>]*>", "", html)
