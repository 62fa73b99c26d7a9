"""What every verb on an edition begins and ends with."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from releases.models import Edition, LedgerEntry, Release


class ActionRefused(Exception):
    """A verb was refused; `reasons` are sentences for the person who asked."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def refuse_if(reasons: Iterable[str]) -> None:
    if found := list(reasons):
        raise ActionRefused(found)


def lock_edition(edition: Edition) -> Edition:
    """The edition as stored, with its release locked until the transaction ends."""
    Release.objects.select_for_update().get(pk=edition.release_id)
    return Edition.objects.select_related("address", "release").get(pk=edition.pk)


def record_entry(
    verb: str, edition: Edition, actor: AbstractBaseUser | None, at: datetime, **facts: Any
) -> None:
    LedgerEntry.objects.record(
        verb, at=at, actor=actor, release=edition.release, subject=f"edition {edition.number}", **facts
    )
