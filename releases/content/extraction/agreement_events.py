"""What a sentence says has happened to an agreement, and on which day.

Nothing here is certain; an editor sees the sentence and decides.
"""

import datetime as dt
import re
from typing import NamedTuple

from releases.content.extraction.clauses import Clause
from releases.content.extraction.sentences import find_days

_TALKS = r"negotiations?"
CLAUSES = {
    "negotiations-launched": Clause.compile(
        rf"""\b launch(?:ed|es|ing)? \s+ (?:of\s+)? {_TALKS}
        | {_TALKS}\b .{{0,40}} \blaunched""",
        "Norway and Chile {launched negotiations} on trade.",
        ignore_case=True,
    ),
    "initialled": Clause.compile(
        r"\b initial(?:l?ed|ling) \b", "The text was {initialled} on 5 May.", ignore_case=True
    ),
    "approved": Clause.compile(
        r"\b approved \b | \b approval\s+of \b", "Parliament {approved} the treaty.", ignore_case=True
    ),
    "provisional-application": Clause.compile(
        r"""\b provisional(?:ly)? \s+ appli(?:ed|es|cation) \b
        | \b appli(?:ed|es) \s+ provisionally \b""",
        "The treaty is {provisionally applied} from 5 May.",
        ignore_case=True,
    ),
    "registered": Clause.compile(
        r"\b registered \s+ (?:with|by) \b",
        "The treaty was {registered with} the United Nations.",
        ignore_case=True,
    ),
    "amended": Clause.compile(
        r"\b (?:was|were|is|been) \s+ amended \b", "The treaty {was amended} in 2020.", ignore_case=True
    ),
    "suspended": Clause.compile(
        r"\b (?:was|were|is|been) \s+ suspended \b", "The treaty {was suspended} in 2020.", ignore_case=True
    ),
    "terminated": Clause.compile(
        r"\b terminat(?:ed|es|ion\s+of) \b", "Chile {terminated} the treaty.", ignore_case=True
    ),
    "superseded": Clause.compile(
        r"\b (?:was|were|is|been) \s+ (?:superseded|replaced) \b",
        "The treaty {was superseded} in 2020.",
        ignore_case=True,
    ),
    "concluded": Clause.compile(
        rf"""\b conclu(?:ded?|des|ding|sion) \b .{{0,60}} \b {_TALKS}
        | \b {_TALKS} \b .{{0,60}} \b conclu(?:ded|sion)
        | \b concluded \b""",
        "Norway and Chile {concluded the negotiations}.",
        ignore_case=True,
    ),
    "signed": Clause.compile(
        r"""\b (?:co-?)? sign(?:ed|s|ing)? \b (?! \s+ (?:up|off|out|on[ ]to) \b )
        | \b ink(?:ed|ing|s)? \b""",
        "Norway and Chile {signed} a treaty.",
        ignore_case=True,
    ),
    "entry-into-force": Clause.compile(
        r"""\b ent(?:er(?:ed|s)?|ry) \s+ into \s+ force
        | \b (?:came|comes?) \s+ into \s+ (?:force|effect)
        | \b took \s+ effect
        | \b in[ ]force \b""",
        "The treaty {entered into force} on 5 May.",
        ignore_case=True,
    ),
}
VERBS = {kind: clause.pattern for kind, clause in CLAUSES.items()}
"""What says that an event of a kind has happened, or will."""
INSTRUMENT = re.compile(
    r"\bM[Oo][UuCc]s?\b|\bMemorand\w+(?:\s+of\s+[A-Z]\w+)?\b"
    r"|\b(?:DEA|FTA|Agreement|Treaty|Convention|Protocol|Declaration|Arrangement|Pact|Accord|Principles|Partnership)s?\b"
)
_NOT_YET = re.compile(r"\b(?:will|to be|expected to|hope to|to|look forward|aims? to)\b", re.IGNORECASE)
_JUST = re.compile(r"\b(?:has|have)\s+(?:\w+ly\s+)?$", re.IGNORECASE)
_TODAY = re.compile(r"\btoday\b|\bthis (?:morning|afternoon|evening)\b")
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been)\s+(?:\w+ly\s+)?$", re.IGNORECASE)
_WITHOUT_OBJECT = re.compile(r"\s+(?:on|in|by|at|during)\b")
_FOR_ONE_PARTY = re.compile(r"\s+for\s+(?:the\s+)?[A-Z]")
_JOINED = re.compile(r"\s+and\s+(?:\w+\s+){0,2}")
_IN_HEADLINES = ("signed", "concluded", "negotiations-launched")

Span = tuple[int, int]
"""Where words begin and end in a sentence."""


class DatedEvent(NamedTuple):
    """`kind` is a key of VERBS."""

    kind: str
    day: dt.date


def find_events(sentence: str, released: dt.date, name: Span | None = None) -> list[DatedEvent]:
    """What a sentence says has happened or will: a named day, else "today" of the release's date.

    With the place of a `name` in it: only what it says of that agreement and of no other.
    """
    found = [(kind, place) for kind, verb in VERBS.items() if (place := verb.search(sentence))]
    return [
        DatedEvent(kind, day)
        for kind, place in found
        if not _is_of_one_party(sentence, kind, place) and _is_about(name, sentence, kind, place)
        if (day := _day_of(sentence, kind, place, released))
    ]


def find_headline_events(title: str, released: dt.date) -> list[DatedEvent]:
    """What a headline says happened on the day of its release: "A and B sign …".

    A force may begin on another day.
    """
    return [
        DatedEvent(kind, released)
        for kind in _IN_HEADLINES
        if (place := VERBS[kind].search(title)) and not _NOT_YET.search(title[: place.start()])
    ]


def _day_of(sentence: str, kind: str, verb: re.Match[str], released: dt.date) -> dt.date | None:
    """The first day behind the verb, else the last before it, else today if the sentence says so; no other
    verb's day."""
    others = _other_verbs(sentence, kind, verb)
    days = find_days(sentence, released)
    if behind := [day for day, at in days if _is_behind(verb, at, others)]:
        return behind[0]
    if before := [day for day, at in days if _is_before(verb, at, others)]:
        return before[-1]
    return released if _is_told_today(sentence, kind, verb) else None


def _is_behind(verb: re.Match[str], at: int, others: list[Span]) -> bool:
    """Whether the place `at` lies behind a verb, with no other between."""
    return at > verb.start() and not any(verb.end() <= start < at for start, _ in others)


def _is_before(verb: re.Match[str], at: int, others: list[Span]) -> bool:
    """Whether the place `at` lies before a verb, and no other verb before that place."""
    return at < verb.start() and not any(end <= at for _, end in others if end <= verb.start())


def _is_told_today(sentence: str, kind: str, verb: re.Match[str]) -> bool:
    """Whether the sentence says "today", or "has launched", and not that it will happen."""
    just = kind in ("negotiations-launched", "concluded") and _JUST.search(sentence[: verb.start()])
    is_told = bool(_TODAY.search(sentence) or just)
    return is_told and not _NOT_YET.search(sentence[: verb.end()])


def _other_verbs(sentence: str, kind: str, verb: re.Match[str]) -> list[Span]:
    """The places of verbs that tell of something else, but for one that an "and" joins to this verb."""
    places = [place for other, words in VERBS.items() if other != kind for place in words.finditer(sentence)]
    return [place.span() for place in places if not _JOINED.fullmatch(sentence, *_gap(verb, place.span()))]


def _gap(verb: re.Match[str], other: Span) -> Span:
    """What lies between two verbs."""
    first, second = sorted((verb.span(), other))
    return min(first[1], second[0]), second[0]


def _is_of_one_party(sentence: str, kind: str, verb: re.Match[str]) -> bool:
    """ "Enters into force for Chile on …" is not the day of the agreement's own entry into force."""
    return kind == "entry-into-force" and bool(_FOR_ONE_PARTY.match(sentence, verb.end()))


def _is_about(name: Span | None, sentence: str, kind: str, verb: re.Match[str]) -> bool:
    """Whether the named agreement is the verb's own: the next one after "signed the …", the last before "was
    signed"."""
    if name is None:
        return True
    others = [place.span() for place in INSTRUMENT.finditer(sentence) if not _overlap(place.span(), name)]
    before = [span for span in [*others, name] if span[1] <= verb.start()]
    after = [span for span in [*others, name] if span[0] >= verb.end()]
    is_subject = (
        kind == "entry-into-force"
        or _PASSIVE.search(sentence[: verb.start()])
        or _WITHOUT_OBJECT.match(sentence, verb.end())
    )
    if before and (is_subject or not after):
        return max(before) == name
    return not after or min(after) == name


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
