"""The desk's pages of agencies."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest

from releases.admin.base.concurrency import MergingInline
from releases.admin.base.fields import LinesField, LoadedChoiceField
from releases.admin.base.fixed_slug import NamedAdmin
from releases.models import Agency, AgencyName, Issuer

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

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is Agency:
            kwargs["form_class"] = LoadedChoiceField
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_form(
        self, request: HttpRequest, obj: Agency | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Its parent and its successor are chosen from the same agencies."""
        form = super().get_form(request, obj, change, **kwargs)
        parent, successor = (form.base_fields.get(name) for name in ("parent", "successor"))
        if isinstance(parent, LoadedChoiceField) and isinstance(successor, LoadedChoiceField):
            parent.share_with(successor)
        return form

    def get_queryset(self, request: HttpRequest) -> QuerySet[Agency]:
        return super().get_queryset(request).prefetch_related("names")

    def why_not_delete(self, obj: Agency) -> str:
        number = Issuer.objects.filter(agency=obj).order_by().values("edition__release").distinct().count()
        if not number:
            return ""
        told = f"It issues {number:,} release{'' if number == 1 else 's'}."
        return f"{told} Make it inactive or name its successor."

    @admin.display(description="Name")
    def current_name(self, agency: Agency) -> str:
        names = list(agency.names.all())
        return names[-1].name if names else ""
