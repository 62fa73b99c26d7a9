"""The desk's pages of sections."""

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


@admin.register(Section)
class SectionAdmin(RecordedAdmin):
    form = SectionForm
    list_display = ["title", "folder", "kind", "parent"]
    list_select_related = ["parent"]
    search_fields = ["title", "folder"]
    fields = ["title", "path", "kind", "parent", "folder", "base"]

    def save_row(self, request: HttpRequest, section: Section, form: SectionForm, change: bool) -> None:
        super().save_row(request, section, form, change)
        form.save_address(section=section)
