import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.content.extraction.leads import find_lead
from releases.content.text.markup import plain_text

TITLE = "The bridge opens"
SAYS = "The bridge has four lanes."


@pytest.mark.parametrize(
    "above",
    [
        "",
        "<h2>Background</h2>",
        "<p><strong>Four lanes for all</strong></p>",
        "<p>The bridge opens</p>",
        "<p><em>The Bridge Opens.</em></p>",
        "<p>5 August 2026 Posted in <a href='/s/'>Speeches</a></p>",
        "<p>05 Aug 2026<br />Posted in Speeches and replies</p>",
        "<p>Posted in: Press releases</p>",
        "<p>3 May 2021</p>",
        "<p>Jointly issued by the Fish Board and the Sand Office</p>",
        "<p><em>*Joint Press Release by Fish Board and Sand Office*</em></p>",
        "<p>Mr Speaker, Sir,</p>",
        "<p>Mdm Deputy Speaker</p>",
        "<p>Good morning, ladies and gentlemen.</p>",
        "<p>Good evening everyone!</p>",
        "<p>President of the Fish Guild, Mr Lim,</p><p>Distinguished Guests,</p><p>Ladies and Gentlemen,</p>",
        "<p>Your Excellency Mr Ola Berg, Minister of Sand, distinguished guests, ladies and gentlemen</p>",
        "<p>Dear friends and colleagues,</p>",
        "<p>Mr Ola Berg, Chairman of the Fish Guild<br>Ms Bo Lim, Guild Member<br>Colleagues and Friends</p>",
        "<p>INTRODUCTION</p>",
        "<p>25-26 June 2019, Oslo</p>",
        "<p>*</p>",
        "<p>– </p>",
        "<p>1.</p>",
        "<p>2 May 2026 Posted in Speeches</p><p>Mr Speaker, Sir</p><p>1</p>",
    ],
)
@pytest.mark.parametrize("before", ["", "1. ", "(a) ", "• ", "– ", "* "])
def test_a_lead_begins_where_the_text_says_something(above, before):
    assert find_lead(f"{above}\n<p>{before}{SAYS}</p>\n<p>More.</p>", TITLE) == f"{SAYS} More."


@pytest.mark.parametrize(
    "said, lead",
    [
        ("Mr Speaker, Sir, I thank Members for the debate.", "I thank Members for the debate."),
        ("Good morning. It is a joy to be here.", "It is a joy to be here."),
        ("Ladies and gentlemen, the bridge is open.", "the bridge is open."),
        ("OSLO, 3 May 2021 – Norway signed a pact.", "Norway signed a pact."),
        ("3 May 2021 is a good day for fish.", "3 May 2021 is a good day for fish."),
        ("12 boats came.", "12 boats came."),
        ("“We are glad,” said Mr Lim.", "“We are glad,” said Mr Lim."),
        ("Mr Lim opened the bridge.", "Mr Lim opened the bridge."),
        ("The bridge opens on Monday.", "The bridge opens on Monday."),
        ("Friends of the bridge came.", "Friends of the bridge came."),
        ("Sir Ola Berg came.", "Sir Ola Berg came."),
        ("今天，大桥通车。", "今天，大桥通车。"),
    ],
)
def test_what_a_first_sentence_says_stays(said, lead):
    assert find_lead(f"<p>{said}</p>", TITLE) == lead


def test_paragraphs_that_follow_are_told_without_their_numbers():
    text = f"<p>1. {SAYS}</p>\n<p>2. It took 3. Or 4 years.</p><p class='x'>(3) Fish<br>\n4) swim.</p><p>2026. A year.</p>"
    assert find_lead(text, TITLE) == f"{SAYS} It took 3. Or 4 years. Fish swim. 2026. A year."


@pytest.mark.parametrize(
    "below, lead",
    [
        ("<p>Fish Board</p>", SAYS),
        ("<p>Ministry of Sand<br>3 May 2021</p>", SAYS),
        ("<h2>How to cross</h2><p>Walk.</p>", f"{SAYS} Walk."),
        ("<p><strong>How to cross</strong></p><p>Walk.</p>", f"{SAYS} Walk."),
        (
            "<p>They are:</p><ul><li>for boats</li><li>for fish</li></ul>",
            f"{SAYS} They are: for boats for fish",
        ),
        ("<p>Boats pass<br>below.</p>", f"{SAYS} Boats pass below."),
        ("<p>Annex A</p><p>More.</p>", f"{SAYS} More."),
    ],
)
def test_headings_and_signatures_below_the_first_sentence_are_passed_over(below, lead):
    assert find_lead(f"<p>{SAYS}</p>{below}", TITLE) == lead


@pytest.mark.parametrize(
    "opening, lead",
    [
        ("<h2>Background</h2>", "Background"),
        ("<p>The bridge opens</p>", ""),
        ("", ""),
        ("Plain", "Plain"),
        ("<ul><li>Fish</li><li>Sand</li></ul>", "Fish Sand"),
    ],
)
def test_where_nothing_else_is_said_all_words_are_given(opening, lead):
    assert find_lead(opening, TITLE) == lead


PIECES = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<br>",
            "<strong>",
            "<h2>",
            "</h2>",
            "Mr Speaker, ",
            "3 May 2021 ",
            "1. ",
            "Fish ",
            ". ",
        ]
    ),
    max_size=20,
).map("".join)


@given(PIECES | st.text(max_size=200), st.text(max_size=30))
def test_a_lead_has_words_of_its_text_in_their_order(opening, title):
    text = iter(plain_text(opening).split())
    for place, word in enumerate(find_lead(opening, title).split()):
        assert any(one == word or (not place and one.endswith(word)) for one in text)


def test_an_opening_is_read_in_less_than_a_millisecond():
    hostile = "<p>Mr Speaker, Sir, " * 80
    began = time.process_time()
    for _ in range(50):
        find_lead(hostile[:1500], TITLE)
        find_lead("<p>" + "a " * 750, TITLE)
    assert time.process_time() - began < 0.5
