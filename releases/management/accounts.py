from django.contrib.auth.models import User
from django.core.management.base import CommandError


def find_account(username: str) -> User:
    """Raises CommandError, which says that there is none."""
    user = User.objects.filter(username=username).first()
    if user is None:
        raise CommandError(f"There is no account {username}.")
    return user
