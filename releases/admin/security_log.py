"""Log lines of who signed in and out, from where, and who did not get in. What people did then is in the ledger."""

import logging
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from releases.admin.base.client import client_address

log = logging.getLogger(__name__)


@receiver(user_logged_in)
def note_sign_in(request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> None:
    log.info("%r signed in from %s.", user.get_username(), client_address(request))


@receiver(user_logged_out)
def note_sign_out(request: HttpRequest, user: AbstractBaseUser | None, **kwargs: Any) -> None:
    if user:
        log.info("%r signed out.", user.get_username())


@receiver(user_login_failed)
def note_failure(credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    """The name may be a password that was typed into the wrong field, so it is not told."""
    log.warning("Somebody could not sign in from %s.", client_address(request) if request else "a command")
