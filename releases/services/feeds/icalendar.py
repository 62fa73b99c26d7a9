"""Dates as iCalendar (RFC 5545).

An entry is known by its event and not by its day, so a day that moves also moves in a reader's calendar.
"""

import datetime as dt
import re
from urllib.parse import urlsplit

from releases.content.text.limits import CONTROLS
from releases.services.agreements.dossier import ComingDay, Dossier

# A calendar must hold a component, and an agreement may have no date to come; its days are dates, which have
# no zone.
_FRAME = (
    "BEGIN:VTIMEZONE",
    "TZID:Etc/UTC",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000",
    "END:STANDARD",
    "END:VTIMEZONE",
)


def format_calendar(dossier: Dossier, now: dt.datetime, url: str) -> str:
    """One all-day event per public date from the day of the dossier on; lines end in CRLF and hold 75 bytes
    at most."""
    title = str(dossier.entry.agreement)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Press Room//Agreements//EN", "CALSCALE:GREGORIAN"]
    lines += [f"X-WR-CALNAME:{_escaped(title)}", *_FRAME]
    for coming in dossier.days_to_come:
        lines += _event(coming, dossier, f"{now.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}", url)
    return "".join(_folded(line) for line in [*lines, "END:VCALENDAR"])


def _event(coming: ComingDay, dossier: Dossier, stamp: str, url: str) -> list[str]:
    agreement = dossier.entry.agreement
    return [
        "BEGIN:VEVENT",
        f"UID:{coming.key}.{agreement.slug}@{urlsplit(url).hostname}",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{coming.day:%Y%m%d}",
        f"SUMMARY:{_escaped(f'{agreement}: {coming.words}')}",
        *([f"LOCATION:{_escaped(coming.place)}"] if coming.place else []),
        f"URL:{url}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _escaped(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return re.sub(rf"[{CONTROLS}\x7f]", " ", re.sub(r"\r\n?|\n", r"\\n", text))


def _folded(line: str) -> str:
    pieces, piece = [], ""
    for character in line:
        if len((piece + character).encode()) > 73:
            pieces.append(piece)
            piece = ""
        piece += character
    return "\r\n ".join([*pieces, piece]) + "\r\n"
