import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from releases.management.errors import report_errors
from releases.management.progress import show_progress
from releases.models import Agency
from releases.services.agreements.suggestions import suggest_for_all
from releases.services.files.inspection import enqueue_uninspected
from releases.services.jekyll.importer import (
    ImportReport,
    NotASite,
    UnknownCollection,
    UnknownOwner,
    import_site,
    load_agencies,
)
from releases.services.jekyll.report_page import format_page
from releases.services.jekyll.settlement import NoTable, Settlement, read_candidates, write_candidates


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

        parser.add_argument(
            "--owner",
            default="",
            metavar="SLUG",
            help="The agency that owns the site, where its settings don't tell.",
        )
        parser.add_argument(
            "--agencies",
            choices=["singapore"],
            help="Load these agencies if there are none, although the site's settings name another place.",
        )
        parser.add_argument(
            "--collections",
            default="",
            metavar="A,B",
            help="Bring in the documents of these collections too, each as a section. Say so each time.",
        )
        parser.add_argument(
            "--fetch-pictures",
            type=Path,
            metavar="FOLDER",
            help="Show pictures of other sites that you saved in FOLDER under the names of the report's `foreign_images`.",
        )
        parser.add_argument(
            "--take-candidates",
            type=Path,
            metavar="FILE",
            help="Let links lead to the files that FILE gives: the table of candidates beside a report, read and shortened.",
        )

    def handle(
        self,
        *,
        source: Path,
        dry_run: bool,
        report: Path | None,
        owner: str,
        agencies: str | None,
        collections: str,
        fetch_pictures: Path | None,
        take_candidates: Path | None,
        **options: Any,
    ) -> None:
        with report_errors("The import", "Run it again to go on."):
            settlement = read_settlement(fetch_pictures, take_candidates)
            found = self.run(
                source,
                dry_run=dry_run,
                owner=owner,
                singapores=agencies == "singapore",
                collections=[label.strip() for label in collections.split(",") if label.strip()],
                settlement=settlement,
            )
        if report:
            with report_errors("The import is done, but writing its report"):
                self.save(found, report)
        self.stdout.write(("Dry run, nothing was written. " if dry_run else "") + found.summary())
        if found.failed:
            sys.exit(1)

    def save(self, found: ImportReport, report: Path) -> None:
        if report.suffix.lower() == ".html":
            report.write_text(format_page(found), encoding="utf-8")
        else:
            found.save(report)
        table = report.with_name(f"{report.stem}-candidates.csv")
        if write_candidates(table, found.unresolved):
            self.stdout.write(
                f"{table} has the links without a file for which there is one file of that name elsewhere. Read it, delete"
                f" the rows that are wrong, and run the import again with --take-candidates {table}"
            )

    def run(
        self,
        source: Path,
        *,
        dry_run: bool,
        owner: str,
        singapores: bool,
        collections: Sequence[str],
        settlement: Settlement,
    ) -> ImportReport:
        progress = show_progress("posts")
        try:
            is_first = not Agency.objects.exists()
            # what a dry run loads goes again; where there are agencies it loads none, and keeps no editor waiting
            with transaction.atomic() if dry_run and is_first else nullcontext():
                load_agencies(source, singapores=singapores)
                found = import_site(
                    source,
                    at=timezone.now(),
                    dry_run=dry_run,
                    progress=progress,
                    owner=owner,
                    collections=collections,
                    settlement=settlement,
                )
                if dry_run and is_first:
                    transaction.set_rollback(True)
        except (NotASite, UnknownCollection, UnknownOwner) as error:
            raise CommandError(str(error)) from error
        if not dry_run:
            enqueue_uninspected()
            suggest_for_all.enqueue()
        return found


def read_settlement(pictures: Path | None, table: Path | None) -> Settlement:
    """What people settled after a report: a folder of pictures, and a table. Raises CommandError, and
    OSError."""
    if pictures and not pictures.is_dir():
        raise CommandError(f"There is no folder at {pictures}. Save the pictures of the report there first.")
    try:
        return Settlement(pictures, read_candidates(table) if table else {})
    except NoTable as error:
        raise CommandError(str(error)) from error
