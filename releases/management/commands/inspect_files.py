import sys

from django.core.management.base import BaseCommand
from tqdm import tqdm

from releases.management.plainly import told_plainly
from releases.models import Blob
from releases.services.files.inspection import enqueue_uninspected, inspect, uninspected


class Command(BaseCommand):
    help = "Have the files read that nobody has read yet (pages, text, thumbnail): by the worker, or here with --now."

    def add_arguments(self, parser):
        parser.add_argument(
            "--now", action="store_true", help="Read them in this command instead of in the worker."
        )

    def handle(self, *, now, **options):
        with told_plainly("The reading of files"):
            self.stdout.write(
                self.read() if now else f"{enqueue_uninspected()} files are waiting for the worker."
            )

    def read(self):
        waiting = list(uninspected())
        problems = 0
        for sha256 in tqdm(waiting, desc="Reading files", disable=None, file=sys.stderr):
            problems += bool(inspect(Blob.objects.get(pk=sha256)).problem)
        return f"{len(waiting)} files read, {problems} with a problem."
