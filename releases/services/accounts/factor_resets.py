"""The way back for somebody who lost their device: one administrator asks that the second factor is taken off
their account, another one does it, and they set up a new one when they sign in."""

import datetime as dt
from collections.abc import Iterator

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from releases.models import LedgerEntry, Mail, Membership, SecondFactorReset
from releases.services.accounts import members, second_factor
from releases.services.accounts.permissions import Authority, Right
from releases.services.editions.transitions import refuse_if

Verb = LedgerEntry.Verb
NOT_ALONE = "You asked for this. Another administrator of the agency, or a superuser, does it."


def standing_reset(user: User) -> SecondFactorReset | None:
    """What somebody asked for `user` and nobody has ended yet."""
    return user.second_factor_resets.filter(ended_by__isnull=True).select_related("asked_by").first()


def reset(user: User, *, actor: User, reason: str, at: dt.datetime) -> SecondFactorReset:
    """Ask that the second factor is taken off, or do it where somebody else asked. Raises ActionRefused."""
    refuse_if(why_not_reset(user, Authority(actor, at)))
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        standing = standing_reset(user)
        if standing is None:
            return _ask(user, actor, reason.strip(), at)
        refuse_if([NOT_ALONE] if standing.asked_by_id == actor.pk else [])
        standing.ended_by, standing.is_done = actor, True
        standing.save()
        take_off(user, actor=actor, reason=standing.reason, at=at)
    return standing


def _ask(user: User, actor: User, reason: str, at: dt.datetime) -> SecondFactorReset:
    refuse_if([] if reason else ["Give the reason, and how you know that it is them who ask."])
    asked = SecondFactorReset.objects.create(user=user, reason=reason, asked_by=actor, asked_at=at)
    note = {"verb": str(Verb.RESET), "reason": reason, **_agency(user)}
    LedgerEntry.objects.record(Verb.PROPOSE, at=at, actor=actor, subject=user.get_username(), note=note)
    return asked


def take_off(user: User, *, actor: User | None, reason: str, at: dt.datetime) -> None:
    """Take the second factor off an account, end its sessions and tell its person. Two administrators get here
    by `reset`, whoever runs the server by its command. Call it inside a transaction."""
    Authenticator.objects.filter(user=user).delete()
    members.end_sessions(user)
    note = {"reason": reason, **_agency(user)}
    LedgerEntry.objects.record(Verb.RESET, at=at, actor=actor, subject=user.get_username(), note=note)
    if settings.EMAIL_URL:
        Mail.objects.post(Mail.Kind.SECOND_FACTOR, [user], at=at)


def keep(user: User, *, actor: User, at: dt.datetime) -> None:
    """End what somebody asked: the account stays as it is. Raises ActionRefused."""
    with transaction.atomic():
        standing = standing_reset(user)
        refuse_if(why_not_reset(user, Authority(actor, at)))
        refuse_if([] if standing else ["Nobody asks for this."])
        user.second_factor_resets.filter(ended_by__isnull=True).update(ended_by=actor)
        LedgerEntry.objects.record(
            Verb.KEEP, at=at, actor=actor, subject=user.get_username(), note=_agency(user)
        )


def why_not_reset(user: User, authority: Authority) -> Iterator[str]:
    held = list(Membership.objects.filter(user=user).select_related("agency"))
    if user == authority.user:
        yield "You cannot do this for yourself. Ask two administrators."
    if not authority.has_all and (user.is_superuser or not held):
        yield "Only superusers do this for this account."
    if not all(authority.may(Right.ADMINISTER, one.agency) for one in held):
        yield "This person works for an agency that you do not administer."
    if not second_factor.has_one(user):
        yield "This account has no second factor."


def waiting_resets(authority: Authority) -> list[SecondFactorReset]:
    """What others asked for and the user can do."""
    standing: QuerySet[SecondFactorReset] = SecondFactorReset.objects.filter(ended_by__isnull=True)
    others = standing.exclude(asked_by=authority.user.pk).select_related("user", "asked_by")
    return [one for one in others if not list(why_not_reset(one.user, authority))]


def _agency(user: User) -> dict[str, str]:
    """One of theirs, whose administrators then find the entry in the ledger."""
    held = user.memberships.select_related("agency").first()
    return {"agency": held.agency.slug} if held else {}
