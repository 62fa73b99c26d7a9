from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from releases.management.accounts import find_account
from releases.models import Membership, SuperuserGrant
from releases.services.accounts import members, superusers


class Command(BaseCommand):
    help = (
        "Let the roles and rights of an account count that wait for a second administrator, where there is none."
        " The ledger tells that it was done here."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, username: str, **options: Any) -> None:
        user = find_account(username)
        now = timezone.now()
        with transaction.atomic():
            roles = list(Membership.objects.filter(user=user, is_waiting=True))
            for role in roles:
                members.confirm(role, actor=None, at=now)
            grants = list(SuperuserGrant.objects.filter(user=user, is_waiting=True))
            for grant in grants:
                superusers.confirm(grant, actor=None, at=now)
        if not (roles or grants):
            raise CommandError(f"Nothing of {username} waits for a second administrator.")
        for counts in (*roles, *grants):
            self.stdout.write(f"It counts now: {counts}.")
