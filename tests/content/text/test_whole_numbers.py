import pytest

from releases.content.text.whole_numbers import read_whole_number


@pytest.mark.parametrize("text, number", [("7", 7), ("-12", -12), ("007", 7), ("123456789", 123_456_789)])
def test_a_number_is_read(text, number):
    assert read_whole_number(text, 1) == number


@pytest.mark.parametrize("text", ["", "-", "--5", "5-", "1.5", " 5", "²", "٣", "None", "1" * 10, "9" * 5_000])
def test_anything_else_is_what_stands_in_its_place(text):
    assert read_whole_number(text, 1) == 1
