"""What is put on record when somebody's second factor changes. Loaded with the addresses of accounts, whose
pages alone change them."""

from typing import Any

from allauth.core import context
from allauth.mfa.models import Authenticator
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone

from releases.services.accounts import second_factor


@receiver(post_save, sender=Authenticator)
def keep_added(instance: Authenticator, created: bool, **kwargs: Any) -> None:
    """A session that began without it would go on without it, so only the one that added it does."""
    if created and context.request:
        second_factor.record_change(
            instance, "added", at=timezone.now(), session=context.request.session.session_key
        )


@receiver(post_delete, sender=Authenticator)
def keep_removed(instance: Authenticator, **kwargs: Any) -> None:
    if context.request:
        second_factor.record_change(instance, "removed", at=timezone.now())
