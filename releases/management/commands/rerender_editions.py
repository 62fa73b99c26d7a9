from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from releases.management.errors import report_errors
from releases.management.progress import show_progress
from releases.services.editions.rendering import rerender_editions


class Command(BaseCommand):
    help = "Render every body again. Run it after an update that changes how texts are shown; it may be stopped at any time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--outdated",
            action="store_true",
            help="Only bodies that another version of the renderer made: goes on after a stop.",
        )

    def handle(self, *, outdated: bool, **options: Any) -> None:
        with report_errors("The rendering", "Run it again with --outdated to go on."):
            found = rerender_editions(
                at=timezone.now(), progress=show_progress("bodies"), outdated_only=outdated
            )
        self.stdout.write(found.summary())
