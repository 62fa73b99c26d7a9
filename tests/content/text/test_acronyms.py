"""An acronym in brackets stands for the words before it that it is made of."""

import pytest

from releases.content.text.acronyms import find_acronyms


@pytest.mark.parametrize(
    ("text", "introduced"),
    [
        ("at the Committee of Supply (COS) debate", ("COS", "Committee of Supply")),
        ("a memorandum of understanding (MOU) was signed", ("MOU", "memorandum of understanding")),
        ("help for small and medium enterprises (SMEs)", ("SME", "small and medium enterprises")),
        ("the Internet of Things (IoT)", ("IoT", "Internet of Things")),
        ("the Korea-Singapore Partnership (KSP)", ("KSP", "Korea-Singapore Partnership")),
        ("the Child's Online Safety Act (COSA)", ("COSA", "Child's Online Safety Act")),
    ],
)
def test_an_acronym_is_read_with_its_words(text, introduced):
    assert list(find_acronyms(text)) == [introduced]


@pytest.mark.parametrize(
    "text",
    [
        "he said so (COS)",
        "the Committee of Ways and Supply (COS)",
        "(COS) Committee of Supply",
        "the Committee of Supply (cos)",
        "Mr Tan (Member of Parliament)",
        "Committee" + " of" * 60 + " Supply (CS)",
    ],
)
def test_a_bracket_behind_other_words_is_none(text):
    assert list(find_acronyms(text)) == []
