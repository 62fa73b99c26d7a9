"""The dossier of an agreement: all that the public may know of it at an instant, as it stood on a day."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery, prefetch_related_objects
from django.utils.timezone import localdate

from releases.content.agreement_status import SETTLED
from releases.models import (
    Agency,
    AgencyName,
    Agreement,
    AgreementEvent,
    AgreementText,
    Annex,
    Edition,
    Mention,
    PartyAction,
    Relation,
)
from releases.models.edition import NEWEST_FIRST
from releases.services.agreements.register import Entry, build_entries, build_entry, read_public_facts
from releases.services.editions.columns import annexes_of, with_parts
from releases.services.editions.facts import find_once
from releases.services.editions.rows import AnnexRow
from releases.services.editions.statements import Statement


class SignatoryLine(NamedTuple):
    """Who signed for a party: person, office; `party` is "" where none is recorded."""

    party: str
    person: str


class NamedAction(NamedTuple):
    """What a party did, under the name that it had on the day."""

    party: str
    action: PartyAction


class RelatedAgreement(NamedTuple):
    """`words` say, seen from the agreement at hand, what the other is to it: Amended by."""

    words: str
    agreement: Agreement


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

    What was settled by signing (`settled`: duration, renewal, expiry, registration, depositary) is no part of
    it before a signing, or an event that follows one, is public.
    """

    entry: Entry
    as_at: dt.date
    events: list[AgreementEvent]
    coming: list[AgreementEvent]
    signatories: list[SignatoryLine]
    actions: list[NamedAction]
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


def find_dossier(slug: str, at: dt.datetime, day: dt.date) -> Dossier | None:
    """The record as it stood on `day`, of what is public at the instant `at`; None when nothing is."""
    return _find_present(at, slug) if day == localdate(at) else _find_as_at(at, slug, day)


def _find_as_at(at: dt.datetime, slug: str, day: dt.date) -> Dossier | None:
    [agreement] = _AGREEMENT.instances(at=at, slug=slug) or [None]
    if agreement is None:
        return None
    _read_names([agreement.lead_agency], at)
    [facts] = read_public_facts([agreement], at)
    events = facts.events
    held = [event for event in events if event.date <= day]
    kinds = {event.kind for event in held}
    entry, releases = build_entry(agreement, facts, day), _releases(agreement, at)
    return Dossier(
        entry,
        day,
        held,
        [event for event in events if event.date > day],
        list_signatories(agreement, entry.signed_on or day, localdate(at)) if "signed" in kinds else [],
        _actions(agreement, at, day),
        _TEXTS.instances(at=at, agreement=agreement.pk),
        build_entries(_BELOW.instances(at=at, agreement=agreement.pk), at, day),
        _relations(agreement, at),
        releases,
        _annexes(releases),
        bool(kinds & SETTLED),
        describe_registration(agreement, kinds),
    )


def _read_names(agencies: Iterable[Agency | None], at: dt.datetime) -> None:
    """As they are known on the day of `at`."""
    names = Prefetch("names", AgencyName.objects.by(localdate(at)))
    prefetch_related_objects([agency for agency in agencies if agency], names)


_AGREEMENT = Statement(
    lambda at, slug: Agreement.objects.public(at).filter(slug=slug).select_related("lead_agency")
)
_find_present = find_once(lambda at, slug: _find_as_at(at, slug, localdate(at)))


def describe_registration(agreement: Agreement, kinds: set[str]) -> str:
    """Where it was registered: told with the event of its registration, or where there is none with its
    signing."""
    has_event = agreement.events.filter(kind=AgreementEvent.Kind.REGISTERED).exists()
    return agreement.registration if kinds & ({"registered"} if has_event else SETTLED) else ""


def list_signatories(agreement: Agreement, day: dt.date, today: dt.date) -> list[SignatoryLine]:
    """Who signed, in the order of the parties; those who signed for none that is recorded come last.

    Parties have their names of `day`, as they are known `today`.
    """
    names = Prefetch("party__agency__names", AgencyName.objects.by(today))
    told = agreement.signatories.select_related("party__agency").prefetch_related(names)
    return sorted(
        (
            SignatoryLine(
                one.party.name_on(day) if one.party else "", ", ".join(filter(None, [one.person, one.office]))
            )
            for one in told.order_by("party__position", "pk")
        ),
        key=lambda signed: not signed.party,
    )


def _actions(agreement: Agreement, at: dt.datetime, day: dt.date) -> list[NamedAction]:
    """What the parties did by `day`."""
    actions = _ACTIONS.instances(at=at, agreement=agreement.pk, day=day)
    _read_names((action.party.agency for action in actions), at)
    return [NamedAction(action.party.name_on(action.action_on), action) for action in actions]


_ACTIONS = Statement(
    lambda at, agreement, day: (
        PartyAction.objects.public(at)
        .filter(party__agreement=agreement, action_on__lte=day)
        .select_related("party__agency")
        .order_by("party__position", "action_on", "pk")
    )
)


def _public_texts(at: dt.datetime, agreement: int) -> QuerySet[AgreementText]:
    """Texts whose bytes are public as an annex, with `path`."""
    annexes = Annex.objects.live(at).filter(blob=OuterRef("blob_id")).values("address__path")
    texts = AgreementText.objects.filter(agreement=agreement).annotate(path=Subquery(annexes[:1]))
    return texts.filter(path__isnull=False).select_related("blob").defer("blob__text")


_TEXTS = Statement(_public_texts)


_BELOW = Statement(
    lambda at, agreement: (
        Agreement.objects.public(at)
        .filter(relations__other=agreement, relations__kind=Relation.Kind.IMPLEMENTS)
        .order_by("title")
    )
)


def _relations(agreement: Agreement, at: dt.datetime) -> list[RelatedAgreement]:
    mine, others = (
        one.instances(at=at, agreement=agreement.pk) for one in (_RELATIONS, _RELATIONS_OF_OTHERS)
    )
    backwards = {"amends": "Amended by", "supersedes": "Superseded by", "related": "Related to"}
    return [RelatedAgreement(relation.get_kind_display(), relation.other) for relation in mine] + [
        RelatedAgreement(backwards[relation.kind], relation.agreement) for relation in others
    ]


_RELATIONS = Statement(
    lambda at, agreement: Relation.objects.filter(
        agreement=agreement, other__in=Agreement.objects.public(at)
    ).select_related("other")
)
_RELATIONS_OF_OTHERS = Statement(
    lambda at, agreement: (
        Relation.objects.filter(other=agreement, agreement__in=Agreement.objects.public(at))
        .exclude(kind=Relation.Kind.IMPLEMENTS)
        .select_related("agreement")
    )
)


def _releases(agreement: Agreement, at: dt.datetime) -> list[Edition]:
    """The listed releases that are about it or that evidence one of its events."""
    keys = [key for (key,) in _ABOUT.rows(at=at, agreement=agreement.pk)]
    parts = with_parts(Edition.objects.filter(pk__in=keys), at)
    return list(parts.select_related("release__section").defer("body", "body_html").order_by(*NEWEST_FIRST))


def _listed_about(at: dt.datetime, agreement: int) -> QuerySet[Edition, tuple[int]]:
    told = AgreementEvent.objects.public(at).filter(agreement=agreement, release__isnull=False)
    tied = Mention.objects.filter(agreement=agreement).values("release_id")
    about = Q(agreements=agreement) | Q(release__in=told.values("release_id")) | Q(release__in=tied)
    return Edition.objects.listed(at).filter(about).values_list("pk")


_ABOUT = Statement(_listed_about)


def _annexes(releases: list[Edition]) -> list[DossierAnnex]:
    """Every annex of these releases, one path once, with the first release that has it."""
    seen: dict[str, DossierAnnex] = {}
    for edition in releases:
        for annex in annexes_of(edition):
            seen.setdefault(annex.path, DossierAnnex(annex, edition.title))
    return list(seen.values())
