"""The parts of an edition on its form: issuers, annexes and pictures."""

import datetime as dt
from abc import ABC, abstractmethod
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join

from releases.admin.base.concurrency import MergingForm, MergingFormSet, MergingInline, is_saving
from releases.admin.editions.fields import NamedAgency
from releases.admin.editions.forms import AnnexForm, IssuerForm
from releases.content.text.dates import format_date
from releases.models import Agency, AgencyName, Annex, Blob, Edition, Illustration, Issuer
from releases.services.accounts import consent
from releases.services.accounts.permissions import Authority
from releases.services.editing.draft_values import PictureValues, in_order, pending_annexes
from releases.services.editing.draft_writer import annex_values, issuer_values, picture_values
from releases.services.files import images
from releases.templatetags.format_tags import blob_facts

PlacedParts = list[tuple[int | None, Any]]


class PartFormSet(MergingFormSet, ABC):
    """Rows that are saved with their edition, as values: Django's log tells of none of them one by one.

    `rows` are the stored parts in their order, where they were prefetched.
    """

    def __init__(self, *args: Any, rows: QuerySet[Any] | None = None, **kwargs: Any) -> None:
        self.rows = rows
        super().__init__(*args, **kwargs)
        self.new_objects, self.changed_objects, self.deleted_objects = [], [], []

    def get_unique_error_message(self, unique_check: Any) -> str:
        return "An agency can issue a release only once."

    def get_queryset(self) -> Any:
        return super().get_queryset() if self.rows is None else self.rows

    def placed_parts(self) -> PlacedParts:
        """(place that was typed, values) of each row that stays, those that somebody else added meanwhile
        last."""
        rows = [form for form in self.forms if form.instance.pk or form.has_changed()]
        typed = [
            (form.cleaned_data.get("position"), form.part_values())
            for form in rows
            if form not in self.deleted_forms
        ]
        known = {form.instance.pk for form in self.forms}
        added = [row for row in self.get_queryset() if row.pk not in known]
        return [*typed, *((getattr(row, "position", None), self.row_values(row)) for row in added)]

    @abstractmethod
    def row_values(self, row: Any) -> Any:
        """A stored row as values."""


class IssuerFormSet(PartFormSet):
    """`authority` is that of who asks: not everybody who may write changes the lead and the order."""

    def __init__(self, *args: Any, authority: Authority | None = None, **kwargs: Any) -> None:
        self.authority = authority
        super().__init__(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        if self.authority is None or any(self.errors):
            return
        stored = Issuer.objects.filter(edition=self.instance.pk).select_related("agency")
        was = [row.agency for row in stored]
        is_now = [one.agency for one in in_order(self.placed_parts())]
        if reason := consent.why_not_order(was, is_now, self.authority):
            raise ValidationError(reason)

    @cached_property
    def agencies(self) -> list[NamedAgency]:
        """All that a row can offer, with their names of today, read once for all rows."""
        names = AgencyName.objects.by(timezone.localdate()).filter(agency=OuterRef("pk"))
        newest = names.order_by(F("valid_from").desc(nulls_last=True)).values("name")[:1]
        found = Agency.objects.annotate(held_name=Subquery(newest)).order_by("acronym", "slug")
        return [NamedAgency(one, one.held_name or "") for one in found]

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "agencies": self.agencies}

    def row_values(self, row: Issuer) -> Any:
        return issuer_values(row)


class AnnexFormSet(PartFormSet):
    def row_values(self, row: Annex) -> Any:
        return annex_values(row)


class PictureForm(MergingForm):
    def part_values(self) -> PictureValues:
        return picture_values(self.instance)


class PictureFormSet(PartFormSet):
    def row_values(self, row: Illustration) -> Any:
        return picture_values(row)


class PartInline(MergingInline):
    """Parts of an edition that is still being written; those of an approved one are only looked at."""

    formset = PartFormSet
    template = "admin/form/_parts.html"
    folds = ""  # what a row says of the part of it that is folded
    related: tuple[str, ...] = ()
    parts = ""  # the name by which an edition calls them

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related(*self.related)

    def has_add_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        return is_open(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        return is_open(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        return is_open(obj) and super().has_delete_permission(request, obj)


class IssuerInline(PartInline):
    model = Issuer
    form = IssuerForm
    formset = IssuerFormSet
    verbose_name_plural = "issued by, the lead first"
    fields = [("agency", "position"), "base"]
    related = ("agency",)
    parts = "issuers"

    def get_extra(self, request: HttpRequest, obj: Edition | None = None, **kwargs: Any) -> int:
        """Nobody looks for a button to name the first one."""
        if obj is None:
            return 3
        return 0 if obj.issuers.all() else 1


class AnnexInline(PartInline):
    model = Annex
    form = AnnexForm
    formset = AnnexFormSet
    verbose_name_plural = "annexes"
    folds = "Label, title and file"
    fields = [("label", "title", "language", "position"), "file", "where", "kept", "base"]
    readonly_fields = ["where"]
    related = ("address",)
    parts = "annexes"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what is known of the files, for a page that shows it."""
        rows = super().get_queryset(request)
        return rows if is_saving(request) else rows.prefetch_related("blob")

    def get_extra(self, request: HttpRequest, obj: Edition | None = None, **kwargs: Any) -> int:
        """A row for every annex whose file is still to come."""
        return len(pending_annexes(obj.awaited)) if obj and is_open(obj) else 0

    def get_fields(self, request: HttpRequest, obj: Edition | None = None) -> list[Any]:
        return self.fields if is_open(obj) else ["where", "language"]

    @admin.display(description="Address")
    def where(self, annex: Annex) -> str:
        return annex.address.path if annex.pk else "It gets its address when you save."

    def describe_row(self, annex: Annex) -> str:
        """The file of a row, and what was found in it, as the row tells them while it is folded."""
        return format_html(
            '<a href="{}">{}</a> {} {}{}',
            reverse("admin:releases_edition_file", args=[annex.edition_id, annex.blob_id]),
            annex.address.path.rpartition("/")[2],
            blob_facts(annex.blob),
            _accessibility(annex.blob),
            _place(annex.blob),
        )


class IllustrationInline(PartInline):
    """The pictures that belong to the text, which says their alternative texts."""

    model = Illustration
    form = PictureForm
    formset = PictureFormSet
    folds = "Address and description"
    verbose_name_plural = "pictures in the text"
    fields = ["address", "alt_text", "base"]
    readonly_fields = ["address", "alt_text"]
    related = ("address",)
    parts = "illustrations"

    def has_add_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        return False


def is_open(edition: Edition | None) -> bool:
    """Whether an edition is still being written; a new one is."""
    return edition is None or (edition.state != Edition.State.APPROVED and not edition.erased_at)


def _accessibility(blob: Blob) -> str:
    """What was measured in a PDF, each thing by a tag that says whether it is there."""
    if blob.media_type != "application/pdf":
        return ""
    if not blob.inspected_at:
        return format_html('<span class="tag submitted">{}</span>', "being checked")
    if blob.problem:
        return format_html('<span class="tag rejected">{}</span>', blob.problem)
    facts = (
        ("tags", blob.tagged),
        ("language", blob.language),
        ("title", blob.title),
        ("text", blob.text.strip()),
    )
    return format_html_join(
        " ",
        '<span class="tag {}">{}{}</span>',
        (("live" if there else "rejected", "" if there else "no ", name) for name, there in facts),
    )


def _place(blob: Blob) -> str:
    """A telephone writes into a picture where it was taken; readers get its bytes as they are."""
    if not images.has_location(blob):
        return ""
    return format_html('<span class="tag rejected">{}</span>', "says where it was taken (GPS)")


def short(moment: dt.datetime) -> str:
    """14 January 2023, 09:00"""
    local = timezone.localtime(moment)
    return f"{format_date(local)}, {local:%H:%M}"
