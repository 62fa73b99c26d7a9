"""What readers learn of agreements with a release, or by an instant to come: for whoever approves or
rehearses it."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from releases.content.agreement_status import SETTLED, STATUSES
from releases.content.text.dates import format_date
from releases.models import Agreement, AgreementEvent, AgreementText, Annex, Edition, PartyAction, Relation
from releases.services.accounts.agreement_permissions import public_keys
from releases.services.agreements.dossier import describe_registration, list_signatories
from releases.services.agreements.register import signing_day, status_of


@dataclass(frozen=True, slots=True)
class PublicKnowledge:
    """What readers may know at an instant, or will with a release: the keys of rows of these kinds."""

    agreements: frozenset[int]
    events: frozenset[int]
    actions: frozenset[int]
    texts: frozenset[int]

    def __or__(self, other: "PublicKnowledge") -> "PublicKnowledge":
        return PublicKnowledge(
            self.agreements | other.agreements,
            self.events | other.events,
            self.actions | other.actions,
            self.texts | other.texts,
        )


def public_knowledge_at(at: dt.datetime, agreements: frozenset[int] | None = None) -> PublicKnowledge:
    """What readers may know at the instant `at`; `agreements` are the keys of those that they know of, where
    at hand."""
    return PublicKnowledge(
        public_keys(at) if agreements is None else agreements,
        _keys(AgreementEvent.objects.public(at)),
        _keys(PartyAction.objects.public(at)),
        _keys(_texts_in(Annex.objects.live(at))),
    )


def public_knowledge_with(editions: list[Edition], at: dt.datetime) -> PublicKnowledge:
    """What they know at `at` and would know if these editions were public, too."""
    return public_knowledge_at(at) | _told_by(editions)


def _told_by(editions: list[Edition]) -> PublicKnowledge:
    """What these editions tell, were they public."""
    releases = [edition.release_id for edition in editions]
    told = Q(release__in=releases)
    tied = Q(editions__in=editions) | Q(events__release__in=releases) | Q(mentions__release__in=releases)
    return PublicKnowledge(
        _keys(Agreement.objects.filter(tied)),
        _keys(AgreementEvent.objects.filter(told)),
        _keys(PartyAction.objects.filter(told)),
        _keys(_texts_in(Annex.objects.filter(edition__in=editions))),
    )


def _texts_in(annexes: QuerySet[Annex]) -> QuerySet[AgreementText]:
    """The texts of agreements that are attached as one of these."""
    return AgreementText.objects.filter(blob__in=annexes.values("blob"))


def _keys(rows: QuerySet[Any]) -> frozenset[int]:
    return frozenset(rows.order_by().values_list("pk", flat=True))


class Disclosure(NamedTuple):
    """What readers learn of an agreement, a line for each fact."""

    agreement: Agreement
    lines: list[str]


def newly_public(before: PublicKnowledge, after: PublicKnowledge, day: dt.date) -> list[Disclosure]:
    """What readers know after and not before, by title of the agreement; where it stands is that of `day`."""
    found = []
    for agreement in Agreement.objects.filter(_touched(before, after)).order_by("title"):
        had = set(_words(agreement, before, day))
        if lines := [line for line in _words(agreement, after, day) if line not in had]:
            found.append(Disclosure(agreement, lines))
    return found


def disclosed_with(
    editions: list[Edition], at: dt.datetime, agreements: frozenset[int] | None = None
) -> list[Disclosure]:
    """What becomes public of agreements together with these editions.

    `agreements` are the keys of those that readers know of at `at`, where somebody has asked for them
    already.
    """
    before = public_knowledge_at(at, agreements)
    return newly_public(before, before | _told_by(editions), localdate(at))


def _touched(before: PublicKnowledge, after: PublicKnowledge) -> Q:
    """Agreements of which something is known after and not before."""
    events = AgreementEvent.objects.filter(pk__in=after.events - before.events)
    actions = PartyAction.objects.filter(pk__in=after.actions - before.actions)
    texts = AgreementText.objects.filter(pk__in=after.texts - before.texts)
    return (
        Q(pk__in=after.agreements - before.agreements)
        | Q(pk__in=events.values("agreement"))
        | Q(pk__in=actions.values("party__agreement"))
        | Q(pk__in=texts.values("agreement"))
    )


def _words(agreement: Agreement, known: PublicKnowledge, day: dt.date) -> list[str]:
    """All that readers may know of it, a line each: what happened first, since that tells most."""
    if agreement.pk not in known.agreements:
        return [*_actions(agreement, known)]
    events = list(agreement.events.filter(pk__in=known.events).order_by("date", "pk"))
    signed = signing_day(events)
    parties = agreement.parties.told_by(PartyAction.objects.filter(pk__in=known.actions)).select_related(
        "agency"
    )
    names = ", ".join(party.name_on(signed or day) for party in parties)
    return [
        *(_joined(event, event.place, event.note) for event in events),
        *_actions(agreement, known),
        f"Status: {STATUSES[status_of(events, day)]}",
        *(_signatories(agreement, signed, day) if signed else ()),
        *_named(_terms(agreement, {event.kind for event in events})),
        *_named(_facts(agreement, names)),
        *(f"Text: {text}" for text in agreement.texts.filter(pk__in=known.texts)),
        *_relations(agreement, known),
    ]


def _named(facts: Iterable[tuple[str, str]]) -> Iterator[str]:
    return (f"{name}: {value}" for name, value in facts if value)


def _signatories(agreement: Agreement, signed: dt.date, day: dt.date) -> Iterator[str]:
    for party, who in list_signatories(agreement, signed, day):
        yield f"Signed for {party}: {who}" if party else f"Signed by {who}"


def _actions(agreement: Agreement, known: PublicKnowledge) -> Iterator[str]:
    actions = PartyAction.objects.filter(pk__in=known.actions, party__agreement=agreement)
    actions = actions.select_related("party__agency")
    for action in actions.order_by("action_on", "pk"):
        since = f"counts from {format_date(action.effective_on)}" if action.effective_on else ""
        yield _joined(f"{action.party}, {action}", since, action.statement)


def _terms(agreement: Agreement, kinds: set[str]) -> Iterator[tuple[str, str]]:
    """What a signing settles."""
    if kinds & SETTLED:
        yield "Duration", agreement.duration
        yield "Renewal", agreement.renewal
        yield "Expires", format_date(agreement.expires_on) if agreement.expires_on else ""
        yield "Depositary", agreement.depositary
    yield "Registered", describe_registration(agreement, kinds)


def _facts(agreement: Agreement, parties: str) -> Iterator[tuple[str, str]]:
    """What is known with the agreement itself."""
    yield "Kind", f"{agreement.get_instrument_type_display()}, {agreement.get_binding_display().lower()}"
    yield "Parties", parties
    yield "Other titles", ", ".join(agreement.former_titles)
    yield "Summary", agreement.summary
    yield "Contact", _joined(*filter(None, [agreement.lead_agency, agreement.contact]))


def _relations(agreement: Agreement, known: PublicKnowledge) -> list[str]:
    """To agreements that readers know too."""
    mine = Relation.objects.filter(agreement=agreement, other__in=known.agreements).select_related("other")
    others = Relation.objects.filter(other=agreement, agreement__in=known.agreements).select_related(
        "agreement"
    )
    return [str(relation) for relation in mine] + [
        f"{other.agreement} {other.get_kind_display().lower()} it" for other in others
    ]


def _joined(*parts: object) -> str:
    return ", ".join(str(part).strip().rstrip(".") for part in parts if str(part).strip())
