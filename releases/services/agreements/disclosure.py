"""What readers learn of agreements with a release, or by an instant to come: for whoever approves or rehearses it."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from releases.content.agreement_status import SETTLED, STATUSES
from releases.content.text.dates import written
from releases.models import Agreement, AgreementEvent, AgreementText, Annex, Edition, PartyAction, Relation
from releases.services.agreements.register import (
    describe_registration,
    list_signatories,
    signing_day,
    status_of,
)


@dataclass(frozen=True, slots=True)
class PublicKnowledge:
    """What readers may know, as queries: at an instant, or as it will be with a release."""

    agreements: QuerySet[Agreement]
    events: QuerySet[AgreementEvent]
    actions: QuerySet[PartyAction]
    annexes: QuerySet[Annex]


def public_knowledge_at(at: dt.datetime) -> PublicKnowledge:
    return PublicKnowledge(
        Agreement.objects.public(at),
        AgreementEvent.objects.public(at),
        PartyAction.objects.public(at),
        Annex.objects.live(at),
    )


def public_knowledge_with(editions: list[Edition], at: dt.datetime) -> PublicKnowledge:
    """What they know at `at` and would know if these editions were public, too."""
    now, releases = public_knowledge_at(at), [edition.release_id for edition in editions]
    with_them, told = Q(editions__in=editions), Q(release__in=releases)
    tied = with_them | Q(events__release__in=releases) | Q(mentions__release__in=releases)
    return PublicKnowledge(
        _either(now.agreements, Agreement.objects.filter(tied)),
        _either(now.events, AgreementEvent.objects.filter(told)),
        _either(now.actions, PartyAction.objects.filter(told)),
        _either(now.annexes, Annex.objects.filter(edition__in=editions)),
    )


def newly_public(
    before: PublicKnowledge, after: PublicKnowledge, day: dt.date
) -> list[tuple[Agreement, list[str]]]:
    """(agreement, what readers learn of it, a line each), by title; where it stands is that of `day`."""
    found = []
    for agreement in Agreement.objects.filter(_touched(before, after)).order_by("title"):
        had = set(_words(agreement, before, day))
        if lines := [line for line in _words(agreement, after, day) if line not in had]:
            found.append((agreement, lines))
    return found


def disclosed_with(editions: list[Edition], at: dt.datetime) -> list[tuple[Agreement, list[str]]]:
    """What becomes public of agreements together with these editions."""
    return newly_public(public_knowledge_at(at), public_knowledge_with(editions, at), localdate(at))


def _either(rows, more):  # type: ignore[no-untyped-def]
    return rows.model.objects.filter(Q(pk__in=rows.values("pk")) | Q(pk__in=more.values("pk")))


def _touched(before: PublicKnowledge, after: PublicKnowledge) -> Q:
    """Agreements of which something is known after and not before."""
    new = after.agreements.exclude(pk__in=before.agreements.values("pk")).values("pk")
    events = after.events.exclude(pk__in=before.events.values("pk"))
    actions = after.actions.exclude(pk__in=before.actions.values("pk"))
    annexes = after.annexes.exclude(pk__in=before.annexes.values("pk"))
    return (
        Q(pk__in=new)
        | Q(pk__in=events.values("agreement"))
        | Q(pk__in=actions.values("party__agreement"))
        | Q(pk__in=AgreementText.objects.filter(blob__in=annexes.values("blob")).values("agreement"))
    )


def _words(agreement: Agreement, known: PublicKnowledge, day: dt.date) -> list[str]:
    """All that readers may know of it, a line each: what happened first, since that tells most."""
    if not known.agreements.filter(pk=agreement.pk).exists():
        return [*_actions(agreement, known)]
    events = list(known.events.filter(agreement=agreement).order_by("date", "pk"))
    signed = signing_day(events)
    parties = agreement.parties.told_by(known.actions).select_related("agency")
    names = ", ".join(party.name_on(signed or day) for party in parties)
    return [
        *(_joined(event, event.place, event.note) for event in events),
        *_actions(agreement, known),
        f"Status: {STATUSES[status_of(events, day)]}",
        *(_signatories(agreement, signed, day) if signed else ()),
        *_named(_terms(agreement, {event.kind for event in events})),
        *_named(_facts(agreement, names)),
        *_texts(agreement, known),
        *_relations(agreement, known),
    ]


def _named(facts: Iterable[tuple[str, str]]) -> Iterator[str]:
    return (f"{name}: {value}" for name, value in facts if value)


def _signatories(agreement: Agreement, signed: dt.date, day: dt.date) -> Iterator[str]:
    for party, who in list_signatories(agreement, signed, day):
        yield f"Signed for {party}: {who}" if party else f"Signed by {who}"


def _actions(agreement: Agreement, known: PublicKnowledge) -> Iterator[str]:
    actions = known.actions.filter(party__agreement=agreement).select_related("party__agency")
    for action in actions.order_by("action_on", "pk"):
        since = f"counts from {written(action.effective_on)}" if action.effective_on else ""
        yield _joined(f"{action.party}, {action}", since, action.statement)


def _terms(agreement: Agreement, kinds: set[str]) -> Iterator[tuple[str, str]]:
    """What a signing settles."""
    if kinds & SETTLED:
        yield "Duration", agreement.duration
        yield "Renewal", agreement.renewal
        yield "Expires", written(agreement.expires_on) if agreement.expires_on else ""
        yield "Depositary", agreement.depositary
    yield "Registered", describe_registration(agreement, kinds)


def _facts(agreement: Agreement, parties: str) -> Iterator[tuple[str, str]]:
    """What is known with the agreement itself."""
    yield "Kind", f"{agreement.get_instrument_type_display()}, {agreement.get_binding_display().lower()}"
    yield "Parties", parties
    yield "Other titles", ", ".join(agreement.former_titles)
    yield "Summary", agreement.summary
    yield "Contact", _joined(*filter(None, [agreement.lead_agency, agreement.contact]))


def _texts(agreement: Agreement, known: PublicKnowledge) -> list[str]:
    texts = agreement.texts.filter(blob__in=known.annexes.values("blob")).defer("blob__text")
    return [f"Text: {text}" for text in texts]


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
