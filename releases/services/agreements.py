"""The register of agreements: each with what the public may know of it at an instant."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.timezone import localdate

from releases.content.agreements import NOT_RECORDED, STATUSES, disorder, status_on
from releases.models import Agreement, AgreementEvent, AgreementText, Annex, Edition, Party, Relation
from releases.models.edition import NEWEST_FIRST
from releases.services.pages import with_parts

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the register. `status` is a key of STATUSES; `since` the day of the last event that is public."""

    agreement: Agreement
    status: str
    parties: list[str]
    signed_on: dt.date | None
    since: dt.date | None

    @property
    def status_words(self) -> str:
        return STATUSES[self.status]


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that is public of an agreement at one instant, as it stood on the day `as_at`."""

    entry: Entry
    as_at: dt.date
    events: list[AgreementEvent]
    coming: list[AgreementEvent]
    signatories: list[tuple[str, str]]
    actions: list[tuple[str, Any]]
    texts: list[AgreementText]
    below: list[Entry]
    relations: list[tuple[str, Agreement]]
    releases: list[Edition] = field(default_factory=list)
    annexes: list[Plain] = field(default_factory=list)


def with_facts(agreements: QuerySet[Agreement], at: dt.datetime) -> QuerySet[Agreement]:
    """Agreements with `public_events`, in their order, and their parties."""
    permalink = (
        Edition.objects.live(at).filter(release=OuterRef("release_id")).values("address__path", "title")
    )
    events = AgreementEvent.objects.public(at).annotate(
        path=Subquery(permalink.values("address__path")[:1]),
        release_title=Subquery(permalink.values("title")[:1]),
    )
    return agreements.prefetch_related(
        Prefetch("events", events.order_by("date", "pk"), to_attr="public_events"), "parties__signatories"
    )


def entry_of(agreement: Agreement, day: dt.date) -> Entry:
    events = vars(agreement)["public_events"]
    signed = [event.date for event in events if event.kind == "signed"]
    held = [event.date for event in events if event.date <= day]
    return Entry(
        agreement,
        status_on(day, [(event.kind, event.date) for event in events]) if events else NOT_RECORDED,
        [str(party) for party in agreement.parties.all()],
        min(signed, default=None),
        max(held, default=None),
    )


def register(at: dt.datetime, day: dt.date) -> list[Entry]:
    """Every public agreement as it stands on `day`, by title."""
    return [
        entry_of(agreement, day)
        for agreement in with_facts(Agreement.objects.public(at), at).order_by("title")
    ]


def changed_lately(at: dt.datetime, length: int = 5) -> list[Entry]:
    """The agreements with the newest public events, as they stand now."""
    day = localdate(at)
    entries = [entry for entry in register(at, day) if entry.since]
    return sorted(entries, key=lambda entry: entry.since or day, reverse=True)[:length]


def dossier(slug: str, at: dt.datetime, day: dt.date) -> Dossier | None:
    """The record as it stood on `day`, of what is public at the instant `at`; None when nothing is."""
    agreement = (
        with_facts(Agreement.objects.public(at), at).filter(slug=slug).select_related("lead_agency").first()
    )
    if agreement is None:
        return None
    events = vars(agreement)["public_events"]
    held = [event for event in events if event.date <= day]
    releases = _releases(agreement, at)
    return Dossier(
        entry_of(agreement, day), day, held, [event for event in events if event.date > day],
        _signatories(agreement) if any(event.kind == "signed" for event in held) else [],
        _actions(agreement, day), _texts(agreement, at), _below(agreement, at, day), _relations(agreement, at),
        releases, _annexes(releases),
    )  # fmt: skip


def problems(agreement: Agreement) -> list[str]:
    """Sentences on a record that contradicts itself, for the desk."""
    events = [(event.kind, event.date) for event in agreement.events.all()]
    found = disorder(events)
    names = [str(party).casefold() for party in agreement.parties.all()]
    found += [
        f"{name.title()} is a party twice."
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    if agreement.binding == Agreement.Binding.NON_BINDING and _ratified(agreement):
        found.append("An agreement that does not bind has no ratifications.")
    if _loops(agreement):
        found.append("Its relations lead back to itself.")
    shared = Agreement.objects.exclude(pk=agreement.pk).values_list("title", "acronyms")
    found += [
        f"{acronym} is also the acronym of {title}."
        for title, acronyms in shared
        for acronym in agreement.acronyms
        if acronym in acronyms
    ]
    return found


def _signatories(agreement: Agreement) -> list[tuple[str, str]]:
    return [
        (str(party), ", ".join(filter(None, [signatory.person, signatory.office])))
        for party in agreement.parties.all()
        for signatory in party.signatories.all()
    ]


def _actions(agreement: Agreement, day: dt.date) -> list[tuple[str, Any]]:
    parties = agreement.parties.prefetch_related("actions")
    return [
        (str(party), action) for party in parties for action in party.actions.all() if action.action_on <= day
    ]


def _texts(agreement: Agreement, at: dt.datetime) -> list[AgreementText]:
    """Texts whose bytes are public as an annex, with `path`."""
    annexes = Annex.objects.live(at).filter(blob=OuterRef("blob_id")).values("address__path")
    texts = agreement.texts.annotate(path=Subquery(annexes[:1])).filter(path__isnull=False)
    return list(texts.select_related("blob"))


def _below(agreement: Agreement, at: dt.datetime, day: dt.date) -> list[Entry]:
    below = Agreement.objects.public(at).filter(
        relations__other=agreement, relations__kind=Relation.Kind.IMPLEMENTS
    )
    return [entry_of(found, day) for found in with_facts(below, at).order_by("title")]


def _relations(agreement: Agreement, at: dt.datetime) -> list[tuple[str, Agreement]]:
    public = Agreement.objects.public(at)
    mine = Relation.objects.filter(agreement=agreement, other__in=public).select_related("other")
    others = Relation.objects.filter(other=agreement, agreement__in=public).exclude(
        kind=Relation.Kind.IMPLEMENTS
    )
    backwards = {"amends": "Amended by", "supersedes": "Superseded by", "related": "Related to"}
    return [(relation.get_kind_display(), relation.other) for relation in mine] + [
        (backwards[relation.kind], relation.agreement) for relation in others.select_related("agreement")
    ]


def _releases(agreement: Agreement, at: dt.datetime) -> list[Edition]:
    """The listed releases that are about it or that evidence one of its events."""
    told = AgreementEvent.objects.public(at).filter(agreement=agreement, release__isnull=False)
    editions = Edition.objects.listed(at)
    tied = agreement.mentions.values("release_id")
    about = Q(agreements=agreement) | Q(release__in=told.values("release_id")) | Q(release__in=tied)
    parts = with_parts(Edition.objects.filter(pk__in=editions.filter(about).values("pk")), at)
    return list(parts.select_related("release__section").defer("body", "body_html").order_by(*NEWEST_FIRST))


def _annexes(releases: list[Edition]) -> list[Plain]:
    seen: dict[str, Plain] = {}
    for edition in releases:
        for annex in vars(edition)["annex_list"]:
            seen.setdefault(annex["path"], annex | {"release": edition.title})
    return list(seen.values())


def _ratified(agreement: Agreement) -> bool:
    return Party.objects.filter(
        agreement=agreement, actions__kind__in=["ratification", "acceptance"]
    ).exists()


def _loops(agreement: Agreement) -> bool:
    """Whether following implements, amends and supersedes comes back."""
    pairs = Relation.objects.exclude(kind=Relation.Kind.RELATED).values_list("agreement_id", "other_id")
    below: dict[int, set[int]] = {}
    for one, other in pairs:
        below.setdefault(one, set()).add(other)
    reached, waiting = set(), list(below.get(agreement.pk, ()))
    while waiting:
        if (one := waiting.pop()) not in reached:
            reached.add(one)
            waiting += below.get(one, ())
    return agreement.pk in reached
