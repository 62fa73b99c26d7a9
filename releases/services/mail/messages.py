"""What an email says. Before a release is public none may tell of it, so they never do: each is a link to the
desk, which asks who reads on.
"""

import re
from collections import Counter
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
    Kind.WAITING: "Something waits for you",
    Kind.SENT_BACK: "A draft of yours was sent back",
    Kind.CLEARANCE_VOID: "A clearance is needed again",
    Kind.COMMENT: "A colleague commented",
    Kind.PUBLISHED: "A release was published",
    Kind.CHECK_FAILED: "Something stands in the way of a release",
    Kind.NOTICE: "A release of yours was worked on",
    Kind.DIGEST: "Your summary of the day",
    Kind.INVITATION: "You are invited: set your password",
    Kind.PASSWORD: "Set a new password",
    Kind.ADDRESS: "Confirm your email address",
    Kind.SECOND_FACTOR: "Your second factor was taken off",
    Kind.SUPERUSER: "Somebody may now do everything",
}
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


def compose_message(mail: Mail, authority: Authority) -> EmailMessage | None:
    """The email for a row of the outbox, with links that were made this moment; None where it is not wanted
    any more: the recipient has left, or does not work for the agency now.

    `authority` is that of the recipient. Raises ValueError for an address that no header may hold.
    """
    address = _find_address(mail)
    if not mail.recipient.is_active or not address or not _concerns(mail, authority):
        return None
    items = _count_items(mail, authority) if mail.kind == Kind.DIGEST else []
    if mail.kind == Kind.DIGEST and not items:
        return None
    values = {
        "why": mail.get_why_display(),
        "items": items,
        "site": one_line(settings.SITE_NAME),
        "username": one_line(mail.recipient.get_username()),
        "link": settings.SITE_URL + _make_link(mail),
        "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
    }
    return EmailMessage(
        subject=f"{SUBJECTS[Kind(mail.kind)]} – {values['site']}",
        body=render_to_string(f"mail/{mail.kind}.txt", values),
        to=[address],
        headers={
            "Message-ID": f"<{mail.key}@{urlsplit(settings.SITE_URL).hostname}>",
            "Date": formatdate(mail.created_at.timestamp()),
            "Auto-Submitted": "auto-generated",
        },
    )


def _find_address(mail: Mail) -> str:
    """Where it goes; the new one of somebody who has to confirm it. "" for nowhere."""
    if mail.kind == Kind.ADDRESS:
        new = members.find_new_address(mail.recipient)
        return new.email if new else ""
    return mail.recipient.email


def _concerns(mail: Mail, authority: Authority) -> bool:
    """Whether the recipient may still be told: they work for an agency that it concerns."""
    if mail.notice:
        return notices.is_told(authority, mail.notice)
    return mail.edition is None or authority.editions.filter(pk=mail.edition.pk).exists()


def _count_items(mail: Mail, authority: Authority) -> list[str]:
    """The lines of a daily summary: each kind in words, with how many there were."""
    parts = mail.items.select_related("notice__edition", "edition").order_by("pk")
    numbers = Counter(Kind(one.kind).label for one in parts if _concerns(one, authority))
    return [f"{label}: {number}" for label, number in numbers.items()]


def one_line(text: str) -> str:
    """A text that somebody typed as a part of a line: it can neither begin another one nor turn it round."""
    return " ".join(CONTROL.sub(" ", text).split())


def _make_link(mail: Mail) -> str:
    if mail.kind in (Kind.INVITATION, Kind.PASSWORD):
        return members.make_password_link(mail.recipient)
    if mail.kind == Kind.ADDRESS:
        return members.make_address_link(mail.recipient)
    edition = mail.notice.edition if mail.notice else mail.edition
    if edition is None or edition.erased_at:
        return reverse("admin:index")
    return reverse("admin:releases_edition_change", args=[edition.pk])
