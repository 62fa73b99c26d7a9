import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from releases.content.text.clock_changes import explain_clock_change


def explain(zone, text):
    return explain_clock_change(dt.datetime.fromisoformat(text), ZoneInfo(zone))


@pytest.mark.parametrize(
    "zone, text, words",
    [
        (
            "Europe/London",
            "2026-03-29T01:30",
            "01:30 on 29 March 2026 does not exist in Europe/London: clocks go forward from 01:00 to 02:00. Choose a time before"
            " 01:00, or 02:00 or later.",
        ),
        (
            "Europe/London",
            "2026-10-25T01:00",
            "01:00 on 25 October 2026 comes twice in Europe/London: clocks go back from 02:00 to 01:00. Choose a time before"
            " 01:00, or 02:00 or later.",
        ),
        (
            "Australia/Lord_Howe",
            "2026-04-05T01:45",
            "01:45 on 5 April 2026 comes twice in Australia/Lord_Howe: clocks go back from 02:00 to 01:30. Choose a time before"
            " 01:30, or 02:00 or later.",
        ),
        (
            "America/Santiago",
            "2026-09-06T00:15",
            "00:15 on 6 September 2026 does not exist in America/Santiago: clocks go forward from 00:00 to 01:00. Choose a time"
            " before 00:00, or 01:00 or later.",
        ),
        (
            "America/Havana",
            "2026-11-01T00:30",
            "00:30 on 1 November 2026 comes twice in America/Havana: clocks go back from 01:00 to 00:00. Choose a time before"
            " 00:00, or 01:00 or later.",
        ),
        (
            "Pacific/Apia",
            "2011-12-30T12:00",
            "12:00 on 30 December 2011 does not exist in Pacific/Apia: clocks go forward from 00:00 to 00:00. Choose a time"
            " before 00:00, or 00:00 on 31 December 2011 or later.",
        ),
    ],
)
def test_a_time_that_is_not_one_instant_is_explained(zone, text, words):
    assert explain(zone, text) == words


@pytest.mark.parametrize(
    "zone, text",
    [
        ("Europe/London", "2026-03-29T00:59"),
        ("Europe/London", "2026-03-29T02:00"),
        ("Europe/London", "2026-10-25T00:59:59"),
        ("Europe/London", "2026-10-25T02:00"),
        ("Asia/Singapore", "2026-03-29T01:30"),
        ("Asia/Kathmandu", "2026-10-25T01:30"),
        ("UTC", "2024-02-29T23:59"),
    ],
)
def test_every_other_time_is_one_instant(zone, text):
    assert explain(zone, text) == ""
