"""What django-allauth asks of us: who may try a password, what mail says, what a second factor is bound to."""

import logging
from typing import Any
from urllib.parse import urlsplit

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, User
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from qrcode.image.svg import SvgPathImage

from releases.admin.base.client import client_address
from releases.models import Mail
from releases.services.accounts import login_throttle, proofs, second_factor

log = logging.getLogger(__name__)
WAIT = "Too many attempts to sign in. Wait 15 minutes, then try again."


class AccountAdapter(DefaultAccountAdapter):
    """Lets nobody guess passwords; says the same of names that exist and of those that don't."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Raises ValidationError where the name or the network address has to wait."""
        count_attempt(request, credentials.get("username", ""))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user:
            login_throttle.reset(credentials.get("username", ""), client_address(request), timezone.now())
        return user

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """The one way in which these pages send letters. A letter names the site and what it is called here,
        whatever the request called it."""
        site = {"name": settings.SITE_NAME, "domain": urlsplit(settings.SITE_URL).netloc}
        super().send_mail(template_prefix, email, {**context, "current_site": site})

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """The worker sends it, with a link of its own, so nobody sees by the time of an answer whether an
        account exists."""
        Mail.objects.post(Mail.Kind.PASSWORD, [user], at=timezone.now())

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        """The worker sends it: nobody waits for the mail server."""
        Mail.objects.post(Mail.Kind.ADDRESS, [emailconfirmation.email_address.user], at=timezone.now())

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever signed in a moment ago has just shown who they are."""
        return not proofs.is_recent(context.request.session)


class ProviderAdapter(DefaultSocialAccountAdapter):
    """An account at the organisation's provider opens the account here that it was joined to by its person; it
    makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """Passkeys belong to the host of SITE_URL, whatever a request calls us; keys of apps are stored
    encrypted."""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": urlsplit(settings.SITE_URL).hostname or "", "name": settings.SITE_NAME}

    def build_totp_svg(self, url: str) -> str:
        """The picture of a key, as an element of a page."""
        drawn: str = qrcode.make(url, image_factory=SvgPathImage).to_string(encoding="unicode")
        return drawn

    def encrypt(self, text: str) -> str:
        return second_factor.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return second_factor.decrypt(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Nobody is left without one who needs one."""
        return second_factor.may_remove(authenticator)


def count_attempt(request: HttpRequest, name: str) -> None:
    """Count an attempt to sign in as `name`. Raises ValidationError where there were too many."""
    address = client_address(request)
    if not login_throttle.is_allowed(name, address, timezone.now()):
        log.warning("Too many attempts to sign in as %r from %r.", name, address)
        raise ValidationError(WAIT, "wait")
