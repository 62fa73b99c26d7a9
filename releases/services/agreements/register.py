"""The register of agreements: each with what the public may know of it at an instant."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery, prefetch_related_objects
from django.utils.timezone import localdate

from releases.content.agreement_status import (
    NOT_RECORDED,
    STATUSES,
    derive_status,
    find_departure,
    find_disorder,
    find_repeated_names,
    has_cycle,
    has_joined,
)
from releases.content.text.dates import format_date
from releases.models import (
    AgencyName,
    Agreement,
    AgreementEvent,
    Edition,
    Party,
    PartyAction,
    Relation,
    Signatory,
)
from releases.services.editions.facts import find_once
from releases.services.editions.pagination import PAGE_LENGTH
from releases.services.editions.statements import Statement

LOOP = "Its relations lead back to itself."
NO_RATIFICATIONS = "An agreement that does not bind has no ratifications."
RECENT_COUNT = 5
READ_AT_ONCE = 50  # agreements
RATIFIED = (PartyAction.Kind.RATIFICATION, PartyAction.Kind.ACCEPTANCE)


class FormerParty(NamedTuple):
    """`until` is the day on which it ceased to be a party."""

    name: str
    until: dt.date


class RelationPair(NamedTuple):
    """The keys of an agreement, and of the other that its relation names."""

    agreement: int
    other: int


class Choices(NamedTuple):
    """By what the register can be filtered: parties and subjects by name, years of signing, the newest
    first."""

    parties: list[str]
    years: list[int]
    subjects: list[str]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the register. `status` is a key of STATUSES; `since` the day of the last event that is
    public.

    `parties` are those of the day, under the names of the day of signing; `left` those who are none any more,
    with the day.
    """

    agreement: Agreement
    status: str
    parties: list[str]
    left: list[FormerParty]
    signed_on: dt.date | None
    since: dt.date | None

    @property
    def status_words(self) -> str:
        """The status as readers read it, in English."""
        return STATUSES[self.status]


class RegisterPage(NamedTuple):
    """`last` is the slug after which the next page starts; "" on the last one."""

    entries: Sequence[Entry]
    last: str


class PublicFacts(NamedTuple):
    """What readers may know of an agreement: its events in their order, with `path` and `release_title` of the
    release that tells of each, if that is live, and its parties, each with what it did."""

    events: list[AgreementEvent]
    parties: list[tuple[Party, list[PartyAction]]]


def read_public_facts(agreements: Sequence[Agreement], at: dt.datetime) -> list[PublicFacts]:
    """Those of each agreement, in their order."""
    facts = {agreement.pk: PublicFacts([], []) for agreement in agreements}
    for event in _read(_EVENTS, at, list(facts)):
        facts[event.agreement_id].events.append(event)
    actions: dict[int, list[PartyAction]] = {}
    for action in _read(_ACTIONS, at, list(facts)):
        actions.setdefault(action.party_id, []).append(action)
    parties: list[Party] = list(_read(_PARTIES, at, list(facts)))
    for party in parties:
        facts[party.agreement_id].parties.append((party, actions.get(party.pk, [])))
    agencies = [party.agency for party in parties if party.agency]
    prefetch_related_objects(agencies, Prefetch("names", AgencyName.objects.by(localdate(at))))
    return [facts[agreement.pk] for agreement in agreements]


def _read(statement: Statement, at: dt.datetime, keys: Sequence[int]) -> Iterator[Any]:
    """What a statement below selects of the agreements with these keys."""
    for start in range(0, len(keys), READ_AT_ONCE):
        some = keys[start : start + READ_AT_ONCE]
        yield from statement.instances(at=at, keys=(*some, *[0] * (READ_AT_ONCE - len(some))))


def _public_events(at: dt.datetime, keys: Sequence[int]) -> QuerySet[AgreementEvent]:
    told = Edition.objects.live(at).filter(release=OuterRef("release_id"))
    return (
        AgreementEvent.objects.public(at)
        .filter(agreement__in=keys)
        .annotate(
            path=Subquery(told.values("address__path")[:1]), release_title=Subquery(told.values("title")[:1])
        )
        .order_by("date", "pk")
    )


_EVENTS = Statement(_public_events)
_PARTIES = Statement(
    lambda at, keys: Party.objects.public(at).filter(agreement__in=keys).select_related("agency")
)
_ACTIONS = Statement(lambda at, keys: PartyAction.objects.public(at).filter(party__agreement__in=keys))


def build_entry(agreement: Agreement, facts: PublicFacts, day: dt.date) -> Entry:
    """The line of an agreement as it stood on `day`."""
    signed = signing_day(facts.events)
    parties = [(party.name_on(signed or day), _moves(actions)) for party, actions in facts.parties]
    left = [(name, find_departure(day, moves)) for name, moves in parties]
    return Entry(
        agreement,
        status=status_of(facts.events, day),
        parties=[
            name for name, moves in parties if has_joined(day, moves) and not find_departure(day, moves)
        ],
        left=[FormerParty(name, gone) for name, gone in left if gone],
        signed_on=signed,
        since=max((event.date for event in facts.events if event.date <= day), default=None),
    )


def build_entries(agreements: Sequence[Agreement], at: dt.datetime, day: dt.date) -> list[Entry]:
    """The lines of agreements as they stood on `day`, of what is public at the instant `at`."""
    facts = read_public_facts(agreements, at)
    return [build_entry(*pair, day) for pair in zip(agreements, facts, strict=True)]


def signing_day(events: Iterable[AgreementEvent]) -> dt.date | None:
    """The first day of signing that these events tell of; None where they tell of none."""
    return min((event.date for event in events if event.kind == AgreementEvent.Kind.SIGNED), default=None)


def status_of(events: Collection[AgreementEvent], day: dt.date) -> str:
    """A key of STATUSES: where these events left an agreement on `day`."""
    happened = [(event.kind, event.date) for event in events]
    return derive_status(day, happened) if happened else NOT_RECORDED


def _moves(actions: Iterable[PartyAction]) -> list[tuple[str, dt.date]]:
    return [(action.kind, action.effective_on or action.action_on) for action in actions]


@find_once
def list_entries(at: dt.datetime) -> list[Entry]:
    """Every public agreement as it stands on the day, by title."""
    return build_entries(_AGREEMENTS.instances(at=at), at, localdate(at))


_AGREEMENTS = Statement(lambda at: Agreement.objects.public(at).order_by("title", "slug"))


@find_once
def list_choices(at: dt.datetime) -> Choices:
    """What some public agreement has."""
    entries = list_entries(at)
    return Choices(
        sorted({party for entry in entries for party in entry.parties}),
        sorted({entry.signed_on.year for entry in entries if entry.signed_on}, reverse=True),
        sorted({subject for entry in entries for subject in entry.agreement.subjects}),
    )


def page_after(entries: Sequence[Entry], slug: str) -> RegisterPage:
    """The entries that follow that of the agreement with this slug; the first ones where it is none of
    them."""
    places = (place for place, entry in enumerate(entries, 1) if entry.agreement.slug == slug)
    start = next(places, 0) if slug else 0
    end = start + PAGE_LENGTH
    return RegisterPage(entries[start:end], entries[end - 1].agreement.slug if end < len(entries) else "")


@find_once
def recently_changed(at: dt.datetime) -> list[Entry]:
    """The agreements with the newest public events, as they stand now."""
    day = localdate(at)
    return build_entries(_NEWEST.instances(at=at, day=day), at, day)


def _with_newest_events(at: dt.datetime, day: dt.date) -> QuerySet[Agreement]:
    events = AgreementEvent.objects.public(at).filter(agreement=OuterRef("pk"), date__lte=day)
    last = Subquery(events.order_by("-date").values("date")[:1])
    found = Agreement.objects.annotate(last=last).filter(last__isnull=False)
    return found.order_by("-last", "title")[:RECENT_COUNT]


_NEWEST = Statement(_with_newest_events)


def public_signatories(at: dt.datetime) -> QuerySet[Signatory]:
    """Those of agreements of whose signing, which has come, the public may know at the instant `at`."""
    signings = AgreementEvent.objects.public(at).filter(
        kind=AgreementEvent.Kind.SIGNED, date__lte=localdate(at)
    )
    return Signatory.objects.filter(agreement__in=signings.values("agreement"))


def find_problems(agreement: Agreement, known: QuerySet[Agreement]) -> list[str]:
    """Sentences on a record that contradicts itself or one of those `known`, or that nobody will see, for the
    desk."""
    events = [(event.kind, event.date) for event in agreement.events.all()]
    found = find_disorder(events)
    found += find_repeated_names(str(party) for party in agreement.parties.all())
    ratified = agreement.parties.filter(actions__kind__in=RATIFIED)
    if not may_be_ratified(agreement) and ratified.exists():
        found.append(NO_RATIFICATIONS)
    if has_cycle(agreement.pk, list_relation_pairs()):
        found.append(LOOP)
    found += _early(agreement) + _unseen(agreement)
    shared = known.exclude(pk=agreement.pk).values_list("title", "acronyms")
    found += [
        f"{acronym} is also the acronym of {title}."
        for title, acronyms in shared
        for acronym in agreement.acronyms
        if acronym in acronyms
    ]
    return found


def _early(agreement: Agreement) -> list[str]:
    """Ratifications before the signing, and actions that count before they were done."""
    signed = min((event.date for event in agreement.events.all() if event.kind == "signed"), default=None)
    actions = PartyAction.objects.filter(party__agreement=agreement).select_related("party")
    return [
        f"{action.party}: {action} is before the signing on {format_date(signed)}."
        for action in actions
        if signed and action.kind in RATIFIED and action.action_on < signed
    ] + [
        f"{action.party}: {action} counts from {format_date(action.effective_on)}, before it was done."
        for action in actions
        if action.effective_on and action.effective_on < action.action_on
    ]


def _unseen(agreement: Agreement) -> list[str]:
    """Events that have neither a release nor an instant of their own."""
    never = agreement.events.filter(release=None, public_from=None)
    return [f"{event}: it has no release and no public date, so it stays hidden." for event in never]


def may_be_ratified(agreement: Agreement) -> bool:
    """Not what does not bind, nor a memorandum of which nobody says that it does."""
    if agreement.instrument_type == Agreement.Kind.MEMORANDUM:
        return agreement.binding == Agreement.Binding.BINDING
    return agreement.binding != Agreement.Binding.NON_BINDING


def list_relation_pairs(without: int | None = None) -> list[RelationPair]:
    """Every relation that has a direction, but those that start at the agreement with the key `without`."""
    directed = Relation.objects.exclude(kind=Relation.Kind.RELATED).exclude(agreement=without)
    return [RelationPair(*row) for row in directed.values_list("agreement_id", "other_id")]
