"""The code that somebody's app shows, and the way to the desk by it."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.urls import reverse

from releases.services.accounts import second_factor
from tests.browser.hands import PASSWORD


def give_app(user):
    """An app with codes, as if they had enrolled."""
    TOTP.activate(user, generate_totp_secret())
    return user


def code_of(user, later=0):
    """What the app shows now, or so many half minutes later."""
    stored = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP).data["secret"]
    return code_for(second_factor.decrypt(stored), later)


def code_for(secret, later=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def give_password(client, user, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": user.username, "password": password})


def give_code(client, code):
    return client.post(reverse("mfa_authenticate"), {"code": code})
