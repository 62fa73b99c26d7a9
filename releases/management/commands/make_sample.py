from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from releases.management.errors import report_errors
from releases.management.progress import show_progress
from releases.services.files.inspection import enqueue_uninspected
from releases.services.samples.newsroom import LARGEST_SEED, NotMade, make_newsroom


class Command(BaseCommand):
    help = "Make a newsroom of made-up releases, for trials. Run it again to go on, or to add more."
    requires_system_checks = []  # they load every page of the site; `migrate` and the server run them

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--releases", type=int, required=True, metavar="N", help="How many there shall be."
        )
        parser.add_argument(
            "--seed", type=int, default=1, help="Another seed makes other releases; the default is 1."
        )
        parser.add_argument(
            "--beside", action="store_true", help="Make them in a newsroom that has other releases too."
        )

    def handle(self, *, releases: int, seed: int, beside: bool, **options: Any) -> None:
        if releases < 1 or not 0 <= seed <= LARGEST_SEED:
            raise CommandError(f"At least one release, and a seed from 0 to {LARGEST_SEED}.")
        progress = show_progress("releases")
        with report_errors("The making", "Run it again to go on."):
            try:
                found = make_newsroom(releases, seed=seed, is_beside=beside, progress=progress)
            except NotMade as error:
                raise CommandError(str(error)) from error
            enqueue_uninspected()
        self.stdout.write(f"{found.made:,} releases made, {found.there:,} were there.")
