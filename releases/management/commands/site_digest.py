from django.core.management.base import BaseCommand

from releases.management.plainly import told_plainly
from releases.services.editions.digests import site_digest


class Command(BaseCommand):
    help = "Print one SHA-256 over all content and bytes: equal on two sites that hold the same."

    def handle(self, **options):
        with told_plainly("The digest"):
            self.stdout.write(site_digest())
