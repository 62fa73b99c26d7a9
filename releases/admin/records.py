"""What is looked at and never typed: bytes, addresses, sources, absences, the ledger."""

from django.contrib import admin

from releases.models import Absence, Address, Annex, Blob, Illustration, Issuer, LedgerEntry, SiteFile, Source


class RecordAdmin(admin.ModelAdmin):
    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Address)
class AddressAdmin(RecordAdmin):
    list_display = ["path", "kind"]
    list_filter = ["kind"]
    search_fields = ["path"]


@admin.register(Blob)
class BlobAdmin(RecordAdmin):
    list_display = ["sha256", "media_type", "size", "pages", "tagged", "inspected_at", "problem"]
    list_filter = ["media_type", "tagged", "encrypted"]
    search_fields = ["sha256", "title", "annexes__title", "annexes__address__path"]


@admin.register(Annex)
class AnnexAdmin(RecordAdmin):
    list_display = ["__str__", "edition", "address", "blob"]
    list_filter = ["blob__media_type", "language"]
    list_select_related = ["edition", "address", "blob"]
    search_fields = ["label", "title", "address__path", "edition__title"]


@admin.register(Illustration)
class IllustrationAdmin(RecordAdmin):
    list_display = ["address", "edition", "alt_text"]
    list_select_related = ["edition", "address"]
    search_fields = ["address__path", "alt_text", "edition__title"]


@admin.register(Issuer)
class IssuerAdmin(RecordAdmin):
    list_display = ["name", "acronym", "edition", "position"]
    list_filter = ["position"]
    list_select_related = ["edition"]
    search_fields = ["name", "acronym", "edition__title"]


@admin.register(SiteFile)
class SiteFileAdmin(RecordAdmin):
    list_display = ["address", "blob", "live_from", "live_until"]
    list_select_related = ["address", "blob"]
    search_fields = ["address__path"]


@admin.register(Source)
class SourceAdmin(RecordAdmin):
    list_display = ["path", "edition"]
    list_select_related = ["edition"]
    search_fields = ["path"]
    exclude = ["content"]


@admin.register(Absence)
class AbsenceAdmin(RecordAdmin):
    list_display = ["release", "kind", "since", "until", "begun_by", "ended_by"]
    list_filter = ["kind"]
    search_fields = ["reason", "release__editions__title"]


@admin.register(LedgerEntry)
class LedgerAdmin(RecordAdmin):
    list_display = ["at", "verb", "subject", "actor", "release"]
    list_filter = ["verb"]
    list_select_related = ["actor", "release"]
    search_fields = ["subject", "verb", "release__editions__title"]
