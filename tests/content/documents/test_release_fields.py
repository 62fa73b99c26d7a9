import datetime as dt

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from releases.content.documents.plain_text import read_plain_text
from releases.content.documents.release_fields import find_fields
from releases.content.markdown import render
from tests.visible import count_words, visible_text

WHOLE = """
PRESS RELEASE

**Harbour Pact enters into force**

Jointly issued by the Ministry of Trade and Industry and the Infocomm Media Development Authority

Wednesday, 1 May 2024

1.\tThe pact enters into force on 3 May 2024.

2.  It has three annexes:
• a list
• a table

Annexes:
Annex A: Key features
Annex B – Factsheet

- End -

For media enquiries, please contact:
Ms Lena Ong
Tel: 6123 4567
Email: lena_ong@example.org
"""


def find(text):
    return find_fields(read_plain_text(text))


def told(found):
    """Every word of every field."""
    annexes = [part for annex in found.annexes for part in annex]
    shown = visible_text(render(found.body))
    parts = [found.title, found.byline, shown, found.day_line, found.contacts]
    return count_words(" \n".join([*parts, *annexes, *found.embargoes, *found.left_out]))


def test_a_whole_release_is_taken_apart():
    found = find(WHOLE)
    assert found.title == "Harbour Pact enters into force"
    assert found.byline.startswith("Jointly issued by the Ministry of Trade")
    assert found.day == dt.date(2024, 5, 1)
    assert found.body == (
        "1. The pact enters into force on 3 May 2024.\n\n2. It has three annexes:\n\n   - a list\n   - a table\n"
    )
    assert found.annexes == [("Annex A", "Key features"), ("Annex B", "Factsheet")]
    assert found.contacts.splitlines() == [
        "For media enquiries, please contact:",
        "Ms Lena Ong",
        "Tel: 6123 4567",
        "Email: lena_ong@example.org",
    ]
    assert found.left_out == ["PRESS RELEASE", "- End -", "Annexes:"]
    assert told(found) == count_words(WHOLE)


@pytest.mark.parametrize(
    "tail",
    [
        "Media contact\nLena Ong, 6123 4567\n\nAnnex A: Key features\nAnnex B\tFactsheet\n\n14 January 2023",
        "14 January 2023\n###\nFor media queries, contact Lena Ong.\nAnnex A - Key features\nAnnex B. Factsheet",
        "* * *\nAnnex A: Key features\n\nAnnex B: Factsheet\n\nPress contacts:\nLena Ong\n\n14 January 2023",
    ],
)
def test_what_stands_at_the_end_is_found_in_any_order(tail):
    text = f"A title\n\n1. One.\n\n{tail}"
    found = find(text)
    assert found.body == "1. One.\n"
    assert found.annexes == [("Annex A", "Key features"), ("Annex B", "Factsheet")]
    assert found.day == dt.date(2023, 1, 14)
    assert "Lena Ong" in found.contacts
    assert told(found) == count_words(text)


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("Annex A sets out the schedule.", "Annex A sets out the schedule."),
        ("[Annex A: Key features](/files/a.pdf)", r"\[Annex A: Key features\](/files/a.pdf)"),
        ("The annexes follow.", "The annexes follow."),
    ],
)
def test_a_sentence_about_an_annex_and_a_link_stay_in_the_text(line, body):
    assert find(f"A title\n\n1. One.\n\n{line}").body == f"1. One.\n\n{body}\n"


def test_contacts_that_are_a_numbered_paragraph_or_stand_above_the_text_stay_there():
    for text in ("T\n\n1. One.\n\n2. For media enquiries, contact us.", "T\n\nMedia contact: us\n\n1. One."):
        assert find(text).contacts == ""


def test_what_follows_the_contacts_stays_in_the_text():
    found = find("T\n\nOne.\n\nMedia contact\nLena Ong\n\nAbout the board\n\nIt was founded long ago.")
    assert found.contacts == "Media contact\nLena Ong"
    assert found.body == "One.\n\nAbout the board\n\nIt was founded long ago.\n"


def test_an_embargo_is_no_part_of_the_text():
    found = find("EMBARGOED UNTIL 14 JANUARY 2023, 9AM\nA title\n\nOne.")
    assert (found.title, found.body) == ("A title", "One.\n")
    assert found.embargoes == ["EMBARGOED UNTIL 14 JANUARY 2023, 9AM"]


def test_names_below_the_byline_belong_to_it():
    found = find("T\n\nJointly issued by:\nMinistry of Trade and Industry\nBoard of Ferries\n\n1. One.")
    assert found.byline == "Jointly issued by: Ministry of Trade and Industry, Board of Ferries"
    assert found.body == "1. One.\n"


def test_a_day_inside_the_text_and_a_second_one_stay():
    found = find("T\n\n1 May 2024\n\n1. It begins on 3 May 2024.\n\n31 June 2024\n\n2 May 2024")
    assert found.day == dt.date(2024, 5, 1)
    assert "3 May 2024" in found.body and "31 June 2024" in found.body and "2 May 2024" in found.body


def test_a_title_that_is_too_long_goes_on_in_the_text():
    found = find("word " * 200 + "\n\nOne.")
    assert len(found.title) <= 500
    assert told(found)["word"] == 200


def test_no_word_of_a_plain_text_is_lost():
    found = find("Title\n\nThe annex is new. Annex A is named here.\n\nMr Lim said so.")
    assert found.body == "The annex is new. Annex A is named here.\n\nMr Lim said so.\n"
    assert (found.byline, found.annexes) == ("", [])


def test_a_year_at_the_start_of_a_line_is_no_number():
    assert find("Title\n\n2024 was good.").body == "2024 was good.\n"


def test_nothing_is_nothing():
    assert find(" \n ").title == ""


LINES = st.sampled_from(
    [
        "",
        "",
        "  ",
        "PRESS RELEASE",
        "FOR IMMEDIATE RELEASE",
        "EMBARGOED TILL 9AM",
        "# A title",
        "**Bold title**",
        "Jointly issued by MTI and IMDA",
        "Issued by:",
        "Issued by",
        "Source: MTI",
        "14 January 2023",
        "Date: 1 May 2024",
        "Saturday, 14 January 2023",
        "31 June 2024",
        "1.\tOne",
        "2.  Two",
        "(a) sub",
        "• point",
        "– dash",
        "12 ferries",
        "Annexes:",
        "Annex A: Key features",
        "Annex B",
        "ANNEX C – Quotes",
        "Annex 2  Table",
        "Annex A sets out more.",
        "Annexure I. Map",
        "Appendix A",
        "For media enquiries, please contact:",
        "Media contact",
        "Contact:",
        "Ms Ong, 6123",
        "About MTI",
        "Notes to editors",
        "- End -",
        "###",
        "***",
        "The end",
        "x" * 250,
        "word " * 130,
        "1. 14 January 2023",
    ]
)


# What a body cannot show at all, control characters and halves of letters, is another test's.
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t"), max_size=60)
MARKUP = st.text("*_`#<>|[]()!{}:~-+=\\^&;.1a 'x\t", max_size=30)


@example(["0**0"])
@settings(max_examples=400, deadline=None)
@given(st.lists(LINES | WORDS | MARKUP, max_size=25))
def test_words_in_are_words_out_whatever_is_pasted(lines):
    text = "\n".join(lines)
    assert told(find(text)) == count_words(text.replace("\x00", ""))
