"""What the clock brings about and people are told of by email: an edition went live, or its instant is near and
something stands in the way.

The worker looks time and again. Nothing that is public waits for it.
"""

import datetime as dt
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from releases.models import Announcement, Edition, Mail
from releases.services.editing import checks
from releases.services.mail import notifications
from releases.services.operations import workers

EVERY = dt.timedelta(seconds=20)
LATEST = dt.timedelta(days=1)
"""After so long nobody is told any more that an edition went live: for a worker that was away."""
HOUR, MINUTES = dt.timedelta(hours=1), dt.timedelta(minutes=10)
WHY = {"hour": Mail.Why.HOUR, "minutes": Mail.Why.MINUTES}
State = Edition.State


def keep_announcing() -> AbstractContextManager[None]:
    """Announce in a thread, until the end; nothing where no mail is set up."""
    if not settings.EMAIL_URL:
        return nullcontext()
    return workers.repeat("announcements", EVERY, lambda: announce(timezone.now()))


def announce(at: dt.datetime) -> None:
    """Tell those concerned of what went live until `at`, and of what stands in the way of what comes within the
    hour. Whoever was told of an instant is not told of it twice."""
    desk = Edition.objects.filter(state=State.APPROVED, origin=Edition.Origin.DESK, erased_at=None)
    for edition in desk.filter(live_from__gt=at - LATEST, live_from__lte=at).defer("body", "body_html"):
        with transaction.atomic():
            if edition.live_from and _is_new(edition, "published", edition.live_from):
                notifications.tell_published(edition, at)
    for edition, instant in _find_failing(at):
        left = "minutes" if instant - at <= MINUTES else "hour"
        with transaction.atomic():
            if _is_new(edition, left, instant):
                notifications.tell_failing(edition, WHY[left], at)


def _find_failing(at: dt.datetime) -> Iterable[tuple[Edition, dt.datetime]]:
    """What is to be published within the hour after `at` and cannot be as it is, with that instant."""
    near = (at, at + HOUR)
    open_ones = Edition.objects.filter(state__in=(State.DRAFT, State.SUBMITTED), live_from=None)
    unapproved = open_ones.filter(wanted_from__range=near)
    for edition in unapproved.defer("body", "body_html"):
        if edition.wanted_from:
            yield edition, edition.wanted_from
    scheduled = list(Edition.objects.filter(state=State.APPROVED, live_from__range=near).defer("body_html"))
    blocked = checks.problems(edition.pk for edition in scheduled)
    for edition in scheduled:
        if edition.live_from and blocked.get(edition.pk):
            yield edition, edition.live_from


def _is_new(edition: Edition, kind: str, instant: dt.datetime) -> bool:
    """Whether nobody was told of it yet; then it is noted, in the transaction of the emails."""
    _, is_new = Announcement.objects.get_or_create(edition=edition, kind=kind, instant=instant)
    return is_new
