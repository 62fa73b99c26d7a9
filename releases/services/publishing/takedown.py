"""Withdrawing, removing and restoring a release: each asks why not, then changes all in one transaction."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction

from releases.models import Absence, Edition, LedgerEntry, Proposal, Release
from releases.services.accounts import consent, notices
from releases.services.editions.transitions import ActionRefused, refuse_if

NOT_ALONE = "You withdrew it; a colleague must republish it."
HAD_ASKED = "You asked for the removal of this release. Someone else has to bring it back."


def withdraw(release: Release, *, actor: AbstractBaseUser, reason: str, at: datetime) -> Absence:
    """Keep the page with a notice, out of lists and feeds. Raises ActionRefused."""
    return _absent(release, Absence.Kind.WITHDRAWN, actor, reason, at)


def remove(release: Release, *, actor: AbstractBaseUser, reason: str, at: datetime) -> Absence:
    """Answer 410 for the page, withdrawn or not, and for files that no other live edition uses.

    People ask for it by `proposals`, which has two of them agree. Raises ActionRefused.
    """
    return _absent(release, Absence.Kind.REMOVED, actor, reason, at)


def restore(release: Release, *, actor: AbstractBaseUser, at: datetime) -> Absence:
    """End the absence that holds at `at`, and what stands of proposals to remove the release: `why_not_end` says
    nothing against `actor`, and each joint agency has agreed since then. Raises ActionRefused.
    """
    with transaction.atomic():
        Release.objects.select_for_update().get(pk=release.pk)
        absence = release.absences.filter(until__isnull=True, since__lt=at).first()
        if absence is None:
            raise ActionRefused(["This release is neither withdrawn nor removed."])
        if refusal := why_not_end(absence, actor):
            raise ActionRefused([refusal])
        edition = public_edition(release, at)
        refuse_if(debt.words for debt in consent.find_return_debts(edition, absence.since))
        absence.until, absence.ended_by_id = at, actor.pk
        absence.save()
        release.proposals.standing(Proposal.Verb.REMOVE).update(ended_by=actor.pk)
        LedgerEntry.objects.record(
            LedgerEntry.Verb.RESTORE, at=at, actor=actor, release=release, subject=f"release {release.pk}"
        )
        notices.tell(edition, "brought it back", actor=actor, at=at)
    return absence


def why_not_end(absence: Absence, actor: AbstractBaseUser | AnonymousUser) -> str:
    """Why somebody is not the second person who brings a release back: they took it away, or asked for its
    removal ("" where they are)."""
    if absence.begun_by_id == actor.pk:
        return NOT_ALONE
    if absence.kind != Absence.Kind.REMOVED:
        return ""
    done = (
        one for one in absence.release.proposals.all() if one.verb == Proposal.Verb.REMOVE and one.is_done
    )
    last = max(done, key=lambda one: one.made_at, default=None)
    return HAD_ASKED if last and last.made_by_id == actor.pk else ""


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
            LedgerEntry.Verb(kind),
            at=at,
            actor=actor,
            release=release,
            subject=f"release {release.pk}",
            note=note,
        )
        words = f"{'withdrew' if kind == Absence.Kind.WITHDRAWN else 'removed'} it: {absence.reason}"
        notices.tell(public_edition(release, at), words, actor=actor, at=at)
    return absence


def public_edition(release: Release, at: datetime) -> Edition:
    """The edition that readers would get at `at` if nothing had taken the release away.

    Raises Edition.DoesNotExist.
    """
    return release.editions.ever_public(at).prefetch_related(*consent.PARTS).latest("number")
