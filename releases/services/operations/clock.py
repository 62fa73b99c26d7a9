"""What time it is for readers: by this machine's clock, or by the database's where this one is ahead of it.

Several machines serve one newsroom. One whose clock is fast would show a release before the others do; one whose
clock is slow shows it late. On SQLite the database is this machine.
"""

import contextlib
import datetime as dt
import logging
import time
from typing import Any

from django.db import DatabaseError
from django.db import connection as database
from django.utils import timezone

TOLERANCE = dt.timedelta(seconds=1)
"""So far a clock may be off without a correction: nothing is shown earlier than that."""
SECONDS_BETWEEN = 10
log = logging.getLogger(__name__)


class Clock:
    """The clock of a process. It is compared whenever a connection is opened, at most every `SECONDS_BETWEEN`."""

    def __init__(self) -> None:
        self._off_by = dt.timedelta()
        self._latest = self._not_before = dt.datetime.min.replace(tzinfo=dt.UTC)
        self._next = 0.0

    def now(self) -> dt.datetime:
        """An instant that is not more than `TOLERANCE` ahead of the database's clock."""
        if not self._next and database.vendor == "postgresql":
            with contextlib.suppress(DatabaseError):  # without it there is nothing to show
                database.ensure_connection()
        ahead = self._off_by if self._off_by > TOLERANCE else dt.timedelta()
        self._latest = max(timezone.now() - ahead, self._not_before)
        return self._latest

    def compare(self, *, connection: Any, **kwargs: Any) -> None:
        """Ask the database of `connection` for its time, and tell the log where the clocks disagree."""
        if connection.vendor != "postgresql" or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + SECONDS_BETWEEN
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            off_by = timezone.now() - cursor.fetchone()[0]
        # A page is stored for what was asked before it is made: time does not go back with a correction.
        has_grown = off_by > max(self._off_by, TOLERANCE)
        self._not_before = self._latest if has_grown else dt.datetime.min.replace(tzinfo=dt.UTC)
        was_off, self._off_by = abs(self._off_by) > TOLERANCE, off_by
        if abs(off_by) > TOLERANCE and not was_off:
            log.error(self.describe_trouble())

    def describe_trouble(self) -> str:
        """How this machine's clock differs from the database's, in a sentence; "" where it does by a second at
        most."""
        if abs(self._off_by) <= TOLERANCE:
            return ""
        seconds = f"{abs(self._off_by).total_seconds():.1f} seconds"
        if self._off_by > TOLERANCE:
            return (
                f"The clock of this server is {seconds} ahead of the database's. Releases appear by the database's clock, so"
                " nothing is early."
            )
        return f"The clock of this server is {seconds} behind the database's, so releases appear that much late here."


clock = Clock()
