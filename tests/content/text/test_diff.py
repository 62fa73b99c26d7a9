import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.content.text.diff import compare_texts, count_changed_words

TEXTS = st.lists(st.sampled_from(["one two three", "four five", "one two four", "six"]), max_size=6).map(
    "\n\n".join
)


def test_a_changed_word_is_shown_in_its_paragraph():
    found = compare_texts("One two.\n\nThree four.", "One two.\n\nThree five.")
    assert [paragraph.changed for paragraph in found] == [False, True]
    assert found[1].pieces == (("Three ", ""), ("four.", "del"), ("five.", "ins"))
    assert count_changed_words(found) == 1


def test_items_of_a_list_are_paragraphs():
    found = compare_texts("1. One.\n2. Two.\n   More.", "1. One.\n2. Three.\n   More.")
    assert [paragraph.changed for paragraph in found] == [False, True]
    assert found[1].pieces[0] == ("2. ", "")


def test_paragraphs_that_come_and_go_are_whole():
    found = compare_texts("A.\n\nB.", "A.\n\nNew.\n\nB.")
    assert [paragraph.pieces for paragraph in found] == [(("A.", ""),), (("New.", "ins"),), (("B.", ""),)]


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_from_the_comparison(before, after):
    found = compare_texts(before, after)
    for text, mark in ((before, "ins"), (after, "del")):
        kept = ["".join(piece for piece, kind in paragraph.pieces if kind != mark) for paragraph in found]
        assert [block for block in kept if block.strip()] == [
            block for block in text.split("\n\n") if block.strip()
        ]


@given(TEXTS)
def test_a_text_against_itself_has_no_change(text):
    assert count_changed_words(compare_texts(text, text)) == 0


def test_a_paragraph_that_is_written_anew_is_one_change():
    (paragraph,) = compare_texts("All of it was said before.", "Nobody knows what comes next.")
    assert [mark for _, mark in paragraph.pieces] == ["del", "ins"]


@pytest.mark.parametrize(
    "before, after",
    [
        ("a " * 2000, "b " * 2000),
        ("a b " * 1000, "b c a " * 600),
        ("a\n\n" * 3000, "a\n\nb\n\n" * 3000),
        (("a b " * 100 + "\n\n") * 200, ("b a a " * 60 + "\n\n") * 200),
    ],
)
def test_readers_do_not_wait_for_a_comparison(before, after):
    begun = time.process_time()
    found = compare_texts(before, after)
    assert time.process_time() - begun < 4
    kept = ["".join(piece for piece, mark in paragraph.pieces if mark != "del") for paragraph in found]
    assert " ".join(kept).split() == after.split()


def test_what_stayed_is_known_in_texts_of_any_kind():
    text = "a\n\n" * 3000
    assert count_changed_words(compare_texts(text, text + "b")) == 1
