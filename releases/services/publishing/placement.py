"""The section of a release, which lists and readers follow."""

import datetime as dt

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from releases.models import LedgerEntry, Release, Section
from releases.services.accounts import consent, notices


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


def tell_placed(release: Release, words: str, *, actor: AbstractBaseUser, at: dt.datetime) -> None:
    """Tell all whom its public edition concerns, or where none was public yet, its newest draft."""
    editions = release.editions.prefetch_related(*consent.PARTS).order_by("number")
    edition = editions.ever_public(at).last() or editions.last()
    if edition:
        notices.tell(edition, words, actor=actor, at=at)
