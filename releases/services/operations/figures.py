"""What the newsroom's own rows tell of how the service does: read when somebody asks, the same from every
process and machine."""

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple

from django.db.models import Model, Q, QuerySet, Sum
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from releases.models import Blob, Edition, Mail, Worker
from releases.services.operations.workers import SILENCE, largest_clock_offset

State = Edition.State


class Figure(NamedTuple):
    """`name` as Prometheus has it, in seconds, bytes or a number of things."""

    name: str
    meaning: str
    value: float


def read_figures(at: dt.datetime) -> list[Figure]:
    """Every figure at the instant `at`. None names a release."""
    return [Figure(name, meaning, read(at)) for name, meaning, read in FIGURES]


def _list_waiting_tasks(at: dt.datetime) -> QuerySet[DBTaskResult]:
    due = Q(run_after__isnull=True) | Q(run_after__lte=at)
    return DBTaskResult.objects.filter(due, status=TaskResultStatus.READY)


def _find_age(rows: QuerySet[Model], name: str, at: dt.datetime) -> float:
    """Seconds since the oldest of the rows began, by its column `name`; 0 where there is none."""
    oldest = rows.order_by(name).values_list(name, flat=True).first()
    return max(0.0, (at - oldest).total_seconds()) if oldest else 0.0


FIGURES: list[tuple[str, str, Callable[[dt.datetime], float]]] = [
    (
        "pressroom_overdue_publications",
        "Releases submitted for a time that is over, and not approved.",
        lambda at: Edition.objects.filter(
            state=State.SUBMITTED, wanted_from__lt=at, live_from__isnull=True, erased_at__isnull=True
        ).count(),
    ),
    (
        "pressroom_scheduled_publications",
        "Approved editions that become public later.",
        lambda at: Edition.objects.filter(state=State.APPROVED, live_from__gt=at).count(),
    ),
    (
        "pressroom_task_queue_length",
        "Tasks that wait for the worker.",
        lambda at: _list_waiting_tasks(at).count(),
    ),
    (
        "pressroom_task_queue_age_seconds",
        "How long the oldest of them waits.",
        lambda at: _find_age(_list_waiting_tasks(at), "enqueued_at", at),
    ),
    (
        "pressroom_failed_tasks",
        "Tasks that failed and are still kept.",
        lambda at: DBTaskResult.objects.filter(status=TaskResultStatus.FAILED).count(),
    ),
    (
        "pressroom_live_workers",
        "Workers seen within a minute.",
        lambda at: Worker.objects.filter(seen_at__gt=at - SILENCE).count(),
    ),
    (
        "pressroom_outbox_length",
        "Emails that are still to be sent.",
        lambda at: Mail.objects.waiting().count(),
    ),
    (
        "pressroom_outbox_age_seconds",
        "How long the oldest of them waits.",
        lambda at: _find_age(Mail.objects.waiting(), "created_at", at),
    ),
    (
        "pressroom_failed_emails",
        "Emails that were given up and are still kept.",
        lambda at: Mail.objects.filter(given_up_at__isnull=False).count(),
    ),
    (
        "pressroom_store_bytes",
        "Bytes of all files in the store.",
        lambda at: Blob.objects.aggregate(bytes=Sum("size", default=0))["bytes"],
    ),
    (
        "pressroom_clock_offset_seconds",
        "How far the clock of a worker's machine is ahead (behind: negative), where CLOCK_URL is set.",
        largest_clock_offset,
    ),
    (
        "pressroom_clock_seconds",
        "The clock of this machine, as a Unix time.",
        dt.datetime.timestamp,
    ),
]
"""The name, what it means, and how it is read at an instant."""
