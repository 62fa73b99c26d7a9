"""Embargoes as press officers write them, and the instant that they name.

What is ambiguous names none: a release that comes out early cannot be taken back.
"""

import datetime as dt
import re
from typing import NamedTuple
from zoneinfo import ZoneInfo

from releases.content.text.dates import MONTHS, make_date

LONGEST_EMBARGO = 200
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_WEEKDAY_NAMES = "monday mon|tuesday tues tue|wednesday weds wed|thursday thurs thur thu|friday fri|saturday sat|sunday sun"
_WEEKDAYS = {name: number for number, names in enumerate(_WEEKDAY_NAMES.split("|")) for name in names.split()}
_ZONES = {
    "sgt singapore": "Asia/Singapore",
    "myt malaysia kuala lumpur": "Asia/Kuala_Lumpur",
    "hkt hong kong": "Asia/Hong_Kong",
    "jst tokyo japan": "Asia/Tokyo",
    "kst seoul korea": "Asia/Seoul",
    "wib jakarta": "Asia/Jakarta",
    "bangkok": "Asia/Bangkok",
    "beijing china": "Asia/Shanghai",
    "delhi india": "Asia/Kolkata",
    "gmt utc z": "UTC",
    "bst london uk": "Europe/London",
    "cet cest geneva paris berlin brussels": "Europe/Paris",
    "est edt et new york washington": "America/New_York",
    "pst pdt pt": "America/Los_Angeles",
    "aest aedt sydney canberra": "Australia/Sydney",
    "nzst nzdt wellington": "Pacific/Auckland",
}
_OF_ZONE = {
    name: zone
    for names, zone in _ZONES.items()
    for name in (*names.split(), *re.findall(r"kuala lumpur|hong kong|new york", names))
}
_ZONE_NAMES = "|".join(sorted(_OF_ZONE, key=len, reverse=True))
_IS_EMBARGO = re.compile(
    r"^\W*(?:(?:strictly|under|press|media|news)\s+){0,2}embargo(?:ed|s)?\b"
    r"|^\W*(?:strictly\s+)?(?:not\s+(?:for|to\s+be)\s+(?:\w+,?\s+(?:or\s+|and\s+)?){0,4}(?:before|until|till|prior\s+to)\b"
    r"|hold\s+(?:for\s+release\s+)?(?:until|till)\b|no\s+(?:use|publication|broadcast)\b.{0,30}\b(?:before|until|till)\b"
    r"|for\s+(?:release|publication|use)\s+(?:at|on|from|after)\b)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"^\W*[Ee]mbargo(?:e[ds]|s)?\s+(?!(?:until?|till|for|to|on|at|by|lifts?|time|date|not|notice)\b)[a-z]+\b"
)
_TELLS_WHEN = re.compile(
    rf"\d|\b(?:un)?till?\b|\bbefore\b|embargo(?:ed)?\W*$|\b(?:{'|'.join(_WEEKDAYS)}|noon|midnight|delivery)\b",
    re.IGNORECASE,
)
_DAY = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?[\s-]+(?P<month>{_MONTH})\b\.?,?[\s-]*(?P<year>(?:19|20)\d\d)?(?!\d|[:.]\d)"
    rf"|\b(?P<month2>{_MONTH})\b\.?\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?![:.]\d|\s?[ap]\.?m)(?:,?\s*(?P<year2>(?:19|20)\d\d)(?!\d|[:.]\d))?"
    r"|\b(?P<year3>(?:19|20)\d\d)-(?P<month3>\d\d)-(?P<day3>\d\d)(?!\d)"
    r"|(?P<year4>(?:19|20)\d\d)年(?P<month4>\d{1,2})月(?P<day4>\d{1,2})日",
    re.IGNORECASE,
)
_FIGURES = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.]((?:20)?\d\d)(?![\d/.:])")
_CLOCK = re.compile(
    r"(?<![\d:.+-])(?:(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?(?:[:.]00)?\s?(?P<half>[ap])\.?\s?m\b\.?"
    r"|(?P<hour24>[01]?\d|2[0-4])[:.h](?P<minute24>[0-5]\d)(?!\d)(?:\s?(?:hrs?|hours|h)\b)?"
    r"|(?P<military>(?:[01]\d|2[0-4])[0-5]\d)\s?(?:hrs?|hours|h)\b"
    r"|(?P<noon>12\s*noon|noon|midday)|(?P<midnight>midnight))",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(rf"\b({'|'.join(sorted(_WEEKDAYS, key=len, reverse=True))})\b", re.IGNORECASE)
_ZONE = re.compile(
    rf"(?P<offset>\b(?:gmt|utc)?\s?(?P<sign>[+−–-])\s?(?P<hours>\d{{1,2}})(?::?(?P<minutes>\d\d))?(?!\d|[/.-]\d))"
    rf"|\b(?P<name>{_ZONE_NAMES})\b(?:'s|’s)?(?:\s+(?:standard\s+|local\s+)?time)?",
    re.IGNORECASE,
)


class Embargo(NamedTuple):
    """Its own words, and the aware instant that they name; None where they name none for sure."""

    words: str
    ends: dt.datetime | None


def is_embargo(line: str) -> bool:
    """Whether a line does nothing but say from when on the text may be used."""
    return bool(
        len(line) <= LONGEST_EMBARGO
        and _IS_EMBARGO.match(line)
        and not _SENTENCE.match(line)
        and _TELLS_WHEN.search(line)
    )


def is_moment(line: str) -> bool:
    """Whether a line is nothing but a day and a time, which goes on with the line above."""
    rest = line
    for pattern in (_DAY, _CLOCK, _ZONE, _WEEKDAY):
        rest = pattern.sub(" ", rest)
    words = re.findall(r"\w+", rest)
    return len(words) < len(re.findall(r"\w+", line)) and all(
        word.casefold() in ("at", "on", "time", "from", "hrs", "hours") for word in words
    )


def find_embargoes(body: str) -> list[str]:
    """The lines of a Markdown text that do nothing but say from when on it may be used, as they are typed; with a day
    and a time on the next line with words, where the first names none."""
    found: list[str] = []
    lines = body.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if not is_embargo(line.strip()):
            continue
        below = next((at for at in range(number + 1, len(lines)) if lines[at].strip()), None)
        goes_on = below is not None and not re.search(r"\d", line) and is_moment(lines[below].strip())
        found.append("".join(lines[number : below + 1 if goes_on and below else number + 1]).strip())
    return found


def read_embargo(words: str, zone: dt.tzinfo, today: dt.date) -> Embargo:
    """What an embargo means where no zone is named: that of the newsroom. A day without a year is the next
    one from `today` on, a weekday alone too."""
    words = " ".join(words.split())
    day = _find_day(words, today)
    clock = _find_clock(_DAY.sub(" ", _FIGURES.sub(" ", words)))
    there = _find_zone(_DAY.sub(" ", _CLOCK.sub(" ", words)), zone)
    if day is None or clock is None or there is None:
        return Embargo(words, None)
    return Embargo(words, (dt.datetime.combine(day, dt.time(), there) + clock))


def _find_day(words: str, today: dt.date) -> dt.date | None:
    """One day that the weekday, where there is one, agrees with."""
    named = {_day_of(found, today) for found in _DAY.finditer(words)}
    named |= {_day_of_figures(found) for found in _FIGURES.finditer(words)}
    weekdays = {_WEEKDAYS[found.lower()] for found in _WEEKDAY.findall(words)}
    if len(named) > 1 or len(weekdays) > 1:
        return None
    weekday = next(iter(weekdays), None)
    if not named:
        ahead = None if weekday is None else (weekday - today.weekday()) % 7
        return today + dt.timedelta(days=ahead or 7) if ahead is not None else None
    day = named.pop()
    return day if day and weekday in (None, day.weekday()) else None


def _day_of(found: re.Match[str], today: dt.date) -> dt.date | None:
    parts = {name.rstrip("234"): part for name, part in found.groupdict().items() if part}
    month = MONTHS.get(parts["month"].lower()) or int(parts["month"])
    if "year" in parts:
        return make_date(int(parts["year"]), month, int(parts["day"]))
    day = make_date(today.year, month, int(parts["day"]))
    return day if day is None or day >= today else make_date(today.year + 1, month, int(parts["day"]))


def _day_of_figures(found: re.Match[str]) -> dt.date | None:
    """2/12/2026 is another day in Washington; 13/12/2026 is not."""
    first, second, year = int(found[1]), int(found[2]), int(found[3]) % 100 + 2000
    if first <= 12 and second <= 12 and first != second:
        return None
    return make_date(year, second, first) if second <= 12 else make_date(year, first, second)


def _find_clock(words: str) -> dt.timedelta | None:
    """Time since the day began; 0 where none is named. Midnight may be either end of a day."""
    clocks = {_clock_of(found) for found in _CLOCK.finditer(words)}
    if not clocks:
        return dt.timedelta()
    return clocks.pop() if len(clocks) == 1 else None


def _clock_of(found: re.Match[str]) -> dt.timedelta | None:
    if found["midnight"]:
        return None
    if found["noon"]:
        return dt.timedelta(hours=12)
    if found["military"]:
        return dt.timedelta(hours=int(found["military"][:2]), minutes=int(found["military"][2:]))
    if found["hour24"]:
        return dt.timedelta(hours=int(found["hour24"]), minutes=int(found["minute24"]))
    hour = int(found["hour"])
    if not 1 <= hour <= 12:
        return None
    hour = hour % 12 + (12 if found["half"] in "pP" else 0)
    return dt.timedelta(hours=hour, minutes=int(found["minute"] or 0))


def _find_zone(words: str, zone: dt.tzinfo) -> dt.tzinfo | None:
    """The zone that is named; None where there are several that differ."""
    named = list(_ZONE.finditer(words))
    offsets = {
        (found["sign"] == "+", min(int(found["hours"]), 14), int(found["minutes"] or 0))
        for found in named
        if found["offset"]
    }
    names = {_OF_ZONE[" ".join(found["name"].lower().split())] for found in named if found["name"]}
    if len(offsets) + (len(names) if not offsets else 0) > 1:
        return None
    if offsets:
        is_ahead, hours, minutes = offsets.pop()
        offset = dt.timedelta(hours=hours, minutes=minutes)
        return dt.timezone(offset if is_ahead else -offset)
    return ZoneInfo(names.pop()) if names else zone
