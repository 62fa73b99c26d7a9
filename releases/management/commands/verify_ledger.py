from django.core.management.base import BaseCommand, CommandError

from releases.management.plainly import told_plainly
from releases.models import LedgerEntry
from releases.services.publishing.verification import findings


class Command(BaseCommand):
    help = "Check the ledger's chain, and that every approved text is what was approved."

    def add_arguments(self, parser):
        parser.add_argument("--files", action="store_true", help="Read every stored file too.")

    def handle(self, *, files, **options):
        with told_plainly("The check"):
            found = list(findings(files=files))
            last = LedgerEntry.objects.order_by("-pk").first()
        for sentence in found:
            self.stderr.write(sentence)
        if found:
            raise CommandError(f"Not as it was recorded: {len(found)}.")
        self.stdout.write(f"All is as it was recorded. The last entry: {last.digest if last else 'none'}.")
