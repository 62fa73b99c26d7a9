"""Right values come from Ruby's `Time.parse` in Asia/Singapore, which Jekyll asks."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.content.jekyll.stamps import Stamp, read_stamp

SINGAPORE = ZoneInfo("Asia/Singapore")


@pytest.mark.parametrize(
    "text, at",
    [
        ("September 8, 2014", "2014-09-08 00:00"),
        ("8th Sept 2014", "2014-09-08 00:00"),
        ("Sept. 8 2014", "2014-09-08 00:00"),
        ("Monday, 8 September 2014", "2014-09-08 00:00"),
        ("8 SEPTEMBER 2014, 5pm", "2014-09-08 17:00"),
        ("Sep 8th, 2014 at 5pm", "2014-09-08 17:00"),
        ("Mon, 08 Sep 2014 23:00:00 +0000", "2014-09-09 07:00"),
        ("Mon, 08 Sep 2014 23:00:00 GMT", "2014-09-09 07:00"),
        ("Mon, 08 Sep 2014 23:00:00 EST", "2014-09-09 12:00"),
        ("2014-09-08 23:30:00 SGT", "2014-09-08 23:30"),
        ("2014/9/8", "2014-09-08 00:00"),
        ("2021-02-30", "2021-03-02 00:00"),
        ("2020-02-30 23:30", "2020-03-01 23:30"),
        ("2021-04-31", "2021-05-01 00:00"),
        ("2021-12-31", "2021-12-31 00:00"),
        ("08/09/2014", "2014-09-08 00:00"),
        ("8.9.2014", "2014-09-08 00:00"),
        ("10/05/22", "2010-05-22 00:00"),
        ("8-Sep-2014", "2014-09-08 00:00"),
        ("20140908", "2014-09-08 00:00"),
        ("20140908T233000", "2014-09-08 23:30"),
        ("2014-09-08T23:30:00+08", "2014-09-08 23:30"),
        ("2014-09-08T23:30:00.000Z", "2014-09-09 07:30"),
        ("2014-09-08 11:30 PM", "2014-09-08 23:30"),
        ("September 2014", "2014-09-01 00:00"),
        ("Published 8 September 2014", "2014-09-08 00:00"),
        ("12 Mac 2014", "2014-03-12 00:00"),
        ("2014-09-08 14:30 GMT+8", "2014-09-08 14:30"),
        ("2014-09-08 14:30 UTC-05:00", "2014-09-09 03:30"),
        ("2014-09-08 14:30 (SGT)", "2014-09-08 14:30"),
        ("2014-09-08 14:30 Asia/Singapore", "2014-09-08 14:30"),
        ("2014-09-08 14:30 utc", "2014-09-08 22:30"),
        ("2014-12-31 24:00", "2015-01-01 00:00"),
        ("8 septembre 2014", "2014-09-08 00:00"),
        ("8 septembre 2014 14:30", "2014-09-08 14:30"),
        ("8 marzo 2014", "2014-03-08 00:00"),
        ("2014-251", "2014-09-08 00:00"),
        ("Monday 8 September 2014, 2.30pm", "2014-09-08 14:30"),
        (20140908, "2014-09-08 00:00"),
    ],
)
def test_a_date_is_read_as_jekyll_reads_it(text, at):
    expected = dt.datetime.fromisoformat(at).replace(tzinfo=SINGAPORE)
    assert read_stamp(text, SINGAPORE) == Stamp(expected, not at.endswith("00:00"))


def test_a_leap_second_begins_the_next_minute():
    assert read_stamp("2014-09-08 23:59:60", SINGAPORE).at == dt.datetime(2014, 9, 9, tzinfo=SINGAPORE)


@pytest.mark.parametrize(
    "value",
    [
        "to be confirmed",
        "Thursday",
        "10:30",
        "2014",
        "2014-09",
        "05/13/2022",
        "2022-13-45",
        "31 June 2014",
        "8 September",
        "",
        True,
        [1],
        {},
        2014,
        "1066-10-14",
        "9999-12-31",
        "2014-000",
        "2014-367",
        "9999-12-31 24:00",
        "9" * 5000,
        dt.datetime(1, 1, 1, tzinfo=dt.UTC),
    ],
)
def test_what_names_no_day_is_none(value):
    assert read_stamp(value, SINGAPORE) is None


@given(st.one_of(st.text(max_size=40), st.from_regex(r"[0-9T:.+ /Z-]{1,30}"), st.integers(), st.floats()))
def test_no_value_is_an_error(value):
    found = read_stamp(value, SINGAPORE)
    assert found is None or found.at.tzinfo is SINGAPORE
