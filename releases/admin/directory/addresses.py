"""The form of what has an address of its own, which is typed as a path."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from releases.admin.base.concurrency import MergingForm
from releases.content.text import permalinks
from releases.models import Address


class AddressForm(MergingForm):
    """A model whose address is typed as a path; `address_kind` is what such an address leads to."""

    path = forms.CharField(max_length=1000, strip=True, widget=forms.TextInput(attrs={"class": "vTextField"}))
    address_kind = ""

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        if field_name == "path" and self.address:
            return self.address.path
        return super().get_initial_for_field(field, field_name)

    def clean_path(self) -> str:
        try:
            path = permalinks.normalise_path(self.cleaned_data["path"])
        except permalinks.PermalinkError as error:
            raise ValidationError(str(error)) from error
        taken = Address.objects.at(path).first()
        if taken and taken != self.address:
            raise ValidationError(f"This address is taken by a {taken.get_kind_display().lower()}.")
        return path

    @property
    def address(self) -> Address | None:
        return getattr(self.instance, "address", None) if self.instance.pk else None

    def save_address(self, **owner: Any) -> Address:
        """The address of the typed path, made or moved; `owner` is the row that it leads to, as a field."""
        address = self.address or Address(kind=self.address_kind, **owner)
        address.path = self.cleaned_data["path"]
        address.save()
        return address
