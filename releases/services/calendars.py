"""Dates as iCalendar (RFC 5545)."""

import datetime as dt

from releases.services.agreements import Dossier


def of_agreement(dossier: Dossier, now: dt.datetime, url: str) -> str:
    """One all-day event per public date of the agreement, and its expiry; lines end in CRLF and hold 75 bytes at most."""
    agreement = dossier.entry.agreement
    days = [(event.date, event.get_kind_display()) for event in [*dossier.events, *dossier.coming]]
    if agreement.expires_on:
        days.append((agreement.expires_on, "Expires"))
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Press Room//Agreements//EN"]
    for day, words in days:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{agreement.slug}-{day:%Y%m%d}-{words.lower().replace(' ', '-')}@press-room",
            f"DTSTAMP:{now.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"SUMMARY:{_escaped(f'{agreement}: {words}')}",
            f"URL:{url}",
            "END:VEVENT",
        ]
    return "".join(_folded(line) for line in [*lines, "END:VCALENDAR"])


def _escaped(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> str:
    pieces, piece = [], ""
    for character in line:
        if len((piece + character).encode()) > 73:
            pieces.append(piece)
            piece = ""
        piece += character
    return "\r\n ".join([*pieces, piece]) + "\r\n"
