from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from releases.management.errors import report_errors
from releases.management.progress import show_progress
from releases.services.backups.backup import find_damage, make_backup
from releases.services.backups.manifest import BackupError


class Command(BaseCommand):
    help = "Copy the whole newsroom, database and files as of now, into FOLDER, while people go on to work."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="On another disk, or taken to one.")
        parser.add_argument("--keep", type=int, metavar="N", help="Delete all but the N newest.")
        parser.add_argument("--check", action="store_true", help="Copy nothing; read all that is there.")

    def handle(self, *, folder: Path, keep: int | None, check: bool, **options: Any) -> None:
        if keep is not None and keep < 1:
            raise CommandError("--keep takes a number from 1 on.")
        with report_errors("The backup", "What earlier ones hold is untouched."):
            try:
                self.check_backups(folder) if check else self.make(folder, keep or 0)
            except BackupError as error:
                raise CommandError(str(error)) from error

    def check_backups(self, folder: Path) -> None:
        damage = list(find_damage(folder, show_progress("files")))
        for sentence in damage:
            self.stderr.write(sentence)
        if damage:
            raise CommandError(
                "What is named above is not as it was written. Make a new backup in another folder."
            )
        self.stdout.write("All sets and files are as they were written.")

    def make(self, folder: Path, keep: int) -> None:
        made = make_backup(folder, at=timezone.now(), progress=show_progress("files"), keep=keep)
        found = made.manifest
        for sentence in found.left_out:
            self.stderr.write(sentence)
        self.stdout.write(f"{made.folder}: {found.releases:,} releases and {found.files:,} files.")
        if found.left_out:
            raise CommandError(
                f"The backup is made, but {len(found.left_out)} files are not in it. Look for them in earlier"
                " backups, or import or upload them again."
            )
