import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.content.mentioning import events_in, named_in, sentences

DAY = dt.date(2023, 1, 13)


@pytest.mark.parametrize(
    "text, names",
    [
        ("They signed the Sea Trade Agreement (STA) today.", [("Sea Trade Agreement", "STA")]),
        ("On the Norway-Chile Digital Partnership (“NCDP”)", [("Norway-Chile Digital Partnership", "NCDP")]),
        (
            "A Memorandum of Understanding (MOU) on Fish was signed.",
            [("Memorandum of Understanding on Fish", "")],
        ),
        ("the MOU on the Arts", []),
        ("signed an MOU with Norway in May", [("Memorandum of Understanding with Norway", "")]),
        (
            "a Memorandum of Cooperation (MOC) between the Fish Office and the Sea Board of Chile",
            [("Memorandum of Cooperation between the Fish Office and the Sea Board of Chile", "")],
        ),
        ("a Memorandum of Understanding (MOU) was signed", []),
        ("Digital Economy Agreements (DEAs) are many", []),
        ("We agree (AND) disagree", []),
        ("Say it (twice)", []),
    ],
)
def test_a_text_gives_names_of_agreements(text, names):
    assert [(name.title, name.acronym) for name in named_in(text)] == names


@pytest.mark.parametrize(
    "sentence, found",
    [
        ("It will enter into force on 14 January 2023.", [("entry-into-force", dt.date(2023, 1, 14))]),
        ("It was signed on 21 November 2022.", [("signed", dt.date(2022, 11, 21))]),
        ("The ministers signed it today.", [("signed", DAY)]),
        ("They will sign it, they said today.", []),
        ("Negotiations were concluded on 3 May.", [("concluded", dt.date(2023, 5, 3))]),
        ("Both launched negotiations on 28 June 2021.", [("negotiations-launched", dt.date(2021, 6, 28))]),
        (
            "Signed on 1 May 2020, it entered into force on 2 June 2021.",
            [("signed", dt.date(2020, 5, 1)), ("entry-into-force", dt.date(2021, 6, 2))],
        ),
        ("It was signed on 31 February 2022.", []),
        ("Nothing happened on 14 January 2023.", []),
    ],
)
def test_a_sentence_tells_what_happened_when(sentence, found):
    assert events_in(sentence, DAY) == found


def test_sentences_know_the_number_of_their_paragraph():
    body = "Intro. More.\n\n1. **First** one. Second [one](/x).\n\n   Still first.\n\n2. Two"
    assert [(line.text, line.paragraph) for line in sentences(body)] == [
        ("Intro.", 0), ("More.", 0), ("First one.", 1), ("Second one.", 1), ("Still first.", 1), ("Two", 2),
    ]  # fmt: skip


@given(st.text(max_size=300))
def test_any_text_can_be_read(text):
    named_in(text)
    for line in sentences(text):
        events_in(line.text, DAY)
