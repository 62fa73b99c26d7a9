"""Who may do everything: one superuser gives it, another one confirms it. Whoever runs the server makes superusers
by its commands, which the others are told."""

import datetime as dt
from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from releases.models import LedgerEntry, Mail, SuperuserGrant
from releases.services.accounts.permissions import Authority, Person
from releases.services.editions.transitions import refuse_if

Verb = LedgerEntry.Verb
TOLD_FOR = dt.timedelta(days=14)
MOST = 12
EVERYTHING = {"role": "superuser"}


def ask_to_give(user: User, *, actor: User, at: dt.datetime) -> None:
    """Ask that somebody may do everything; until another superuser confirms it they may no more than before,
    and nothing of it if they were one. Call it inside a transaction."""
    User.objects.filter(pk=user.pk).update(is_superuser=False)
    values = {"given_by": actor, "is_waiting": True, "confirmed_by": None, "changed_at": at}
    SuperuserGrant.objects.update_or_create(user=user, defaults=values)
    note = {**EVERYTHING, "waits": True}
    LedgerEntry.objects.record(Verb.GRANT, at=at, actor=actor, subject=user.get_username(), note=note)


def confirm(grant: SuperuserGrant, *, actor: User | None, at: dt.datetime) -> None:
    """Let it count; `actor` is None where whoever runs the server does. Raises ActionRefused."""
    with transaction.atomic():
        grant = SuperuserGrant.objects.select_for_update().get(pk=grant.pk)
        refuse_if(why_not_confirm(grant, Authority(actor, at)) if actor else [])
        _let_count(grant, Verb.CONFIRM, actor, at)


def record_made(user: User, *, at: dt.datetime) -> None:
    """Keep that whoever runs the server made a superuser. Call it inside the transaction that did."""
    grant, _ = SuperuserGrant.objects.get_or_create(user=user, defaults={"changed_at": at})
    _let_count(grant, Verb.GRANT, None, at)


def _let_count(grant: SuperuserGrant, verb: Verb, actor: User | None, at: dt.datetime) -> None:
    grant.is_waiting, grant.confirmed_by, grant.changed_at = False, actor, at
    grant.save()
    User.objects.filter(pk=grant.user_id).update(is_superuser=True, is_staff=True)
    name = grant.user.get_username()
    LedgerEntry.objects.record(verb, at=at, actor=actor, subject=name, note=EVERYTHING)
    if settings.EMAIL_URL:
        told = find_superusers().exclude(pk__in=[grant.user_id, actor.pk if actor else None])
        Mail.objects.post(Mail.Kind.SUPERUSER, told, at=at)


def turn_down(grant: SuperuserGrant, *, actor: User, at: dt.datetime) -> None:
    """End what somebody asked: the account stays as it is. Raises ActionRefused."""
    refuse_if([] if Authority(actor, at).has_all else ["Only superusers do this."])
    with transaction.atomic():
        number, _ = SuperuserGrant.objects.filter(pk=grant.pk, is_waiting=True).delete()
        refuse_if([] if number else ["Nobody asks for this any more."])
        name = grant.user.get_username()
        LedgerEntry.objects.record(Verb.KEEP, at=at, actor=actor, subject=name, note=EVERYTHING)


def why_not_confirm(grant: SuperuserGrant, authority: Authority) -> Iterator[str]:
    if not grant.is_waiting:
        yield "This account may do everything already."
    if not authority.has_all:
        yield "Only superusers do this."
    if authority.user.pk == grant.user_id:
        yield "Nobody confirms what they get themself. Ask another superuser."
    elif authority.user.pk == grant.given_by_id:
        yield f"You asked for this. {describe_confirmer(grant.user, authority.user)}"


def describe_confirmer(user: User, actor: Person) -> str:
    """Who can confirm what `actor` asks for `user`, in words."""
    if find_superusers().exclude(pk__in=[user.pk, actor.pk]).exists():
        return "Another superuser confirms it. They find it on their desk."
    return (
        "There is no other superuser to confirm it. Whoever runs this server does, with"
        f" “manage.py confirm_rights {user.get_username()}”."
    )


def find_superusers() -> QuerySet[User]:
    """Those who may do everything now."""
    return User.objects.filter(is_superuser=True, is_active=True)


def waiting_grants(authority: Authority) -> QuerySet[SuperuserGrant]:
    """What others asked for and the user can confirm."""
    waiting = SuperuserGrant.objects.filter(is_waiting=True).select_related("user", "given_by")
    if not authority.has_all:
        return waiting.none()
    return waiting.exclude(given_by=authority.user.pk).exclude(user=authority.user.pk)


def recent_superusers(authority: Authority) -> list[SuperuserGrant]:
    """Whom others let do everything lately, the newest first; told to superusers."""
    if not authority.has_all:
        return []
    made = SuperuserGrant.objects.filter(is_waiting=False, changed_at__gt=authority.at - TOLD_FOR)
    others = made.exclude(user=authority.user.pk).exclude(confirmed_by=authority.user.pk)
    return list(others.select_related("user", "given_by", "confirmed_by")[:MOST])
