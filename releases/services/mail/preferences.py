"""How often somebody wants emails of each kind."""

from collections.abc import Mapping

from django.contrib.auth.models import User
from django.db import transaction

from releases.models import MailPreference
from releases.models.mail import CHOOSABLE

AT_ONCE = "now"
FREQUENCIES = {AT_ONCE: "At once", MailPreference.DAILY: "Once a day", MailPreference.NEVER: "Never"}


def read_preferences(user: User) -> dict[str, str]:
    """A frequency of FREQUENCIES for each kind of CHOOSABLE."""
    chosen = dict(user.mail_preferences.values_list("kind", "frequency"))
    return {kind.value: chosen.get(kind.value, AT_ONCE) for kind in CHOOSABLE}


def save_preferences(user: User, frequencies: Mapping[str, str]) -> None:
    """Keep a frequency of FREQUENCIES for each kind of CHOOSABLE; what waits already comes as it was to."""
    with transaction.atomic():
        user.mail_preferences.all().delete()
        MailPreference.objects.bulk_create(
            MailPreference(user=user, kind=kind, frequency=frequency)
            for kind, frequency in frequencies.items()
            if frequency != AT_ONCE
        )
