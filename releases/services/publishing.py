"""What makes an edition public and takes it away again: each verb asks why not, then changes all in one transaction."""

from collections.abc import Iterator
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from releases.models import Absence, Annex, Edition, Illustration, LedgerEntry, Release
from releases.services import attaching, checking
from releases.services.digesting import canonical_edition, edition_digest
from releases.services.locking import Refused, locked, record, refuse_if
from releases.services.reviewing import uncleared
from releases.services.rights import work_of
from releases.services.searching import index_edition

UNSAID = {"change_note": "", "change_class": ""}
NOT_ALONE = "You took this release away. Someone else has to bring it back."
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
    """Make `edition` public from `live_from` (an aware instant; none: from `at`, which is now). Raises Refused.

    `seen` is the digest of what the approver read ("" where nobody read it first). With `urgent_reason` nobody else is
    asked: neither a second person nor the other agencies.
    """
    starts = live_from or at
    _name_issuers([edition])
    with transaction.atomic():
        edition = locked(edition)
        digest = edition_digest(edition)
        refuse_if(_changed_since(seen, digest))
        edition.urgent_reason = urgent_reason.strip()
        refuse_if(why_not_approve(edition, approver=approver, at=at, live_from=starts))
        predecessor = predecessor_of(edition)
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
        record("approve", edition, approver, at, before=before, after=digest, note=note)
    return edition


def approve_together(
    editions: list[Edition],
    *,
    approver: AbstractBaseUser,
    at: datetime,
    live_from: datetime | None = None,
    seen: dict[int, str] | None = None,
) -> list[Edition]:
    """Approve a package for one instant: all, or none. Raises Refused with each edition's title before its reasons.

    `seen`: the digest of what the approver read, by edition. Releases are locked in one order, so that two packages
    never wait for each other.
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
            except Refused as refused:
                reasons += [f"{edition.title}: {reason}" for reason in refused.reasons]
        refuse_if(reasons)
    return approved


def _name_issuers(editions: list[Edition]) -> None:
    """What an agency is called is copied before anything is judged: it stays if the approval is refused and read again."""
    for edition in editions:
        with transaction.atomic():
            if locked(edition).state in OPEN:
                attaching.name_issuers(edition)


def why_not_approve(
    edition: Edition, *, approver: AbstractBaseUser, at: datetime, live_from: datetime
) -> Iterator[str]:
    """The reasons, in the editor's words, why `edition` can't be approved now."""
    if edition.state not in OPEN:
        yield f"This edition is {edition.get_state_display().lower()}; only a draft or a submitted edition can be approved."
    if not edition.urgent_reason:
        yield from _same_person(edition, approver)
        for agency in uncleared(edition):
            yield f"{agency} has not cleared this text."
    if live_from < at:
        yield "The time of publication has passed. Choose a time to come, or publish now."
    yield from (check.words for check in checking.blocking(edition))
    yield from _out_of_turn(edition, at)
    yield from _clashing_files(edition, live_from)


def _same_person(edition: Edition, approver: AbstractBaseUser) -> Iterator[str]:
    """Whoever wrote in it is not the second person."""
    if edition.author_id == approver.pk:
        yield "You wrote this edition. Someone else has to approve it."
        return
    told = LedgerEntry.objects.filter(release=edition.release_id, subject=f"edition {edition.number}")
    begun = (
        told.filter(verb="draft").order_by("-pk").first()
    )  # one that was discarded before had the same number
    written = told.filter(verb__in=("draft", "save"), pk__gte=begun.pk if begun else 0)
    if written.filter(actor=approver.pk).exists():
        yield "You changed this edition. Someone else has to approve it."


def _changed_since(seen: str, digest: str) -> Iterator[str]:
    if seen and seen != digest:
        yield "This edition changed after you opened it. Read it again, then approve it."


def predecessor_of(edition: Edition) -> Edition | None:
    """The approved edition that `edition` would succeed: the release's last one, live or still to come."""
    approved = Edition.objects.filter(release=edition.release_id, state=Edition.State.APPROVED)
    return approved.filter(live_until__isnull=True).exclude(pk=edition.pk).first()


def unschedule(edition: Edition, *, actor: AbstractBaseUser, at: datetime) -> Edition:
    """Return an edition that is not live yet to draft; its predecessor's interval reopens. Raises Refused."""
    with transaction.atomic():
        edition = locked(edition)
        at = max(at, timezone.now())  # the lock may have been long in coming
        if edition.state != Edition.State.APPROVED or not edition.live_from or edition.live_from <= at:
            raise Refused(["Only an edition that is scheduled and not live yet can be unscheduled."])
        before, starts = edition.digest, edition.live_from
        edition.state, edition.digest, edition.approver = Edition.State.DRAFT, "", None
        edition.urgent_reason = ""
        edition.live_from = edition.live_until = edition.first_live_at = None
        edition.lock_version += 1
        edition.save()
        edition.clearances.all().delete()
        Edition.objects.filter(release=edition.release_id, live_until=starts).update(live_until=None)
        record("unschedule", edition, actor, at, before=before, note={"live_from": starts.isoformat()})
    return edition


def next_edition(edition: Edition, *, author: AbstractBaseUser, at: datetime) -> Edition:
    """A draft that starts as a copy of `edition`, issuers, annexes, illustrations and agreements included."""
    with transaction.atomic():
        last = locked(edition)
        copy = Edition.objects.get(pk=last.pk)
        copy.pk, copy.based_on_id = None, last.pk
        copy.number = 1 + max(last.release.editions.values_list("number", flat=True))
        copy.state, copy.origin, copy.digest = Edition.State.DRAFT, Edition.Origin.DESK, ""
        copy.author_id, copy.approver = author.pk, None
        copy.change_note = copy.change_class = copy.rejection = copy.urgent_reason = ""
        copy.wanted_from = None
        copy.live_from = copy.live_until = copy.first_live_at = None
        copy._state.adding, copy.lock_version = True, 0  # noqa: SLF001 (Django's documented way to copy a row)
        copy.save(force_insert=True)
        _copy_parts(last, copy)
        record("draft", copy, author, at, before=last.digest)
    return copy


def begun_or_next(edition: Edition, *, author: AbstractBaseUser, at: datetime) -> Edition:
    """The draft of the next edition: the one that is being written where somebody has begun it, else a new one."""
    with transaction.atomic():
        last = locked(edition)
        waiting = Edition.objects.filter(based_on=last.pk).exclude(state=Edition.State.APPROVED)
        begun = waiting.filter(pk__in=work_of(author).values("pk")).order_by("number").first()
        return begun or next_edition(last, author=author, at=at)


def restored_edition(edition: Edition, *, author: AbstractBaseUser, at: datetime) -> Edition:
    """A draft with what an old edition said, to succeed the one that is live or scheduled now; asked twice, the same one."""
    with transaction.atomic():
        locked(edition)
        last = predecessor_of(edition)
        if made := _same_restored(edition, last, author):
            return made
        draft = next_edition(edition, author=author, at=at)
        Edition.objects.filter(pk=draft.pk).update(based_on=last)
        draft.based_on = last
    return draft


def _same_restored(edition: Edition, last: Edition | None, author: AbstractBaseUser) -> Edition | None:
    """A draft that says what the old edition said, and that nobody has changed since."""
    waiting = Edition.objects.filter(based_on=last, release=edition.release_id, state=Edition.State.DRAFT)
    own = waiting.filter(pk__in=work_of(author).values("pk")).order_by("number")
    wanted = canonical_edition(edition) | UNSAID
    return next((draft for draft in own if canonical_edition(draft) | UNSAID == wanted), None)


def withdraw(release: Release, *, actor: AbstractBaseUser, reason: str, at: datetime) -> Absence:
    """Keep the page with a notice, out of lists and feeds. Raises Refused."""
    return _absent(release, Absence.Kind.WITHDRAWN, actor, reason, at)


def remove(release: Release, *, actor: AbstractBaseUser, reason: str, at: datetime) -> Absence:
    """Answer 410 for the page, withdrawn or not, and for files that no other live edition uses. Raises Refused."""
    return _absent(release, Absence.Kind.REMOVED, actor, reason, at)


def restore(release: Release, *, actor: AbstractBaseUser, at: datetime) -> Absence:
    """End the absence that holds at `at`; someone else than who began it must ask. Raises Refused."""
    with transaction.atomic():
        Release.objects.select_for_update().get(pk=release.pk)
        absence = release.absences.filter(until__isnull=True, since__lt=at).first()
        if absence is None:
            raise Refused(["This release is neither withdrawn nor removed."])
        if absence.begun_by_id == actor.pk:
            raise Refused([NOT_ALONE])
        absence.until, absence.ended_by_id = at, actor.pk
        absence.save()
        LedgerEntry.objects.record(
            "restore", at=at, actor=actor, release=release, subject=f"release {release.pk}"
        )
    return absence


def _absent(release: Release, kind: str, actor: AbstractBaseUser, reason: str, at: datetime) -> Absence:
    with transaction.atomic():
        Release.objects.select_for_update().get(pk=release.pk)
        reasons = [] if reason.strip() else ["Give the reason; readers will see it."]
        absence = release.absences.filter(until__isnull=True).first()
        removes = kind == Absence.Kind.REMOVED and absence and absence.kind == Absence.Kind.WITHDRAWN
        if absence and not (removes and absence.since < at):
            reasons.append("This release is already withdrawn or removed.")
        if not release.editions.live(at).exists():
            reasons.append("This release is not public.")
        refuse_if(iter(reasons))
        if absence:
            release.absences.filter(pk=absence.pk).update(until=at)
        absence = Absence.objects.create(
            release=release, kind=kind, since=at, reason=reason.strip(), begun_by_id=actor.pk
        )
        note = {"reason": absence.reason}
        LedgerEntry.objects.record(
            str(kind), at=at, actor=actor, release=release, subject=f"release {release.pk}", note=note
        )
    return absence


def _out_of_turn(edition: Edition, at: datetime) -> Iterator[str]:
    predecessor = predecessor_of(edition)
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


def _copy_parts(source: Edition, target: Edition) -> None:
    for parts in ("issuers", "annexes", "illustrations"):
        rows = list(getattr(source, parts).all())
        for row in rows:
            row.pk, row.edition = None, target
        if rows:
            type(rows[0]).objects.bulk_create(rows)
    target.agreements.set(source.agreements.all())
