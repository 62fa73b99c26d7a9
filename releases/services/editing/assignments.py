"""Who sees to a release. It gives no rights, and readers are never told."""

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth.models import AbstractBaseUser, User
from django.db import transaction
from django.db.models import QuerySet

from releases.models import Edition, LedgerEntry, Release
from releases.services.accounts.people import name_person
from releases.services.accounts.permissions import Authority, Right


def find_colleagues(authority: Authority) -> QuerySet[User]:
    """Whom the user can assign releases to: everybody who works for one of their agencies; a superuser, anybody."""
    people = User.objects.filter(is_active=True, is_staff=True).order_by(
        "first_name", "last_name", "username"
    )
    if authority.has_all:
        return people
    mates = people.filter(memberships__agency__in=authority.agencies(), memberships__is_waiting=False)
    return mates.distinct()


def why_not_assign(edition: Edition, assignee: User | None, authority: Authority) -> str:
    """Why the user may not make `assignee` (None: nobody) see to the release of `edition`; "" where they may."""
    if not authority.may(Right.FOLLOW, edition):
        return "Only people of the agencies that issue it can assign it."
    if assignee and not Authority(assignee, authority.at).may(Right.FOLLOW, edition):
        return f"{name_person(assignee)} does not work for an agency that issues it."
    return ""


def assign_releases(
    editions: Iterable[Edition], assignee: User | None, *, actor: AbstractBaseUser, at: dt.datetime
) -> None:
    """Make somebody see to the releases of these editions, or nobody; the ledger has an entry for each."""
    with transaction.atomic():
        for edition in editions:
            Release.objects.filter(pk=edition.release_id).update(assignee=assignee)
            LedgerEntry.objects.record(
                LedgerEntry.Verb.ASSIGN,
                at=at,
                actor=actor,
                edition=edition,
                note={"to": assignee.get_username() if assignee else ""},
            )
