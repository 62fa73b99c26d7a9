"""What happens to an edition between its author and its approval: submitted, sent back, cleared by each
agency."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import prefetch_related_objects

from releases.models import Agency, Clearance, Edition, LedgerEntry
from releases.services.editions.digests import digest_edition
from releases.services.editions.transitions import ActionRefused, lock_edition, lock_editions

State = Edition.State
Verb = LedgerEntry.Verb
CLEARED_BY = ("issuers__agency", "clearances")  # what tells who has not cleared an edition, to be prefetched
DIGESTED = ("annexes__address", "illustrations__address", "agreements")  # a digest is of these and issuers


@dataclass(frozen=True, slots=True)
class Consent:
    """That an issuing agency consents to the edition as it is now, told by `actor` at the aware instant `at`.

    `note`: how it was obtained. `seen` is the digest of what was read ("" where nobody read it first): nobody
    clears a text that changed since.
    """

    edition: Edition
    agency: Agency
    actor: AbstractBaseUser
    at: datetime
    note: str = ""
    seen: str = ""


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
    """Record the consent of one issuing agency to the edition as it is now. Raises ActionRefused."""
    [clearance] = record_clearances([Consent(edition, agency, actor, at, note, seen)])
    return clearance


def record_clearances(consents: Sequence[Consent]) -> list[Clearance]:
    """Record these consents in one transaction, all or none.

    Raises ActionRefused with the reason of the first refusal.
    """
    with transaction.atomic():
        editions = lock_editions([consent.edition for consent in consents])
        prefetch_related_objects(editions, "issuers__agency", *DIGESTED)
        given = Clearance.objects.filter(edition__in=editions)
        known = {(clearance.edition_id, clearance.agency_id): clearance for clearance in given}
        clearances = [
            _give(consent, edition, known) for consent, edition in zip(consents, editions, strict=True)
        ]
        LedgerEntry.objects.append(
            [
                LedgerEntry.objects.draw_up(
                    Verb.CLEAR,
                    at=consent.at,
                    actor=consent.actor,
                    edition=edition,
                    after=clearance.digest,
                    note={"agency": consent.agency.slug, "note": consent.note},
                )
                for consent, edition, clearance in zip(consents, editions, clearances, strict=True)
            ]
        )
    return clearances


def _give(consent: Consent, edition: Edition, known: dict[tuple[int, int], Clearance]) -> Clearance:
    """Store a consent to a locked edition, in place of an earlier one of the same agency.

    Raises ActionRefused.
    """
    agency, digest = consent.agency, digest_edition(edition)
    if edition.state not in (State.DRAFT, State.SUBMITTED):
        raise ActionRefused(["Only an edition that waits for its approval can be cleared."])
    if all(issuer.agency_id != agency.pk for issuer in edition.issuers.all()):
        raise ActionRefused([f"{agency} does not issue this release."])
    if consent.seen and consent.seen != digest:
        raise ActionRefused(["This edition changed after you opened it. Read it again, then clear it."])
    clearance = known.setdefault((edition.pk, agency.pk), Clearance(edition=edition, agency=agency))
    clearance.digest, clearance.note = digest, consent.note
    clearance.given_by_id, clearance.given_at = consent.actor.pk, consent.at
    clearance.save()
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
