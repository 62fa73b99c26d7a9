"""A release that was pasted whole, from a letter or a mail, taken apart into the fields of the form.

No word goes missing.
"""

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from releases.content.extraction.bylines import CONTACT
from releases.content.text.dates import DATE, parse_days
from releases.content.text.limits import LONGEST_TITLE

LONGEST_CONTACT_LINE = 200
LETTERHEAD_LINES = 8
"""Lines with words, below which nothing belongs to a letterhead."""

_BYLINE = re.compile(
    r"^\W*(?:jointly issued by|joint (?:press|media|news) (?:release|statement) by|(?:press|media) release (?:issued )?by|issued by|source:)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^\s*(\d{1,3})[.)]?(?:\t|\s{2,}|(?<=[.)])\s)\s*(?=\S)")
_BULLET = re.compile(r"^\s*[•●▪◦‣·–—]\s+")
_ANNEX = re.compile(
    r"^\W*(annex(?:e|ure)?|appendix)\s+([A-Z](?:-?\d{1,2})?|\d{1,2}|[IVX]{1,5})(?!\w)(\s*[:.–—-]\s*|\s{2,}|\s+(?=[A-Z“\"])|\s*$)(.{0,300})$",
    re.IGNORECASE,
)
_PROSE = re.compile(r"^(?:sets?|gives?|shows?|contains?|lists?|is|are|has|was|will|of|to|and|for|in)\b")
_ANNEXES = re.compile(
    r"\W*(?:annexe?s|list of annexe?s|appendices|attachments|enclosures?)\W*", re.IGNORECASE
)
_HEADING = re.compile(
    r"^\W*(?:press|media|news) (?:release|statement)\W*$|^\W*for immediate release\W*$|^\W*embargo(?:ed)?(?:\s+(?:un)?till?\b|\s+for\b|\s*:).{0,120}$",
    re.IGNORECASE,
)
_END = re.compile(r"[-–—#*\s]*(?:(?:the )?end|#{3,}|\*(?:\s?\*){2,}|-\s?30\s?-)[-–—#*\s.]*", re.IGNORECASE)
_DAY = re.compile(
    rf"\W*(?:date|dated|issued on|singapore)?\W*(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day)?\W*({DATE})\W*",
    re.IGNORECASE,
)


class PastedAnnex(NamedTuple):
    """ "Annex A" and its title, "" where the line has none."""

    label: str
    title: str


@dataclass(slots=True)
class PastedRelease:
    """What was found where; `body` is Markdown.

    `byline` is what names the issuers ("" for none), `annexes` those of the list at the end, `left_out`
    lines that belong into no field: headings such as PRESS RELEASE, embargoes, marks of the end.
    """

    title: str = ""
    byline: str = ""
    body: str = ""
    day: dt.date | None = None
    day_line: str = ""
    contacts: str = ""
    annexes: list[PastedAnnex] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def parse_pasted_release(text: str) -> PastedRelease:
    """The first line is the title, and what stands at the end is the list of annexes, the contacts and the
    date."""
    plain = re.sub(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", text).replace("\u00a0", " ").replace("\x00", "")
    lines = [line.rstrip() for line in plain.split("\n")]
    found = PastedRelease()
    lines = _without_head(lines, found)
    found.byline, lines = _without_byline(lines)
    lines = _without_tail(lines, found)
    found.body = _markdown(lines)
    return found


def _without_head(lines: list[str], found: PastedRelease) -> list[str]:
    """The title, and around it what a letterhead says."""
    rest: list[str] = []
    for number, line in enumerate(lines):
        if not line.strip():
            rest.append(line)
        elif _HEADING.match(line):
            found.left_out.append(line.strip())
        elif (day := _day(line)) and (found.title or any(map(str.strip, lines[number + 1 :]))):
            _keep_day(found, line, day, rest)
        elif not found.title:
            rest += _title(line, found)
        else:
            rest.append(line)
        if sum(map(bool, map(str.strip, rest))) >= LETTERHEAD_LINES or _NUMBERED.match(line):
            return rest + lines[number + 1 :]
    return rest


def _title(line: str, found: PastedRelease) -> list[str]:
    """A title that is too long goes on in the text."""
    words = " ".join(re.sub(r"^\s*#+\s*|\*\*", "", line).split())
    cut = (
        len(words)
        if len(words) <= LONGEST_TITLE
        else (words.rfind(" ", 0, LONGEST_TITLE) + 1 or LONGEST_TITLE)
    )
    found.title = words[:cut].strip()
    return [words[cut:]] if words[cut:] else []


def _without_byline(lines: list[str]) -> tuple[str, list[str]]:
    """The line that says who issues it, with the names that follow where it ends without any."""
    place = next((number for number, line in enumerate(lines) if _BYLINE.match(line)), None)
    if place is None:
        return "", lines
    end = place + 1
    if not re.search(r"\w", _BYLINE.sub("", lines[place])):
        while end < len(lines) and lines[end].strip() and not _NUMBERED.match(lines[end]):
            end += 1
    names = [line.strip() for line in lines[place:end]]
    return " ".join([names[0], ", ".join(names[1:])]).strip(), [*lines[:place], *lines[end:]]


def _without_tail(lines: list[str], found: PastedRelease) -> list[str]:
    """What stands below the text, in whatever order, is peeled off from the end."""
    contacts = _contacts(lines)
    if contacts is not None:
        start, end = contacts
        found.contacts = "\n".join(line.strip() for line in lines[start:end]).strip()
        below = _peeled(lines[end:], found)
        return [*_peeled(lines[:start], found), "", *below]
    return _peeled(lines, found)


def _contacts(lines: list[str]) -> tuple[int, int] | None:
    """First and last line of the contacts: short lines after one that says so, with no text of the release
    below it."""
    start = next((number for number, line in enumerate(lines) if CONTACT.match(line.strip(" *_#-–—"))), None)
    if start is None:
        return None
    end = start
    while end < len(lines) and len(lines[end]) <= LONGEST_CONTACT_LINE and not _ends_contacts(lines[end]):
        end += 1
    return None if any(_NUMBERED.match(line) for line in lines[end:]) else (start, end)


def _ends_contacts(line: str) -> bool:
    return bool(
        _ANNEX.match(line)
        or _NUMBERED.match(line)
        or (line.strip() and (_ANNEXES.fullmatch(line) or _END.fullmatch(line) or _day(line)))
        or re.match(r"\W*(?:about|notes? to)\b", line, re.IGNORECASE)
    )


def _peeled(lines: list[str], found: PastedRelease) -> list[str]:
    """Without the annexes, marks of the end and date that stand last."""
    end, annexes = len(lines), []
    while end:
        line = lines[end - 1]
        if named := _annex(line):
            annexes.append(named)
        elif line.strip() and (_END.fullmatch(line) or (annexes and _ANNEXES.fullmatch(line))):
            found.left_out.append(line.strip())
        elif found.day is None and (day := _day(line)):
            found.day, found.day_line = day, line.strip()
        elif line.strip():
            break
        end -= 1
    found.annexes[:0] = reversed(annexes)
    return lines[:end]


def _annex(line: str) -> PastedAnnex | None:
    """The annex, where a line does nothing but name one."""
    named = _ANNEX.match(line)
    if not named or _PROSE.match(named[4]) or "](" in line:
        return None
    return PastedAnnex(f"{named[1].capitalize()} {named[2].upper()}", named[4].strip())


def _day(line: str) -> dt.date | None:
    """The day of a line that says nothing else."""
    named = _DAY.fullmatch(line)
    days = parse_days(named[1]) if named else None
    return days[0] if days and days[0] == days[1] else None


def _keep_day(found: PastedRelease, line: str, day: dt.date, rest: list[str]) -> None:
    if found.day is None:
        found.day, found.day_line = day, line.strip()
    else:
        rest.append(line)


def _markdown(lines: list[str]) -> str:
    """Numbers and bullets as Markdown has them; a numbered paragraph stands by itself."""
    blocks: list[str] = []
    for line in lines:
        if numbered := _NUMBERED.match(line):
            blocks += ["", f"{numbered[1]}. {line[numbered.end() :]}"]
        elif _BULLET.match(line):
            blocks.append(_BULLET.sub("- ", line))
        else:
            blocks.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(blocks)).strip("\n") + "\n"
