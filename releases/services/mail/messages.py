"""What an email says. Before a release is public none may tell of it, so they never do: each is a link to the
desk, which asks who reads on.
"""

import re
from email.utils import formatdate
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from releases.models import Mail
from releases.services.accounts import members, notices
from releases.services.accounts.permissions import Authority

Kind = Mail.Kind
SUBJECTS = {
    Kind.NOTICE: "A release of yours was worked on",
    Kind.INVITATION: "Set your password",
    Kind.PASSWORD: "Set a new password",
    Kind.SECOND_FACTOR: "Your second factor was taken off",
}
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


def compose_message(mail: Mail, authority: Authority) -> EmailMessage | None:
    """The email for a row of the outbox, with links that were made this moment; None where it is not wanted
    any more: the recipient has left, or does not work for the agency now.

    `authority` is that of the recipient. Raises ValueError for an address that no header may hold.
    """
    if not mail.recipient.is_active or not mail.recipient.email:
        return None
    if mail.notice and not notices.is_told(authority, mail.notice):
        return None
    values = {
        "site": one_line(settings.SITE_NAME),
        "username": one_line(mail.recipient.get_username()),
        "link": settings.SITE_URL + _make_link(mail),
        "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
    }
    return EmailMessage(
        subject=f"{SUBJECTS[Kind(mail.kind)]} – {values['site']}",
        body=render_to_string(f"mail/{mail.kind}.txt", values),
        to=[mail.recipient.email],
        headers={
            "Message-ID": f"<{mail.key}@{urlsplit(settings.SITE_URL).hostname}>",
            "Date": formatdate(mail.created_at.timestamp()),
            "Auto-Submitted": "auto-generated",
        },
    )


def one_line(text: str) -> str:
    """A text that somebody typed as a part of a line: it can neither begin another one nor turn it round."""
    return " ".join(CONTROL.sub(" ", text).split())


def _make_link(mail: Mail) -> str:
    if mail.kind in (Kind.INVITATION, Kind.PASSWORD):
        return members.make_password_link(mail.recipient)
    edition = mail.notice.edition if mail.notice else None
    if edition is None or edition.erased_at:
        return reverse("admin:index")
    return reverse("admin:releases_edition_change", args=[edition.pk])
