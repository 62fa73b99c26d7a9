"""What happens to an edition between its author and its approval: submitted, sent back, cleared by each
agency."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import prefetch_related_objects

from releases.models import Agency, Clearance, Edition, LedgerEntry
from releases.services.accounts import consent
from releases.services.editing import checks
from releases.services.editions.digests import digest_edition
from releases.services.editions.transitions import (
    ActionRefused,
    lock_edition,
    lock_editions,
    refuse_if,
)
from releases.services.mail import notifications

State = Edition.State
Verb = LedgerEntry.Verb
DIGESTED = ("annexes__address", "illustrations__address", "agreements")  # a digest is of these and issuers


@dataclass(frozen=True, slots=True)
class NewClearance:
    """That an agency concerned consents to the edition as it is now, told by `actor` at the aware instant `at`.

    `note`: who agreed and how, where it has no approver here. `seen` is the `consent.sight` of what was
    read ("" where nobody read it first): nobody clears what changed since. It is for publication at the
    instant that the author wants, or later.
    """

    edition: Edition
    agency: Agency
    actor: AbstractBaseUser
    at: datetime
    note: str = ""
    seen: str = ""


def submit(edition: Edition, *, actor: AbstractBaseUser, at: datetime) -> Edition:
    """Hand a draft, or what was sent back, over for approval. Raises ActionRefused, also for what blocks its
    publication and its writers can fix."""
    refuse_if(check.words for check in checks.blocking(edition) if not check.passes)
    with transaction.atomic():
        submitted = _move(edition, Verb.SUBMIT, (State.DRAFT, State.REJECTED), State.SUBMITTED, actor, at)
        notifications.tell_waiting(submitted, actor=actor, at=at)
    return submitted


def take_back(edition: Edition, *, actor: AbstractBaseUser, at: datetime) -> Edition:
    """Make a submitted edition a draft again. Raises ActionRefused."""
    return _move(edition, Verb.TAKE_BACK, (State.SUBMITTED,), State.DRAFT, actor, at)


def reject(edition: Edition, *, actor: AbstractBaseUser, reason: str, at: datetime) -> Edition:
    """Send a submitted edition back with the reason. Raises ActionRefused."""
    if not reason.strip():
        raise ActionRefused(["Say why; the author will read it."])
    with transaction.atomic():
        rejected = _move(edition, Verb.REJECT, (State.SUBMITTED,), State.REJECTED, actor, at, reason.strip())
        notifications.tell_sent_back(rejected, actor=actor, at=at)
    return rejected


def record_clearance(
    edition: Edition, *, agency: Agency, actor: AbstractBaseUser, at: datetime, note: str = "", seen: str = ""
) -> Clearance:
    """Record the consent of one issuing agency to the edition as it is now. Raises ActionRefused."""
    [clearance] = record_clearances([NewClearance(edition, agency, actor, at, note, seen)])
    return clearance


def record_clearances(consents: Sequence[NewClearance]) -> list[Clearance]:
    """Record these consents in one transaction, all or none.

    Raises ActionRefused with the reason of the first refusal.
    """
    with transaction.atomic():
        editions = lock_editions([one.edition for one in consents])
        prefetch_related_objects(editions, *consent.PARTS, *DIGESTED)
        given = Clearance.objects.filter(edition__in=editions)
        known = {(clearance.edition_id, clearance.agency_id): clearance for clearance in given}
        clearances = [_give(one, edition, known) for one, edition in zip(consents, editions, strict=True)]
        LedgerEntry.objects.append(
            [
                LedgerEntry.objects.draw_up(
                    Verb.CLEAR,
                    at=one.at,
                    actor=one.actor,
                    edition=edition,
                    after=clearance.digest,
                    note=_note_of(one, clearance),
                )
                for one, edition, clearance in zip(consents, editions, clearances, strict=True)
            ]
        )
    return clearances


def _note_of(given: NewClearance, clearance: Clearance) -> dict[str, str]:
    note = {"agency": given.agency.slug, "note": given.note}
    return note | {"from": clearance.shown_from.isoformat()} if clearance.shown_from else note


def _give(given: NewClearance, edition: Edition, known: dict[tuple[int, int], Clearance]) -> Clearance:
    """Store a consent to a locked edition, in place of an earlier one of the same agency.

    Raises ActionRefused.
    """
    agency, digest = given.agency, digest_edition(edition)
    refuse_if(_why_not_clear(given, edition))
    clearance = known.setdefault((edition.pk, agency.pk), Clearance(edition=edition, agency=agency))
    clearance.digest, clearance.note = digest, given.note
    clearance.given_by_id, clearance.given_at = given.actor.pk, given.at
    clearance.shown_from = wanted_from(edition, given.at)
    clearance.save()
    return clearance


def _why_not_clear(given: NewClearance, edition: Edition) -> Iterator[str]:
    if edition.state not in (State.DRAFT, State.SUBMITTED):
        yield "Only a version that waits for its approval can be cleared."
    if all(stake.agency != given.agency for stake in consent.find_stakes(edition)):
        yield f"This version does not concern {given.agency}."
    if not consent.is_as_seen(edition, given.seen):
        yield "This version changed after you opened it. Read it again, then clear it."
    yield from _why_not_note(given, edition)


def _why_not_note(given: NewClearance, edition: Edition) -> Iterator[str]:
    if given.note and consent.has_written(edition, given.actor):
        yield f"You wrote in this version. Another approver of the lead has to note what {given.agency} agreed to."


def wanted_from(edition: Edition, at: datetime) -> datetime | None:
    """The instant of publication that its author wants, if that lies ahead of `at`."""
    return edition.wanted_from if edition.wanted_from and edition.wanted_from > at else None


def agree_to_return(
    edition: Edition,
    *,
    agency: Agency,
    actor: AbstractBaseUser,
    at: datetime,
    note: str = "",
    seen: str = "",
) -> Clearance:
    """Record that a joint agency agrees that a release comes back which is withdrawn or removed: its clearance
    of the public edition is given anew.

    Raises ActionRefused.
    """
    with transaction.atomic():
        edition = lock_edition(edition)
        given = NewClearance(edition, agency, actor, at, note, seen)
        if not consent.is_as_seen(edition, seen):
            raise ActionRefused(["This version changed after you opened it. Read it again, then agree."])
        if not edition.release.absences.at(at).filter(since__lt=at).exists():  # else it counts for nothing
            raise ActionRefused(["This release is neither withdrawn nor removed."])
        refuse_if(_why_not_note(given, edition))
        values = {"digest": edition.digest, "given_by_id": actor.pk, "given_at": at, "note": note}
        clearance, _ = Clearance.objects.update_or_create(
            edition=edition, agency=agency, defaults={**values, "shown_from": None}
        )
        LedgerEntry.objects.record(
            Verb.AGREE,
            at=at,
            actor=actor,
            edition=edition,
            after=edition.digest,
            note=_note_of(given, clearance),
        )
    return clearance


def uncleared_agencies(edition: Edition, starts: datetime | None = None) -> list[Agency]:
    """The agencies whose clearance an approval still needs, of the edition as it is now and for publication
    at `starts` (None: whenever), issuers in their order first; the approval is the lead's."""
    return [debt.agency for debt in consent.find_debts(edition, starts)]


def _move(
    edition: Edition,
    verb: Verb,
    before: Sequence[str],
    after: str,
    actor: AbstractBaseUser,
    at: datetime,
    reason: str = "",
) -> Edition:
    with transaction.atomic():
        edition = lock_edition(edition)
        if edition.state not in before:
            raise ActionRefused([f"This version is {edition.get_state_display().lower()} by now."])
        edition.state, edition.rejection = after, reason
        edition.lock_version += 1
        edition.save()
        digest = digest_edition(edition)
        note = {"reason": reason} if reason else {}
        LedgerEntry.objects.record(
            verb, at=at, actor=actor, edition=edition, before=digest, after=digest, note=note
        )
    return edition
