"""A release that was brought whole, from Word, a mail or a page, taken apart into the fields of the form.

No word goes missing: what belongs into no field is left out by name.
"""

import datetime as dt
import itertools
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from releases.content.documents.embargoes import is_embargo, is_moment
from releases.content.documents.lines import Line, write_lines
from releases.content.extraction.bylines import CONTACT
from releases.content.markdown.escaping import link_addresses
from releases.content.text.dates import DATE, parse_days
from releases.content.text.limits import LONGEST_TITLE

LONGEST_CONTACT_LINE = 200
LETTERHEAD_LINES = 8
"""Lines with words, below which nothing belongs to a letterhead."""

_BYLINE = re.compile(
    r"^\W*(?:jointly (?:issued|released) by|joint (?:(?:press|media|news) )?(?:release|statement) (?:issued )?by"
    r"|(?:press|media|news) (?:release|statement) (?:issued )?by|(?:issued|released) (?:jointly )?by|source:)",
    re.IGNORECASE,
)
_ISSUED_ON = re.compile(rf"[\s,]{{1,5}}(?:on|dated)?\s*({DATE})\W*$", re.IGNORECASE)
_ANNEX = re.compile(
    r"^\W*(annex(?:e|ure)?|appendix)\s+([A-Z](?:-?\d{1,2})?|\d{1,2}|[IVX]{1,5})(?!\w)(\s*[:.–—-]\s*|\s{2,}|\s+(?=[A-Z“\"])|\s*$)(.{0,300})$",
    re.IGNORECASE,
)
_PROSE = re.compile(r"^(?:sets?|gives?|shows?|contains?|lists?|is|are|has|was|will|of|to|and|for|in)\b")
_ANNEXES = re.compile(
    r"\W*(?:annexe?s|list of annexe?s|appendices|attachments|enclosures?)\W*", re.IGNORECASE
)
_HEADING = re.compile(
    r"^\W*(?:joint )?(?:press|media|news) (?:release|statement)\W*$|^\W*for immediate (?:release|attention|circulation)\b.{0,60}$",
    re.IGNORECASE,
)
_END = re.compile(
    r"[-–—#*\s]{0,40}(?:(?:the )?end|#{3,40}|\*(?:\s?\*){2,40}|-\s?30\s?-)[-–—#*\s.]{0,40}", re.IGNORECASE
)
_DAY = re.compile(
    r"\W{0,20}(?:date|dated|issued on|singapore)?\W{0,20}(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day)?"
    rf"\W{{0,20}}({DATE})\W{{0,20}}",
    re.IGNORECASE,
)


class FoundAnnex(NamedTuple):
    """ "Annex A" and its title, "" where the line has none."""

    label: str
    title: str


@dataclass(slots=True)
class FoundRelease:
    """What was found where; `body` is Markdown.

    `byline` is what names the issuers ("" for none), `annexes` those of the list at the end, `embargoes` the words
    of each, `left_out` lines that belong into no field: headings such as PRESS RELEASE, marks of the end.
    """

    title: str = ""
    byline: str = ""
    body: str = ""
    day: dt.date | None = None
    day_line: str = ""
    contacts: str = ""
    annexes: list[FoundAnnex] = field(default_factory=list)
    embargoes: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def find_fields(lines: list[Line]) -> FoundRelease:
    """The first line is the title, and what stands at the end is the list of annexes, the contacts and the
    date."""
    found = FoundRelease()
    rest = _without_embargoes([line for line in lines if line.kind != "note"], found)
    rest = _without_styled_title(rest, found)
    rest = _without_head(rest, found)
    rest = _without_byline(rest, found)
    rest = _without_tail(rest, found)
    found.body = write_lines([*rest, *(line for line in lines if line.kind == "note")])
    return found


def _without_embargoes(lines: list[Line], found: FoundRelease) -> list[Line]:
    """Wherever they stand; a day and a time on the next line with words belong to one that names none."""
    rest: list[Line] = []
    goes_on = False
    for line in lines:
        if is_embargo(line.text) and line.kind != "block":
            found.embargoes.append(line.text)
            goes_on = not re.search(r"\d", line.text)
        elif goes_on and is_moment(line.text):
            found.embargoes[-1] += f" {line.text}"
            goes_on = False
        else:
            rest.append(line)
            goes_on = goes_on and not line.text
    return rest


def _without_styled_title(lines: list[Line], found: FoundRelease) -> list[Line]:
    """A heading among the first lines that is larger than all others is the title, whatever stands above it."""
    headings = [line for line in lines if line.kind == "heading" and not _HEADING.match(line.text)]
    if not headings:
        return lines
    title, largest = headings[0], min(line.level for line in headings)
    above = [line for line in lines[: lines.index(title)] if line.text]
    is_alone = [line.level for line in headings].count(largest) == 1
    is_first = all(_HEADING.match(line.text) for line in above)
    is_far = len(above) >= LETTERHEAD_LINES or any(line.kind == "number" for line in above)
    if title.level > largest or is_far or not (is_alone or is_first):
        return lines
    place = lines.index(title)
    return [*lines[:place], *_title(title, found), *lines[place + 1 :]]


def _without_head(lines: list[Line], found: FoundRelease) -> list[Line]:
    """The title, and around it what a letterhead says."""
    rest: list[Line] = []
    for number, line in enumerate(lines):
        rest += _read_head_line(line, lines[number + 1 :], found)
        if sum(bool(one.text) for one in rest) >= LETTERHEAD_LINES or line.kind == "number":
            return rest + lines[number + 1 :]
    return rest


def _read_head_line(line: Line, below: list[Line], found: FoundRelease) -> list[Line]:
    """What is left of a line among the first ones, its words in their field."""
    if line.kind == "picture" and not found.title:
        found.left_out.append("Picture above the title")
        return []
    if line.kind in ("block", "picture") or not line.text:
        return [line]
    if _HEADING.match(line.text):
        found.left_out.append(line.text)
        return []
    if found.day is None and (day := _day(line)) and (found.title or any(one.text for one in below)):
        found.day, found.day_line = day, line.text
        return []
    return [line] if found.title else _title(line, found)


def _title(line: Line, found: FoundRelease) -> list[Line]:
    """A title that is too long goes on in the text."""
    words = " ".join(re.sub(r"^\s*#+\s*|(?<!\w)\*\*|\*\*(?!\w)", "", line.text).split())
    cut = (
        len(words)
        if len(words) <= LONGEST_TITLE
        else (words.rfind(" ", 0, LONGEST_TITLE) + 1 or LONGEST_TITLE)
    )
    found.title = words[:cut].strip()
    return [Line(words[cut:], link_addresses(words[cut:]))] if words[cut:] else []


def _without_byline(lines: list[Line], found: FoundRelease) -> list[Line]:
    """The line that says who issues it, with the names that follow where it ends without any."""
    place = next((number for number, line in enumerate(lines) if _BYLINE.match(line.text)), None)
    if place is None or lines[place].kind == "block":
        return lines
    end = place + 1
    if not re.search(r"\w", _BYLINE.sub("", lines[place].text)):
        # the text begins with a number, a heading or a sentence
        below = itertools.takewhile(lambda one: one.text and one.kind in ("", "bullet"), lines[end:])
        end += sum(1 for _ in itertools.takewhile(lambda one: not one.text.endswith("."), below))
    names = [line.text for line in lines[place:end]]
    found.byline = " ".join([names[0], ", ".join(names[1:])]).strip()
    dated = _ISSUED_ON.search(found.byline)
    days = parse_days(dated[1]) if dated else None
    if found.day is None and days and days.first == days.last:
        found.day = days.first
    return [*lines[:place], *lines[end:]]


def list_issuers(byline: str) -> str:
    """A byline as one whose form is known, without the day behind it."""
    names = _ISSUED_ON.sub("", _BYLINE.sub("", byline))
    return f"Issued by {names.strip(' :–—-')}" if byline else ""


def _without_tail(lines: list[Line], found: FoundRelease) -> list[Line]:
    """What stands below the text, in whatever order, is peeled off from the end."""
    contacts = _contacts(lines)
    if contacts is not None:
        start, end = contacts
        found.contacts = "\n".join(line.text for line in lines[start:end]).strip()
        below = _peeled(lines[end:], found)
        return [*_peeled(lines[:start], found), *below]
    return _peeled(lines, found)


def _contacts(lines: list[Line]) -> tuple[int, int] | None:
    """First and last line of the contacts: short lines after one that says so, with no text of the release
    below it."""
    start = next(
        (number for number, line in enumerate(lines) if CONTACT.match(line.text.strip(" *_#-–—"))), None
    )
    if start is None:
        return None
    end = start
    while (
        end < len(lines) and len(lines[end].text) <= LONGEST_CONTACT_LINE and not _ends_contacts(lines[end])
    ):
        end += 1
    return None if any(line.kind == "number" for line in lines[end:]) else (start, end)


def _ends_contacts(line: Line) -> bool:
    text = line.text
    return bool(
        line.kind in ("number", "block", "picture")
        or _ANNEX.match(text)
        or (text and (_ANNEXES.fullmatch(text) or _END.fullmatch(text) or _day(line)))
        or re.match(r"\W*(?:about|notes? to)\b", text, re.IGNORECASE)
    )


def _peeled(lines: list[Line], found: FoundRelease) -> list[Line]:
    """Without the annexes, marks of the end and date that stand last."""
    end, annexes = len(lines), []
    while end:
        line = lines[end - 1]
        if line.kind in ("block", "picture"):
            break
        if named := _annex(line):
            annexes.append(named)
        elif line.text and (_END.fullmatch(line.text) or (annexes and _ANNEXES.fullmatch(line.text))):
            found.left_out.append(line.text)
        elif found.day is None and (day := _day(line)):
            found.day, found.day_line = day, line.text
        elif line.text:
            break
        end -= 1
    found.annexes[:0] = reversed(annexes)
    return lines[:end]


def _annex(line: Line) -> FoundAnnex | None:
    """The annex, where a line does nothing but name one."""
    named = _ANNEX.match(line.text)
    if not named or _PROSE.match(named[4]) or "](" in line.markdown or "](" in line.text:
        return None
    return FoundAnnex(f"{named[1].capitalize()} {named[2].upper()}", named[4].strip())


def _day(line: Line) -> dt.date | None:
    """The day of a line that says nothing else."""
    named = _DAY.fullmatch(line.text)
    days = parse_days(named[1]) if named else None
    return days[0] if days and days[0] == days[1] else None
