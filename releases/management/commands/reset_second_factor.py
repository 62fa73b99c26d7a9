from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from releases.management.accounts import find_account
from releases.services.accounts import factor_resets, second_factor


class Command(BaseCommand):
    help = (
        "Take the second factor off an account whose person lost their device, where no two administrators can."
        " They set up a new one when they sign in. The ledger tells that it was done here."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, username: str, **options: Any) -> None:
        user = find_account(username)
        if not second_factor.has_one(user):
            raise CommandError(f"{username} has no second factor.")
        with transaction.atomic():
            factor_resets.take_off(user, actor=None, reason="at the server", at=timezone.now())
        self.stdout.write(f"{username} signs in with the password and sets up a new second factor.")
