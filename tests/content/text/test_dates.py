import datetime as dt

import pytest

from releases.content.text.dates import format_date, format_datetime, parse_days, read_days
from releases.content.text.tokens import parse_query


def day(*numbers):
    return dt.date(*numbers)


@pytest.mark.parametrize(
    "text, first, last",
    [
        ("13 January 2023", day(2023, 1, 13), day(2023, 1, 13)),
        ("13th jan 2023", day(2023, 1, 13), day(2023, 1, 13)),
        ("January 13, 2023", day(2023, 1, 13), day(2023, 1, 13)),
        ("13 Januari 2023", day(2023, 1, 13), day(2023, 1, 13)),
        ("2023-01-13", day(2023, 1, 13), day(2023, 1, 13)),
        ("2023年1月13日", day(2023, 1, 13), day(2023, 1, 13)),
        ("February 2024", day(2024, 2, 1), day(2024, 2, 29)),
        ("2024-02", day(2024, 2, 1), day(2024, 2, 29)),
        ("2024年2月", day(2024, 2, 1), day(2024, 2, 29)),
        ("2023", day(2023, 1, 1), day(2023, 12, 31)),
    ],
)
def test_days_months_and_years_are_read(text, first, last):
    (term,) = parse_query(text).terms
    assert term.days == (first, last) == parse_days(text)


@pytest.mark.parametrize(
    "text", ["31 June 2023", "2023-13", "2023-02-30", "1823", "20235", "may", "FY2023", "2020-2025", '"2023"']
)
def test_what_is_no_date_is_words(text):
    assert all(term.days is None for term in parse_query(text).terms)


def test_a_date_stands_among_words_and_can_be_left_out():
    terms = parse_query("mail 3 March 2021 islands -2022").terms
    assert [term.words for term in terms] == [("mail",), ("3", "march", "2021"), ("island",), ("2022",)]
    assert [term.days is not None for term in terms] == [False, True, False, True]
    assert [term.without for term in terms] == [False, False, False, True]


def test_days_and_times_are_written_without_leading_zeros_and_times_with_their_zone():
    tokyo = dt.timezone(dt.timedelta(hours=9))
    assert format_date(day(2026, 5, 1)) == "1 May 2026"
    assert format_datetime(dt.datetime(2026, 5, 1, 8, 5, tzinfo=tokyo)) == "30 April 2026, 23:05 UTC"
    assert format_datetime(dt.datetime(2026, 5, 1, 9, 5, tzinfo=tokyo)) == "1 May 2026, 00:05 UTC"


@pytest.mark.parametrize(
    "typed",
    "9/5/2025|09/05/2025|9.5.2025|9-5-2025|9 5 2025|9/5/25|2025-05-09|2025/5/9|20250509|9 May 2025|9 may, 2025|9-May-2025"
    "|9th May 2025|May 9, 2025|9 Mei 2025|2025年5月9日|  9  May 2025 |９／５／２０２５".split("|"),
)
def test_a_day_is_read_as_people_type_it(typed):
    assert read_days(typed) == (day(2025, 5, 9), day(2025, 5, 9))


@pytest.mark.parametrize("typed", ["5/2025", "05.2025", "May 2025", "2025-05", "2025年5月"])
def test_a_month_is_read_as_all_of_its_days(typed):
    assert read_days(typed) == (day(2025, 5, 1), day(2025, 5, 31))


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "x",
        "31/6/2025",
        "5/13/2025",
        "9/5",
        "2025-02-30",
        "0/5/2025",
        "20251301",
        "9 May",
        "1/2-2025",
        "٩/٥/٢٠٢٥x",
    ],
)
def test_what_is_no_day_is_none(typed):
    assert read_days(typed) is None
