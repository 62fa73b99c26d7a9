import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.content.text.merge3 import merge_texts

BASE = "One.\n\nTwo.\n\nThree.\n"


@pytest.mark.parametrize(
    "mine, theirs, merged",
    [
        (BASE, BASE, BASE),
        ("1.\n\nTwo.\n\nThree.\n", BASE, "1.\n\nTwo.\n\nThree.\n"),
        (BASE, "One.\n\nTwo.\n\n3.\n", "One.\n\nTwo.\n\n3.\n"),
        ("1.\n\nTwo.\n\nThree.\n", "One.\n\nTwo.\n\n3.\n", "1.\n\nTwo.\n\n3.\n"),
        ("1.\n\nTwo.\n\nThree.\n", "1.\n\nTwo.\n\nThree.\n", "1.\n\nTwo.\n\nThree.\n"),
        (f"{BASE}\nFour.\n", f"Zero.\n\n{BASE}", f"Zero.\n\n{BASE}\nFour.\n"),
    ],
)
def test_changes_in_different_paragraphs_combine(mine, theirs, merged):
    assert merge_texts(BASE, mine, theirs) == (merged, True)


def test_changes_in_one_paragraph_are_left_to_a_person_and_the_others_combine():
    mine, theirs = "Uno.\n\nTwo.\n\nThree.\n", "Eins.\n\nTwo.\n\nDrei.\n"
    assert merge_texts(BASE, mine, theirs) == ("Uno.\n\nTwo.\n\nDrei.\n", False)


@pytest.mark.parametrize(
    "base, mine, theirs",
    [
        ("One.\nTwo.\n", "1.\nTwo.\n", "One.\n2.\n"),
        ("One.\nTwo.\n", "One.\nMine.\nTwo.\n", "One.\nTheirs.\nTwo.\n"),
        ("One.\nTwo.\n", "One.\n", "One.\n2.\n"),
    ],
)
def test_changes_of_lines_that_touch_are_left_to_a_person(base, mine, theirs):
    assert merge_texts(base, mine, theirs) == (mine, False)
    assert merge_texts(base, theirs, mine) == (theirs, False)


LINES = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "\n"]), max_size=6).map("".join)


@given(LINES, LINES, LINES)
def test_a_whole_text_is_the_same_whoever_saves_first(base, one, other):
    first, second = merge_texts(base, one, other), merge_texts(base, other, one)
    assert first[1] == second[1]
    if first[1]:
        assert first == second
