"""What every verb on an edition begins and ends with."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser

from releases.models import Edition, EditionContributor, LedgerEntry, Release


class ActionRefused(Exception):
    """A verb was refused; `reasons` are sentences for the person who asked."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def refuse_if(reasons: Iterable[str]) -> None:
    """Raises ActionRefused with these reasons, unless there are none."""
    if found := list(reasons):
        raise ActionRefused(found)


def lock_edition(edition: Edition) -> Edition:
    """The edition as stored, with its release locked until the transaction ends."""
    Release.objects.select_for_update().get(pk=edition.release_id)
    return Edition.objects.select_related("address", "release").get(pk=edition.pk)


def lock_editions(editions: Sequence[Edition]) -> list[Edition]:
    """`lock_edition` of each, in the order given. Raises Edition.DoesNotExist.

    Releases are locked in one order, so that two who lock several never wait for each other.
    """
    releases = Release.objects.filter(pk__in={edition.release_id for edition in editions})
    list(releases.select_for_update().order_by("pk").values_list("pk"))
    stored = Edition.objects.select_related("address", "release", "based_on")
    found = stored.in_bulk([edition.pk for edition in editions])
    if missing := [edition.pk for edition in editions if edition.pk not in found]:
        raise Edition.DoesNotExist(f"There is no edition with the key {missing[0]}.")
    return [found[edition.pk] for edition in editions]


def record_writing(
    verb: LedgerEntry.Verb,
    edition: Edition,
    *,
    actor: AbstractBaseUser,
    at: datetime,
    before: str = "",
    after: str = "",
) -> None:
    """Keep that `actor` wrote in `edition`: they are no second person for it, and the ledger has an entry.

    `before` and `after` are digests of the edition.
    """
    EditionContributor.objects.add(edition, actor)
    LedgerEntry.objects.record(verb, at=at, actor=actor, edition=edition, before=before, after=after)
