"""The section of a release, which lists and readers follow, and its translations, to which its page leads."""

import datetime as dt
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from releases.models import LedgerEntry, Release, Section
from releases.services.accounts import consent, notices
from releases.services.accounts.permissions import Authority, Right


def move_release(release: Release, section: Section, *, actor: AbstractBaseUser, at: dt.datetime) -> None:
    """Put it into another section; all whom it concerns are told."""
    with transaction.atomic():
        before = Section.objects.get(pk=Release.objects.select_for_update().get(pk=release.pk).section_id)
        release.section = section
        release.save(update_fields=["section"])
        record_move(release, before, actor=actor, at=at)


def record_move(release: Release, before: Section, *, actor: AbstractBaseUser, at: dt.datetime) -> None:
    """Note that it came from the section `before`, and tell all whom it concerns."""
    LedgerEntry.objects.record(
        LedgerEntry.Verb.MOVE,
        at=at,
        actor=actor,
        release=release,
        subject=f"release {release.pk}",
        note={"from": str(before), "to": str(release.section)},
    )
    tell_placed(release, f"moved it from {before} to {release.section}", actor=actor, at=at)


def why_not_join(release: Release, other: Release, authority: Authority) -> str:
    """Why somebody may not make `release` a translation of `other`, in words; "" where they may. The page of each
    release of the group then leads to it, so whoever does it may place all of them."""
    group = Release.objects.filter(translation_group=other.translation_group).exclude(pk=release.pk)
    if all(authority.may(Right.PLACE, one) for one in group):
        return ""
    return (
        "The pages of that release and of its translations would lead here. An approver of the agency that is the"
        " lead of all of them can do this, or a superuser."
    )


def tell_regrouped(release: Release, before: UUID, *, actor: AbstractBaseUser, at: dt.datetime) -> None:
    """Tell all whom it concerns that a release came from the translations of the group `before` to others."""
    groups = (before, release.translation_group)
    for one in Release.objects.filter(translation_group__in=groups).order_by("pk"):
        tell_placed(one, "changed which releases are its translations", actor=actor, at=at)


def tell_placed(release: Release, words: str, *, actor: AbstractBaseUser, at: dt.datetime) -> None:
    """Tell all whom its public edition concerns, or where none was public yet, its newest draft."""
    editions = release.editions.prefetch_related(*consent.PARTS).order_by("number")
    edition = editions.ever_public(at).last() or editions.last()
    if edition:
        notices.tell(edition, words, actor=actor, at=at)
