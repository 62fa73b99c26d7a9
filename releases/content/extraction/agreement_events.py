"""What a sentence says has happened to an agreement, and on which day.

Nothing here is certain; an editor sees the sentence and decides.
"""

import datetime as dt
import re

from releases.content.extraction.sentences import days_in

_TALKS = r"negotiations?"
VERBS = {
    "negotiations-launched": re.compile(rf"\blaunch(?:ed|es|ing)?\s+(?:of\s+)?{_TALKS}|{_TALKS}\b.{{0,40}}\blaunched", re.IGNORECASE),
    "initialled": re.compile(r"\binitial(?:l?ed|ling)\b", re.IGNORECASE),
    "approved": re.compile(r"\bapproved\b|\bapproval\s+of\b", re.IGNORECASE),
    "provisional-application": re.compile(r"\bprovisional(?:ly)?\s+appli(?:ed|es|cation)\b|\bappli(?:ed|es)\s+provisionally\b", re.IGNORECASE),
    "registered": re.compile(r"\bregistered\s+(?:with|by)\b", re.IGNORECASE),
    "amended": re.compile(r"\b(?:was|were|is|been)\s+amended\b", re.IGNORECASE),
    "suspended": re.compile(r"\b(?:was|were|is|been)\s+suspended\b", re.IGNORECASE),
    "terminated": re.compile(r"\bterminat(?:ed|es|ion\s+of)\b", re.IGNORECASE),
    "superseded": re.compile(r"\b(?:was|were|is|been)\s+(?:superseded|replaced)\b", re.IGNORECASE),
    "concluded": re.compile(rf"\bconclu(?:ded?|des|ding|sion)\b.{{0,60}}\b{_TALKS}|\b{_TALKS}\b.{{0,60}}\bconclu(?:ded|sion)|\bconcluded\b", re.IGNORECASE),
    "signed": re.compile(r"\b(?:co-?)?sign(?:ed|s|ing)?\b(?!\s+(?:up|off|out|on to)\b)|\bink(?:ed|ing|s)?\b", re.IGNORECASE),
    "entry-into-force": re.compile(r"\bent(?:er(?:ed|s)?|ry)\s+into\s+force|\b(?:came|comes?)\s+into\s+(?:force|effect)|\btook\s+effect|\bin force\b", re.IGNORECASE),
}  # fmt: skip
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

Happening = tuple[str, dt.date]
Span = tuple[int, int]


def events_in(sentence: str, released: dt.date, name: Span | None = None) -> list[Happening]:
    """(kind, day) of what a sentence says has happened or will: a named day, else "today" of the release's date.

    With the place of a `name` in it: only what it says of that agreement and of no other.
    """
    found = [(kind, place) for kind, verb in VERBS.items() if (place := verb.search(sentence))]
    return [
        (kind, day)
        for kind, place in found
        if not _is_of_one_party(sentence, kind, place) and _is_about(name, sentence, kind, place)
        if (day := _day_of(sentence, kind, place, released))
    ]


def told_by_title(title: str, released: dt.date) -> list[Happening]:
    """What a headline says happened on the day of its release: "A and B sign …". A force may begin on another day."""
    return [
        (kind, released)
        for kind in _IN_HEADLINES
        if (place := VERBS[kind].search(title)) and not _NOT_YET.search(title[: place.start()])
    ]


def _day_of(sentence: str, kind: str, verb: re.Match[str], released: dt.date) -> dt.date | None:
    """The first day behind the verb, else the last before it, else today if the sentence says so; no other verb's day."""
    days = days_in(sentence, released)
    others = [
        span for span in _other_verbs(sentence, kind) if not _JOINED.fullmatch(sentence, *_gap(verb, span))
    ]
    behind = [
        day
        for day, at in days
        if at > verb.start() and not any(verb.end() <= start < at for start, _ in others)
    ]
    before = [
        day
        for day, at in days
        if at < verb.start() and not any(end <= at for _, end in others if end <= verb.start())
    ]
    if behind or before:
        return behind[0] if behind else before[-1]
    just = kind in ("negotiations-launched", "concluded") and _JUST.search(sentence[: verb.start()])
    is_told = _TODAY.search(sentence) or just
    return released if is_told and not _NOT_YET.search(sentence[: verb.end()]) else None


def _other_verbs(sentence: str, kind: str) -> list[Span]:
    """The places of verbs that tell of something else."""
    return [
        place.span() for other, verb in VERBS.items() if other != kind for place in verb.finditer(sentence)
    ]


def _gap(verb: re.Match[str], other: Span) -> Span:
    """What lies between two verbs."""
    first, second = sorted((verb.span(), other))
    return min(first[1], second[0]), second[0]


def _is_of_one_party(sentence: str, kind: str, verb: re.Match[str]) -> bool:
    """ "Enters into force for Chile on …" is not the day of the agreement's own entry into force."""
    return kind == "entry-into-force" and bool(_FOR_ONE_PARTY.match(sentence, verb.end()))


def _is_about(name: Span | None, sentence: str, kind: str, verb: re.Match[str]) -> bool:
    """Whether the named agreement is the verb's own: the next one after "signed the …", the last before "was signed"."""
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
