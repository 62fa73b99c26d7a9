"""What names of agreements are made of: instruments, the words that a name goes on with, and where it
ends."""

import re
from dataclasses import dataclass

from releases.content.extraction.agreement_events import Span
from releases.content.text.dates import ENGLISH_MONTHS

MOST_WORDS = 16
"""Words of a subject or of a party's name; what goes on for longer is no name."""
INSTRUMENT = r"""
    Agreement | Treaty | Convention | Protocol
    | Memorandum[ ]of[ ](?:Understanding|Co-?operation|Arrangement|Agreement) | (?:Letter|Declaration)[ ]of[ ]Intent
    | Administrative[ ]Arrangement | Arrangement
    | Declaration | Pact | Accord | Partnership
"""
SMALL = r"of|on|and|for|the|in|to|with|between|concerning"
_PERSON = r"(?:President|Prime|Minister|Ministers|Ambassador|Secretary|Chancellor|Governor|Mrs?|Ms|Dr|Sir|Madam|His|Her|Their)"
# A word of a name has 60 letters at most, so that no text takes longer than its length.
CAPITAL = rf"(?: (?! {_PERSON} \b ) (?: (?:[A-Z]\.){{2,3}}-)? [A-Z][\w’'/&-]{{0,60}} )"
NAME = rf"(?: {CAPITAL} | {SMALL} )"
_LEADING = (
    r"(?:of|and|for|from|the|in|at|to|on|&|against|under|within|beyond|a|an|its|their|concerning|regarding)"
)
_CAPITALS = rf"(?: {CAPITAL} (?: \s+ (?: (?:of|and|the) \s+ ){{0,2}} {CAPITAL} ){{0,4}} )"
REST = rf"""(?: (?: \s+ (?: {_LEADING} \s+ ){{0,3}} {CAPITAL} ){{0,14}}
    (?: (?: , \s+ {_CAPITALS} ){{1,6}} ,? \s+ (?:and|&) \s+ {CAPITAL} (?: \s+ {CAPITAL} ){{0,3}} )? )"""
MONTH = rf"(?:{'|'.join(f'{name.title()}|{name[:3].title()}' for name in ENGLISH_MONTHS)}|Sept)\b"
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_SMALL_AT_END = re.compile(rf"(?:\s+(?:{SMALL}|&|a|an|under|from|against|within|its|their))+$", re.IGNORECASE)
_DAY_AT_END = re.compile(rf"\s+(?:in|on)\s+(?:{MONTH}(?:\s+\d{{4}})?|{_WEEKDAY})$|’s$")
_PLACE_AT_END = re.compile(
    r"(?<!Trade)(?<!peration)(?<!Collaboration)(?<!Assistance)(?<!Matters)(?<!Investment)(?<!Partnership)(?<!Services)"
    r"(?<!Research)(?<!Development)(?<!Persons)(?<!Weapons)(?<!raffic)(?<!rafficking)(?<!Participation)(?<!Training)"
    r"\s+in\s+(?!the\s)[A-Z]\w+(?:\s+[A-Z]\w+)?$"
)
_MEETING_AT_END = re.compile(
    r"\s+(?:at|in) (?:the|its) (?:[A-Z\d][\w-]*\s)*(?:[A-Z]\w*)?(?:Summit|Meeting|Forum|Conference|Assembly|Headquarters)\b.*$|\s+at the [A-Z]{2,6}$"
)


@dataclass(frozen=True, slots=True)
class AgreementMention:
    """A sentence that names an agreement, and the name's place in it."""

    sentence: str
    place: Span


@dataclass(frozen=True, slots=True)
class AgreementName:
    """An agreement that a text tells of, with the acronym that it gives ("" for none).

    `is_several`: memoranda that the text counts and does not name one by one. `is_given` is false where only
    who signed it tells it from others.
    """

    title: str
    acronym: str
    mentions: tuple[AgreementMention, ...]
    is_several: bool = False
    is_given: bool = True

    @property
    def sentence(self) -> str:
        """The first sentence that names it."""
        return self.mentions[0].sentence


def end_name(name: str) -> str:
    """A name without the small words, the month or weekday and the possessive that follow it."""
    return _SMALL_AT_END.sub("", _DAY_AT_END.sub("", name.strip(" ,"))).strip(" ,")


def cut_place(name: str) -> str:
    """A treaty's name without the place or the meeting where it was signed."""
    return _PLACE_AT_END.sub("", _MEETING_AT_END.sub("", name))
