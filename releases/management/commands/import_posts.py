import sys
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from releases.management.errors import report_errors
from releases.models import Agency
from releases.services.agreements.suggestions import suggest_for_all
from releases.services.files.inspection import enqueue_uninspected
from releases.services.jekyll.importer import ImportReport, NotASite, import_site
from releases.services.jekyll.report_page import format_page


class Command(BaseCommand):
    help = "Bring in the posts and files of a Jekyll or Isomer site. Run it again after changes; nothing is doubled."
    requires_system_checks = []  # they load every page of the site; `migrate` and the server run them

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "source", type=Path, help="The root of the site (a folder with _posts below it), or one post."
        )
        parser.add_argument("--dry-run", action="store_true", help="Write nothing; tell what would come in.")
        parser.add_argument(
            "--report",
            type=Path,
            metavar="FILE",
            help="Write the full report to FILE: as a page if it ends in .html, else as JSON.",
        )

    def handle(self, *, source: Path, dry_run: bool, report: Path | None, **options: Any) -> None:
        with report_errors("The import", "Run it again to go on."):
            found = self.run(source, dry_run=dry_run)
        if report:
            with report_errors("The import is done, but writing its report"):
                if report.suffix.lower() == ".html":
                    report.write_text(format_page(found), encoding="utf-8")
                else:
                    found.save(report)
        self.stdout.write(("Dry run, nothing was written. " if dry_run else "") + found.summary())
        if found.failed:
            sys.exit(1)

    def run(self, source: Path, *, dry_run: bool) -> ImportReport:
        if not Agency.objects.exists() and not dry_run:
            call_command("loaddata", "agencies", verbosity=0)
        progress = partial(tqdm, unit=" posts", disable=None, file=sys.stderr)
        try:
            found = import_site(source, at=timezone.now(), dry_run=dry_run, progress=progress)
        except NotASite as error:
            raise CommandError(str(error)) from error
        if not dry_run:
            enqueue_uninspected()
            suggest_for_all.enqueue()
        return found
