from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from releases.management.errors import report_errors
from releases.models import LedgerEntry
from releases.services.publishing.verification import find_discrepancies


class Command(BaseCommand):
    help = "Check the ledger's chain, and that every approved text is what was approved."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--files", action="store_true", help="Read every stored file too.")

    def handle(self, *, files: bool, **options: Any) -> None:
        with report_errors("The check"):
            found = list(find_discrepancies(files=files))
            last = LedgerEntry.objects.order_by("-pk").first()
        for sentence in found:
            self.stderr.write(sentence)
        if found:
            raise CommandError(f"Not as it was recorded: {len(found)}.")
        self.stdout.write(f"All is as it was recorded. The last entry: {last.digest if last else 'none'}.")
