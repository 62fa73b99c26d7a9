from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from releases.management.errors import report_errors
from releases.management.progress import show_progress
from releases.services.editions.derivation import rederive_editions


class Command(BaseCommand):
    help = "Find again what rules find in imported releases that nobody has edited: kinds, and how texts begin. Run it after an update that changes the rules; it may be stopped at any time."

    def handle(self, **options: Any) -> None:
        with report_errors("The search for facts", "Run it again to go on."):
            changed = rederive_editions(at=timezone.now(), progress=show_progress("editions"))
        self.stdout.write(f"{changed} edition{' has' if changed == 1 else 's have'} other facts now.")
