"""The desk's pages of contacts and closing texts, which name the drafts that hold them before a save changes
them there."""

from collections.abc import Sequence
from copy import copy
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import ngettext

from releases.admin.base.authority import authority_of
from releases.admin.base.concurrency import MergingForm
from releases.admin.base.filters import UsedFilter
from releases.admin.base.ledger_entries import RecordedAdmin
from releases.models import Agency, AgencyContact, Boilerplate, Edition
from releases.services.accounts.permissions import SPEAKERS, Right
from releases.services.editing import standing_texts


class DraftsField(forms.ModelMultipleChoiceField):
    """Drafts by title, each with the clearances that a change of its text takes."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Edition) -> str:
        cleared = ", ".join(str(clearance.agency) for clearance in obj.clearances.all())
        return f"{obj.title} (the clearance of {cleared} becomes void)" if cleared else obj.title


class StandingTextForm(MergingForm):
    """`drafts` are those that hold the text and that whoever edits it may write in."""

    holding: Sequence[Edition] = ()
    drafts = DraftsField(
        Edition.objects.none(),
        required=False,
        label="Change it in these drafts too",
        help_text="They hold these words now. A draft that is not ticked keeps them as they are.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = copy(self.instance)
        keys = [one.pk for one in self.holding]
        if keys and (field := cast(Any, self.fields.get("drafts"))):
            field.queryset = Edition.objects.filter(pk__in=keys).prefetch_related("clearances__agency")
            field.initial = keys

    @property
    def mergeable_fields(self) -> list[str]:
        return [name for name in super().mergeable_fields if name != "drafts"]

    def _post_clean(self) -> None:
        """A draft that cannot hold the new words is named before anything is saved."""
        super()._post_clean()
        for draft in self.cleaned_data.get("drafts") or ():
            if reason := standing_texts.why_not_rewrite(self.before, self.instance, draft):
                self.add_error("drafts", f"“{draft.title}” cannot hold these words. {reason}")


class StandingTextAdmin(RecordedAdmin):
    form = StandingTextForm
    list_filter = [("agency", UsedFilter)]
    list_select_related = ["agency"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("agency")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"holding": self._find_drafts(request, obj)})

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [name for name in self.fields or () if name != "drafts" or self._find_drafts(request, obj)]

    def _find_drafts(self, request: HttpRequest, row: Any) -> list[Edition]:
        """The drafts that hold the text of a stored row and in which whoever asks may write: found once a
        request."""
        if row is None or not self.has_change_permission(request, row):
            return []
        known: dict[int, list[Edition]] = vars(request).setdefault("drafts_with_text", {})
        if row.pk not in known:
            authority = authority_of(request)
            seen = authority.editable_editions.prefetch_related("issuers")
            found = standing_texts.find_drafts(row, seen)
            known[row.pk] = [one for one in found if authority.may(Right.WRITE, one)]
        return known[row.pk]

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        authority = authority_of(request)
        if db_field.name != "agency" or authority.has_all:
            return super().get_field_queryset(db, db_field, request)
        return Agency.objects.filter(pk__in=authority.agencies(*SPEAKERS))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and self._speaks(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and self._speaks(request, obj)

    def _speaks(self, request: HttpRequest, row: Any) -> bool:
        return row is None or authority_of(request).may(Right.SPEAK, row.agency)

    def save_row(self, request: HttpRequest, row: Any, form: StandingTextForm, change: bool) -> None:
        super().save_row(request, row, form, change)
        if not change or form.before.block == row.block:
            return
        chosen = list(form.cleaned_data.get("drafts") or [])
        changed = standing_texts.rewrite_drafts(
            form.before, row, chosen, actor=cast(User, request.user), at=timezone.now()
        )
        if changed:
            words = ngettext("Changed in one draft: {}.", "Changed in {} drafts.", len(changed))
            self.message_user(request, words.format(changed[0].title if len(changed) == 1 else len(changed)))


@admin.register(AgencyContact)
class ContactAdmin(StandingTextAdmin):
    list_display = ["name", "agency", "phone", "email", "hours", "valid_from", "valid_until"]
    search_fields = ["name", "email", "agency__acronym", "agency__slug", "agency__names__name"]
    fields = ["agency", "name", ("phone", "email"), "hours", ("valid_from", "valid_until"), "drafts", "base"]


@admin.register(Boilerplate)
class BoilerplateAdmin(StandingTextAdmin):
    list_display = ["title", "agency"]
    search_fields = ["title", "text", "agency__acronym", "agency__slug", "agency__names__name"]
    fields = ["agency", "title", "text", "drafts", "base"]
