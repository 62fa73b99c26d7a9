from typing import Any

from django.core.management.base import BaseCommand

from releases.management.errors import report_errors
from releases.services.editions.digests import digest_site


class Command(BaseCommand):
    help = "Print one SHA-256 over all content and bytes: equal on two sites that hold the same."

    def handle(self, **options: Any) -> None:
        with report_errors("The digest"):
            self.stdout.write(digest_site())
