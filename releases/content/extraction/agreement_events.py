"""What a sentence says has happened to an agreement, and on which day.

Nothing here is certain; an editor sees the sentence and decides.
"""

import datetime as dt
import re
from collections.abc import Iterator
from typing import NamedTuple

from releases.content.extraction.clauses import Clause
from releases.content.extraction.sentences import find_days
from releases.content.text.dates import ENGLISH_MONTHS

_TALKS = r"negotiations?"
CLAUSES = {
    "negotiations-launched": Clause.compile(
        rf"""\b launch(?:ed|es|ing)? \s+ (?:of\s+)? {_TALKS}
        | {_TALKS}\b .{{0,120}} \blaunched""",
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
        r"\b amended \b | \b (?-i:amendments?) \s+ to \b",
        "The treaty was {amended} in 2020.",
        ignore_case=True,
    ),
    "suspended": Clause.compile(
        r"\b suspend(?:ed|s) \b | (?<= \b to[ ] ) suspend \b | \b suspension \s+ of \b",
        "The treaty was {suspended} in 2020.",
        ignore_case=True,
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
        r"""(?<! \b a[ ] ) \b (?:co-?)? sign(?:ed|s|ing)? \b (?! \s+ (?:up|off|out|on[ ]to|language|(?:the|an|its|their)[ ]instruments?) \b )
        | \b signature \s+ of \b (?! \s+ (?:an?|two|the\s+parties) \b ) | \b puts? \s+ pen \s+ to \s+ paper \b
        | \b ink(?:ed|ing|s)? \b
        | \b entered \s+ into (?= \s+ (?:an?|the|its|their) \b )
        | \b exchang(?:e|ed|es|ing) \s+ (?:of\s+)? (?= (?:the|an?|two|three|four|five) \s+ (?:M[Oo][UuCc]|Memorand|Framework|Agreement) )""",
        "Norway and Chile {signed} a treaty.",
        ignore_case=True,
    ),
    "entry-into-force": Clause.compile(
        r"""\b ent(?:er(?:ed|s)?|ry) \s+ into \s+ force
        | \b (?:came|comes?) \s+ into \s+ (?:force|effect)
        | \b (?:took|takes?) \s+ effect
        | \b into \s+ force (?= \s+ (?:on|from|today) \b )
        | \b in[ ]force \b""",
        "The treaty {entered into force} on 5 May.",
        ignore_case=True,
    ),
    "ratification": Clause.compile(
        r"""(?<! non- ) \b ratif(?:ied|ies) \b | \b instruments? \s+ of \s+ ratification
        | \b instruments? \s+ (?:was|were) \s+ deposited
        | (?<! subject[ ]to[ ] ) (?<! pending[ ] ) (?<! upon[ ] ) \b ratification \s+ of \b""",
        "Chile has {ratified} the treaty.",
        ignore_case=True,
    ),
    "acceptance": Clause.compile(
        r"\b instruments? \s+ of \s+ acceptance",
        "Chile deposited its {instrument of acceptance} today.",
        ignore_case=True,
    ),
    "approval": Clause.compile(
        r"\b instruments? \s+ of \s+ approval",
        "Chile deposited its {instrument of approval} today.",
        ignore_case=True,
    ),
    "accession": Clause.compile(
        r"\b acced(?:ed|es) \b | (?<! negotiations[ ]for[ ] ) \b accession \b",
        "Chile {acceded} to the treaty.",
        ignore_case=True,
    ),
    "withdrawal": Clause.compile(
        r"\b withdr(?:ew|aws|awn) \s+ from \b | \b (?: notice \s+ of \s+ withdrawal | withdrawal \s+ from ) \b",
        "Chile {withdrew from} the treaty.",
        ignore_case=True,
    ),
    "denunciation": Clause.compile(
        r"\b denounc(?:ed|es) \s+ the (?= \s+ [A-Z] ) | \b denunciation \s+ of \b",
        "Chile {denounced the} Fish Treaty.",
    ),
}
VERBS = {kind: clause.pattern for kind, clause in CLAUSES.items()}
"""What says that an event of an agreement, or an action of one of its parties, has happened or will."""
ACTIONS = frozenset({"ratification", "acceptance", "approval", "accession", "withdrawal", "denunciation"})
"""The kinds that one party does, each for itself."""
INSTRUMENT = re.compile(
    r"\bM[Oo][UuCc]s?\b|\bMemorand\w+(?:\s+of\s+[A-Z]\w+)?\b"
    r"|\b(?:DEA|FTA|Agreement|Treaty|Convention|Protocol|Declaration|Arrangement|Pact|Accord|Principles|Partnership"
    r"|Letter|Programme)s?\b"
)
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_NOT_YET = re.compile(
    r"""\b (?: (?:will|shall|would|may|might|could|can|must|should|not|yet|before|after|until|once|when|upon|if|pending) \s+ (?:[\w’-]+\s+){0,5}
    | (?:to|toward|towards|for) \s+ (?: (?:be|the|\w+ly) \s+ ){0,2} )$""",
    re.IGNORECASE | re.VERBOSE,
)
_BECOMES_ONE_TO = re.compile(
    r"\bbec(?:ame|omes?|oming) (?:the|an?) (?:[\w-]+ ){0,4}(?:country|nation|state|economy|government|member|party|signatory) to $"
)
_NOT_OF_ITSELF = re.compile(
    r"\b(?:anniversary|years (?:since|after)|ahead|in advance|eve|prior to|instead"
    r"|(?:consultations?|discussions?|talks|views|debates?|progress|work|bill|vote) (?:on|about|for|towards?)) (?:of )?(?:the |its )*$",
    re.IGNORECASE,
)
_NAMED_BY_DAY = re.compile(r"\b(?:Treaty|Convention|Protocol|Agreement|Arrangement)\s+of\s+$")
_PUT_OFF = re.compile(r"\b(?:postponed|cancelled|called off|put off|deferred)\b")
_OF_OTHERS = re.compile(
    r"\b(?:that|which|who)\s+(?:have|has|had)\s+(?:\w+\s+){0,4}$|\bhad\s+(?:\w+\s+)?$"
    r"|\b(?:states|countries|members|parties)\s+(?:that|which|who)\s+$"
    r"|\b(?:approv|consent|authoris|authoriz|seek|sought|support|appl|request|vot|propos|recommend|encourag|call|urg)\w*\s+"
    r"(?:[\w’]+\s+){0,4}$",
    re.IGNORECASE,
)
_NOT_NOW = re.compile(
    r"\b(?:already|previously|earlier|since|to date|so far|last|ago|same day|ha(?:s|ve) also|that ha[sd]|that have|(?:which|who) ha\w+"
    rf"|(?:in|from|by|of|until) (?:[A-Z][a-z]+ )?(?:19|20)\d\d|in (?:early |late |mid-)?(?:{'|'.join(ENGLISH_MONTHS).title()}))\b"
)
_JUST = re.compile(
    r"\b(?:has|have)\s+(?:(?:\w+ly|today|now|just|also|been|formally)\s+){0,3}$", re.IGNORECASE
)
_TODAY = re.compile(r"\btoday\b|\bthis (?:morning|afternoon|evening)\b", re.IGNORECASE)
_WEEKDAY = re.compile(rf"\b(?:on|last) ({'|'.join(_WEEKDAYS)})\b")
_NOUN = re.compile(
    r"(?:sign|launch|conclud)ing|signature.*|conclusion|termination.*|entry.*|suspension.*|ratification.*|accession|amendment.*|.*negotiat.*conclusion"
)
_TOLD_NOUN = re.compile(r"\b(?:announc|witness|celebrat|attend|mark)\w*\b", re.IGNORECASE)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been)\s+(?:\w+ly\s+|today\s+|also\s+)?$", re.IGNORECASE)
_WITHOUT_OBJECT = re.compile(r"\s+(?:on|in|by|at|during)\b")
_FOR_ONE_PARTY = re.compile(r"\s+for\s+(?:the\s+)?(?!the\b)[A-Z]")
_JOINED = re.compile(r"\s+and\s+(?:\w+\s+){0,2}")
_LISTED = re.compile(
    r"(?:\s+(?:on|of|between|for)\s[^,;:]{1,80}?)?\s*(?:\([A-Z][\w-]{1,11}\)\s*)?(?:,|;|:|(?:,\s*)?\b(?:and|as well as))\s+"
    r"(?:(?:the|an?|another|its)\s+)?(?:new\s+)?(?:[A-Z][\w’&–-]*\s+){0,6}"
)
_IN_HEADLINES = frozenset(VERBS) - {"entry-into-force", "provisional-application", "approved", "registered"}

Span = tuple[int, int]
"""Where words begin and end in a sentence."""


class DatedEvent(NamedTuple):
    """`kind` is a key of VERBS."""

    kind: str
    day: dt.date


def find_events(
    sentence: str, released: dt.date, name: Span | None = None, *, is_news: bool = False
) -> list[DatedEvent]:
    """What a sentence says has happened or will, each kind once: on a named day, else "today" of the
    release's date.

    With the place of a `name` in it: only what it says of that agreement and of no other. `is_news`: the
    sentence is one of the first of its release, so that "has signed" is of the release's date too.
    """
    found: dict[str, DatedEvent] = {}
    for kind, place in _find_verbs(sentence, name):
        is_of_one_party = kind == "entry-into-force" and _FOR_ONE_PARTY.match(sentence, place.end())
        day = None if is_of_one_party else _find_day(sentence, kind, place, released, is_news=is_news)
        if day and kind not in found:
            found[kind] = DatedEvent(kind, day)
    return list(found.values())


def is_of_earlier_days(sentence: str) -> bool:
    """Whether a sentence tells what had happened before: "so far", "in 2010"."""
    return _NOT_NOW.search(sentence) is not None


def find_verbs(sentence: str, name: Span) -> list[Span]:
    """The places of the verbs that tell of the agreement named at that place, with or without a day."""
    return [place.span() for _, place in _find_verbs(sentence, name)]


def _find_verbs(sentence: str, name: Span | None) -> Iterator[tuple[str, re.Match[str]]]:
    for kind, verb in VERBS.items():
        for place in verb.finditer(sentence):
            if _is_about(name, sentence, kind, place):
                yield kind, place


def find_headline_events(title: str, released: dt.date) -> list[DatedEvent]:
    """What a headline says happened on the day of its release: "A and B sign …".

    A force may begin on another day.
    """
    return [
        DatedEvent(kind, released)
        for kind, verb in VERBS.items()
        if kind in _IN_HEADLINES
        and (place := verb.search(title))
        and not _NOT_YET.search(title[: place.start()])
        and not (kind in ACTIONS and _OF_OTHERS.search(title[: place.start()]))
    ]


def _find_day(
    sentence: str, kind: str, verb: re.Match[str], released: dt.date, *, is_news: bool
) -> dt.date | None:
    """The first day behind the verb, else the last before it, else the day that the sentence means; no other
    verb's day."""
    before_it = sentence[: verb.start()]
    if _NOT_OF_ITSELF.search(before_it) or _PUT_OFF.search(sentence):
        return None
    if kind in ACTIONS and (_OF_OTHERS.search(before_it) or _is_not_yet(before_it)):
        return None
    others = _find_other_verbs(sentence, kind, verb)
    days = [one for one in find_days(sentence, released) if not _NAMED_BY_DAY.search(sentence[: one[1]])]
    if behind := [day for day, at in days if at > verb.start() and not _lies_between(others, verb.end(), at)]:
        return behind[0]
    others = [(start, end) for start, end in others if end <= verb.start()]
    if before := [day for day, at in days if at < verb.start() and not _lies_between(others, 0, at)]:
        return before[-1]
    return _find_meant_day(sentence, kind, verb, released, is_news=is_news)


def _find_other_verbs(sentence: str, kind: str, verb: re.Match[str]) -> list[Span]:
    """The places of verbs that tell of something else, but for one that an "and" joins to this verb."""
    places = [place for other, words in VERBS.items() if other != kind for place in words.finditer(sentence)]
    found = []
    for place in places:
        first, second = sorted((verb.span(), place.span()))
        if not _JOINED.fullmatch(sentence, min(first[1], second[0]), second[0]):
            found.append(place.span())
    return found


def _lies_between(verbs: list[Span], start: int, end: int) -> bool:
    return any(start <= at < end for at, _ in verbs)


def _find_meant_day(
    sentence: str, kind: str, verb: re.Match[str], released: dt.date, *, is_news: bool
) -> dt.date | None:
    """The day of a sentence that names none by its number: a weekday, yesterday, today; None for what has not
    happened."""
    if _is_not_yet(sentence[: verb.start()]):
        return None
    if weekday := _WEEKDAY.search(sentence):
        return released - dt.timedelta((released.weekday() - _WEEKDAYS.index(weekday[1])) % 7)
    if "yesterday" in sentence:
        return released - dt.timedelta(1)
    is_today = _TODAY.search(sentence) or _is_just_told(sentence, kind, verb, is_news=is_news)
    return released if is_today else None


def _is_not_yet(before_it: str) -> bool:
    """Whether what stands before a verb says that it has not happened: but who "becomes the third to sign" has
    signed."""
    return bool(_NOT_YET.search(before_it)) and not _BECOMES_ONE_TO.search(before_it)


def _is_just_told(sentence: str, kind: str, verb: re.Match[str], *, is_news: bool) -> bool:
    """Whether a sentence without a day tells what is new: "has launched", or what a release says first."""
    if _NOT_NOW.search(sentence):
        return False
    if _NOUN.fullmatch(verb[0].lower()):
        return _TOLD_NOUN.search(sentence) is not None
    is_just = kind in ("negotiations-launched", "concluded") and _JUST.search(sentence[: verb.start()])
    return is_news or bool(is_just)


def _is_about(name: Span | None, sentence: str, kind: str, verb: re.Match[str]) -> bool:
    """Whether the named agreement is the verb's own: the next one after "signed the …", the last before "was
    signed"."""
    if name is None:
        return True
    spans = [name, *_find_rivals(name, sentence)]
    before = [span for span in spans if span[1] <= verb.start()]
    after = [span for span in spans if span[0] >= verb.end()]
    is_subject = (
        kind == "entry-into-force"
        or _PASSIVE.search(sentence[: verb.start()])
        or _WITHOUT_OBJECT.match(sentence, verb.end())
    )
    if before and (is_subject or not after):
        return max(before) == name
    return not after or min(after) == name


def _find_rivals(name: Span, sentence: str) -> Iterator[Span]:
    """Other agreements of which a verb may tell instead: not those that a list names beside this one."""
    start, end = name
    places = [place.span() for place in INSTRUMENT.finditer(sentence)]
    for place in [place for place in reversed(places) if place[1] <= name[0]]:
        if not _LISTED.fullmatch(sentence, place[1], start):
            yield place
            continue
        start = place[0]
    for place in [place for place in places if place[0] >= name[1]]:
        if not _LISTED.fullmatch(sentence, end, place[0]):
            yield place
            continue
        end = place[1]
