from contextlib import ExitStack
from typing import Any

from django_tasks_db.management.commands import db_worker

from releases.services.editing import autosaves, outside_links
from releases.services.files import virus_scans
from releases.services.mail import outbox
from releases.services.operations import clock_checks, workers
from releases.services.publishing import announcements


class Command(db_worker.Command):
    help = (
        "Do the tasks that wait, such as reading files and having them scanned, and send email and announce what goes live; take up what a worker"
        " that died had begun."
    )

    def handle(self, *, worker_id: str, **options: Any) -> None:
        loops = (
            virus_scans.keep_scanning(),
            outbox.keep_sending(),
            announcements.keep_announcing(),
            clock_checks.keep_comparing(worker_id),
            outside_links.keep_checking(),
            autosaves.keep_forgetting(),
        )
        with workers.keep_seen(worker_id), ExitStack() as stack:
            for loop in loops:
                stack.enter_context(loop)
            super().handle(worker_id=worker_id, **options)
