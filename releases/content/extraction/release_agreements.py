"""The agreements that a release is about, and what it tells of each; treaties of the background are not among
them.

Nothing here is certain; an editor sees the sentence and decides.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from releases.content.extraction.agreement_events import (
    ACTIONS,
    Span,
    find_events,
    find_headline_events,
    find_verbs,
    is_of_earlier_days,
)
from releases.content.extraction.agreement_names import find_agreements
from releases.content.extraction.agreement_words import AgreementMention, AgreementName
from releases.content.extraction.clauses import Clause
from releases.content.extraction.memoranda import NUMBERS
from releases.content.extraction.sentences import split_statements

NAMED_FIRST, TOLD_FIRST = 3, 8
"""Full sentences of a body in which an agreement is named as its own, and told of as new without a day."""
OLDEST_DAYS, OLDEST_FIRST = 400, 1_500
"""Days before a release from which on what happened is not its news; of what first sentences tell."""

_BACKGROUND = Clause.compile(
    r"""\b (?: under | pursuant\s+to | in\s+(?:accordance|line)\s+with | bas(?:ed|ing)\s+on | buil(?:d|ds|ding|t)\s+(?:up)?on
        | complement(?:s|ing)? | follow(?:s|ing|ed)? | since | as\s+part\s+of | part(?:y|ies)\s+to | members?\s+(?:of|to)
        | consistent\s+with | obligations?\s+(?:of|under|in) | (?:set\s+out|enshrined)\s+in | within | guided\s+by
        | support\s+for | commit\w*\s+to | implement\w* | replac(?:es|ed|ing) | supersed(?:es|ed|ing) | beyond | recall(?:ed|s|ing)? | referr?(?:s|ed|ing)?\s+to
        | principles\s+of | reaffirm\w* | uph[eo]ld\w* | such\s+as | including (?! \s+ an? \b ) | rests?\s+on | thanks\s+to | dates?\s+from
        | (?:already|previously|earlier)\s+\w+ ) \b""",
    "They met {under} the Fish Treaty.",
    ignore_case=True,
)
_OLD = re.compile(
    r"\s*(?:\([^()]{0,40}\)\s*)?,?\s*(?:(?:which|that)\s+)?(?:(?:was|were|had been)\s+)?(?:first\s+)?"
    r"(?:signed|concluded|adopted|made|that entered into force)?\s*(?:on\s+\d{1,2}\s+\w+|in(?:\s+[A-Z]\w+)?|of)?\s*\(?((?:19|20)\d\d)\b"
)
_AGAIN = Clause.compile(
    r"""\b (?:the|this|that|these|both|the\s+new|new) \s+
        (agreement|treat(?:y|ie)|convention|protocol|memorand(?:um|a)|mou|moc|mra|aa|fta|dea|arrangement|pact|accord|declaration
        |letter|programme|text|document|instrument)(s?) \b (?! \s+ of \s+ (?!ratif|acc|appr) )
    | ^ (?:it|they) (?= \s+ (?:was|were|will|has|had|have|enter\w*|came|comes|is|are) \b )
    | (?<= \b signed[ ] ) it \b
    | ^ (?: formal \s+ | the \s+ )? negotiations \b (?! \s+ (?: on | for | with ) \b )""",
    "{The Agreement} was signed today.",
    ignore_case=True,
)
_COUNTED = Clause.compile(
    rf"""\b (?: {"|".join(NUMBERS)} | both | \d{{1,2}} ) \s+ (?: [a-z-]{{1,20}} \s+ )??
    (agreement|treatie|memoranda|memorandum|mou|moc|arrangement) (s?) \b""",
    "They signed {two new MOUs} today.",
    ignore_case=True,
)
_STEMS = {
    **dict.fromkeys(("mou", "moc", "memoranda"), "memorandum"),
    **dict.fromkeys(("mra", "aa"), "arrangement"),
    "fta": "free trade",
    "dea": "digital economy",
    "treatie": "treaty",
}
_ANY_KIND = ("agreement", "arrangement", "pact", "accord", "text", "document", "instrument")
_HEADLINE_KIND = re.compile(
    r"\b(agreement|treat(?:y|ie)|convention|protocol|memorand(?:um|a)|mou|moc|arrangement|pact|accord|declaration|letter"
    r"|programme)(s?)\b",
    re.IGNORECASE,
)
_WANTED = Clause.compile(
    r"\b (?: negotiat\w+ | conclude | sign | ratify | join | accede | amend | terminate ) \b (?= (?: \s+ \S+ ){0,6} \s* $ )",
    "They hope to {conclude} an",
    ignore_case=True,
)
_LINKED = re.compile(r"\s*(?:(?:the|its|their|on|of)\s+)*")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_NEW = re.compile(r"\b(?:today|yesterday|has|have|now|will)\b", re.IGNORECASE)
_FULL = re.compile(r"^(?:\S+\s+){7}.*[.”\"):]$")
CLAUSES = (_BACKGROUND, _AGAIN, _COUNTED, _WANTED)


class ToldEvent(NamedTuple):
    """`kind` is a key of `agreement_events.VERBS`; `place` is that of the agreement's name in the
    sentence."""

    kind: str
    day: dt.date
    sentence: str
    place: Span


@dataclass(frozen=True, slots=True)
class ReleaseAgreement:
    """An agreement, and its events as a release tells them, each once; `known` is its number among those that
    were known before, None for another."""

    name: AgreementName
    events: tuple[ToldEvent, ...]
    known: int | None = None


class _Telling(NamedTuple):
    """What names an agreement, the number `agreement`, in the sentence number `line` (0 is the title)."""

    agreement: int
    line: int
    place: Span


class KnownName(NamedTuple):
    """The title of an agreement that is known already, and what finds its names and acronyms."""

    title: str
    pattern: re.Pattern[str]


def find_release_agreements(
    title: str, body: str, released: dt.date, known: Sequence[KnownName] = ()
) -> list[ReleaseAgreement]:
    """What a release is about: named in its title or among its first sentences, or told as news; and all that
    it names of those that are `known`."""
    lines = [title, *split_statements(body)]
    before = {at: name for at, one in enumerate(known) if (name := _find_known(one, lines))}
    names = [
        *before.values(),
        *(
            name
            for name in find_agreements(body, title)
            if not any(one.pattern.search(name.title) or one.pattern.fullmatch(name.acronym) for one in known)
        ),
    ]
    tellings = [telling for number, line in enumerate(lines) for telling in _tellings_of(names, number, line)]
    own = _choose_own(names, lines, tellings, released, len(before))
    events = _find_events_of(names, own, lines, [one for one in tellings if one.agreement in own], released)
    numbers = dict(enumerate(before))
    return [
        ReleaseAgreement(names[at], () if names[at].is_several else events[at], numbers.get(at)) for at in own
    ]


def _find_known(known: KnownName, lines: Sequence[str]) -> AgreementName | None:
    """With all sentences that name it; None where none does."""
    places = [(line, place.span()) for line in lines if (place := known.pattern.search(line))]
    mentions = tuple(AgreementMention(line, span) for line, span in places)
    return AgreementName(known.title, "", mentions) if mentions else None


def _choose_own(
    names: Sequence[AgreementName],
    lines: Sequence[str],
    tellings: Sequence[_Telling],
    released: dt.date,
    known: int,
) -> list[int]:
    """The numbers of the first `known` names and of those that are the release's own; of memoranda that are
    only counted, or told by who signed them, where nothing else is named."""
    first = _first_lines(lines, NAMED_FIRST)
    news = {
        telling.agreement
        for telling in tellings
        if _is_news(lines, telling, released, first, is_count=names[telling.agreement].is_several)
    }
    own = sorted(news | set(range(known)))
    if any(names[at].is_given for at in own):
        return [at for at in own if names[at].is_given]
    return _meant_by_first(names, lines[: first + 1], tellings, lines, released) or own


def _meant_by_first(
    names: Sequence[AgreementName],
    first: Sequence[str],
    tellings: Sequence[_Telling],
    lines: Sequence[str],
    released: dt.date,
) -> list[int]:
    """Those that a text names further down, of the kinds of which its first sentences speak: "two
    memoranda"."""
    named = [
        one.agreement
        for one in tellings
        if names[one.agreement].is_given and not _is_background(lines[one.line], one.place, released)
    ]
    kinds = {found[1] for line in first for found in _HEADLINE_KIND.finditer(line)}
    return sorted({at for kind in kinds for at in _of_kind(names, named, kind)})


def _find_events_of(
    names: Sequence[AgreementName],
    own: Sequence[int],
    lines: Sequence[str],
    tellings: Sequence[_Telling],
    released: dt.date,
) -> dict[int, tuple[ToldEvent, ...]]:
    """What is told of each of its own agreements, by number."""
    first = _first_lines(lines, TOLD_FIRST)
    found: dict[int, list[ToldEvent]] = {number: [] for number in own}
    headline = find_headline_events(lines[0], released)
    for telling in [*tellings, *_told_again(names, lines, tellings)]:
        line = lines[telling.line]
        happened = find_events(line, released, telling.place, is_news=0 < telling.line <= first)
        if telling.line == 0:
            happened = happened or headline
        found[telling.agreement] += [ToldEvent(kind, day, line, telling.place) for kind, day in happened]
    for number in _meant_by_headline(names, own, lines, tellings):
        found[number] += [ToldEvent(kind, day, lines[0], (0, 0)) for kind, day in headline]
    return {number: _each_once(events, released) for number, events in found.items()}


def _first_lines(lines: Sequence[str], count: int) -> int:
    """The number of the line with which the first full sentences end; what only heads them is none."""
    full = [number for number, line in enumerate(lines) if number and _FULL.search(line)]
    return full[:count][-1] if full else len(lines)


def _tellings_of(names: Sequence[AgreementName], number: int, line: str) -> Iterator[_Telling]:
    """The agreements that a sentence names, by the words found before, else by title or acronym."""
    for at, name in enumerate(names):
        told = [mention.place for mention in name.mentions if mention.sentence == line]
        words = "|".join(re.escape(word) for word in (name.title, name.acronym) if word)
        again = re.search(rf"(?<![\w-])(?:{words})(?![\w-])", line)
        if told or again:
            yield _Telling(at, number, told[0] if told else again.span() if again else (0, 0))


def _is_news(
    lines: Sequence[str], telling: _Telling, released: dt.date, first: int, *, is_count: bool
) -> bool:
    """Whether a sentence names an agreement as the release's own."""
    line = lines[telling.line]
    if telling.line == 0:
        return True
    oldest = OLDEST_FIRST if telling.line <= first else OLDEST_DAYS
    if _is_background(line, telling.place, released, oldest) or (is_count and is_of_earlier_days(line)):
        return False
    is_told = find_events(line, released, telling.place) or not is_of_earlier_days(line)
    return telling.line <= first or bool(is_told and _find_acts(line, telling.place))


def _find_acts(line: str, place: Span) -> list[int]:
    """Where a sentence says what was done, or is to be done, with the agreement named at that place."""
    wanted = [found.start() for found in _WANTED.pattern.finditer(line[: place[0]])]
    return wanted + [at for at, _ in find_verbs(line, place)]


def _is_background(line: str, place: Span, released: dt.date, oldest: int = OLDEST_DAYS) -> bool:
    """Whether something stands "under" the agreement named at `place`, or "following" its signing, or it is
    one of an earlier year."""
    start, end = place
    grounds = [found.end() for found in _BACKGROUND.pattern.finditer(line, 0, start)]
    acts = [at for at in _find_acts(line, place) if grounds and grounds[-1] < at < start]
    if grounds and all(_LINKED.fullmatch(line, grounds[-1], at) for at in acts):
        return True
    days = [abs((released - day).days) for _, day in find_events(line, released, place)]
    return min(days) >= oldest if days else _is_old(line, end, released)


def _is_old(line: str, end: int, released: dt.date) -> bool:
    """Whether a sentence tells of an earlier year alone, or says so right behind the name that ends at
    `end`."""
    old = _OLD.match(line, end)
    if old and int(old[1]) < released.year:
        return True
    years = {int(year) for year in _YEAR.findall(line)}
    return bool(years) and max(years) < released.year and not _NEW.search(line)


def _told_again(
    names: Sequence[AgreementName], lines: Sequence[str], tellings: Sequence[_Telling]
) -> Iterator[_Telling]:
    """What sentences that name no agreement say of "the Agreement", or of "it": the one named last before,
    else those that the text names later."""
    named = {telling.line for telling in tellings}
    for number, line in enumerate(lines):
        again = _AGAIN.pattern.search(line) or _COUNTED.pattern.search(line)
        if again is None or number in named or number == 0:
            continue
        before = [telling.agreement for telling in reversed(tellings) if telling.line < number]
        for agreement in _meant(names, before or [one.agreement for one in tellings], again):
            yield _Telling(agreement, number, again.span())


def _meant(names: Sequence[AgreementName], before: Sequence[int], again: re.Match[str]) -> list[int]:
    """What words of a kind ("the Agreement", "both MOUs") mean of the agreements named before, the last
    first."""
    meant = _of_kind(names, before, again[1]) if again[1] else list(before)
    is_many = again[1] and (again[2] or again[1].lower() == "memoranda")
    return meant if is_many else meant[:1]


def _of_kind(names: Sequence[AgreementName], numbers: Iterable[int], kind: str) -> list[int]:
    """Of agreements, those whose title says that they are of a kind; "agreement" and "text" may be of any."""
    numbers = list(dict.fromkeys(numbers))
    stem = _STEMS.get(kind.lower(), kind.lower())
    of_kind = [at for at in numbers if stem in names[at].title.lower()]
    return of_kind or (numbers if stem in _ANY_KIND else [])


def _meant_by_headline(
    names: Sequence[AgreementName], own: Sequence[int], lines: Sequence[str], tellings: Sequence[_Telling]
) -> list[int]:
    """Those that a headline means that names none: "A and B sign treaty" the first treaty, "two memoranda
    signed" all memoranda."""
    kind = _HEADLINE_KIND.search(lines[0])
    if kind is None or any(telling.line == 0 for telling in tellings):
        return []
    return _meant(names, [telling.agreement for telling in tellings if telling.agreement in own], kind)


def _each_once(events: Iterable[ToldEvent], released: dt.date) -> tuple[ToldEvent, ...]:
    """Of each kind the first with a day of its own, else with that of the release; of what parties do, each
    day."""
    found: list[ToldEvent] = []
    for event in sorted(events, key=lambda event: event.day == released):
        known = [one.day for one in found if one.kind == event.kind]
        is_another = event.kind in ACTIONS and event.day != released and event.day not in known
        if not known or is_another:
            found.append(event)
    return tuple(found)
