"""What the newsroom's own rows tell of how the service does: read when somebody asks, the same from every
process and machine."""

import datetime as dt
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
    unapproved = Edition.objects.filter(live_from__isnull=True, erased_at__isnull=True)
    overdue = unapproved.filter(state=State.SUBMITTED, wanted_from__lt=at)
    tasks = DBTaskResult.objects.filter(Q(run_after__isnull=True) | Q(run_after__lte=at))
    waiting = tasks.filter(status=TaskResultStatus.READY)
    mail = Mail.objects.waiting()
    stored: int = Blob.objects.aggregate(bytes=Sum("size"))["bytes"] or 0
    return [
        Figure(
            "pressroom_overdue_publications",
            "Releases submitted for a time that is over, and not approved.",
            overdue.count(),
        ),
        Figure(
            "pressroom_scheduled_publications",
            "Approved editions that become public later.",
            Edition.objects.filter(state=State.APPROVED, live_from__gt=at).count(),
        ),
        Figure("pressroom_task_queue_length", "Tasks that wait for the worker.", waiting.count()),
        Figure(
            "pressroom_task_queue_age_seconds",
            "How long the oldest of them waits.",
            _find_age(waiting, "enqueued_at", at),
        ),
        Figure(
            "pressroom_failed_tasks",
            "Tasks that failed and are still kept.",
            DBTaskResult.objects.filter(status=TaskResultStatus.FAILED).count(),
        ),
        Figure(
            "pressroom_live_workers",
            "Workers seen within a minute.",
            Worker.objects.filter(seen_at__gt=at - SILENCE).count(),
        ),
        Figure("pressroom_outbox_length", "Emails that are still to be sent.", mail.count()),
        Figure(
            "pressroom_outbox_age_seconds",
            "How long the oldest of them waits.",
            _find_age(mail, "created_at", at),
        ),
        Figure(
            "pressroom_failed_emails",
            "Emails that were given up and are still kept.",
            Mail.objects.filter(given_up_at__isnull=False).count(),
        ),
        Figure("pressroom_store_bytes", "Bytes of all files in the store.", stored),
        Figure(
            "pressroom_clock_offset_seconds",
            "How far the clock of a worker's machine is ahead (behind: negative), where CLOCK_URL is set.",
            largest_clock_offset(at),
        ),
        Figure("pressroom_clock_seconds", "The clock of this machine, as a Unix time.", at.timestamp()),
    ]


def _find_age(rows: QuerySet[Model], name: str, at: dt.datetime) -> float:
    oldest = rows.order_by(name).values_list(name, flat=True).first()
    return max(0.0, (at - oldest).total_seconds()) if oldest else 0.0
