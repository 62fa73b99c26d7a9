"""Deciding what releases seem to say of agreements: accepting, merging, dismissing, and taking a decision
back."""

import datetime as dt
import re
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Model
from django.utils.text import slugify

from releases.content.extraction.agreement_events import ACTIONS
from releases.models import (
    Agreement,
    AgreementEvent,
    Edition,
    LedgerEntry,
    Mention,
    Party,
    PartyAction,
    Signatory,
    Suggestion,
)
from releases.services.accounts.permissions import Authority, Right, is_public_or_scheduled
from releases.services.agreements.suggestions import find_likely_agreement

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
Made = dict[str, list[Any]]
"""What an acceptance wrote, by kind of row: their keys; `names` tells which of the suggestion's were added to
an agreement that was there, and not the names themselves: words of a release stay out of the ledger."""


def accept_suggestion(suggestion: Suggestion, *, actor: AbstractBaseUser, at: dt.datetime) -> Agreement:
    """Do what it says: tie the release to the agreement, make the agreement, its event or what a party did;
    in the ledger."""
    chosen, made = suggestion.agreement_id, Made()
    with transaction.atomic():
        agreement = suggestion.agreement or _made(suggestion, made)
        _keep(made, *Mention.objects.get_or_create(agreement=agreement, release=suggestion.release))
        if suggestion.rule == Suggestion.Rule.EVENT and suggestion.event_date:
            if suggestion.event_kind in ACTIONS:
                _add_action(suggestion, agreement, suggestion.event_date, made)
            else:
                _add_event(suggestion, agreement, suggestion.event_date, made)
        elif suggestion.rule == Suggestion.Rule.NEW and suggestion.agreement:
            _merge(suggestion, agreement, made)
        suggestion.agreement = agreement
        record_decision(suggestion, Suggestion.State.ACCEPTED, actor, at, chosen=chosen, made=made)
    return agreement


def merge_suggestion(suggestion: Suggestion, *, actor: AbstractBaseUser, at: dt.datetime) -> Agreement | None:
    """Accept a new name as another name of the agreement that it most likely means; None when there is
    none."""
    suggestion.agreement = suggestion.agreement or find_likely_agreement(suggestion, Agreement.objects.all())
    return accept_suggestion(suggestion, actor=actor, at=at) if suggestion.agreement else None


def dismiss_suggestion(suggestion: Suggestion, *, actor: AbstractBaseUser, at: dt.datetime) -> None:
    """Keep that it was found wrong, so that it is not made again; in the ledger."""
    with transaction.atomic():
        record_decision(suggestion, Suggestion.State.DISMISSED, actor, at, chosen=suggestion.agreement_id)


def undo_suggestion(suggestion: Suggestion, *, actor: AbstractBaseUser, at: dt.datetime) -> None:
    """Open a decided one again, and take away what its acceptance wrote and nothing else has used since; in
    the ledger."""
    told = LedgerEntry.objects.filter(verb=LedgerEntry.Verb.SUGGESTION, release=suggestion.release)
    notes = [entry.note for entry in told if entry.subject == f"suggestion {suggestion.recorded_as}"]
    made: Made = notes[-1].get("made", {})
    with transaction.atomic():
        PartyAction.objects.filter(pk__in=made.get("PartyAction", [])).delete()
        Party.objects.filter(pk__in=made.get("Party", []), actions=None).delete()
        AgreementEvent.objects.filter(pk__in=made.get("AgreementEvent", [])).delete()
        evidenced = AgreementEvent.objects.filter(pk__in=made.get("evidence", []))
        evidenced.filter(release=suggestion.release).update(release=None)
        Signatory.objects.filter(pk__in=made.get("Signatory", [])).delete()
        agreement = suggestion.agreement
        suggestion.agreement_id = notes[-1].get("chosen")
        record_decision(suggestion, Suggestion.State.OPEN, actor, at, chosen=suggestion.agreement_id)
        if agreement:
            _forget_names(agreement, suggestion, made)
            _forget_record(agreement, suggestion, [entry.note.get("made", {}) for entry in told])


def may_decide(verb: str, suggestion: Suggestion, authority: Authority) -> bool:
    """Whether somebody may do `verb`: what readers will see at once, or of a record that they know, an
    approver accepts, or takes back.

    A record that they may not know of is not theirs to tie to a release: that would make them one of its
    owners.
    """
    if verb == "dismiss" or suggestion.state == Suggestion.State.DISMISSED:
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


def record_decision(
    suggestion: Suggestion, state: str, actor: AbstractBaseUser, at: dt.datetime, **note: object
) -> None:
    """Keep what `actor` made of it; in the ledger, with the facts of `note`."""
    suggestion.state, suggestion.decided_at, suggestion.decided_by_id = state, at, actor.pk
    suggestion.save()
    LedgerEntry.objects.record(
        LedgerEntry.Verb.SUGGESTION,
        at=at,
        actor=actor,
        release=suggestion.release,
        subject=f"suggestion {suggestion.recorded_as}",
        note={"state": state, "rule": suggestion.rule, "agreement": suggestion.agreement_id, **note},
    )


def _keep(made: Made, row: Model, is_new: bool = True) -> None:
    if is_new:
        made.setdefault(type(row).__name__, []).append(row.pk)


def _add_event(suggestion: Suggestion, agreement: Agreement, day: dt.date, made: Made) -> None:
    """An event that is recorded without evidence gets the release."""
    event, is_new = AgreementEvent.objects.get_or_create(
        agreement=agreement,
        kind=suggestion.event_kind,
        date=day,
        defaults={"release": suggestion.release},
    )
    _keep(made, event, is_new)
    if event.release_id is None:
        event.release = suggestion.release
        event.save(update_fields=["release"])
        made["evidence"] = [event.pk]
    if not agreement.signatories.exists():  # "Dr Anna Lim, Minister for Fish"
        for person, _, office in (one.partition(", ") for one in suggestion.people):
            _keep(made, Signatory.objects.create(agreement=agreement, person=person, office=office))


def _add_action(suggestion: Suggestion, agreement: Agreement, day: dt.date, made: Made) -> None:
    """What a state did, which becomes a party by it; nothing where the sentence names no state."""
    for code in suggestion.parties:
        party = agreement.parties.filter(country=code, kind=Party.Kind.STATE).first()
        if party is None:
            number = agreement.parties.count() + 1
            party = Party.objects.create(agreement=agreement, country=code, position=number)
            _keep(made, party)
        action, is_new = PartyAction.objects.get_or_create(
            party=party,
            kind=suggestion.event_kind,
            action_on=day,
            defaults={"release": suggestion.release},
        )
        _keep(made, action, is_new)


def _forget_names(agreement: Agreement, suggestion: Suggestion, made: Made) -> None:
    """Take back the names that a merge added."""
    added = [getattr(suggestion, name) for name in made.get("names", [])]
    if added:
        agreement.former_titles = [name for name in agreement.former_titles if name not in added]
        agreement.acronyms = [name for name in agreement.acronyms if name not in added]
        agreement.save()


def _forget_record(agreement: Agreement, suggestion: Suggestion, all_made: list[Made]) -> None:
    """Untie the release, and delete a record that has nothing but its names and parties, where suggestions of
    the release wrote it and none of them stays accepted."""
    if agreement.suggestions.filter(release=suggestion.release, state=Suggestion.State.ACCEPTED).exists():
        return
    mentions = [key for made in all_made for key in made.get("Mention", [])]
    agreement.mentions.filter(pk__in=mentions, release=suggestion.release).delete()
    rows = (
        "events",
        "mentions",
        "relations",
        "related_by",
        "texts",
        "signatories",
        "suggestions",
        "editions",
    )
    is_used = any(getattr(agreement, name).exists() for name in rows)
    is_made_here = any(agreement.pk in made.get("Agreement", []) for made in all_made)
    if is_made_here and not is_used and not agreement.parties.exclude(actions=None).exists():
        agreement.delete()


def _made(suggestion: Suggestion, made: Made) -> Agreement:
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
        made["Agreement"] = [agreement.pk]
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


def _merge(suggestion: Suggestion, agreement: Agreement, made: Made) -> None:
    """The other name becomes one of the agreement's."""
    if suggestion.title not in (agreement.title, *agreement.former_titles):
        agreement.former_titles = [*agreement.former_titles, suggestion.title]
        made["names"] = ["title"]
    if suggestion.acronym and suggestion.acronym not in agreement.acronyms:
        agreement.acronyms = [*agreement.acronyms, suggestion.acronym]
        made["names"] = [*made.get("names", []), "acronym"]
    agreement.save()
