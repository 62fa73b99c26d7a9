"""The desk's pages of sections."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest

from releases.admin.base.ledger_entries import RecordedAdmin
from releases.admin.directory.addresses import AddressForm
from releases.models import Address, Section


class SectionForm(AddressForm):
    address_kind = Address.Kind.SECTION

    class Meta:
        model = Section
        fields = ["title", "kind", "parent", "folder"]
        help_texts: ClassVar[dict[str, str]] = {
            "folder": "Only for a site that is built by Jekyll: the folder of its posts. Leave it empty to use the path."
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "folder" in self.fields:
            self.fields["folder"].required = False

    def clean_folder(self) -> str:
        """That of the path, which stands before it, where none is typed."""
        typed: str = self.cleaned_data["folder"].strip("/ ")
        return typed or self.cleaned_data.get("path", "").strip("/")


@admin.register(Section)
class SectionAdmin(RecordedAdmin):
    form = SectionForm
    list_display = ["title", "folder", "kind", "parent"]
    list_select_related = ["parent"]
    search_fields = ["title", "folder"]
    fields = ["title", "path", "kind", "parent", "folder", "base"]

    def why_not_delete(self, obj: Section) -> str:
        number = obj.releases.count()
        if number:
            return f"It holds {number:,} release{'' if number == 1 else 's'}. Move them to another section first."
        return "It has sections below it. Move them first." if obj.children.exists() else ""

    def save_row(self, request: HttpRequest, section: Section, form: SectionForm, change: bool) -> None:
        super().save_row(request, section, form, change)
        form.save_address(section=section)
