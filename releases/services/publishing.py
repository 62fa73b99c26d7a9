"""What makes an edition public and takes it away again: each verb asks why not, then changes all in one transaction."""

from collections.abc import Iterator
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from releases.models import Absence, Annex, Edition, Illustration, LedgerEntry, Release
from releases.services.digesting import edition_digest
from releases.services.searching import index_edition

OPEN = (Edition.State.DRAFT, Edition.State.SUBMITTED)


class Refused(Exception):
    """A verb was refused; `reasons` are sentences for the person who asked."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def approve(
    edition: Edition, *, approver: AbstractBaseUser, at: datetime, live_from: datetime | None = None
) -> Edition:
    """Make `edition` public from `live_from` (an aware instant; none: from `at`, which is now). Raises Refused."""
    starts = live_from or at
    with transaction.atomic():
        edition = _locked(edition)
        _refuse_if(why_not_approve(edition, approver=approver, at=at, live_from=starts))
        predecessor = predecessor_of(edition)
        if predecessor:
            Edition.objects.filter(pk=predecessor.pk).update(live_until=starts)
        before, edition.digest = edition.digest, edition_digest(edition)
        edition.state, edition.approver_id = Edition.State.APPROVED, approver.pk
        edition.live_from, edition.first_live_at = (
            starts,
            predecessor.first_live_at if predecessor else starts,
        )
        edition.lock_version += 1
        edition.save()
        index_edition(edition)
        _record(
            "approve",
            edition,
            approver,
            at,
            before=before,
            after=edition.digest,
            note={"live_from": starts.isoformat()},
        )
    return edition


def why_not_approve(
    edition: Edition, *, approver: AbstractBaseUser, at: datetime, live_from: datetime
) -> Iterator[str]:
    """The reasons, in the editor's words, why `edition` can't be approved now."""
    if edition.state not in OPEN:
        yield f"This edition is {edition.get_state_display().lower()}; only a draft or a submitted edition can be approved."
    if edition.author_id == approver.pk:
        yield "You wrote this edition. Someone else has to approve it."
    if live_from < at:
        yield "The time of publication has passed. Choose a time to come, or publish now."
    if not edition.issuers.exists():
        yield "Name at least one issuing agency."
    yield from _out_of_turn(edition, at)
    yield from _clashing_files(edition, live_from)


def predecessor_of(edition: Edition) -> Edition | None:
    """The approved edition that `edition` would succeed: the release's last one, live or still to come."""
    approved = Edition.objects.filter(release=edition.release_id, state=Edition.State.APPROVED)
    return approved.filter(live_until__isnull=True).exclude(pk=edition.pk).first()


def unschedule(edition: Edition, *, actor: AbstractBaseUser, at: datetime) -> Edition:
    """Return an edition that is not live yet to draft; its predecessor's interval reopens. Raises Refused."""
    with transaction.atomic():
        edition = _locked(edition)
        if edition.state != Edition.State.APPROVED or not edition.live_from or edition.live_from <= at:
            raise Refused(["Only an edition that is scheduled and not live yet can be unscheduled."])
        before, starts = edition.digest, edition.live_from
        edition.state, edition.digest, edition.approver = Edition.State.DRAFT, "", None
        edition.live_from = edition.live_until = edition.first_live_at = None
        edition.lock_version += 1
        edition.save()
        Edition.objects.filter(release=edition.release_id, live_until=starts).update(live_until=None)
        _record("unschedule", edition, actor, at, before=before, note={"live_from": starts.isoformat()})
    return edition


def next_edition(edition: Edition, *, author: AbstractBaseUser, at: datetime) -> Edition:
    """A draft that starts as a copy of `edition`, issuers, annexes, illustrations and agreements included."""
    with transaction.atomic():
        last = _locked(edition)
        copy = Edition.objects.get(pk=last.pk)
        copy.pk, copy.based_on_id = None, last.pk
        copy.number = 1 + max(last.release.editions.values_list("number", flat=True))
        copy.state, copy.origin, copy.digest = Edition.State.DRAFT, Edition.Origin.DESK, ""
        copy.author_id, copy.approver = author.pk, None
        copy.change_note = copy.change_class = ""
        copy.live_from = copy.live_until = copy.first_live_at = None
        copy._state.adding, copy.lock_version = True, 0  # noqa: SLF001 (Django's documented way to copy a row)
        copy.save(force_insert=True)
        _copy_parts(last, copy)
        _record("draft", copy, author, at, before=last.digest)
    return copy


def withdraw(release: Release, *, actor: AbstractBaseUser, reason: str, at: datetime) -> Absence:
    """Keep the page with a notice, out of lists and feeds. Raises Refused."""
    return _absent(release, Absence.Kind.WITHDRAWN, actor, reason, at)


def remove(release: Release, *, actor: AbstractBaseUser, reason: str, at: datetime) -> Absence:
    """Answer 410 for the page and for files that no other live edition uses. Raises Refused."""
    return _absent(release, Absence.Kind.REMOVED, actor, reason, at)


def restore(release: Release, *, actor: AbstractBaseUser, at: datetime) -> Absence:
    """End the absence that holds at `at`; someone else than who began it must ask. Raises Refused."""
    with transaction.atomic():
        Release.objects.select_for_update().get(pk=release.pk)
        absence = release.absences.at(at).first()
        if absence is None:
            raise Refused(["This release is neither withdrawn nor removed."])
        if absence.begun_by_id == actor.pk:
            raise Refused(["You took this release away. Someone else has to bring it back."])
        absence.until, absence.ended_by_id = at, actor.pk
        absence.save()
        LedgerEntry.objects.record("restore", at=at, actor=actor, release=release, subject=str(release))
    return absence


def _absent(release: Release, kind: str, actor: AbstractBaseUser, reason: str, at: datetime) -> Absence:
    with transaction.atomic():
        Release.objects.select_for_update().get(pk=release.pk)
        reasons = [] if reason.strip() else ["Give the reason; readers will see it."]
        if release.absences.at(at).exists():
            reasons.append("This release is already withdrawn or removed.")
        if not release.editions.live(at).exists():
            reasons.append("This release is not public.")
        _refuse_if(iter(reasons))
        absence = Absence.objects.create(
            release=release, kind=kind, since=at, reason=reason.strip(), begun_by_id=actor.pk
        )
        note = {"reason": absence.reason}
        LedgerEntry.objects.record(
            str(kind), at=at, actor=actor, release=release, subject=str(release), note=note
        )
    return absence


def _locked(edition: Edition) -> Edition:
    """The edition as stored, with its release locked until the transaction ends."""
    Release.objects.select_for_update().get(pk=edition.release_id)
    return Edition.objects.select_related("address", "release").get(pk=edition.pk)


def _refuse_if(reasons: Iterator[str]) -> None:
    if found := list(reasons):
        raise Refused(found)


def _out_of_turn(edition: Edition, at: datetime) -> Iterator[str]:
    predecessor = predecessor_of(edition)
    if predecessor and predecessor.live_from and predecessor.live_from > at:
        yield "Another edition of this release is already scheduled. Unschedule it first."
    elif (predecessor.pk if predecessor else None) != edition.based_on_id:
        yield "A newer edition has been published since this one was begun. Start again from that one."


def _clashing_files(edition: Edition, live_from: datetime) -> Iterator[str]:
    """Two releases that are live at once and share a path must agree on its bytes."""
    for files in (edition.annexes, edition.illustrations):
        for file in files.select_related("address"):
            for model in (Annex, Illustration):
                others = model.objects.live(live_from).filter(address=file.address_id)
                if others.exclude(edition__release=edition.release_id).exclude(blob=file.blob_id).exists():
                    yield f"Another release serves a different file at {file.address.path}. Give the new file its own address."


def _copy_parts(source: Edition, target: Edition) -> None:
    for parts in ("issuers", "annexes", "illustrations"):
        rows = list(getattr(source, parts).all())
        for row in rows:
            row.pk, row.edition = None, target
        if rows:
            type(rows[0]).objects.bulk_create(rows)
    target.agreements.set(source.agreements.all())


def _record(verb: str, edition: Edition, actor: AbstractBaseUser, at: datetime, **facts: object) -> None:
    LedgerEntry.objects.record(
        verb, at=at, actor=actor, release=edition.release, subject=f"edition {edition.number}", **facts
    )
