"""What people are called."""

from django.contrib.auth.models import AbstractBaseUser, User


def name_person(user: User | AbstractBaseUser | None) -> str:
    """The name by which colleagues know somebody; "" for nobody."""
    return (user.get_full_name() or user.get_username()) if isinstance(user, User) else ""
