"""Ticks on the form of an edition that put contacts and closing texts of agencies into its text."""

from typing import Any, cast

from django import forms
from django.utils import timezone

from releases.admin.base.concurrency import MergingForm
from releases.services.accounts.permissions import Authority
from releases.services.editing.standing_texts import change_blocks, has_block, list_offers

STANDING = {"agency_contacts": "contacts", "boilerplates": "body"}


class StandingTextsForm(MergingForm):
    """`authority` is that of whoever types."""

    authority: Authority | None = None
    agency_contacts = forms.MultipleChoiceField(
        required=False,
        label="Contacts of the agencies",
        widget=forms.CheckboxSelectMultiple,
        help_text="What is ticked is put below, as it is on record today.",
    )
    boilerplates = forms.MultipleChoiceField(
        required=False,
        label="Closing texts",
        widget=forms.CheckboxSelectMultiple,
        help_text="What is ticked is put at the end of the text.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offers those of the issuers and of the agencies of whoever types; what stands in the text is
        ticked."""
        super().__init__(*args, **kwargs)
        self.offers = list_offers(self._agencies(), timezone.localdate())
        for name, stands_in in STANDING.items():
            offers = [one for one in self.offers if one.field == stands_in]
            text = getattr(self.instance, stands_in)
            field = cast(forms.MultipleChoiceField, self.fields[name])
            field.choices = [(str(one.key), one.name) for one in offers]
            field.initial = [str(one.key) for one in offers if has_block(text, one.block)]

    def _agencies(self) -> frozenset[int] | None:
        """The keys of those whose texts are offered; None for all of them."""
        own = self.authority.agencies() if self.authority else frozenset()
        if self.instance.pk:
            return own | {one.agency_id for one in self.instance.issuers.all()}
        return None if self.authority and self.authority.has_all else own

    @property
    def mergeable_fields(self) -> list[str]:
        """Not the ticks: the texts that they change are merged."""
        return [name for name in super().mergeable_fields if name not in STANDING]

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        if field_name in STANDING:
            return field.initial
        return super().get_initial_for_field(field, field_name)

    def clean(self) -> dict[str, Any]:
        """Contacts and closing texts that were ticked since the form was opened come into their fields, and
        those whose tick was taken away go."""
        cleaned = super().clean()
        for name, field in STANDING.items():
            if field in cleaned and name in cleaned:
                cleaned[field] = self._with_ticked(field, cleaned[field], set(cleaned[name]))
        return cleaned

    def _with_ticked(self, field: str, text: str, keys: set[str]) -> str:
        """The text of a field when the offers with these keys are ticked."""
        opened = (self.opened_with().get(field) if self.instance.pk else "") or ""
        offers = [one for one in self.offers if one.field == field]
        ticked = [one.block for one in offers if str(one.key) in keys]
        before = [one.block for one in offers if has_block(opened, one.block)]
        return change_blocks(
            text,
            added=[block for block in ticked if block not in before],
            removed=[block for block in before if block not in ticked],
        )
