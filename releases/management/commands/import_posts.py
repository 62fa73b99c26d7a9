import sys
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from tqdm import tqdm

from releases.management.errors import report_errors
from releases.models import Agency
from releases.services.agreements.suggestions import suggest_for_all
from releases.services.files.inspection import enqueue_uninspected
from releases.services.jekyll.importer import ImportReport, NotASite, UnknownOwner, import_site, load_agencies


class Command(BaseCommand):
    help = "Bring in the posts and files of a Jekyll or Isomer site. Run it again after changes; nothing is doubled."
    requires_system_checks = []  # they load every page of the site; `migrate` and the server run them

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "source", type=Path, help="The root of the site (a folder with _posts below it), or one post."
        )
        parser.add_argument("--dry-run", action="store_true", help="Write nothing; tell what would come in.")
        parser.add_argument(
            "--report", type=Path, metavar="FILE", help="Write the full report to FILE, as JSON."
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

    def handle(
        self,
        *,
        source: Path,
        dry_run: bool,
        report: Path | None,
        owner: str,
        agencies: str | None,
        **options: Any,
    ) -> None:
        with report_errors("The import", "Run it again to go on."):
            found = self.run(source, dry_run=dry_run, owner=owner, singapores=agencies == "singapore")
        if report:
            with report_errors("The import is done, but writing its report"):
                found.save(report)
        self.stdout.write(("Dry run, nothing was written. " if dry_run else "") + found.summary())
        if found.failed:
            sys.exit(1)

    def run(self, source: Path, *, dry_run: bool, owner: str, singapores: bool) -> ImportReport:
        progress = partial(tqdm, unit=" posts", disable=None, file=sys.stderr)
        try:
            is_first = not Agency.objects.exists()
            # what a dry run loads goes again; where there are agencies it loads none, and keeps no editor waiting
            with transaction.atomic() if dry_run and is_first else nullcontext():
                load_agencies(source, singapores=singapores)
                found = import_site(
                    source, at=timezone.now(), dry_run=dry_run, progress=progress, owner=owner
                )
                if dry_run and is_first:
                    transaction.set_rollback(True)
        except (NotASite, UnknownOwner) as error:
            raise CommandError(str(error)) from error
        if not dry_run:
            enqueue_uninspected()
            suggest_for_all.enqueue()
        return found
