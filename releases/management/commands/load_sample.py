from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from releases.models import Agency, Agreement, Release


class Command(BaseCommand):
    help = "Load the reference data and the sample site, each only where there is none yet."

    def handle(self, **options):
        if not Agency.objects.exists():
            call_command("loaddata", "agencies", verbosity=0)
        if not Agreement.objects.exists():
            call_command("loaddata", "agreements", verbosity=0)
        if not Release.objects.exists():
            call_command("import_posts", str(settings.BASE_DIR / "fixtures" / "site"))
