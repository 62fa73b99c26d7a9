"""Fields that choose a person."""

from typing import Any

from django import forms

from releases.services.accounts.people import name_person


class PersonField(forms.ModelChoiceField):
    """A colleague by name; two may have the same, so the name of the account stands behind it."""

    def label_from_instance(self, user: Any) -> str:
        name, account = name_person(user), user.get_username()
        return name if name == account else f"{name} ({account})"
