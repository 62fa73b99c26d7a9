"""What is looked at and never typed: bytes, addresses, sources, absences, the ledger."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from releases.admin.base.titles import TitledAdmin, with_names
from releases.models import (
    Absence,
    Address,
    Agency,
    Annex,
    Blob,
    Edition,
    Illustration,
    Issuer,
    LedgerEntry,
    SiteFile,
    Source,
)
from releases.services.accounts import permissions
from releases.services.accounts.permissions import Role


class RecordAdmin(TitledAdmin):
    """`edition` is the lookup that leads to the edition that decides who may see a row; "" where rows are for all.

    `long` are texts and bytes that no list shows.
    """

    edition = ""
    long: Any = []

    def get_queryset(self, request):
        found = super().get_queryset(request).defer(*self.long)
        return permissions.scoped(found, request.user, self.edition) if self.edition else found

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Address)
class AddressAdmin(RecordAdmin):
    """Of releases and files, those of editions that somebody may see."""

    def get_queryset(self, request):
        found = super().get_queryset(request)
        if request.user.is_superuser:
            return found
        seen = permissions.editions_for(request.user).values("pk")
        own = Q(editions__in=seen) | Q(annexes__edition__in=seen) | Q(illustrations__edition__in=seen)
        return found.filter(
            own | Q(kind__in=["section", "redirect"]) | Q(site_files__isnull=False)
        ).distinct()

    list_display = ["path", "kind"]
    list_filter = ["kind"]
    search_fields = ["path"]


@admin.register(Blob)
class BlobAdmin(RecordAdmin):
    edition = "annexes__edition"
    long = ["text"]
    list_display = ["sha256", "media_type", "size", "pages", "tagged", "inspected_at", "problem"]
    list_filter = ["media_type", "tagged", "encrypted"]
    search_fields = ["sha256", "title", "annexes__title", "annexes__address__path"]


@admin.register(Annex)
class AnnexAdmin(RecordAdmin):
    edition = "edition"
    long = ["edition__body", "edition__body_html", "blob__text"]
    list_display = ["__str__", "edition", "address", "blob"]
    list_filter = ["blob__media_type", "language"]
    list_select_related = ["edition", "address", "blob"]
    search_fields = ["label", "title", "address__path", "edition__title"]


@admin.register(Illustration)
class IllustrationAdmin(RecordAdmin):
    edition = "edition"
    long = ["edition__body", "edition__body_html"]
    list_display = ["address", "edition", "alt_text"]
    list_select_related = ["edition", "address"]
    search_fields = ["address__path", "alt_text", "edition__title"]


@admin.register(Issuer)
class IssuerAdmin(RecordAdmin):
    edition = "edition"
    long = ["edition__body", "edition__body_html"]
    list_display = ["name", "acronym", "edition", "position"]
    list_filter = ["position"]
    list_select_related = ["edition"]
    search_fields = ["name", "acronym", "edition__title"]


@admin.register(SiteFile)
class SiteFileAdmin(RecordAdmin):
    long = ["blob__text"]
    list_display = ["address", "blob", "live_from", "live_until"]
    list_select_related = ["address", "blob"]
    search_fields = ["address__path"]


@admin.register(Source)
class SourceAdmin(RecordAdmin):
    edition = "edition"
    long = ["content", "edition__body", "edition__body_html"]
    list_display = ["path", "edition"]
    list_select_related = ["edition"]
    search_fields = ["path"]
    exclude = ["content"]


@admin.register(Absence)
class AbsenceAdmin(RecordAdmin):
    edition = "release__editions"
    list_display = ["release", "kind", "since", "until", "begun_by", "ended_by"]
    list_select_related = ["release", "begun_by", "ended_by"]
    list_filter = ["kind"]
    search_fields = ["reason", "known_title"]

    def get_queryset(self, request):
        known = (
            Edition.objects.on_record(timezone.now()).filter(release=OuterRef("release")).order_by("-number")
        )
        return with_names(super().get_queryset(request)).annotate(
            known_title=Subquery(known.values("title")[:1])
        )


@admin.register(LedgerEntry)
class LedgerAdmin(RecordAdmin):
    """Of releases, what those who make them may follow; of people, what concerns the agencies that one administers."""

    list_display = ["at", "verb", "subject", "actor", "release", "digests"]
    list_filter = [("verb", admin.AllValuesFieldListFilter), ("actor", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["actor", "release"]
    date_hierarchy = "at"
    search_fields = ["subject", "verb", "actor__username", "before", "after"]
    ordering = ["-pk"]

    def get_queryset(self, request):
        found = with_names(super().get_queryset(request))
        if request.user.is_superuser:
            return found
        agencies = Agency.objects.filter(pk__in=permissions.agencies_of(request.user, Role.ADMINISTRATOR))
        people = Q(release__isnull=True, note__agency__in=list(agencies.values_list("slug", flat=True)))
        own = Q(release__editions__in=permissions.work_of(request.user).values("pk"))
        return found.filter(own | people).distinct()

    @admin.display(description="Before → after")
    def digests(self, entry):
        return " → ".join(digest[:12] for digest in (entry.before, entry.after) if digest)
