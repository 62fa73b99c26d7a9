from typing import Any

from django.contrib.auth.management.commands import createsuperuser
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from releases.services.accounts import superusers


class Command(createsuperuser.Command):
    """Django's, which here leaves an entry in the ledger and tells the other superusers."""

    def handle(self, *args: Any, **options: Any) -> str | None:
        there = set(User.objects.values_list("pk", flat=True))
        with transaction.atomic():
            done: str | None = super().handle(*args, **options)
            for user in User.objects.filter(is_superuser=True).exclude(pk__in=there):
                superusers.record_made(user, at=timezone.now())
        return done
