"""The desk's pages of redirects: one by one, and a table of many."""

import base64
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from releases.admin.base.authority import authority_of
from releases.admin.base.ledger_entries import RecordedAdmin
from releases.admin.base.titles import with_names
from releases.admin.directory.addresses import AddressForm
from releases.content.files import csv_tables
from releases.models import Address, Redirect
from releases.services.website import redirects

LARGEST_TABLE = 5_000_000  # bytes
REFUSALS_SHOWN = 200


class RedirectForm(AddressForm):
    address_kind = Address.Kind.REDIRECT

    class Meta:
        model = Redirect
        fields = ["release", "target", "valid_from"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        typed = cleaned.get("path")
        target = cleaned.get("target", "")
        if typed and (problem := redirects.why_not_redirect(typed, target)):
            self.add_error("target", problem)
        elif redirects.find_dead_targets([target]):
            self.add_error("target", redirects.LEADS_NOWHERE)
        return cleaned


class LoadForm(forms.Form):
    file = forms.FileField(
        label="Table",
        help_text="CSV with commas, semicolons or tabs, as spreadsheets save it; up to 20,000 lines and 5 MB.",
    )

    def clean_file(self) -> csv_tables.Table:
        """The table that the file holds."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_TABLE:
            raise ValidationError(f"{file.name} has {file.size:,} bytes; {LARGEST_TABLE:,} are allowed.")
        try:
            return csv_tables.read_table(file.read())
        except csv_tables.TableRefused as error:
            raise ValidationError(f"{file.name}: {error}") from error


def _error_file(refused: Iterable[redirects.Refusal], separator: str) -> str:
    """The lines that were refused, as a link holds them: to be mended and loaded again."""
    rows = [(one.source, one.target, one.reason, str(one.line)) for one in refused]
    data = csv_tables.write_table([("from", "to", "reason", "line"), *rows], separator)
    return f"data:text/csv;charset=utf-8;base64,{base64.b64encode(data).decode()}"


@admin.register(Redirect)
class RedirectAdmin(RecordedAdmin):
    form = RedirectForm
    list_display = ["__str__", "valid_from", "origin"]
    list_filter = ["origin"]
    list_select_related = ["address", "release"]
    search_fields = ["address__path", "target"]
    autocomplete_fields = ["release"]
    fields = ["path", "target", "release", "valid_from", "base"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Redirect]:
        seen = redirects.visible_redirects(authority_of(request)).values("pk")
        return with_names(super().get_queryset(request).filter(pk__in=seen))

    def has_change_permission(self, request: HttpRequest, obj: Redirect | None = None) -> bool:
        return super().has_change_permission(request, obj) and self._is_own(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Redirect | None = None) -> bool:
        return super().has_delete_permission(request, obj) and self._is_own(request, obj)

    def _is_own(self, request: HttpRequest, redirect: Redirect | None) -> bool:
        """Whether somebody may change a row, whose key is asked for once a request."""
        authority = authority_of(request)
        if redirect is None or authority.has_all:
            return True
        known: dict[int, bool] = vars(request).setdefault("own_redirects", {})
        if redirect.pk not in known:
            known[redirect.pk] = redirects.own_redirects(authority).filter(pk=redirect.pk).exists()
        return known[redirect.pk]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.load_view)
        return [path("load/", view, name="releases_redirect_load"), *super().get_urls()]

    def load_view(self, request: HttpRequest) -> HttpResponse:
        """Many at once; lines that can't be come back as a file with their reasons."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = LoadForm(request.POST or None, request.FILES or None)
        result: dict[str, Any] = {}
        if request.method == "POST" and form.is_valid():
            table = form.cleaned_data["file"]
            made, refused = redirects.load_redirects(table.rows, actor=request.user, at=timezone.now())
            self.message_user(request, f"Redirects made: {made:,}. Refused: {len(refused):,}.")
            if not refused:
                return HttpResponseRedirect(reverse("admin:releases_redirect_changelist"))
            result = {
                "refused": refused[:REFUSALS_SHOWN],
                "number": len(refused),
                "encoding": table.encoding,
                "error_file": _error_file(refused, table.separator),
            }
        context = {
            **self.admin_site.each_context(request),
            "title": "Load redirects",
            "form": form,
            "opts": self.opts,
            **result,
        }
        return TemplateResponse(request, "admin/releases/redirect/load.html", context)

    def save_row(self, request: HttpRequest, redirect: Redirect, form: RedirectForm, change: bool) -> None:
        redirect.address = form.save_address()
        if not change:
            redirect.agency = redirects.owning_agency(authority_of(request))
        super().save_row(request, redirect, form, change)
