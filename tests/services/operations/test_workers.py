"""The tasks of a worker that died are done by another, once, and a dead worker is noticed."""

import datetime as dt

import pytest
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from releases.services.operations import workers
from tests.factories import NOON, make_agency, make_member

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def claim(*worker_ids, at=NOON):
    """A task that the last of these workers has begun."""
    return DBTaskResult.objects.create(
        args_kwargs={"args": ["ab"], "kwargs": {}},
        task_path="releases.services.files.inspection.inspect_blob",
        backend_name="default",
        run_after=NOON,
        status="RUNNING",
        started_at=at,
        worker_ids=list(worker_ids),
    )


def test_only_the_tasks_of_the_dead_are_taken_up_again_and_not_for_ever():
    workers.mark_seen("alive", NOON + 2 * MINUTE)
    workers.mark_seen("dead", NOON)
    tasks = [claim("alive"), claim("dead"), claim("gone"), claim("one", "two", "three")]
    just_begun = claim("unknown", at=NOON + 2 * MINUTE)
    assert workers.retake_tasks(NOON + 2 * MINUTE) == 3
    states = [DBTaskResult.objects.get(pk=task.pk).status for task in [*tasks, just_begun]]
    assert states == ["RUNNING", "READY", "READY", "FAILED", "RUNNING"]
    assert workers.retake_tasks(NOON + 2 * MINUTE) == 0


def test_administrators_are_told_that_no_worker_is_there(client):
    agency = make_agency()
    for role, told in (("administrator", True), ("writer", False)):
        client.force_login(make_member(agency, role=role))
        assert (
            "the background worker was last seen" in client.get(reverse("admin:index")).content.decode()
        ) == told
    workers.mark_seen("alive", dt.datetime.now(dt.UTC))
    client.force_login(make_member(agency, role="administrator"))
    assert "the background worker was last seen" not in client.get(reverse("admin:index")).content.decode()
