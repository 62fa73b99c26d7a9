import base64
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone

from releases.admin.base.concurrency import MergingForm, MergingInline
from releases.admin.base.fields import LinesField
from releases.admin.base.fixed_slug import NamedAdmin
from releases.admin.base.ledger_entries import RecordedAdmin
from releases.admin.base.titles import with_names
from releases.content.files import csv_tables
from releases.content.text import permalinks
from releases.models import Address, Agency, AgencyName, Redirect, Section
from releases.services.website import redirects
from releases.services.website.redirects import why_not_redirect

LARGEST_TABLE = 5_000_000
SHOWN = 200
LINES: Any = {models.JSONField: {"form_class": LinesField}}


class NameInline(MergingInline):
    model = AgencyName


@admin.register(Agency)
class AgencyAdmin(NamedAdmin):
    named_by = "issuers__agency"
    list_display = ["slug", "acronym", "current_name", "kind", "successor", "is_active"]
    list_filter = ["kind", "is_active"]
    list_select_related = ["successor"]
    search_fields = ["slug", "acronym", "names__name"]
    formfield_overrides = LINES
    inlines = [NameInline]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("names")

    @admin.display(description="Name")
    def current_name(self, agency):
        names = list(agency.names.all())
        return names[-1].name if names else ""


class AddressForm(MergingForm):
    """A model whose address is typed as a path."""

    path = forms.CharField(max_length=1000, strip=True, widget=forms.TextInput(attrs={"class": "vTextField"}))
    kind = ""

    def get_initial_for_field(self, field, field_name):
        if field_name == "path" and self.address:
            return self.address.path
        return super().get_initial_for_field(field, field_name)

    def clean_path(self):
        try:
            path = permalinks.normalise(self.cleaned_data["path"])
        except permalinks.PermalinkError as error:
            raise ValidationError(str(error)) from error
        taken = Address.objects.at(path).exclude(pk=self.address.pk if self.address else None).first()
        if taken:
            raise ValidationError(f"This address is taken by a {taken.get_kind_display().lower()}.")
        return path

    @property
    def address(self):
        return getattr(self.instance, "address", None) if self.instance.pk else None

    def save_address(self, **owner):
        """The address of the typed path, made or moved."""
        address = self.address or Address(kind=self.kind, **owner)
        address.path = self.cleaned_data["path"]
        address.save()
        return address


class SectionForm(AddressForm):
    kind = Address.Kind.SECTION

    class Meta:
        model = Section
        fields = ["title", "release_label", "parent", "folder"]


@admin.register(Section)
class SectionAdmin(RecordedAdmin):
    form = SectionForm
    list_display = ["title", "folder", "release_label", "parent"]
    list_select_related = ["parent"]
    search_fields = ["title", "folder"]
    fields = ["title", "path", "release_label", "parent", "folder", "base"]

    def save_row(self, request, section, form, change):
        super().save_row(request, section, form, change)
        form.save_address(section=section)


class RedirectForm(AddressForm):
    kind = Address.Kind.REDIRECT

    class Meta:
        model = Redirect
        fields = ["release", "target", "valid_from"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("path") and (problem := why_not_redirect(cleaned["path"], cleaned.get("target", ""))):
            self.add_error("target", problem)
        return cleaned


class LoadForm(forms.Form):
    file = forms.FileField(
        label="Table",
        help_text="CSV with commas, semicolons or tabs, as spreadsheets save it; up to 20,000 lines and 5 MB.",
    )

    def clean_file(self):
        """The table that the file holds."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_TABLE:
            raise ValidationError(f"{file.name} has {file.size:,} bytes; {LARGEST_TABLE:,} are allowed.")
        try:
            return csv_tables.read(file.read())
        except csv_tables.TableRefused as error:
            raise ValidationError(f"{file.name}: {error}") from error


def _error_file(refused, separator):
    """The lines that were refused, as a link holds them: to be mended and loaded again."""
    rows = [(one.source, one.target, one.reason, str(one.line)) for one in refused]
    data = csv_tables.write([("from", "to", "reason", "line"), *rows], separator)
    return f"data:text/csv;charset=utf-8;base64,{base64.b64encode(data).decode()}"


@admin.register(Redirect)
class RedirectAdmin(RecordedAdmin):
    form = RedirectForm
    list_display = ["__str__", "valid_from", "origin"]
    list_filter = ["origin"]
    list_select_related = ["address", "release"]
    search_fields = ["address__path", "target"]
    raw_id_fields = ["release"]
    fields = ["path", "target", "release", "valid_from", "base"]

    def get_queryset(self, request):
        return with_names(super().get_queryset(request))

    def get_urls(self):
        view = self.admin_site.admin_view(self.load_view)
        return [path("load/", view, name="releases_redirect_load"), *super().get_urls()]

    def load_view(self, request):
        """Many at once; lines that can't be come back as a file with their reasons."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = LoadForm(request.POST or None, request.FILES or None)
        result = {}
        if request.method == "POST" and form.is_valid():
            table = form.cleaned_data["file"]
            made, refused = redirects.load_redirects(table.rows, actor=request.user, at=timezone.now())
            self.message_user(request, f"Redirects made: {made:,}. Refused: {len(refused):,}.")
            if not refused:
                return HttpResponseRedirect(reverse("admin:releases_redirect_changelist"))
            result = {
                "refused": refused[:SHOWN], "number": len(refused), "encoding": table.encoding,
                "error_file": _error_file(refused, table.separator),
            }  # fmt: skip
        context = {
            **self.admin_site.each_context(request),
            "title": "Load redirects",
            "form": form,
            "opts": self.opts,
            **result,
        }
        return TemplateResponse(request, "admin/releases/redirect/load.html", context)

    def save_row(self, request, redirect, form, change):
        redirect.address = form.save_address()
        super().save_row(request, redirect, form, change)
