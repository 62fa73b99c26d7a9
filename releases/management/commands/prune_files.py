import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from releases.management.errors import report_errors
from releases.models import Blob
from releases.services.files.cleanup import NotItsStore, prune_files, stray_files, unused_blobs


class Command(BaseCommand):
    help = "Remove stored files that nothing refers to and that nobody has brought for eight days."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Remove nothing; name them.")

    def handle(self, *, dry_run: bool, **options: Any) -> None:
        now, number, size = timezone.now(), 0, 0
        with report_errors("The removal", "Run it again to go on."):
            try:
                for one in _listed(now) if dry_run else prune_files(now):
                    number, size = number + 1, size + self.tell(one)
            except NotItsStore as error:
                raise CommandError(str(error)) from error
        done = "would be removed" if dry_run else "removed"
        self.stdout.write(f"{number:,} files, {size:,} bytes, {done}.")

    def tell(self, one: Blob | Path) -> int:
        """Name a blob, or a file that belongs to none; returns its bytes."""
        if isinstance(one, Blob):
            self.stdout.write(f"{one.sha256}: {one.media_type}, {one.size:,} bytes, {one.stored_at:%Y-%m-%d}")
            return one.size
        self.stdout.write(f"{one}: belongs to no stored file")
        return 0


def _listed(now: dt.datetime) -> Iterator[Blob | Path]:
    """What would be removed."""
    yield from unused_blobs(now)
    yield from stray_files(now)
