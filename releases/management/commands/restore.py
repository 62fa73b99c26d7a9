from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from releases.management.errors import report_errors
from releases.management.progress import show_progress
from releases.services.backups.manifest import BackupError
from releases.services.backups.restore import restore_backup


class Command(BaseCommand):
    help = "Bring a newsroom back from FOLDER into an empty database and MEDIA_ROOT, and prove that it is the same."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="What `backup` wrote.")
        parser.add_argument("--set", default="", metavar="NAME", help="Which one; without it the newest.")

    def handle(self, *, folder: Path, **options: Any) -> None:
        with report_errors("The restore", "Run it again once that is mended."):
            try:
                found = restore_backup(folder, name=options["set"], progress=show_progress("files"))
            except BackupError as error:
                raise CommandError(str(error)) from error
        for sentence in [*found.manifest.left_out, *found.problems]:
            self.stderr.write(sentence)
        if found.problems:
            raise CommandError("Restored, but what is named above is not as it was.")
        self.stdout.write(
            f"Restored as of {found.manifest.made_at}: {found.manifest.releases:,} releases,"
            f" {found.manifest.files:,} files. Ledger, texts, files and content are as they were.\n"
            f"Settings that were set then: {', '.join(found.manifest.settings) or 'none'}."
        )
