"""The outbox: what is due is sent by the worker, at least once; what can't be sent is tried again, and given up
after some hours, which administrators see.
"""

import datetime as dt
import logging
from contextlib import AbstractContextManager, nullcontext
from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from releases.models import Mail, Membership
from releases.services.accounts.permissions import Authority, Role
from releases.services.mail.messages import compose_message
from releases.services.operations import workers

DELAYS = [dt.timedelta(minutes=minutes) for minutes in (5, 10, 20, 40, 80, 160, 240, 240, 240, 240)]
"""After each attempt until the next one. The first is longer than an attempt can take (a server that answers
each of some ten commands only just within EMAIL_TIMEOUT), so no other worker begins the same row meanwhile."""
KEPT = dt.timedelta(days=30)
EVERY = dt.timedelta(seconds=5)
log = logging.getLogger(__name__)


def keep_sending() -> AbstractContextManager[None]:
    """Send what is due in a thread, until the end; nothing where no mail is set up."""
    return workers.repeat("outbox", EVERY, tend) if settings.EMAIL_URL else nullcontext()


def tend() -> None:
    """Send what is due, and forget what ended a month ago."""
    forget_old(timezone.now())
    send_due()


def send_due() -> int:
    """Send what is due now, until the server can't be reached; returns how many were sent."""
    number = 0
    for key in list(Mail.objects.waiting().filter(due_at__lte=timezone.now()).values_list("pk", flat=True)):
        mail = _claim(key, timezone.now())
        if mail and not _send(mail):
            break
        number += bool(mail and mail.sent_at)
    return number


def forget_old(at: dt.datetime) -> None:
    """Delete what was sent or given up a month before `at`."""
    old = Mail.objects.filter(Q(sent_at__lt=at - KEPT) | Q(given_up_at__lt=at - KEPT))
    if old.exists():  # else nobody is kept from writing
        old.delete()


def give_up_waiting(at: dt.datetime, problem: str) -> int:
    """Have nobody sent what still waits, until an administrator says so; returns how many."""
    return Mail.objects.waiting().update(given_up_at=at, problem=problem)


def given_up(authority: Authority) -> QuerySet[Mail]:
    """What could not be sent to the people whom somebody administers."""
    return of_administered(authority).filter(given_up_at__isnull=False)


def of_administered(authority: Authority) -> QuerySet[Mail]:
    """The emails to the people of the agencies that somebody administers."""
    if authority.has_all:
        return Mail.objects.all()
    people = Membership.objects.filter(agency__in=authority.agencies(Role.ADMINISTRATOR)).order_by()
    return Mail.objects.filter(recipient__in=people.values("user"))


def try_again(mails: QuerySet[Mail], at: dt.datetime) -> int:
    """Begin anew with those of `mails` that were given up; returns how many."""
    ended = mails.filter(given_up_at__isnull=False)
    return ended.update(given_up_at=None, attempts=0, due_at=at)


def _claim(key: int, at: dt.datetime) -> Mail | None:
    """The row, if it is this worker's to try now. A worker that dies of it is like an attempt that failed."""
    mail = (
        Mail.objects.waiting()
        .select_related("recipient", "notice__edition", "edition")
        .filter(pk=key)
        .first()
    )
    if mail is None or mail.due_at > at:
        return None
    if mail.attempts >= len(DELAYS):
        Mail.objects.waiting().filter(pk=key).update(given_up_at=at)
        return None
    claim = Mail.objects.waiting().filter(pk=key, due_at=mail.due_at, attempts=mail.attempts)
    claimed = claim.update(attempts=F("attempts") + 1, due_at=at + DELAYS[mail.attempts])
    return mail if claimed else None


def _send(mail: Mail) -> bool:
    """Try it; returns False where the server could not take anything, so that the rest had better wait."""
    try:
        message = compose_message(mail, Authority(mail.recipient, timezone.now()))
        if message is None:
            mail.delete()
        else:
            _deliver(mail, message)
    except SMTPRecipientsRefused as error:
        _note(mail, error, is_final=all(code >= 500 for code, _ in error.recipients.values()))
    except ValueError as error:
        _note(mail, error, is_final=True)
    except (SMTPException, OSError) as error:
        _note(mail, error, is_final=False)
        return False
    return True


def _deliver(mail: Mail, message: EmailMessage) -> None:
    """It is marked before the server is taken leave of, so that nothing which fails then has it sent again."""
    with get_connection() as connection:
        connection.send_messages([message])
        mail.sent_at = timezone.now()
        mail.problem = ""
        mail.save(update_fields=["sent_at", "problem"])


def _note(mail: Mail, error: Exception, *, is_final: bool) -> None:
    log.warning("Email %s could not be sent: %s.", mail.pk, type(error).__name__)
    changes = {"problem": str(error)[:300]}
    ended = {"given_up_at": timezone.now()} if is_final else {}
    Mail.objects.waiting().filter(pk=mail.pk).update(**changes, **ended)
