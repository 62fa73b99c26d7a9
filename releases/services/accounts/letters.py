"""What people are told of their own account, outside the desk. The one place that sends it."""

from functools import partial

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.db import transaction

INVITED = "You have an account at {site}. Set your password here; the link counts once:\n\n{link}\n"


def can_reach(user: User) -> bool:
    """Whether mail is set up and the account has an address."""
    return bool(settings.EMAIL_URL and user.email)


def tell(user: User, subject: str, text: str) -> bool:
    """Send somebody a letter once the transaction is done; False where none can reach them."""
    if not can_reach(user):
        return False
    subject = f"{settings.SITE_NAME}: {subject}"
    transaction.on_commit(partial(send_mail, subject, text, None, [user.email]), robust=True)
    return True


def send_link(user: User, path: str) -> bool:
    """Send somebody the link by which they set a password. False where none can reach them: then whoever asked
    for it passes it on, and has seen it."""
    link = f"{settings.SITE_URL}{path}"
    return tell(user, "your account", INVITED.format(site=settings.SITE_NAME, link=link))
