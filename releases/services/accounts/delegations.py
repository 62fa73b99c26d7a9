"""Who acts for whom while somebody is away: a deputy gets their emails, and does what they may do themselves."""

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from releases.models import Delegation, LedgerEntry, Membership
from releases.services.accounts.permissions import Authority
from releases.services.editions.transitions import refuse_if

LONGEST = dt.timedelta(days=92)


def delegate(principal: User, deputy: User, *, starts: dt.date, ends: dt.date, at: dt.datetime) -> Delegation:
    """Have `deputy` act for `principal` from one day to another, both among them, on record.

    Raises ActionRefused.
    """
    with transaction.atomic():
        refuse_if(_why_not(principal, deputy, starts, ends, at))
        made = Delegation.objects.create(principal=principal, deputy=deputy, starts=starts, ends=ends)
        _record(made, at, {"starts": starts.isoformat(), "ends": ends.isoformat()})
    return made


def end(delegation: Delegation, *, at: dt.datetime) -> None:
    """Let it end before its last day, on record."""
    with transaction.atomic():
        _record(delegation, at, {"ended": localdate(at).isoformat()})
        delegation.delete()


def find_colleagues(user: User) -> QuerySet[User]:
    """Who can act for somebody: the active people of their agencies."""
    agencies = Membership.objects.filter(user=user, is_waiting=False).order_by().values("agency")
    found = User.objects.filter(
        is_active=True, memberships__agency__in=agencies, memberships__is_waiting=False
    )
    return found.exclude(pk=user.pk).distinct().order_by("first_name", "last_name", "username")


def find_own(user: User, at: dt.datetime) -> QuerySet[Delegation]:
    """Those of `user` that hold now or later."""
    return user.delegations.filter(ends__gte=localdate(at)).select_related("deputy")


def find_current(authority: Authority) -> list[Delegation]:
    """Who acts for whom today, of all whom the user works with."""
    found = Delegation.objects.on(localdate(authority.at)).select_related("principal", "deputy")
    if not authority.has_all:
        found = found.filter(
            principal__memberships__agency__in=authority.agencies(), principal__memberships__is_waiting=False
        ).distinct()
    return list(found)


def _why_not(principal: User, deputy: User, starts: dt.date, ends: dt.date, at: dt.datetime) -> list[str]:
    reasons = []
    if not find_colleagues(principal).filter(pk=deputy.pk).exists():
        reasons.append("Choose a colleague of one of your agencies.")
    if ends < max(starts, localdate(at)):
        reasons.append("The last day must be today or later, and not before the first.")
    elif ends - starts > LONGEST:
        reasons.append("Choose three months at most. You can add another period later.")
    if principal.delegations.filter(deputy=deputy, starts__lte=ends, ends__gte=starts).exists():
        reasons.append("That colleague acts for you on some of these days already.")
    return reasons


def _record(delegation: Delegation, at: dt.datetime, note: dict[str, str]) -> None:
    """An entry about whoever acts."""
    LedgerEntry.objects.record(
        LedgerEntry.Verb.DELEGATE,
        at=at,
        actor=delegation.principal,
        subject=delegation.deputy.get_username(),
        note=note,
    )
