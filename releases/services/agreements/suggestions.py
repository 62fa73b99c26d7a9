"""Suggestions of agreements and their events, which an editor accepts, merges or dismisses."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from django.db.models import QuerySet
from django_countries import countries
from django_tasks import task

from releases.content.extraction.agreement_events import ACTIONS
from releases.content.extraction.release_agreements import (
    KnownName,
    ReleaseAgreement,
    find_release_agreements,
)
from releases.content.extraction.sentences import find_parties, find_signers, find_states
from releases.content.text.dates import format_date
from releases.models import Agreement, AgreementEvent, Edition, Mention, PartyAction, Suggestion

MIN_NAME_LENGTH = 3
SIMILARITY = 0.6
TWO = 2
COMMON = frozenset(
    "agreement arrangement memorandum understanding cooperation partnership singapore the and with between for".split()
)
FRAGMENT = re.compile(
    r"""\b (?: I | we | our | their | his | her | its | this | these | those | is | are | was | were | am | has | have
        | pleased | announced? | counterparts? | example ) \b
    | ^ (?: Mutual[ ]Recognition[ ] | Framework[ ] | Cooperation[ ] )? (?: Agreement | Arrangement | Memorandum ) s? $""",
    re.VERBOSE | re.IGNORECASE,
)
"""In a name it tells that this is a piece of a sentence, or names no agreement in particular."""
SHORT_NAMES = {
    "Korea": "KR",
    "South Korea": "KR",
    "Republic of Korea": "KR",
    "UK": "GB",
    "United Kingdom": "GB",
    "US": "US",
    "USA": "US",
    "ROK": "KR",
    "United States": "US",
    "Vietnam": "VN",
    "Viet Nam": "VN",
    "Brunei": "BN",
    "Laos": "LA",
    "Russia": "RU",
}


@task()
def suggest_for_all() -> None:
    """The worker's task after an import: look through every release that has not been looked through."""
    told = Suggestion.objects.exclude(rule=Suggestion.Rule.ISSUER).order_by()
    save_suggestions(newest_editions().exclude(release__in=told.values("release")))


def newest_editions() -> QuerySet[Edition]:
    """The last edition of each release that will not be succeeded."""
    return Edition.objects.filter(live_until__isnull=True, erased_at__isnull=True).exclude(
        state=Edition.State.REJECTED
    )


def save_suggestions(editions: Iterable[Edition]) -> int:
    """Write what the texts of these editions suggest; what was suggested before, and decided, stays.

    Returns the number.
    """
    known = compile_patterns(Agreement.objects.prefetch_related("parties"))
    candidates = [one for edition in editions for one in make_suggestions(edition, known)]
    if not candidates:
        return 0
    told = _recorded()
    found = [
        one
        for one in candidates
        if (one.agreement_id, one.release_id, one.event_kind, one.event_date) not in told
    ]
    before = Suggestion.objects.count()
    Suggestion.objects.bulk_create(found, ignore_conflicts=True, batch_size=500)
    return Suggestion.objects.count() - before


def _recorded() -> set[tuple[object, ...]]:
    """What the register holds already: the releases about an agreement, and the events and actions that a
    release evidences."""
    mentions = Mention.objects.values_list("agreement", "release")
    events = AgreementEvent.objects.exclude(release=None)
    actions = PartyAction.objects.exclude(release=None)
    return {
        *((agreement, release, "", None) for agreement, release in mentions),
        *events.values_list("agreement", "release", "kind", "date"),
        *actions.values_list("party__agreement", "release", "kind", "action_on"),
    }


class NamedAgreement(NamedTuple):
    """An agreement with what finds its titles and acronyms as whole words."""

    agreement: Agreement
    pattern: re.Pattern[str]


def compile_patterns(agreements: Iterable[Agreement]) -> list[NamedAgreement]:
    """What finds the names of these agreements, in their order."""
    return [NamedAgreement(agreement, _pattern(agreement)) for agreement in agreements]


def make_suggestions(edition: Edition, known: Sequence[NamedAgreement]) -> Iterator[Suggestion]:
    """Unsaved: known names; new names that are the release's own; what it tells of both."""
    names = [KnownName(agreement.title, pattern) for agreement, pattern in known]
    for found in find_release_agreements(edition.title, edition.body, edition.release_date, names):
        if found.known is None:
            if not FRAGMENT.search(found.name.title):
                yield from _new(edition, found, [agreement for agreement, _ in known])
        else:
            agreement = known[found.known].agreement
            yield _suggestion(edition, Suggestion.Rule.NAME, agreement, found.name.sentence)
            yield from _happened(edition, agreement, found)


def _happened(
    edition: Edition, agreement: Agreement | None, found: ReleaseAgreement, **facts: object
) -> Iterator[Suggestion]:
    """The events that a release tells of an agreement; of what one party does, with the state that does
    it."""
    for kind, day, sentence, (start, end) in found.events:
        told = {"event_kind": kind, "event_date": day, **facts}
        if kind == AgreementEvent.Kind.SIGNED:
            told["people"] = find_signers(sentence)
        elif kind in ACTIONS:
            around = f"{sentence[:start]}\n{sentence[end:]}\n{edition.title}"
            told["parties"] = find_states(around, state_codes())[:1]
        yield _suggestion(edition, Suggestion.Rule.EVENT, agreement, sentence, **told)


def _new(edition: Edition, found: ReleaseAgreement, agreements: list[Agreement]) -> Iterator[Suggestion]:
    """An agreement that the register does not know by this name, and the events of it."""
    name, codes = found.name, state_codes()
    title = (
        f"{name.title} (release of {format_date(edition.release_date)})" if name.is_several else name.title
    )
    parties = find_states(name.title, codes) or find_states(find_parties(name.sentence), codes)
    facts = {"title": title, "acronym": name.acronym, "parties": parties}
    new = _suggestion(edition, Suggestion.Rule.NEW, None, name.sentence, **facts)
    yield new
    yield from _happened(edition, find_likely_agreement(new, agreements), found, **facts)


def state_codes() -> dict[str, str]:
    """Names of states, short ones included, and their ISO 3166 codes."""
    return {name: code for code, name in countries} | SHORT_NAMES


def find_likely_agreement(suggestion: Suggestion, agreements: Iterable[Agreement]) -> Agreement | None:
    """The agreement that a new name most likely means: most words of both titles are the same, and no party
    is another's.

    Nor is it one that has acronyms of its own where the name gives another.
    """
    acronym = suggestion.acronym
    alike = [
        (_likeness(_words(_spelt_out(suggestion.title, agreement.title)), _words(agreement.title)), agreement)
        for agreement in agreements
        if not (acronym and agreement.acronyms) or acronym in agreement.acronyms
    ]
    best, agreement = max(alike, key=lambda pair: pair[0], default=(0, None))
    if agreement and best >= SIMILARITY and _may_be_of(agreement, suggestion.sentence):
        return agreement
    return None


def _may_be_of(agreement: Agreement, sentence: str) -> bool:
    """Whether the states that a sentence names are parties, where the record has the parties and it names
    two."""
    recorded = {str(party.country) for party in agreement.parties.all() if party.country}
    named = set(find_states(sentence, state_codes()))
    return len(named) < TWO or len(recorded) < TWO or named <= recorded


def _spelt_out(title: str, other: str) -> str:
    """A title with the words of the other for the initials that it gives: AI, where the other says artificial
    intelligence."""
    words = other.split()
    for initials in set(re.findall(r"\b[A-Z]{2,5}\b", title)):
        size = len(initials)
        for at in range(len(words) - size + 1):
            if "".join(word[0] for word in words[at : at + size]).upper() == initials:
                title = title.replace(initials, " ".join(words[at : at + size]))
    return title


def _words(title: str) -> set[str]:
    """The words that tell one agreement from another."""
    return {word for word in re.findall(r"\w+", title.casefold()) if len(word) >= MIN_NAME_LENGTH} - COMMON


def _likeness(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if len(one | other) > 1 else 0


def find_mentions(editions: Iterable[Edition], agreements: Iterable[Agreement]) -> list[Mention]:
    """Unsaved mentions: releases whose title or body holds a name of an agreement as a whole word."""
    known = compile_patterns(agreements)
    return [
        Mention(agreement=agreement, release_id=edition.release_id)
        for edition in editions
        for agreement, pattern in known
        if pattern.search(f"{edition.title}\n{edition.body}")
    ]


def _suggestion(
    edition: Edition, rule: str, agreement: Agreement | None, sentence: str, **facts: object
) -> Suggestion:
    who = agreement.slug if agreement else str(facts["title"]).casefold()
    key = f"{edition.release_id}|{rule}|{who}|{facts.get('event_kind', '')}|{facts.get('event_date', '')}"
    return Suggestion(
        release_id=edition.release_id,
        rule=rule,
        agreement=agreement,
        sentence=sentence,
        key=hashlib.sha256(key.encode()).hexdigest(),
        **facts,
    )


def _pattern(agreement: Agreement) -> re.Pattern[str]:
    names = [agreement.title, agreement.short_title, *agreement.acronyms, *agreement.former_titles]
    words = "|".join(re.escape(name) for name in names if len(name) >= MIN_NAME_LENGTH)
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])")
