from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from releases.management.errors import report_errors
from releases.management.progress import show_progress
from releases.services.jekyll.exporter import ExportReport, NotHidden, OutsideTheFolder, export_site


class Command(BaseCommand):
    help = "Write all posts and files into an empty folder, in the layout of a Jekyll site."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("out", type=Path, help="An empty folder, or one that does not exist yet.")

    def handle(self, *, out: Path, **options: Any) -> None:
        with report_errors("The export"):
            found = self.run(out)
        self.stdout.write(
            f"{found.untouched + found.rewritten} posts: {found.untouched} byte for byte as they came,"
            f" {found.rewritten} written anew. {found.files} files."
        )

    def run(self, out: Path) -> ExportReport:
        progress = show_progress("steps")
        try:
            return export_site(out, at=timezone.now(), progress=progress)
        except (FileExistsError, NotHidden, OutsideTheFolder) as error:
            raise CommandError(str(error)) from error
