import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from releases.content.documents.embargoes import is_embargo, is_moment, read_embargo

ZONE = ZoneInfo("Asia/Singapore")
TODAY = dt.date(2026, 11, 30)  # a Monday
NINE = dt.datetime(2026, 12, 2, 9, tzinfo=ZONE)


@pytest.mark.parametrize(
    "line",
    [
        "EMBARGOED UNTIL 9AM, 2 DECEMBER 2026",
        "*** STRICTLY EMBARGOED TILL 2 Dec 2026, 9.00 am ***",
        "UNDER EMBARGO UNTIL WEDNESDAY 2 DECEMBER 2026 AT 0900 HRS",
        "Strictly embargoed – not for release before 0900h on 2nd December 2026",
        "Not for publication or broadcast before 09:00 on Wednesday, December 2, 2026",
        "Embargo: 2 December 2026, 09:00 SGT",
        "Embargo lifts at 9 a.m. on 2 December",
        "For release at 9am on 2 December 2026 (Singapore time)",
        "Embargoed until Wednesday, 9am",
        "Embargoed until 2026-12-02 09:00 (GMT+8)",
        "Embargoed to 01:00 GMT on 2 December 2026",
        "EMBARGOED FOR RELEASE: 2.00 am CET, 2 December 2026",
        "Embargoed until 8pm New York time, 1 December 2026",
        "Hold for release until 09.00 hours, 2 December 2026",
        "EMBARGO UNTIL 2026年12月2日 09:00",
    ],
)
def test_an_embargo_names_its_instant_in_many_ways(line):
    assert is_embargo(line)
    assert read_embargo(line, ZONE, TODAY) == (line, NINE)


@pytest.mark.parametrize(
    "line",
    [
        "Embargoed until midnight, 2 December 2026",  # either end of the day
        "Embargoed until 2/12/2026, 9am",  # 12 February in Washington
        "Embargoed until Thursday, 2 December 2026, 9am",  # a Wednesday
        "Embargoed until 31 November 2026, 9am",
        "Embargoed until 9am or 10am on 2 December 2026",
        "Embargo: 9am London time, 5pm Singapore time, 2 December 2026",
        "EMBARGOED TILL 9AM",
        "Embargoed until delivery",
    ],
)
def test_one_that_is_not_sure_names_none(line):
    assert is_embargo(line)
    assert read_embargo(line, ZONE, TODAY).ends is None


def test_a_day_alone_begins_there_at_midnight():
    assert read_embargo("EMBARGOED UNTIL 2 DECEMBER 2026", ZONE, TODAY).ends == NINE.replace(hour=0)


@pytest.mark.parametrize(
    "line",
    [
        "Embargoes are bad.",
        "Embargoed goods were seized on 2 December 2026.",
        "Embargo on rice lifted",
        "For use by journalists",
        "The embargo ended on 2 December 2026.",
        "For release times see Annex A",
        "Embargoed until " + "9am " * 60,
    ],
)
def test_a_sentence_about_embargoes_is_none(line):
    assert not is_embargo(line)


def test_a_moment_alone_goes_on_with_the_line_above():
    assert is_moment("Wednesday, 2 December 2026 at 0900 hrs (SGT)")
    assert not is_moment("Ministers met on 2 December 2026")
    assert not is_moment("")
