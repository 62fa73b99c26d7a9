from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from releases.management.errors import report_errors
from releases.management.progress import show_progress
from releases.models import Blob
from releases.services.files.inspection import enqueue_uninspected, inspect_file, uninspected_blobs


class Command(BaseCommand):
    help = "Have the files read that nobody has read yet (pages, text, thumbnail): by the worker, or here with --now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now", action="store_true", help="Read them in this command instead of in the worker."
        )

    def handle(self, *, now: bool, **options: Any) -> None:
        with report_errors("The reading of files"):
            self.stdout.write(
                self.read() if now else f"{enqueue_uninspected()} files are waiting for the worker."
            )

    def read(self) -> str:
        waiting = list(uninspected_blobs())
        problems = 0
        for sha256 in show_progress("files")(waiting, "Reading files"):
            problems += bool(inspect_file(Blob.objects.get(pk=sha256)).problem)
        return f"{len(waiting)} files read, {problems} with a problem."
