import secrets
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from releases.services.accounts import superusers


class Command(BaseCommand):
    help = (
        "Make a first account with all rights and print its one-time password, where there is no account yet."
    )

    def handle(self, **options: Any) -> None:
        users = User.objects
        if users.exists():
            return
        password = secrets.token_urlsafe(12)
        with transaction.atomic():
            superusers.record_made(users.create_superuser("admin", password=password), at=timezone.now())
        self.stdout.write(
            f"First account: admin, password {password} (shown this once; change it after signing in)."
        )
