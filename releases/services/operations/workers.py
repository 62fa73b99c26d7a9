"""Workers that do the tasks: a sign of life from each, and the tasks of one that died, done by another."""

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from releases.models import Worker

SIGN_OF_LIFE = dt.timedelta(seconds=15)
SILENCE = dt.timedelta(minutes=1)
"""After so long without a sign a worker is held to be dead."""
CLOCK_TOLERANCE = 2.0
"""Seconds; what is compared is right to one."""
MOST_ATTEMPTS = 3
"""Workers that may die of one task before it is given up."""
log = logging.getLogger(__name__)


@contextmanager
def keep_seen(worker_id: str) -> Iterator[None]:
    """Give signs of life for this worker, and look after the tasks of others, in a thread until the end."""

    def give_sign() -> None:
        with transaction.atomic():
            mark_seen(worker_id, timezone.now())
            retake_tasks(timezone.now())

    try:
        with repeat("signs of life", SIGN_OF_LIFE, give_sign):
            yield
    finally:
        Worker.objects.filter(pk=worker_id).delete()


@contextmanager
def repeat(name: str, every: dt.timedelta, act: Callable[[], None]) -> Iterator[None]:
    """Call `act` at once and then time and again, in a thread, until the end. Where the database is away it is
    called again all the same."""
    ended = Event()
    thread = Thread(target=_repeat, args=(name, every, act, ended), name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def mark_seen(worker_id: str, at: dt.datetime) -> None:
    """This worker lives at the instant `at`; those that have been silent for a day are forgotten."""
    Worker.objects.update_or_create(pk=worker_id, defaults={"seen_at": at})
    Worker.objects.filter(seen_at__lt=at - dt.timedelta(days=1)).delete()


def retake_tasks(at: dt.datetime) -> int:
    """Put the tasks of dead workers back into the queue, and those that three have died of among the failed
    ones; returns how many.

    A worker that begins a task has given a sign of life before. What is lost is only time: each task looks
    first whether it is still to be done.
    """
    alive = set(Worker.objects.filter(seen_at__gt=at - SILENCE).values_list("pk", flat=True))
    running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=at - SILENCE)
    number = 0
    for task in running:
        if task.worker_ids and task.worker_ids[-1] in alive:
            continue
        given_up = len(task.worker_ids) >= MOST_ATTEMPTS
        status = TaskResultStatus.FAILED if given_up else TaskResultStatus.READY
        changes = {"status": status, "finished_at": at if given_up else None}
        still = DBTaskResult.objects.filter(pk=task.pk, status=TaskResultStatus.RUNNING)
        number += still.filter(started_at=task.started_at).update(**changes)
        log.warning("Task %s of a worker that died: %s.", task.pk, "given up" if given_up else "begun again")
    return number


def is_worker_silent(at: dt.datetime) -> bool:
    """Whether no worker has given a sign of life for a minute."""
    return not Worker.objects.filter(seen_at__gt=at - SILENCE).exists()


def last_seen() -> dt.datetime | None:
    """When a worker gave its last sign of life; None where none did within a day, or the last one was ended."""
    return Worker.objects.order_by("-seen_at").values_list("seen_at", flat=True).first()


def largest_clock_offset(at: dt.datetime) -> float:
    """Seconds by which the clock of a live worker's machine is ahead, or behind where negative: that of the one
    which is furthest off; 0 where nobody compared."""
    alive = Worker.objects.filter(seen_at__gt=at - SILENCE, clock_offset__isnull=False)
    return max((one.clock_offset or 0.0 for one in alive), key=abs, default=0.0)


def describe_clock_offset(at: dt.datetime) -> str:
    """ "5 seconds fast", where the clock is further off than releases may bear by that of CLOCK_URL; else ""."""
    offset = largest_clock_offset(at)
    if abs(offset) <= CLOCK_TOLERANCE:
        return ""
    return f"{abs(offset):.0f} seconds {'fast' if offset > 0 else 'slow'}"


def _repeat(name: str, every: dt.timedelta, act: Callable[[], None], ended: Event) -> None:
    while True:
        try:
            act()
        except DatabaseError as error:  # the next time will do: the worker's own loop decides when it ends
            log.warning("The database failed the thread %s: %s", name, error)
        finally:
            connection.close()
        if ended.wait(every.total_seconds()):
            return
