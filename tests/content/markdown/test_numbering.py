import re

import pytest

from releases.content.markdown import render_body


def shown(html):
    """The numbers that a browser shows before the items of the lists of one level."""
    numbers = []
    for start, items in re.findall(r"<ol(?: start=\"(\d+)\")?>(.*?)</ol>", html, re.DOTALL):
        current = int(start or 1) - 1
        for value in re.findall(r"<li(?: value=\"(\d+)\")?", items):
            current = int(value) if value else current + 1
            numbers.append(current)
    return numbers


@pytest.mark.parametrize(
    "typed",
    [
        [1, 2, 3],
        [3, 4, 5],
        [7],
        [0, 1],
        [1, 2, 4],
        [2, 2, 3],
        [9, 8, 7],
        [1, 2, 10, 11],
        [100, 101],
        [2, 1, 1],
    ],
)
def test_a_list_shows_the_numbers_that_were_typed(typed):
    found = render_body("\n".join(f"{number}. Text" for number in typed))
    assert shown(found.html) == typed


def test_a_list_typed_with_ones_counts_on():
    assert shown(render_body("1. a\n1. b\n1. c").html) == [1, 2, 3]


@pytest.mark.parametrize(
    "line", ['{:start="4"}', "{:start='4'}", '{: .x start="4" }', '{:start="4"}\n{:.x}', '{:start="04"}']
)
def test_an_attribute_line_wins_over_the_first_number(line):
    assert shown(render_body(f"{line}\n7. a\n8. b").html) == [4, 5]


@pytest.mark.parametrize(
    "line", ["{:start=“4”}", "{:start=4}", '{:start="x"}', '{:start=""}', '{:start="-4"}']
)
def test_a_broken_attribute_line_leaves_the_typed_number(line):
    assert shown(render_body(f"{line}\n7. a\n8. b").html) == [7, 8]


def test_paragraphs_between_numbered_ones_do_not_break_the_count():
    body = "1. One\n\nBetween\n\n2. Two\n\n> Quoted\n\n3. Three"
    assert shown(render_body(body).html) == [1, 2, 3]


@pytest.mark.parametrize("number", ["99999999999999999999", "2147483648"])
def test_a_number_that_no_browser_can_count_is_text(number):
    assert render_body(f"{number}. a").html == f"<p>{number}. a</p>\n"


@pytest.mark.parametrize(
    "body, told",
    [
        ("1. a\n2. b", False),
        ("Intro\n\n3. a", True),
        ('{:start="3"}\n3. a', False),
        ("1. a\n1. b", False),
        ("1. a\n3. b", True),
        ("No list", False),
        ("- a\n  2. b", True),
        ("2.\u00a0Text", False),
    ],
)
def test_a_body_tells_when_kramdown_showed_other_numbers(body, told):
    assert render_body(body).renumbered is told
