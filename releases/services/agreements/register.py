"""The register of agreements: each with what the public may know of it at an instant."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.timezone import localdate

from releases.content.agreement_status import (
    NOT_RECORDED,
    SETTLED,
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
    AgreementText,
    Annex,
    Edition,
    Party,
    PartyAction,
    Relation,
    Signatory,
)
from releases.models.edition import NEWEST_FIRST
from releases.services.editions.columns import annexes_of, with_parts
from releases.services.editions.rows import AnnexRow

Plain = dict[str, Any]
LOOP = "Its relations lead back to itself."
NO_RATIFICATIONS = "An agreement that does not bind has no ratifications."
RECENT_COUNT = 5
RATIFIED = (PartyAction.Kind.RATIFICATION, PartyAction.Kind.ACCEPTANCE)


class FormerParty(NamedTuple):
    """`until` is the day on which it ceased to be a party."""

    name: str
    until: dt.date


class SignedFor(NamedTuple):
    """Who signed for a party: person, office; `party` is "" where none is recorded."""

    party: str
    person: str


class PartyDeed(NamedTuple):
    """What a party did, under the name that it had on the day."""

    party: str
    action: PartyAction


class RelatedAgreement(NamedTuple):
    """`words` say, seen from the agreement at hand, what the other is to it: Amended by."""

    words: str
    agreement: Agreement


class RelationPair(NamedTuple):
    """The keys of an agreement, and of the other that its relation names."""

    agreement: int
    other: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the register. `status` is a key of STATUSES; `since` the day of the last event that is public.

    `parties` are those of the day, under the names of the day of signing; `left` those who are none any more, with the day.
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


@dataclass(frozen=True, slots=True, order=True)
class ComingDay:
    """`key` stays the same when the day moves."""

    day: dt.date
    words: str
    key: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class DossierAnnex:
    """A file of a release that an agreement's dossier names, and the title of that release."""

    file: AnnexRow
    release: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that is public of an agreement at one instant, as it stood on the day `as_at`.

    What was settled by signing (`settled`: duration, renewal, expiry, registration, depositary) is no part of it before a
    signing, or an event that follows one, is public.
    """

    entry: Entry
    as_at: dt.date
    events: list[AgreementEvent]
    coming: list[AgreementEvent]
    signatories: list[SignedFor]
    actions: list[PartyDeed]
    texts: list[AgreementText]
    below: list[Entry]
    relations: list[RelatedAgreement]
    releases: list[Edition] = field(default_factory=list)
    annexes: list[DossierAnnex] = field(default_factory=list)
    settled: bool = False
    registration: str = ""

    @property
    def lead(self) -> str:
        """The agency that answers for it, under its name of the day."""
        agency = self.entry.agreement.lead_agency
        name = agency.name_on(self.as_at) if agency else None
        return name.name if name else str(agency or "")

    @property
    def depositary(self) -> str:
        return self.entry.agreement.depositary if self.settled else ""

    @property
    def duration(self) -> str:
        return self.entry.agreement.duration if self.settled else ""

    @property
    def renewal(self) -> str:
        return self.entry.agreement.renewal if self.settled else ""

    @property
    def expires_on(self) -> dt.date | None:
        return self.entry.agreement.expires_on if self.settled else None

    @property
    def days_to_come(self) -> list[ComingDay]:
        """What happens from `as_at` on, its expiry included."""
        days = [
            ComingDay(event.date, event.get_kind_display(), f"event-{event.pk}", event.place)
            for event in [*self.events, *self.coming]
        ]
        days += [ComingDay(self.expires_on, "Expires", "expiry")] if self.expires_on else []
        return sorted(coming for coming in days if coming.day >= self.as_at)


def with_public_facts(agreements: QuerySet[Agreement], at: dt.datetime) -> QuerySet[Agreement]:
    """Agreements with `public_events`, in their order, and their parties."""
    permalink = (
        Edition.objects.live(at).filter(release=OuterRef("release_id")).values("address__path", "title")
    )
    events = AgreementEvent.objects.public(at).annotate(
        path=Subquery(permalink.values("address__path")[:1]),
        release_title=Subquery(permalink.values("title")[:1]),
    )
    return agreements.prefetch_related(
        Prefetch("events", events.order_by("date", "pk"), to_attr="public_events"),
        Prefetch("parties", Party.objects.public(at).select_related("agency")),
        Prefetch("parties__agency__names", AgencyName.objects.by(localdate(at))),
        Prefetch("parties__actions", PartyAction.objects.public(at), to_attr="public_actions"),
    )


def build_entry(agreement: Agreement, day: dt.date) -> Entry:
    """The line of an agreement that was read `with_public_facts`, as it stood on `day`."""
    events = public_events_of(agreement)
    signed = signing_day(events)
    parties = [(party.name_on(signed or day), _moves(party)) for party in agreement.parties.all()]
    left = [(name, find_departure(day, moves)) for name, moves in parties]
    return Entry(
        agreement,
        status=status_of(events, day),
        parties=[
            name for name, moves in parties if has_joined(day, moves) and not find_departure(day, moves)
        ],
        left=[FormerParty(name, gone) for name, gone in left if gone],
        signed_on=signed,
        since=max((event.date for event in events if event.date <= day), default=None),
    )


def public_events_of(agreement: Agreement) -> list[AgreementEvent]:
    """The events of an agreement that was read `with_public_facts`, in their order."""
    events: list[AgreementEvent] = vars(agreement)["public_events"]
    return events


def signing_day(events: Iterable[AgreementEvent]) -> dt.date | None:
    """The first day of signing that these events tell of; None where they tell of none."""
    return min((event.date for event in events if event.kind == AgreementEvent.Kind.SIGNED), default=None)


def status_of(events: Collection[AgreementEvent], day: dt.date) -> str:
    """A key of STATUSES: where these events left an agreement on `day`."""
    happened = [(event.kind, event.date) for event in events]
    return derive_status(day, happened) if happened else NOT_RECORDED


def _moves(party: Party) -> list[tuple[str, dt.date]]:
    return [
        (action.kind, action.effective_on or action.action_on) for action in vars(party)["public_actions"]
    ]


def list_entries(at: dt.datetime, day: dt.date) -> list[Entry]:
    """Every public agreement as it stands on `day`, by title."""
    return [
        build_entry(agreement, day)
        for agreement in with_public_facts(Agreement.objects.public(at), at).order_by("title")
    ]


def recently_changed(at: dt.datetime) -> list[Entry]:
    """The agreements with the newest public events, as they stand now."""
    day = localdate(at)
    events = AgreementEvent.objects.public(at).filter(agreement=OuterRef("pk"), date__lte=day)
    last = Subquery(events.order_by("-date").values("date")[:1])
    found = Agreement.objects.annotate(last=last).filter(last__isnull=False).order_by("-last", "title")
    return [build_entry(agreement, day) for agreement in with_public_facts(found[:RECENT_COUNT], at)]


def find_dossier(slug: str, at: dt.datetime, day: dt.date) -> Dossier | None:
    """The record as it stood on `day`, of what is public at the instant `at`; None when nothing is."""
    names = Prefetch("lead_agency__names", AgencyName.objects.by(localdate(at)))
    known = with_public_facts(Agreement.objects.public(at), at).prefetch_related(names)
    agreement = known.filter(slug=slug).select_related("lead_agency").first()
    if agreement is None:
        return None
    events = public_events_of(agreement)
    held = [event for event in events if event.date <= day]
    kinds = {event.kind for event in held}
    entry, releases = build_entry(agreement, day), _releases(agreement, at)
    return Dossier(
        entry,
        day,
        held,
        [event for event in events if event.date > day],
        list_signatories(agreement, entry.signed_on or day, localdate(at)) if "signed" in kinds else [],
        _actions(agreement, at, day),
        _texts(agreement, at),
        _below(agreement, at, day),
        _relations(agreement, at),
        releases,
        _annexes(releases),
        bool(kinds & SETTLED),
        describe_registration(agreement, kinds),
    )


def public_signatories(at: dt.datetime) -> QuerySet[Signatory]:
    """Those of agreements of whose signing, which has come, the public may know at the instant `at`."""
    signings = AgreementEvent.objects.public(at).filter(
        kind=AgreementEvent.Kind.SIGNED, date__lte=localdate(at)
    )
    return Signatory.objects.filter(agreement__in=signings.values("agreement"))


def find_problems(agreement: Agreement, known: QuerySet[Agreement]) -> list[str]:
    """Sentences on a record that contradicts itself or one of those `known`, or that nobody will see, for the desk."""
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
    return [
        f"{event}: no release tells of it and it has no “public from”, so no reader sees it."
        for event in never
    ]


def describe_registration(agreement: Agreement, kinds: set[str]) -> str:
    """Where it was registered: told with the event of its registration, or where there is none with its signing."""
    has_event = agreement.events.filter(kind=AgreementEvent.Kind.REGISTERED).exists()
    return agreement.registration if kinds & ({"registered"} if has_event else SETTLED) else ""


def list_signatories(agreement: Agreement, day: dt.date, today: dt.date) -> list[SignedFor]:
    """Who signed, in the order of the parties; those who signed for none that is recorded come last.

    Parties have their names of `day`, as they are known `today`.
    """
    names = Prefetch("party__agency__names", AgencyName.objects.by(today))
    told = agreement.signatories.select_related("party__agency").prefetch_related(names)
    return sorted(
        (
            SignedFor(
                one.party.name_on(day) if one.party else "", ", ".join(filter(None, [one.person, one.office]))
            )
            for one in told.order_by("party__position", "pk")
        ),
        key=lambda signed: not signed.party,
    )


def _actions(agreement: Agreement, at: dt.datetime, day: dt.date) -> list[PartyDeed]:
    """What the parties did by `day`."""
    actions = PartyAction.objects.public(at).filter(party__agreement=agreement, action_on__lte=day)
    names = Prefetch("party__agency__names", AgencyName.objects.by(localdate(at)))
    told = (
        actions.select_related("party__agency")
        .prefetch_related(names)
        .order_by("party__position", "action_on", "pk")
    )
    return [PartyDeed(action.party.name_on(action.action_on), action) for action in told]


def _texts(agreement: Agreement, at: dt.datetime) -> list[AgreementText]:
    """Texts whose bytes are public as an annex, with `path`."""
    annexes = Annex.objects.live(at).filter(blob=OuterRef("blob_id")).values("address__path")
    texts = agreement.texts.annotate(path=Subquery(annexes[:1])).filter(path__isnull=False)
    return list(texts.select_related("blob").defer("blob__text"))


def _below(agreement: Agreement, at: dt.datetime, day: dt.date) -> list[Entry]:
    below = Agreement.objects.public(at).filter(
        relations__other=agreement, relations__kind=Relation.Kind.IMPLEMENTS
    )
    return [build_entry(found, day) for found in with_public_facts(below, at).order_by("title")]


def _relations(agreement: Agreement, at: dt.datetime) -> list[RelatedAgreement]:
    public = Agreement.objects.public(at)
    mine = Relation.objects.filter(agreement=agreement, other__in=public).select_related("other")
    others = Relation.objects.filter(other=agreement, agreement__in=public).exclude(
        kind=Relation.Kind.IMPLEMENTS
    )
    backwards = {"amends": "Amended by", "supersedes": "Superseded by", "related": "Related to"}
    return [RelatedAgreement(relation.get_kind_display(), relation.other) for relation in mine] + [
        RelatedAgreement(backwards[relation.kind], relation.agreement)
        for relation in others.select_related("agreement")
    ]


def _releases(agreement: Agreement, at: dt.datetime) -> list[Edition]:
    """The listed releases that are about it or that evidence one of its events."""
    told = AgreementEvent.objects.public(at).filter(agreement=agreement, release__isnull=False)
    editions = Edition.objects.listed(at)
    tied = agreement.mentions.values("release_id")
    about = Q(agreements=agreement) | Q(release__in=told.values("release_id")) | Q(release__in=tied)
    parts = with_parts(Edition.objects.filter(pk__in=editions.filter(about).values("pk")), at)
    return list(parts.select_related("release__section").defer("body", "body_html").order_by(*NEWEST_FIRST))


def _annexes(releases: list[Edition]) -> list[DossierAnnex]:
    """Every annex of these releases, one path once, with the first release that has it."""
    seen: dict[str, DossierAnnex] = {}
    for edition in releases:
        for annex in annexes_of(edition):
            seen.setdefault(annex.path, DossierAnnex(annex, edition.title))
    return list(seen.values())


def may_be_ratified(agreement: Agreement) -> bool:
    """Not what does not bind, nor a memorandum of which nobody says that it does."""
    if agreement.instrument_type == Agreement.Kind.MEMORANDUM:
        return agreement.binding == Agreement.Binding.BINDING
    return agreement.binding != Agreement.Binding.NON_BINDING


def list_relation_pairs(without: int | None = None) -> list[RelationPair]:
    """Every relation that has a direction, but those that start at the agreement with the key `without`."""
    directed = Relation.objects.exclude(kind=Relation.Kind.RELATED).exclude(agreement=without)
    return [RelationPair(*row) for row in directed.values_list("agreement_id", "other_id")]
