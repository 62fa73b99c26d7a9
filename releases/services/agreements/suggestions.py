"""What releases seem to say of agreements: suggestions that an editor accepts, merges or dismisses."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify
from django_countries import countries
from django_tasks import task

from releases.content.extraction.agreement_events import find_events, find_headline_events
from releases.content.extraction.agreement_names import AgreementName, find_agreements
from releases.content.extraction.sentences import (
    Sentence,
    find_parties,
    find_signers,
    find_states,
    split_sentences,
)
from releases.content.text.dates import format_date
from releases.models import (
    Agreement,
    AgreementEvent,
    Edition,
    LedgerEntry,
    Mention,
    Party,
    Signatory,
    Suggestion,
)
from releases.services.accounts.permissions import Authority, Right, is_public_or_scheduled

MIN_NAME_LENGTH = 3
SIMILARITY = 0.6
TWO = 2
COMMON = frozenset(
    "agreement arrangement memorandum understanding cooperation partnership singapore the and with between for".split()
)
KINDS = {
    "Memorand": Agreement.Kind.MEMORANDUM,
    "Treaty": Agreement.Kind.TREATY,
    "Convention": Agreement.Kind.CONVENTION,
    "Protocol": Agreement.Kind.PROTOCOL,
    "Declaration": Agreement.Kind.DECLARATION,
    "Principles": Agreement.Kind.PRINCIPLES,
    "Arrangement": Agreement.Kind.ARRANGEMENT,
    "Free Trade Agreement": Agreement.Kind.FREE_TRADE,
    "Digital Economy Agreement": Agreement.Kind.DIGITAL_ECONOMY,
}
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
    save_suggestions(newest_editions().filter(release__suggestions__isnull=True))


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
    """What the register holds already: the releases about an agreement, and the events that a release
    evidences."""
    events = AgreementEvent.objects.exclude(release=None)
    return {
        *(
            (agreement, release, "", None)
            for agreement, release in Mention.objects.values_list("agreement", "release")
        ),
        *events.values_list("agreement", "release", "kind", "date"),
    }


class NamedAgreement(NamedTuple):
    """An agreement with what finds its titles and acronyms as whole words."""

    agreement: Agreement
    pattern: re.Pattern[str]


def compile_patterns(agreements: Iterable[Agreement]) -> list[NamedAgreement]:
    """What finds the names of these agreements, in their order."""
    return [NamedAgreement(agreement, _pattern(agreement)) for agreement in agreements]


def make_suggestions(edition: Edition, known: Sequence[NamedAgreement]) -> Iterator[Suggestion]:
    """Unsaved: known names; new names; events in sentences that name an agreement."""
    lines = [Sentence(edition.title, 0), *split_sentences(edition.body)]
    for agreement, pattern in known:
        yield from _named_again(edition, agreement, pattern, lines)
    for name in find_agreements(edition.body, edition.title):
        if not any(found.search(name.title) or found.fullmatch(name.acronym) for _, found in known):
            yield from _new(edition, name, [agreement for agreement, _ in known])


def _named_again(
    edition: Edition, agreement: Agreement, pattern: re.Pattern[str], lines: list[Sentence]
) -> Iterator[Suggestion]:
    """That the edition names an agreement of the register, and the events of it."""
    places = [(line.text, place.span()) for line in lines if (place := pattern.search(line.text))]
    if places:
        yield _suggestion(edition, Suggestion.Rule.NAME, agreement, places[0][0])
    for sentence, span in places:
        yield from _happened(edition, agreement, sentence, span)


def _happened(
    edition: Edition, agreement: Agreement | None, sentence: str, place: tuple[int, int], **facts: object
) -> Iterator[Suggestion]:
    """The events that a sentence tells of the agreement named at that place in it."""
    happenings = find_events(sentence, edition.release_date, place)
    if sentence == edition.title and not happenings:
        happenings = find_headline_events(sentence, edition.release_date)
    for kind, day in happenings:
        people = find_signers(sentence) if kind == AgreementEvent.Kind.SIGNED else []
        told = {"event_kind": kind, "event_date": day, "people": people, **facts}
        yield _suggestion(edition, Suggestion.Rule.EVENT, agreement, sentence, **told)


def _new(edition: Edition, name: AgreementName, agreements: list[Agreement]) -> Iterator[Suggestion]:
    """An agreement that the register does not know by this name, and the events of it."""
    title = (
        f"{name.title} (release of {format_date(edition.release_date)})" if name.is_several else name.title
    )
    codes = state_codes()
    parties = find_states(name.title, codes) or find_states(find_parties(name.sentence), codes)
    facts = {"title": title, "acronym": name.acronym, "parties": parties}
    new = _suggestion(edition, Suggestion.Rule.NEW, None, name.sentence, **facts)
    yield new
    meant = find_likely_agreement(new, agreements)
    for telling in () if name.is_several else name.mentions:
        yield from _happened(edition, meant, telling.sentence, telling.place, **facts)


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


def accept_suggestion(suggestion: Suggestion, *, actor: AbstractBaseUser, at: dt.datetime) -> Agreement:
    """Do what it says: tie the release to the agreement, make the agreement or its event; in the ledger."""
    with transaction.atomic():
        agreement = suggestion.agreement or _made(suggestion)
        Mention.objects.get_or_create(agreement=agreement, release=suggestion.release)
        if suggestion.rule == Suggestion.Rule.EVENT and suggestion.event_date:
            event, _ = AgreementEvent.objects.get_or_create(
                agreement=agreement,
                kind=suggestion.event_kind,
                date=suggestion.event_date,
                defaults={"release": suggestion.release},
            )
            if event.release_id is None:
                event.release = suggestion.release
                event.save(update_fields=["release"])
            _add_signatories(suggestion, agreement)
        elif suggestion.rule == Suggestion.Rule.NEW and suggestion.agreement:
            _merge(suggestion, agreement)
        suggestion.agreement = agreement
        _decide(suggestion, Suggestion.State.ACCEPTED, actor, at)
    return agreement


def merge_suggestion(suggestion: Suggestion, *, actor: AbstractBaseUser, at: dt.datetime) -> Agreement | None:
    """Accept a new name as another name of the agreement that it most likely means; None when there is
    none."""
    suggestion.agreement = suggestion.agreement or find_likely_agreement(suggestion, Agreement.objects.all())
    return accept_suggestion(suggestion, actor=actor, at=at) if suggestion.agreement else None


def may_decide(verb: str, suggestion: Suggestion, authority: Authority) -> bool:
    """Whether somebody may do `verb`: what readers will see at once, or of a record that they know, an
    approver accepts.

    A record that they may not know of is not theirs to tie to a release: that would make them one of its
    owners.
    """
    if verb == "dismiss":
        return True
    meant = suggestion.agreement or _known(suggestion)
    if verb == "merge":
        meant = meant or find_likely_agreement(suggestion, Agreement.objects.all())
    if meant and not authority.may(Right.SEE, meant):
        return False
    editions = suggestion.release.editions
    shown = editions.filter(state=Edition.State.APPROVED).exists() or (
        meant is not None and is_public_or_scheduled(authority, meant)
    )
    return authority.may(Right.APPROVE if shown else Right.WRITE, editions.latest("number"))


def decide_suggestions(
    verb: str, suggestions: Iterable[Suggestion], *, actor: AbstractBaseUser, at: dt.datetime
) -> int:
    """Accept, merge or dismiss each that is still open, under a lock, so that two clicks are one. Returns the
    number.

    What `actor` may not decide stays open.
    """
    decided, authority = 0, Authority(actor, at)
    for pk in [suggestion.pk for suggestion in suggestions]:
        with transaction.atomic():
            authority.forget_rows()
            suggestion = (
                Suggestion.objects.select_for_update().filter(pk=pk, state=Suggestion.State.OPEN).first()
            )
            if suggestion and may_decide(verb, suggestion, authority):
                VERBS[verb](suggestion, actor=actor, at=at)
                decided += suggestion.state != Suggestion.State.OPEN
    return decided


def dismiss_suggestion(suggestion: Suggestion, *, actor: AbstractBaseUser, at: dt.datetime) -> None:
    """Keep that it was found wrong, so that it is not made again; in the ledger."""
    with transaction.atomic():
        _decide(suggestion, Suggestion.State.DISMISSED, actor, at)


VERBS = {"accept": accept_suggestion, "merge": merge_suggestion, "dismiss": dismiss_suggestion}


def _decide(suggestion: Suggestion, state: str, actor: AbstractBaseUser, at: dt.datetime) -> None:
    suggestion.state, suggestion.decided_at, suggestion.decided_by_id = state, at, actor.pk
    suggestion.save()
    LedgerEntry.objects.record(
        LedgerEntry.Verb.SUGGESTION,
        at=at,
        actor=actor,
        release=suggestion.release,
        subject=f"suggestion {suggestion.recorded_as}",
        note={"state": state, "rule": suggestion.rule, "agreement": suggestion.agreement_id},
    )


def _made(suggestion: Suggestion) -> Agreement:
    """An agreement of the suggested name, or the one that an earlier suggestion of this name made or was
    merged into."""
    if known := _known(suggestion):
        return known
    agreement, is_new = Agreement.objects.get_or_create(
        slug=_slug(suggestion),
        defaults={
            "title": suggestion.title,
            "acronyms": [suggestion.acronym] if suggestion.acronym else [],
            "instrument_type": _kind(suggestion.title),
        },
    )
    if is_new:
        Party.objects.bulk_create(
            Party(agreement=agreement, position=number, country=code)
            for number, code in enumerate(suggestion.parties, 1)
        )
    return agreement


def _slug(suggestion: Suggestion) -> str:
    return slugify(suggestion.title)[:120] or f"agreement-{suggestion.pk}"


def _known(suggestion: Suggestion) -> Agreement | None:
    titled = (one for one in Agreement.objects.all() if suggestion.title in (one.title, *one.former_titles))
    return next(titled, None) or Agreement.objects.filter(slug=_slug(suggestion)).first()


def _kind(title: str) -> str:
    """What the first such word of a title says that it is."""
    said = re.search("|".join(KINDS), title)
    return KINDS[said[0]] if said else Agreement.Kind.OTHER


def _add_signatories(suggestion: Suggestion, agreement: Agreement) -> None:
    """Whom the sentence names ("Dr Anna Lim, Minister for Fish"), where the record names nobody yet."""
    if not agreement.signatories.exists():
        named = [person.partition(", ") for person in suggestion.people]
        Signatory.objects.bulk_create(
            Signatory(agreement=agreement, person=person, office=office) for person, _, office in named
        )


def _merge(suggestion: Suggestion, agreement: Agreement) -> None:
    """The other name becomes one of the agreement's."""
    if suggestion.title not in (agreement.title, *agreement.former_titles):
        agreement.former_titles = [*agreement.former_titles, suggestion.title]
    if suggestion.acronym and suggestion.acronym not in agreement.acronyms:
        agreement.acronyms = [*agreement.acronyms, suggestion.acronym]
    agreement.save()


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
