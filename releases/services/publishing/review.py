"""What happens to an edition between its author and its approval: submitted, sent back, cleared by each
agency."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from releases.models import Agency, Clearance, Edition, LedgerEntry
from releases.services.editions.digests import digest_edition
from releases.services.editions.transitions import ActionRefused, lock_edition

State = Edition.State
Verb = LedgerEntry.Verb
CLEARED_BY = ("issuers__agency", "clearances")  # what tells who has not cleared an edition, to be prefetched


def submit(edition: Edition, *, actor: AbstractBaseUser, at: datetime) -> Edition:
    """Hand a draft over for approval. Raises ActionRefused."""
    return _move(edition, Verb.SUBMIT, State.DRAFT, State.SUBMITTED, actor, at)


def take_back(edition: Edition, *, actor: AbstractBaseUser, at: datetime) -> Edition:
    """Make a submitted edition a draft again. Raises ActionRefused."""
    return _move(edition, Verb.TAKE_BACK, State.SUBMITTED, State.DRAFT, actor, at)


def reject(edition: Edition, *, actor: AbstractBaseUser, reason: str, at: datetime) -> Edition:
    """Send a submitted edition back with the reason. Raises ActionRefused."""
    if not reason.strip():
        raise ActionRefused(["Say why; the author will read it."])
    return _move(edition, Verb.REJECT, State.SUBMITTED, State.REJECTED, actor, at, reason.strip())


def reopen(edition: Edition, *, actor: AbstractBaseUser, at: datetime) -> Edition:
    """Make a rejected edition a draft again. Raises ActionRefused."""
    return _move(edition, Verb.REOPEN, State.REJECTED, State.DRAFT, actor, at)


def record_clearance(
    edition: Edition, *, agency: Agency, actor: AbstractBaseUser, at: datetime, note: str = "", seen: str = ""
) -> Clearance:
    """Record the consent of one issuing agency to the edition as it is now. Raises ActionRefused.

    `seen` is the digest of what was read ("" where nobody read it first): nobody clears a text that changed
    since.
    """
    with transaction.atomic():
        edition = lock_edition(edition)
        if edition.state not in (State.DRAFT, State.SUBMITTED):
            raise ActionRefused(["Only an edition that waits for its approval can be cleared."])
        if not edition.issuers.filter(agency=agency).exists():
            raise ActionRefused([f"{agency} does not issue this release."])
        digest = digest_edition(edition)
        if seen and seen != digest:
            raise ActionRefused(["This edition changed after you opened it. Read it again, then clear it."])
        values = {"digest": digest, "given_by_id": actor.pk, "given_at": at, "note": note}
        clearance, _ = Clearance.objects.update_or_create(edition=edition, agency=agency, defaults=values)
        told = {"agency": agency.slug, "note": note}
        LedgerEntry.objects.record(
            Verb.CLEAR, at=at, actor=actor, edition=edition, after=clearance.digest, note=told
        )
    return clearance


def uncleared_agencies(edition: Edition) -> list[Agency]:
    """The joint issuers, in their order, that have not cleared the edition as it is now; the approval is the
    lead's."""
    issuers = list(edition.issuers.all())[1:]
    if not issuers:
        return []
    digest = digest_edition(edition)
    done = {clearance.agency_id for clearance in edition.clearances.all() if clearance.digest == digest}
    return [issuer.agency for issuer in issuers if issuer.agency_id not in done]


def _move(
    edition: Edition,
    verb: Verb,
    before: str,
    after: str,
    actor: AbstractBaseUser,
    at: datetime,
    reason: str = "",
) -> Edition:
    with transaction.atomic():
        edition = lock_edition(edition)
        if edition.state != before:
            raise ActionRefused([f"This edition is {edition.get_state_display().lower()} by now."])
        edition.state, edition.rejection = after, reason
        edition.lock_version += 1
        edition.save()
        digest = digest_edition(edition)
        note = {"reason": reason} if reason else {}
        LedgerEntry.objects.record(
            verb, at=at, actor=actor, edition=edition, before=digest, after=digest, note=note
        )
    return edition
