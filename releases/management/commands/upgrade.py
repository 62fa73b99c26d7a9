from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from releases.management.errors import report_errors
from releases.services.backups.upgrade import check_upgrade


class Command(BaseCommand):
    help = "Say whether an update may be made now, with this version of Press Room and the database as it is."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Look, and change nothing.")
        parser.add_argument(
            "--backups",
            type=Path,
            default=Path("/var/backups/pressroom"),
            metavar="FOLDER",
            help="Where backups lie.",
        )

    def handle(self, *, check: bool, backups: Path, **options: Any) -> None:
        if not check:
            raise CommandError(
                "Nothing was done. Run manage.py upgrade --check, then make the update as docs/operators.md says."
            )
        reasons = []
        with report_errors("The check"):
            for finding in check_upgrade(backups, timezone.now()):
                mark = "WAIT" if finding.stops else "ok  "
                self.stdout.write(f"{mark}  {finding.subject}: {finding.words}")
                reasons += [finding.subject] if finding.stops else []
        if reasons:
            raise CommandError(f"Not now: {', '.join(dict.fromkeys(reasons))}. See WAIT above.")
        self.stdout.write("Now is a good time.")
