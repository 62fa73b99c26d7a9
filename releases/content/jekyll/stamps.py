"""The instant that `date:` names, in any spelling that Jekyll reads: its own rules are YAML's and Ruby's
`Time.parse`."""

import datetime as dt
import re
from typing import NamedTuple

from dateutil import parser

from releases.content.text.dates import DATE, parse_days, roll_date

FIRST_YEAR, LAST_YEAR = 1800, 9998
LONGEST_STAMP = 100

# Besides UTC Ruby knows only these names of zones; any other is passed over.
_HOURS = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "UT": 0}
_YEAR_FIRST = re.compile(r"'?\d{4}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2}(?!\d)")
_DAY_FIRST = re.compile(r"\d{1,2}[-/.](\d{1,2})[-/.]\d{4}(?!\d)")
_WRITTEN_DAY = re.compile(rf"(?<!\S){DATE}", re.IGNORECASE)
_DAY_OF_YEAR = re.compile(r"(\d{4})-(?!000)([0-2]\d\d|3[0-5]\d|36[0-6])")
_ISO_DAY = re.compile(r"(?<![\d-])(\d{4})-(\d{1,2})-(\d{1,2})(?![\d-])")
_FAR_AHEAD = re.compile(r"(?:\d{5,}|9999)-\d")
_END_OF_DAY = re.compile(r"\b24:00(?::00)?(?!\S)")
_LEAP_SECOND = re.compile(r"(?<=\d:\d\d):60\b")
_PLAINER = (
    (re.compile(r"\s*\([^()]*\)$"), ""),
    (re.compile(r"\s[A-Z][A-Za-z]+(?:/[A-Za-z_]+)+$"), ""),
    (re.compile(r"\b(?:GMT|UTC)(?=[+-]\d)", re.IGNORECASE), ""),
    (re.compile(r"\b(?:utc|gmt|z|[ecmp][sd]t)$", re.IGNORECASE), lambda name: name[0].upper()),
    (re.compile(r"\b(\d{1,2})\.(\d\d)(?=\s?[ap]m\b)", re.IGNORECASE), r"\1:\2"),
    (
        re.compile(
            r"(?<=\d\s)(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[^\W\d_]+\.?(?=,?\s)", re.IGNORECASE
        ),
        r"\1",
    ),
)
"""What says no more to Ruby, which knows a month by three letters, than what stands here in its place."""
_NO_DAY = re.compile(r"\d{4}(?:-\d{1,2})?")


class Stamp(NamedTuple):
    """An instant in the zone of its site; `has_hour`: somebody wrote another hour than midnight."""

    at: dt.datetime
    has_hour: bool


def read_stamp(value: object, zone: dt.tzinfo) -> Stamp | None:
    """The instant of a value as YAML gives it; None where it names no day that Jekyll could read.

    A day begins at 00:00 in `zone`. What YAML itself takes for a time is UTC where it names no zone; such a
    text in quotes, or without seconds, is a time of `zone`.
    """
    if isinstance(value, dt.datetime):
        written: dt.datetime | None = value if value.tzinfo else value.replace(tzinfo=dt.UTC)
    elif isinstance(value, dt.date):
        written = dt.datetime.combine(value, dt.time(), tzinfo=zone)
    else:
        text = " ".join(str(value).split()) if isinstance(value, str | int | float) else ""
        written = _parse(text, zone)
    if written is None:
        return None
    try:
        at = written.astimezone(zone)
    except OverflowError:
        return None
    has_hour = written.time().replace(microsecond=0) != dt.time()
    return Stamp(at, has_hour) if FIRST_YEAR <= at.year <= LAST_YEAR else None


def is_far_ahead(value: object) -> bool:
    """Whether a value names a day behind LAST_YEAR, which nothing here can be scheduled for."""
    return _FAR_AHEAD.match(str(value)) is not None


def _parse(text: str, zone: dt.tzinfo) -> dt.datetime | None:
    """What ends a day or a minute begins the next."""
    if len(text) > LONGEST_STAMP:
        return None
    for pattern, plainer in _PLAINER:
        text = pattern.sub(plainer, text)
    iso = _ISO_DAY.search(text)
    if iso and (day := roll_date(int(iso[1]), int(iso[2]), int(iso[3]))):
        text = text.replace(iso[0], day.isoformat(), 1)
    text, days = _END_OF_DAY.subn("00:00", text)
    text, seconds = _LEAP_SECOND.subn(":59", text)
    if ordinal := _DAY_OF_YEAR.fullmatch(text):
        text, days = f"{ordinal[1]}-01-01", int(ordinal[2]) - 1
    found = _parse_plain(text, zone)
    try:
        return found + dt.timedelta(days=days, seconds=seconds) if found else None
    except OverflowError:
        return None


def _parse_plain(text: str, zone: dt.tzinfo) -> dt.datetime | None:
    if not text or _NO_DAY.fullmatch(text):
        return None
    is_year_first = _YEAR_FIRST.match(text) is not None
    try:
        found = parser.parse(
            text,
            default=dt.datetime(1, 1, 1, tzinfo=zone),
            dayfirst=not is_year_first,
            yearfirst=is_year_first,
            tzinfos=_find_offset,
        )
    except (ValueError, OverflowError, TypeError):
        return _parse_words(text, zone)
    day_first = _DAY_FIRST.match(text)
    if day_first and int(day_first[1]) != found.month:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _find_offset(name: str | None, offset: int | None) -> int | None:
    """Seconds east of UTC."""
    hours = _HOURS.get(name or "")
    return offset if offset is not None or hours is None else hours * 3600


def _parse_words(text: str, zone: dt.tzinfo) -> dt.datetime | None:
    """A day among other words, or in another language."""
    found = _WRITTEN_DAY.search(text)
    days = parse_days(found[0]) if found else None
    if days is None or days.first != days.last:
        return None
    return dt.datetime.combine(days.first, dt.time(), tzinfo=zone)
