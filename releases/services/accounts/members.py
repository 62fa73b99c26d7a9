"""Who works at the desk: invited, given roles, and gone with their work handed over."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.contrib.auth.tokens import default_token_generator
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from releases.models import (
    Agency,
    Edition,
    EditionContributor,
    LedgerEntry,
    Mail,
    Membership,
    Presence,
    Session,
    SuperuserGrant,
)
from releases.services.accounts import superusers
from releases.services.accounts.permissions import Authority, Right, Role
from releases.services.editions.digests import digest_rows
from releases.services.editions.transitions import ActionRefused, refuse_if

Verb = LedgerEntry.Verb
SEEN_EVERY = dt.timedelta(minutes=5)


class Invitation(NamedTuple):
    """A new account, and its role, which may wait for another administrator."""

    user: User
    role: Membership


def invite(
    username: str, *, name: str, email: str, agency: Agency, role: Role, actor: User, at: dt.datetime
) -> Invitation:
    """Make an account that has no password until its holder sets one, by a link that is emailed where mail is
    set up. Raises ActionRefused."""
    there = ActionRefused([f"There is already an account {username}."])
    if User.objects.filter(username__iexact=username).exists():
        raise there
    if not Authority(actor, at).may(Right.ADMINISTER, agency):
        raise ActionRefused([f"You do not administer {agency}."])
    first, _, last = name.strip().partition(" ")
    user = User(username=username, first_name=first[:150], last_name=last[:150], email=email, is_staff=True)
    user.set_unusable_password()
    with transaction.atomic():
        try:
            user.save()
        except IntegrityError as error:  # two invite the same name at once
            raise there from error
        LedgerEntry.objects.record(
            Verb.INVITE, at=at, actor=actor, subject=username, after=digest_rows([user])
        )
        given = grant(user, agency, role, actor=actor, at=at)
        if settings.EMAIL_URL:
            Mail.objects.post(Mail.Kind.INVITATION, [user], at=at)
    return Invitation(user, given)


def email_password_link(people: QuerySet[User], *, at: dt.datetime) -> int:
    """Send these people a link to set a new password, each who has an address; until then the old one holds.
    Returns how many."""
    reached = list(people.filter(is_active=True).exclude(email=""))
    Mail.objects.post(Mail.Kind.PASSWORD, reached, at=at)
    return len(reached)


def make_password_link(user: User) -> str:
    """The path at which the holder of an account sets a password: it counts once, and for some days. Nobody
    else may see it, and nothing may keep it."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("invitation", args=[uid, default_token_generator.make_token(user)])


def grant(
    user: User, agency: Agency, role: Role, *, actor: User, at: dt.datetime, urgent: bool = False
) -> Membership:
    """Give a role. One by which something can become public counts once a second administrator confirms it.
    Ends sessions only where it takes the right to publish urgently away. Raises ActionRefused."""
    authority = Authority(actor, at)
    refuse_if(why_not_grant(user, agency, authority=authority, urgent=urgent))
    with transaction.atomic():
        held = Membership.objects.filter(user=user, agency=agency, role=role).first()
        if held and held.urgent == urgent:
            return held
        is_less = held is not None and not urgent
        is_waiting = held.is_waiting if held and is_less else role != Role.WRITER or urgent
        if User.objects.filter(pk=user.pk, is_staff=False).update(is_staff=True):
            give_anew(user, actor=actor, at=at)  # who has a role comes to the desk, with all of theirs
        values = {"urgent": urgent, "given_by": actor, "is_waiting": is_waiting, "confirmed_by": None}
        membership, _ = Membership.objects.update_or_create(
            user=user, agency=agency, role=role, defaults=values
        )
        note = {**_describe(membership), "waits": is_waiting}
        LedgerEntry.objects.record(Verb.GRANT, at=at, actor=actor, subject=user.get_username(), note=note)
        if is_less:
            _sign_in_again(user, authority)
    return membership


def give_anew(user: User, *, actor: User, at: dt.datetime) -> str:
    """Have all by which somebody could make something public wait for a second administrator: `actor` opened the
    account, or could now sign in to it. Returns who can confirm it, in words; "" where nothing waits. Call it
    inside a transaction."""
    mighty = list(Membership.objects.filter(user=user).exclude(role=Role.WRITER, urgent=False))
    for membership in mighty:
        membership.given_by, membership.is_waiting, membership.confirmed_by = actor, True, None
        membership.save(update_fields=["given_by", "is_waiting", "confirmed_by"])
        note = {**_describe(membership), "waits": True}
        LedgerEntry.objects.record(Verb.GRANT, at=at, actor=actor, subject=user.get_username(), note=note)
    may_all = User.objects.filter(pk=user.pk, is_superuser=True).exists()
    is_asked = may_all or SuperuserGrant.objects.filter(user=user, is_waiting=True).exists()
    if is_asked:
        superusers.ask_to_give(user, actor=actor, at=at)
        return superusers.describe_confirmer(user, actor)
    return describe_confirmer(mighty[0], Authority(actor, at)) if mighty else ""


def confirm(membership: Membership, *, actor: User | None, at: dt.datetime) -> None:
    """Let a role count that another administrator gave; `actor` is None where whoever runs the server does.
    Raises ActionRefused."""
    with transaction.atomic():
        membership = Membership.objects.select_for_update().get(pk=membership.pk)
        refuse_if(why_not_confirm(membership, Authority(actor, at)) if actor else [])
        membership.is_waiting, membership.confirmed_by = False, actor
        membership.save(update_fields=["is_waiting", "confirmed_by"])
        subject = membership.user.get_username()
        LedgerEntry.objects.record(
            Verb.CONFIRM, at=at, actor=actor, subject=subject, note=_describe(membership)
        )


def why_not_confirm(membership: Membership, authority: Authority) -> Iterator[str]:
    if not membership.is_waiting:
        yield "This role counts already."
    if not authority.may(Right.ADMINISTER, membership.agency):
        yield f"You do not administer {membership.agency}."
    if authority.user == membership.user:
        yield "Nobody confirms their own role. Ask another administrator."
    elif authority.user.pk == membership.given_by_id:
        yield f"You gave this role. {describe_confirmer(membership, authority)}"


def describe_confirmer(membership: Membership, authority: Authority) -> str:
    """Who can confirm a role that the user gave, in words."""
    held = Membership.objects.filter(role=Role.ADMINISTRATOR, is_waiting=False).values("user")
    people = User.objects.filter(Q(is_superuser=True) | Q(pk__in=held), is_active=True)
    others = people.exclude(pk__in=[membership.user_id, authority.user.pk])
    if any(Authority(one, authority.at).may(Right.ADMINISTER, membership.agency) for one in others):
        return "Another administrator of the agency, or a superuser, confirms it. They find it on their desk."
    return (
        "There is no other administrator to confirm it. Whoever runs this server does, with"
        f" “manage.py confirm_rights {membership.user.get_username()}”."
    )


def waiting_roles(authority: Authority) -> QuerySet[Membership]:
    """The roles that wait for a second administrator and that the user can confirm."""
    waiting = Membership.objects.filter(is_waiting=True).exclude(user=authority.user.pk)
    waiting = waiting.exclude(given_by=authority.user.pk).select_related("user", "agency", "given_by")
    if authority.has_all:
        return waiting
    return waiting.filter(agency__in=authority.agencies(Role.ADMINISTRATOR))


def _describe(membership: Membership) -> dict[str, Any]:
    return {
        "agency": membership.agency.slug,
        "role": str(membership.role),
        "urgent": membership.urgent,
    }


def why_not_grant(user: User, agency: Agency, *, authority: Authority, urgent: bool) -> Iterator[str]:
    """The right to publish alone is not one that somebody gives themself."""
    if not authority.may(Right.ADMINISTER, agency):
        yield f"You do not administer {agency}."
    if urgent and user == authority.user:
        yield "Nobody gives themself the right to publish urgently. Ask another administrator."


def take(membership: Membership, *, actor: User, at: dt.datetime) -> None:
    """Take a role away. Raises ActionRefused."""
    if not Authority(actor, at).may(Right.ADMINISTER, membership.agency):
        raise ActionRefused([f"You do not administer {membership.agency}."])
    note = {"agency": membership.agency.slug, "role": membership.role}
    with transaction.atomic():
        LedgerEntry.objects.record(
            Verb.TAKE, at=at, actor=actor, subject=membership.user.get_username(), note=note
        )
        membership.delete()
        _sign_in_again(membership.user, Authority(actor, at))


def leave(user: User, *, colleague: User | None, actor: User, at: dt.datetime) -> int:
    """End an account, its roles and sessions; open drafts go to `colleague`. Returns how many.

    Raises ActionRefused.
    """
    mine = list(in_hand(user))
    refuse_if(_why_not_leave(user, colleague, Authority(actor, at), mine))
    with transaction.atomic():
        number = in_hand(user).update(author=colleague)
        for edition in mine:
            if colleague:  # there is one, or nothing to hand over
                EditionContributor.objects.add(edition, colleague)
            told = {"from": str(user), "to": str(colleague)}
            LedgerEntry.objects.record(Verb.HAND_OVER, at=at, actor=actor, edition=edition, note=told)
        Membership.objects.filter(user=user).delete()
        SuperuserGrant.objects.filter(user=user).delete()
        User.objects.filter(pk=user.pk).update(is_active=False, is_staff=False, is_superuser=False)
        end_sessions(user)
        note = {"drafts": number, "to": colleague.get_username() if colleague else ""}
        LedgerEntry.objects.record(Verb.LEAVE, at=at, actor=actor, subject=user.get_username(), note=note)
    return number


def in_hand(user: User) -> QuerySet[Edition]:
    """What somebody is the author of and nobody has approved yet."""
    written = Edition.objects.filter(author=user, erased_at__isnull=True).exclude(
        state=Edition.State.APPROVED
    )
    return written.select_related("release", "address").prefetch_related("issuers")


def confirm_address(user: User) -> None:
    """What an administrator wrote down as somebody's address counts as confirmed."""
    EmailAddress.objects.filter(user=user, primary=True).exclude(email=user.email).delete()
    if user.email:
        known = {"verified": True, "primary": True}
        EmailAddress.objects.get_or_create(user=user, email=user.email, defaults=known)


def find_new_address(user: User) -> EmailAddress | None:
    """The address that somebody typed and has not confirmed."""
    found: EmailAddress | None = EmailAddress.objects.get_new(user)
    return found


def make_address_link(user: User) -> str:
    """The path by which somebody confirms their new address; "/" where there is none any more."""
    new = find_new_address(user)
    return reverse("account_confirm_email", args=[EmailConfirmationHMAC(new).key]) if new else "/"


def seen(user: Any, at: dt.datetime) -> None:
    """Remember that somebody is at the desk; written once in five minutes."""
    last = Presence.objects.filter(user=user.pk).values_list("seen_at", flat=True).first()
    if last is None:
        Presence.objects.get_or_create(user=user, defaults={"seen_at": at})
    elif at - last >= SEEN_EVERY:
        Presence.objects.filter(user=user.pk, seen_at=last).update(seen_at=at)


def _sign_in_again(user: User, authority: Authority) -> None:
    """Nobody goes on with a session that began with more rights, but at other agencies nobody ends sessions:
    rights are asked with every request, so those are gone all the same."""
    held = Membership.objects.filter(user=user).select_related("agency")
    if user != authority.user and all(authority.may(Right.ADMINISTER, one.agency) for one in held):
        end_sessions(user)


def _why_not_leave(
    user: User, colleague: User | None, authority: Authority, drafts: list[Edition]
) -> Iterator[str]:
    held = Membership.objects.filter(user=user).select_related("agency")
    if user == authority.user:
        yield "You cannot end your own account. Ask a colleague."
    if user.is_superuser and not authority.has_all:
        yield "Only a superuser ends the account of a superuser."
    if not all(authority.may(Right.ADMINISTER, one.agency) for one in held):
        yield "This person works for an agency that you do not administer."
    if colleague == user or (drafts and (colleague is None or not colleague.is_active)):
        yield "Name a colleague who takes over the drafts."
    elif colleague and not _may_write_all(Authority(colleague, authority.at), drafts):
        yield f"{colleague} does not work for the agencies of these drafts."


class RecordedPasswords(MinimumLengthValidator):
    """Django tells its validators of every password that was set, whichever way; this one keeps that in the
    ledger."""

    def password_changed(self, password: str, user: User) -> None:
        """Keep that somebody's password was set; the ledger has no word of it."""
        LedgerEntry.objects.record(Verb.PASSWORD, at=timezone.now(), subject=user.get_username())


def end_sessions(user: User) -> int:
    """Sign somebody out everywhere. Returns from how many sessions."""
    number, _ = Session.objects.filter(user_id=user.pk).delete()
    return number


def sign_out(user: User, *, actor: User, at: dt.datetime) -> int:
    """Sign somebody out everywhere, on record."""
    with transaction.atomic():
        number = end_sessions(user)
        note = {"sessions": number}
        LedgerEntry.objects.record(Verb.SIGN_OUT, at=at, actor=actor, subject=user.get_username(), note=note)
    return number


def _may_write_all(authority: Authority, drafts: list[Edition]) -> bool:
    """Drafts without issuers go to whoever takes them over."""
    return all(authority.may(Right.WRITE, draft) for draft in drafts if draft.issuers.all())
