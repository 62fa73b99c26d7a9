"""Passwords that somebody who knows the newsroom would guess."""

import re
from itertools import chain

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from releases.models import AgencyName

OF_ANY_NEWSROOM = "press room newsroom media release releases desk office editor admin password passphrase secret login welcome"
LEAST_OF_ITS_OWN = 6
"""Letters that a password has beside words of this place."""


class LocalWords:
    """Refuses a password that is made of words of this newsroom: its name and address, its agencies, and those in
    OF_ANY_NEWSROOM, with digits and signs between them."""

    def validate(self, password: str, user: User | None = None) -> None:
        letters = "".join(filter(str.isalpha, password.casefold()))
        for word in sorted(_find_words(), key=len, reverse=True):
            letters = letters.replace(word, "")
        if len(letters) < LEAST_OF_ITS_OWN:
            raise ValidationError(
                "This password is made of words that people connect with this newsroom, or of digits. Add other words.",
                code="password_of_local_words",
            )

    def get_help_text(self) -> str:
        return "Use more than the names of this newsroom and of its agencies."


def _find_words() -> set[str]:
    """In lower case; of two letters or more."""
    names = AgencyName.objects.values_list("name", "acronym")
    text = " ".join((OF_ANY_NEWSROOM, settings.SITE_NAME, settings.SITE_URL, *chain.from_iterable(names)))
    return set(re.findall(r"[^\W\d_]{2,}", text.casefold()))
