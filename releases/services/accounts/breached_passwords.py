"""Passwords that leaked somewhere: looked up in a file on this machine, so that nobody is told of them."""

import re
from mmap import ACCESS_READ, mmap
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError


class BreachedPasswords:
    """Refuses what is a line of the file BREACHED_PASSWORDS, in UTF-8; without a file, nothing."""

    def validate(self, password: str, user: User | None = None) -> None:
        if not settings.BREACHED_PASSWORDS:
            return
        line = re.compile(rb"^" + re.escape(password.encode()) + rb"\r?$", re.MULTILINE)
        with (
            Path(settings.BREACHED_PASSWORDS).open("rb") as file,
            mmap(file.fileno(), 0, access=ACCESS_READ) as text,
        ):
            if line.search(text):
                raise ValidationError(
                    "This password is in a list of passwords that were stolen elsewhere. Choose another one.",
                    code="password_breached",
                )

    def get_help_text(self) -> str:
        return ""
