"""The second factor of somebody's account: who needs one, who has one, and its way out of the database."""

import base64
import datetime as dt
import hashlib

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import QuerySet

from releases.models import LedgerEntry, Membership, Session

Role = Membership.Role
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def is_needed(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether somebody can approve, give roles or has all rights, or will once their role is confirmed."""
    if not user.is_active:
        return False
    if getattr(user, "is_superuser", False):
        return True
    held = Membership.objects.filter(user=user.pk)
    return held.exclude(role=Role.WRITER, urgent=False).exists()


def factors() -> QuerySet[Authenticator]:
    """Everybody's, without the codes to recover with."""
    found: QuerySet[Authenticator] = Authenticator.objects.filter(type__in=FACTORS)
    return found


def has_one(user: AbstractBaseUser | AnonymousUser) -> bool:
    return factors().filter(user=user.pk).exists()


def is_missing(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether somebody who is signed in has none and needs one."""
    return user.pk is not None and is_needed(user) and not has_one(user)


def may_remove(authenticator: Authenticator) -> bool:
    """Not the last one of somebody who needs one."""
    is_last = not factors().filter(user=authenticator.user_id).exclude(pk=authenticator.pk).exists()
    return not (settings.SECOND_FACTOR and is_last and is_needed(authenticator.user))


def record_change(changed: Authenticator, did: str, *, at: dt.datetime, session: str | None = None) -> None:
    """Keep on record that somebody added or removed one of theirs, and end their sessions but `session` (None:
    end none). Call it inside the transaction of the change."""
    user = changed.user
    if session:
        Session.objects.filter(user_id=user.pk).exclude(session_key=session).delete()
    note = {"did": did, "kind": changed.get_type_display()}
    LedgerEntry.objects.record(
        LedgerEntry.Verb.SECOND_FACTOR, at=at, actor=user, subject=user.get_username(), note=note
    )


def encrypt(text: str) -> str:
    """The key of an app as the database and its backups hold it."""
    return _cipher().encrypt(text.encode()).decode()


def decrypt(text: str) -> str:
    """Raises InvalidToken where it was encrypted under another SECRET_KEY."""
    return _cipher().decrypt(text.encode()).decode()


def _cipher() -> MultiFernet:
    """Of SECRET_KEY, and of the keys that it had before."""
    secrets = [str(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    digests = [hashlib.sha256(f"second factor\n{secret}".encode()).digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
