import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.content.extraction.sentences import find_days, find_signers, split_sentences

DAY = dt.date(2023, 1, 13)


def test_sentences_know_the_number_of_their_paragraph():
    body = "Intro. More.\n\n1. **First** one. Second [one](/x).\n\n   Still first.\n\n2. Two"
    assert [(line.text, line.paragraph) for line in split_sentences(body)] == [
        ("Intro.", 0),
        ("More.", 0),
        ("First one.", 1),
        ("Second one.", 1),
        ("Still first.", 1),
        ("Two", 2),
    ]


def test_sentences_end_with_the_blocks_of_html_and_not_after_a_title_or_an_initial():
    body = "<ul><li><p>Dr. Lim of the U.S. Coast Guard came.</p></li><li>He left<sup>1</sup> early. All did.</li></ul>"
    assert [line.text for line in split_sentences(body)] == [
        "Dr. Lim of the U.S. Coast Guard came.",
        "He left early.",
        "All did.",
    ]


def test_a_day_may_be_an_ordinal_and_has_the_year_of_the_release_when_it_gives_none():
    assert [day for day, _ in find_days("From 2nd July 2021 to 3 May and 31 February", DAY)] == [
        dt.date(2021, 7, 2),
        dt.date(2023, 5, 3),
    ]


@pytest.mark.parametrize(
    "sentence, people",
    [
        ("It was signed by Dr Anna Lim and Mr Peter Ng.", ["Dr Anna Lim", "Mr Peter Ng"]),
        (
            "It was signed by Second Minister for Fish and Ships Dr Anna Lim and Norway’s Minister of Sand Mr Ola Berg.",
            ["Dr Anna Lim, Second Minister for Fish and Ships", "Mr Ola Berg, Minister of Sand"],
        ),
        (
            "Signed today by Mr Tan, Chief Executive of the Fish Board and Ms Lee, President of the Sea Guild.",
            ["Mr Tan, Chief Executive of the Fish Board", "Ms Lee, President of the Sea Guild"],
        ),
        ("It was signed by Mr Tan, in Oslo.", ["Mr Tan"]),
        ("Mr Tan signed it.", []),
    ],
)
def test_who_signed_is_told_with_the_office_that_stands_beside_the_name(sentence, people):
    assert find_signers(sentence) == people


WORDS = st.lists(
    st.sampled_from(
        [
            "1.",
            "2.",
            "\n\n",
            "\n",
            " ",
            "The",
            "pact",
            "holds.",
            "Dr. Lim",
            "3 May 2022",
            "May 3, 2022",
            "31 February",
            "*",
            "(a)",
        ]
    ),
    max_size=40,
).map(" ".join)
ANY = st.one_of(st.text(max_size=300), WORDS)


@given(ANY)
def test_the_sentences_of_any_text_stand_in_it_in_their_order(text):
    """Marks, tags and the numbers of paragraphs go; every letter of a sentence is the text's own, none
    twice."""
    rest = iter(text)
    for line in split_sentences(text):
        assert line.text and line.text == " ".join(line.text.split())
        assert all(letter in rest for letter in line.text if letter.isalnum())
        assert line.paragraph == 0 or str(line.paragraph) in text


@given(ANY)
def test_the_days_of_any_text_stand_at_the_place_that_is_told(text):
    found = find_days(text, DAY)
    places = [place for _, place in found]
    assert places == sorted(set(places))
    for day, place in found:
        told = text[place:]
        assert re.match(rf"0?{day.day}\D|{day:%B}", told, re.IGNORECASE)
        assert day.year == DAY.year or str(day.year) in re.findall(r"\d+", told)[:3]
        assert f"{day:%B}".casefold() in told[:30].casefold()


@given(
    st.dates(dt.date(1000, 1, 1)),
    st.sampled_from(["{d} {m} {y}", "{d}th of {m} {y}", "{m} {d}, {y}", "{d} {m}, {y}"]),
)
def test_a_day_is_read_however_it_is_written(day, form):
    written = form.format(d=day.day, m=f"{day:%B}", y=day.year)
    assert find_days(f"It was on {written}.", DAY) == [(day, 10)]
