"""Days, months and years as people write them: 13 January 2023, January 2023, 2023-01-13, 2023年1月, 2023."""

import calendar
import datetime as dt
import re
from typing import NamedTuple
from unicodedata import normalize

_MONTH_NAMES = (
    "january jan januari",
    "february feb februari",
    "march mar mac",
    "april apr",
    "may mei",
    "june jun",
    "july jul julai",
    "august aug ogos",
    "september sept sep",
    "october oct oktober",
    "november nov",
    "december dec disember",
)
MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
"""The number of a month by its English and Malay names and what people shorten them to, in small letters."""
ENGLISH_MONTHS = {names.split()[0]: number for number, names in enumerate(_MONTH_NAMES, 1)}
"""The number of a month by its English name in full, in small letters."""
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_YEAR = r"(?:19|20)\d\d"
DATE = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTH})\.?,?\s+{_YEAR}"
    rf"|(?:{_MONTH})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+{_YEAR}"
    rf"|(?:{_MONTH})\.?,?\s+{_YEAR}"
    rf"|{_YEAR}-\d\d(?:-\d\d)?|{_YEAR}年(?:\d{{1,2}}月(?:\d{{1,2}}日)?)?|{_YEAR})(?=\s|$)"
)
"""A pattern for `re.IGNORECASE`; some of what it finds is no date (31 June)."""
_DAY, _MONTH_NUMBER = r"(?P<day>0?[1-9]|[12]\d|3[01])", r"(?P<month>0?[1-9]|1[0-2])"
_NUMBERS = (
    rf"{_DAY}(?P<sign>[/. -]){_MONTH_NUMBER}(?P=sign)(?P<year>{_YEAR}|\d\d)",
    rf"(?P<year>{_YEAR})(?P<sign>[/. -]){_MONTH_NUMBER}(?P=sign){_DAY}",
    rf"(?P<year>{_YEAR})(?P<month>\d\d)(?P<day>\d\d)",
    rf"{_MONTH_NUMBER}[/. -](?P<year>{_YEAR})",
)
_PART = re.compile(rf"(?P<month>{_MONTH})|(?P<year>{_YEAR})|(?P<number>\d{{1,2}})", re.IGNORECASE)


class Days(NamedTuple):
    """The first and the last day of a day, a month or a year."""

    first: dt.date
    last: dt.date


def parse_days(text: str) -> Days | None:
    """The days of what DATE found; None if it is no date."""
    parts = [(found.lastgroup, found[0].lower()) for found in _PART.finditer(text)]
    years = [int(part) for kind, part in parts if kind == "year"]
    months = [MONTHS[part] for kind, part in parts if kind == "month"]
    numbers = [int(part) for kind, part in parts if kind == "number"]
    month, *day = [*months, *numbers] or [0]
    try:
        return _span(years[0], month, day[0] if day else 0)
    except ValueError:
        return None


def read_days(text: str) -> Days | None:
    """The days of what somebody typed as a date, in numbers too, the day before the month: 9/5/2025, 9.5.25, 5/2025;
    None if it is no date."""
    typed = " ".join(normalize("NFKC", text).replace(",", " ").split())
    found = next(filter(None, (re.fullmatch(pattern, typed, re.ASCII) for pattern in _NUMBERS)), None)
    if found:
        parts = {"day": "1"} | found.groupdict()
        year = parts["year"] if len(parts["year"]) == 4 else f"20{parts['year']}"
        day = make_date(int(year), int(parts["month"]), int(parts["day"]))
        if day is None:
            return None
        return _span(day.year, day.month, day.day if "day" in found.groupdict() else 0)
    words = re.sub(r"-(?=[^\W\d])|(?<=[^\W\d])-", " ", typed)
    return parse_days(words) if re.fullmatch(DATE, words, re.IGNORECASE) else None


def make_date(year: int, month: int, day: int) -> dt.date | None:
    """None for 31 June."""
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def roll_date(year: int, month: int, day: int) -> dt.date | None:
    """`make_date`, but days of a month of 31 that this one lacks run on into the next, as Ruby counts: 1 July
    for 31 June."""
    found = make_date(year, month, day)
    last = make_date(year, month, 28)
    return last + dt.timedelta(days=day - 28) if found is None and last and 28 < day <= 31 else found


def format_date(day: dt.date) -> str:
    """13 January 2023"""
    return f"{day.day} {day:%B %Y}"


def format_datetime(moment: dt.datetime) -> str:
    """13 January 2023, 09:00 UTC"""
    there = moment.astimezone(dt.UTC)
    return f"{format_date(there)}, {there:%H:%M} UTC"


def _span(year: int, month: int, day: int) -> Days:
    first = dt.date(year, month or 1, day or 1)
    if day:
        return Days(first, first)
    return Days(first, dt.date(year, month or 12, calendar.monthrange(year, month or 12)[1]))
