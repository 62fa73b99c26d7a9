from typing import Any

from django_tasks_db.management.commands import db_worker

from releases.services.files import scanning
from releases.services.operations import workers


class Command(db_worker.Command):
    help = "Do the tasks that wait, such as reading files and having them scanned; take up those of a worker that died."

    def handle(self, *, worker_id: str, **options: Any) -> None:
        with workers.keep_seen(worker_id), scanning.keep_scanning():
            super().handle(worker_id=worker_id, **options)
