"""What makes an edition public, and takes one that is scheduled back: each asks why not, then changes all in
one transaction."""

from collections.abc import Iterator
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from releases.models import Annex, Edition, Illustration, LedgerEntry
from releases.services.editing import checks, drafts
from releases.services.editions.digests import digest_edition
from releases.services.editions.transitions import ActionRefused, lock_edition, refuse_if
from releases.services.publishing.review import uncleared_agencies
from releases.services.search import index_edition

Verb = LedgerEntry.Verb
OPEN = (Edition.State.DRAFT, Edition.State.SUBMITTED)


def approve(
    edition: Edition,
    *,
    approver: AbstractBaseUser,
    at: datetime,
    live_from: datetime | None = None,
    seen: str = "",
    urgent_reason: str = "",
) -> Edition:
    """Make `edition` public from `live_from` (an aware instant; none: from `at`, which is now). Raises
    ActionRefused.

    `seen` is the digest of what the approver read ("" where nobody read it first). With `urgent_reason`
    nobody else is asked: neither a second person nor the other agencies.
    """
    starts = live_from or at
    _name_issuers([edition])
    with transaction.atomic():
        edition = lock_edition(edition)
        digest = digest_edition(edition)
        if seen and seen != digest:
            raise ActionRefused(["This edition changed after you opened it. Read it again, then approve it."])
        edition.urgent_reason = urgent_reason.strip()
        refuse_if(why_not_approve(edition, approver=approver, at=at, live_from=starts))
        predecessor = find_predecessor(edition)
        if predecessor:
            Edition.objects.filter(pk=predecessor.pk).update(live_until=starts)
        before, edition.digest = edition.digest, digest
        edition.state, edition.approver_id = Edition.State.APPROVED, approver.pk
        edition.live_from, edition.first_live_at = (
            starts,
            predecessor.first_live_at if predecessor else starts,
        )
        edition.lock_version += 1
        edition.save()
        index_edition(edition)
        note = {"live_from": starts.isoformat()}
        if edition.urgent_reason:
            note["urgent"] = edition.urgent_reason
        LedgerEntry.objects.record(
            Verb.APPROVE, at=at, actor=approver, edition=edition, before=before, after=digest, note=note
        )
    return edition


def approve_together(
    editions: list[Edition],
    *,
    approver: AbstractBaseUser,
    at: datetime,
    live_from: datetime | None = None,
    seen: dict[int, str] | None = None,
) -> list[Edition]:
    """Approve a package for one instant: all, or none. Raises ActionRefused with each edition's title before
    its reasons.

    `seen`: the digest of what the approver read, by edition. Releases are locked in one order, so that two
    packages never wait for each other.
    """
    reasons: list[str] = []
    approved = []
    _name_issuers(editions)
    with transaction.atomic():
        for edition in sorted(editions, key=lambda one: one.release_id):
            read = (seen or {}).get(edition.pk, "")
            try:
                approved.append(
                    approve(edition, approver=approver, at=at, live_from=live_from or at, seen=read)
                )
            except ActionRefused as refused:
                reasons += [f"{edition.title}: {reason}" for reason in refused.reasons]
        refuse_if(reasons)
    return approved


def _name_issuers(editions: list[Edition]) -> None:
    """What an agency is called is copied before anything is judged: it stays if the approval is refused and
    read again."""
    for edition in editions:
        with transaction.atomic():
            if lock_edition(edition).state in OPEN:
                drafts.name_issuers(edition)


def why_not_approve(
    edition: Edition, *, approver: AbstractBaseUser, at: datetime, live_from: datetime
) -> Iterator[str]:
    """The reasons, in the editor's words, why `edition` can't be approved now."""
    if edition.state not in OPEN:
        yield f"This edition is {edition.get_state_display().lower()}; only a draft or a submitted edition can be approved."
    if not edition.urgent_reason:
        yield from _same_person(edition, approver)
        for agency in uncleared_agencies(edition):
            yield f"{agency} has not cleared this text."
    if live_from < at:
        yield "The time of publication has passed. Choose a time to come, or publish now."
    yield from (check.words for check in checks.blocking(edition))
    yield from _out_of_turn(edition, at)
    yield from _clashing_files(edition, live_from)


def _same_person(edition: Edition, approver: AbstractBaseUser) -> Iterator[str]:
    """Whoever wrote in it is not the second person."""
    if edition.author_id == approver.pk:
        yield "You wrote this edition. Someone else has to approve it."
    elif edition.contributors.filter(user=approver.pk).exists():
        yield "You changed this edition. Someone else has to approve it."


def find_predecessor(edition: Edition) -> Edition | None:
    """The approved edition that `edition` would succeed: the release's last one, live or still to come."""
    approved = Edition.objects.filter(release=edition.release_id, state=Edition.State.APPROVED)
    return approved.filter(live_until__isnull=True).exclude(pk=edition.pk).first()


def unschedule_edition(edition: Edition, *, actor: AbstractBaseUser, at: datetime) -> Edition:
    """Return an edition that is not live yet to draft; its predecessor's interval reopens.

    Raises ActionRefused.
    """
    with transaction.atomic():
        edition = lock_edition(edition)
        at = max(at, timezone.now())  # the lock may have been long in coming
        if edition.state != Edition.State.APPROVED or not edition.live_from or edition.live_from <= at:
            raise ActionRefused(["Only an edition that is scheduled and not live yet can be unscheduled."])
        before, starts = edition.digest, edition.live_from
        edition.state, edition.digest, edition.approver = Edition.State.DRAFT, "", None
        edition.urgent_reason = ""
        edition.live_from = edition.live_until = edition.first_live_at = None
        edition.lock_version += 1
        edition.save()
        edition.clearances.all().delete()
        Edition.objects.filter(release=edition.release_id, live_until=starts).update(live_until=None)
        note = {"live_from": starts.isoformat()}
        LedgerEntry.objects.record(
            Verb.UNSCHEDULE, at=at, actor=actor, edition=edition, before=before, note=note
        )
    return edition


def _out_of_turn(edition: Edition, at: datetime) -> Iterator[str]:
    predecessor = find_predecessor(edition)
    if predecessor and predecessor.live_from and predecessor.live_from > at:
        yield "Another edition of this release is already scheduled. Unschedule it first."
    elif (predecessor.pk if predecessor else None) != edition.based_on_id:
        yield "A newer edition has been published since this one was begun. Start again from that one."


def _clashing_files(edition: Edition, live_from: datetime) -> Iterator[str]:
    """Two releases that are live at once, now or later, and share a path must agree on its bytes."""
    for files in (edition.annexes, edition.illustrations):
        for file in files.select_related("address"):
            for model in (Annex, Illustration):
                others = model.objects.live_from_then_on(live_from).filter(address=file.address_id)
                if others.exclude(edition__release=edition.release_id).exclude(blob=file.blob_id).exists():
                    yield f"Another release serves a different file at {file.address.path}. Give the new file its own address."
