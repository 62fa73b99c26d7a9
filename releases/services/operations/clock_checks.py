"""Whether this machine's clock is right, by that of a server that tells it: releases become public by it."""

import datetime as dt
import http.client
import logging
from contextlib import AbstractContextManager, nullcontext
from email.utils import parsedate_to_datetime
from functools import partial
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from releases.models import Worker
from releases.services.operations import workers

EVERY = dt.timedelta(minutes=10)
HALF = dt.timedelta(seconds=0.5)  # a Date tells whole seconds
SECONDS = 5
log = logging.getLogger(__name__)


def keep_comparing(worker_id: str) -> AbstractContextManager[None]:
    """Compare the clock in a thread, until the end; nothing where no CLOCK_URL is set."""
    if not settings.CLOCK_URL:
        return nullcontext()
    return workers.repeat("clock", EVERY, partial(compare_clock, worker_id, settings.CLOCK_URL))


def compare_clock(worker_id: str, url: str) -> None:
    """Keep how far the clock is ahead of that of `url`, or that nobody knows."""
    try:
        offset = read_offset(url)
    except (OSError, http.client.HTTPException, ValueError, TypeError) as error:
        log.warning("The clock can't be compared: %s.", type(error).__name__)
        offset = None
    values = {"seen_at": timezone.now(), "clock_offset": offset}
    Worker.objects.update_or_create(pk=worker_id, defaults=values)


def read_offset(url: str) -> float:
    """Seconds by which the clock is ahead of the Date that `url` answers with, give or take one.

    Raises OSError, HTTPException, and ValueError or TypeError where there is no such header.
    """
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=SECONDS)
    try:
        before = timezone.now()
        connection.request("HEAD", parts.path or "/")
        told = connection.getresponse().headers["Date"]
        after = timezone.now()
    finally:
        connection.close()
    return ((before + (after - before) / 2) - (parsedate_to_datetime(told) + HALF)).total_seconds()
