import re

import pytest

from releases.content.markdown import decorate, render


def levels(html):
    return [int(level) for level in re.findall(r"<h(\d)", html)]


@pytest.mark.parametrize(
    "typed, shown",
    [
        ([1, 2, 3], [2, 3, 4]),
        ([2, 3, 2], [2, 3, 2]),
        ([4, 4], [2, 2]),
        ([1, 4, 2], [2, 3, 3]),
        ([3, 2, 1], [2, 2, 2]),
        ([1, 2, 3, 4, 5, 6], [2, 3, 4, 5, 6, 6]),
    ],
)
def test_headings_stand_below_the_page_and_skip_no_level(typed, shown):
    body = "\n\n".join("#" * level + " Head" for level in typed)
    assert levels(decorate(render(body))) == shown


def test_headings_can_begin_lower():
    assert levels(decorate(render("# a\n\n## b"), heading_level=3)) == [3, 4]


def addresses(html):
    return re.findall(r'<(?:p|li) id="([^"]+)"', html)


@pytest.mark.parametrize(
    "body, ids",
    [
        ("1. a\n2. b", ["p1", "p2"]),
        ("3. a\n\n4. b", ["p3", "p4"]),
        ("1. a\n2. b\n\nBetween\n\n1. c", ["p1", "p2", "s2-p1"]),
        ("One\n\nTwo", ["g1", "g2"]),
        ("1.\u00a0One\n\n2.\u00a0Two", ["p1", "p2"]),
        ("- a\n- b", []),
        ("1. a\n   1. inner\n2. b", ["p1", "p2"]),
        ('<ol style="list-style-type:lower-alpha"><li>a</li></ol>', []),
        ("> quoted", []),
        ("One\n{:#own}\n\nTwo", ["own", "g1"]),
    ],
)
def test_paragraphs_get_addresses(body, ids):
    assert addresses(decorate(render(body))) == ids


def test_an_address_that_the_body_has_is_not_given_twice():
    html = decorate('<p id="g1">mine</p><p>other</p>')
    assert len(set(addresses(html))) == 2


def test_a_number_is_a_link_that_names_itself():
    html = decorate(render("4. Text"))
    assert '<li id="p4"><a class="pn" href="#p4"><span class="vh">Paragraph </span>4</a> Text</li>' in html
    assert '<ol class="paras" role="list" start="4">' in html


def test_the_number_of_a_loose_item_stands_in_its_paragraph():
    html = decorate(render("4. Text\n\n   More"))
    assert '<p><a class="pn" href="#p4"><span class="vh">Paragraph </span>4</a> Text</p>' in html
    assert html.count("pn") == 1


def test_a_video_asks_nobody_until_it_is_followed():
    html = decorate(render('<iframe src="https://www.youtube.com/embed/abc" title="The signing"></iframe>'))
    assert "<iframe" not in html
    assert (
        '<a href="https://www.youtube.com/watch?v=abc" rel="noopener noreferrer">The signing (YouTube)</a>'
        in html
    )


def test_a_wide_table_scrolls_in_a_box_of_its_own():
    html = decorate(render("| a |\n|---|\n| b |"))
    assert html.startswith('<div class="tbl" role="region" tabindex="0" aria-label="Table"><table>')
    assert html.count("<div") == html.count("</div>") == 1


def test_decorating_changes_no_word_of_the_text():
    body = "# Head\n\nA *b*\n\n- c\n\n| d |"
    html = render(body)
    assert re.sub(r"<[^>]*>", "", decorate(html)) == re.sub(r"<[^>]*>", "", html)


def test_an_address_that_several_elements_claim_stays_with_the_first():
    shown = decorate('<p id="n1">One.</p>\n<div id="n1">Two.</div>\n<p id="n2">Three.</p>\n<p>id="n1"</p>\n')
    assert re.findall(r'<(?:p|div) id="([^"]*)"', shown) == ["n1", "n2", "g1"]
    assert "<div>Two.</div>" in shown and 'id="n1"</p>' in shown


def test_addresses_of_paragraphs_outlive_an_edit_of_another():
    before = "1. One.\n2. Two.\n\n## Then\n\n3. Three.\n\nPlain.\n"
    after = before.replace("One.", "One, with more words.\n    And a second paragraph.")
    assert re.findall(r'id="([^"]*)"', decorate(render(before))) == re.findall(
        r'id="([^"]*)"', decorate(render(after))
    )


def test_a_number_that_no_list_can_have_is_no_number():
    html = decorate(render(f'<ol start="{"9" * 5_000}"><li value="{"1" * 10}">A</li></ol>'))
    assert '<a class="pn" href="#p1">' in html
