"""Reminding those whose decision on an edition is still to come: by email, once a day at most."""

import datetime as dt
from collections.abc import Collection

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.timezone import localtime

from releases.models import Announcement, Edition
from releases.services.accounts.permissions import Authority, Right
from releases.services.desk.worklist import owed_agencies
from releases.services.editions.transitions import ActionRefused, lock_edition
from releases.services.mail import notifications

REMINDER = "reminder"


def remind(edition: Edition, *, actor: AbstractBaseUser, at: dt.datetime) -> None:
    """Email those who have to decide next, as each of them chose for what waits. Raises ActionRefused."""
    if not settings.EMAIL_URL:
        raise ActionRefused(["This newsroom sends no emails. Call them."])
    if not Authority(actor, at).may(Right.FOLLOW, edition):
        raise ActionRefused(["Only people of the agencies that issue it can remind others of it."])
    with transaction.atomic():
        edition = lock_edition(edition)
        if edition.state != Edition.State.SUBMITTED:
            raise ActionRefused(["It does not wait for others any more."])
        _, is_new = Announcement.objects.get_or_create(
            edition=edition, kind=REMINDER, instant=_start_of_day(at)
        )
        if not is_new:
            raise ActionRefused(["They were reminded today. An email a day is enough; you can call them."])
        notifications.tell_reminded(edition, owed_agencies(edition), actor=actor, at=at)


def find_reminded(editions: Collection[int], at: dt.datetime) -> set[int]:
    """Those of these editions of which somebody reminded others on the day of `at`."""
    today = Announcement.objects.filter(kind=REMINDER, edition__in=editions, instant=_start_of_day(at))
    return set(today.values_list("edition", flat=True))


def _start_of_day(at: dt.datetime) -> dt.datetime:
    return localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
