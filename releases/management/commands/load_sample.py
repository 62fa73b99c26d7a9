from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils.timezone import localdate

from releases.models import Agency, Agreement, AgreementEvent, Edition, Mention, Release
from releases.services.agreements.suggestions import find_mentions


class Command(BaseCommand):
    help = "Load the reference data and the sample site, each only where there is none yet."

    def handle(self, **options: Any) -> None:
        if not Agency.objects.exists():
            call_command("loaddata", "agencies", verbosity=0)
        if not Agreement.objects.exists():
            call_command("loaddata", "agreements", verbosity=0)
        if not Release.objects.exists():
            call_command("import_posts", str(settings.BASE_DIR / "fixtures" / "site"))
            self.tie_agreements()

    def tie_agreements(self) -> None:
        """What an editor would confirm: the sample's releases to their agreements, and events to the releases
        of their day."""
        editions = Edition.objects.filter(state=Edition.State.APPROVED)
        mentions = find_mentions(editions, Agreement.objects.all())
        Mention.objects.bulk_create(mentions, ignore_conflicts=True)
        days = {(mention.agreement_id, mention.release_id) for mention in mentions}
        for event in AgreementEvent.objects.filter(release=None):
            released = editions.filter(release_date=localdate(event.public_from), live_until=None)
            for edition in released:
                if (event.agreement_id, edition.release_id) in days:
                    event.release_id = edition.release_id
                    event.save(update_fields=["release"])
