"""Figures are of this moment, and say nothing of what a release says."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from releases.models import Edition, Mail
from releases.services.operations import workers
from releases.services.operations.figures import read_figures
from tests.factories import NOON, make_blob, make_edition, make_scheduled, make_user

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)


def read(at=NOON):
    return {figure.name.removeprefix("pressroom_"): figure.value for figure in read_figures(at)}


def test_an_empty_newsroom_has_nothing_to_alarm_anybody():
    found = read()
    assert found.pop("clock_seconds") == NOON.timestamp()
    assert set(found.values()) == {0}


def test_a_release_that_was_wanted_earlier_and_is_not_approved_is_overdue():
    wanted = make_edition(state=Edition.State.SUBMITTED, wanted_from=NOON)
    make_edition(state=Edition.State.DRAFT, wanted_from=NOON)
    make_scheduled(live_from=NOON + HOUR)
    assert read(NOON)["overdue_publications"] == 0
    found = read(NOON + MINUTE)
    assert (found["overdue_publications"], found["scheduled_publications"]) == (1, 1)
    assert read(NOON + 2 * HOUR)["scheduled_publications"] == 0
    Edition.objects.filter(pk=wanted.pk).update(state=Edition.State.REJECTED)
    assert read(NOON + MINUTE)["overdue_publications"] == 0


def test_tasks_that_wait_and_that_failed_are_counted():
    for status, waits in (("READY", 2), ("READY", 9), ("RUNNING", 30), ("FAILED", 40), ("SUCCESSFUL", 50)):
        task = DBTaskResult.objects.create(
            args_kwargs={"args": [], "kwargs": {}},
            task_path="releases.services.files.inspection.inspect_blob",
            backend_name="default",
            run_after=NOON - HOUR,
            status=status,
        )
        DBTaskResult.objects.filter(pk=task.pk).update(enqueued_at=NOON - waits * MINUTE)
    found = read()
    assert (found["task_queue_length"], found["task_queue_age_seconds"], found["failed_tasks"]) == (2, 540, 1)


def test_emails_workers_and_bytes_are_counted():
    people = [make_user(email=f"{name}@ministry.example") for name in "ab"]
    Mail.objects.post(Mail.Kind.PASSWORD, people, at=NOON - MINUTE)
    Mail.objects.filter(pk=Mail.objects.earliest("pk").pk).update(given_up_at=NOON)
    workers.mark_seen("alive", NOON)
    workers.mark_seen("dead", NOON - 2 * MINUTE)
    make_blob(b"twelve bytes")
    found = read()
    assert (found["outbox_length"], found["outbox_age_seconds"], found["failed_emails"]) == (1, 60, 1)
    assert (found["live_workers"], found["store_bytes"]) == (1, 12)


def test_the_number_of_queries_does_not_grow():
    with CaptureQueriesContext(connection) as first:
        read()
    for _ in range(5):
        make_edition(state=Edition.State.SUBMITTED, wanted_from=NOON)
    with CaptureQueriesContext(connection) as second:
        read()
    assert len(first) == len(second) <= 12
