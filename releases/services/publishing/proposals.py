"""What two people do: one asks for it and says why, another one does it, and until then nothing happens."""

from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser, User
from django.db import transaction

from releases.models import Edition, LedgerEntry, Proposal, Release
from releases.services.accounts import notices
from releases.services.editions.transitions import lock_edition, refuse_if
from releases.services.publishing import erasure, takedown

Verb = Proposal.Verb
NOT_ALONE = {
    Verb.REMOVE: "You asked for the removal. Another approver of the lead agency has to confirm it.",
    Verb.ERASE: "You asked for the erasure. Another superuser has to confirm it.",
}
ASKED = {Verb.REMOVE: "asked to remove it", Verb.ERASE: "asked to erase it by law"}
DROPPED = (
    "approved another version. The removal that was asked for is dropped; ask again if it is still needed"
)
ASKED_MEANWHILE = (
    "Somebody else asked for this after you opened the page. Read what they say, then do it or leave it."
)
ENDED_MEANWHILE = "What was asked for has ended after you opened the page. Read the release again."
DO: dict[str, Callable[..., object]] = {Verb.REMOVE: takedown.remove, Verb.ERASE: erasure.erase_release}


def standing_proposal(release: Release, verb: str) -> Proposal | None:
    """The proposal to do `verb` that nobody has ended yet, among `proposals` as they were prefetched."""
    standing = (one for one in release.proposals.all() if one.verb == verb and one.ended_by_id is None)
    return next(standing, None)


def key_of(proposal: Proposal | None) -> str:
    """The key of what a page shows; "" for nothing."""
    return str(proposal.pk) if proposal else ""


def drop_removal(proposal: Proposal, edition: Edition, *, actor: AbstractBaseUser, at: datetime) -> None:
    """End a proposal to remove a release of which `actor` approved `edition`: another text takes the place of the
    one that somebody wanted gone. Those concerned are told."""
    Proposal.objects.filter(pk=proposal.pk).update(ended_by=actor.pk)
    notices.tell(edition, DROPPED, actor=actor, at=at)


def remove(
    edition: Edition, *, actor: AbstractBaseUser, reason: str, at: datetime, shown: str | None = None
) -> Proposal:
    """Ask to remove the release of a public edition, or do it where somebody else asked.

    `shown`: the key of the proposal that `actor` was shown, "" where there was none; None: nobody looked.
    Raises ActionRefused, also where another one stands by now.
    """
    return _propose_or_do(Verb.REMOVE, edition, actor, reason, at, shown)


def erase(
    edition: Edition, *, actor: AbstractBaseUser, reason: str, at: datetime, shown: str | None = None
) -> Proposal:
    """Ask to erase the release of an edition by law, or do it where somebody else asked; as `remove`."""
    return _propose_or_do(Verb.ERASE, edition, actor, reason, at, shown)


def _propose_or_do(
    verb: Verb, edition: Edition, actor: AbstractBaseUser, reason: str, at: datetime, shown: str | None
) -> Proposal:
    refuse_if([] if reason.strip() else ["Give the reason."])
    with transaction.atomic():
        edition = lock_edition(edition)
        proposal = standing_proposal(edition.release, verb)
        refuse_if(
            [] if shown in (None, key_of(proposal)) else [ASKED_MEANWHILE if proposal else ENDED_MEANWHILE]
        )
        if proposal is None:
            return _propose(verb, edition, actor, reason.strip(), at)
        refuse_if([NOT_ALONE[verb]] if proposal.made_by_id == actor.pk else [])
        proposal.ended_by_id, proposal.is_done = actor.pk, True
        proposal.save()
        DO[verb](edition.release, actor=actor, reason=reason, at=at)
    return proposal


def _propose(verb: Verb, edition: Edition, actor: AbstractBaseUser, reason: str, at: datetime) -> Proposal:
    note = {"verb": str(verb), "reason": reason}
    LedgerEntry.objects.record(LedgerEntry.Verb.PROPOSE, at=at, actor=actor, edition=edition, note=note)
    notices.tell(edition, f"{ASKED[verb]}: {reason}", actor=actor, at=at)
    values = {"reason": reason, "made_by_id": actor.pk, "made_at": at}
    return Proposal.objects.create(release=edition.release, verb=verb, **values)


def keep(edition: Edition, *, actor: User, at: datetime) -> None:
    """End a standing proposal to remove a release, and by a superuser also one to erase it: it stays as it is.

    Raises ActionRefused.
    """
    verbs = list(Verb) if actor.is_superuser else [Verb.REMOVE]
    with transaction.atomic():
        edition = lock_edition(edition)
        standing = edition.release.proposals.standing(*verbs)
        refuse_if([] if standing else ["Nobody asks to remove or to erase this release."])
        standing.update(ended_by=actor.pk)
        LedgerEntry.objects.record(LedgerEntry.Verb.KEEP, at=at, actor=actor, edition=edition)
        notices.tell(edition, "decided that it stays", actor=actor, at=at)
