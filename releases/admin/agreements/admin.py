from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.utils import timezone

from releases.admin.base.concurrency import MergingFormSet, MergingInline
from releases.admin.base.fields import LinesField, UsedCountries
from releases.admin.base.fixed_slug import NamedAdmin
from releases.admin.base.ledger_entries import RecordedAdmin
from releases.content.agreement_status import disorder, leads_back, named_twice
from releases.models import (
    Agency,
    Agreement,
    AgreementEvent,
    AgreementText,
    Annex,
    Edition,
    Mention,
    Party,
    PartyAction,
    Relation,
    Signatory,
)
from releases.services.accounts import permissions
from releases.services.agreements import register


class PublicFrom(AdminSplitDateTime):
    """The date and the time of one field, each with its name."""

    def __init__(self, attrs=None):
        super().__init__(attrs)
        for widget, name in zip(self.widgets, ("date", "time"), strict=True):
            widget.attrs["aria-label"] = f"Public from, {name}"


UNAPPROVED = (
    "Readers would see this without anybody's approval. Leave “public from” empty and name a release that is still a draft,"
    " or ask an approver to add it."
)
TERMS = "Terms, told once it is signed"
FIELDS: Any = {
    models.DateTimeField: {"form_class": forms.SplitDateTimeField, "widget": PublicFrom},
    models.URLField: {"assume_scheme": "https"},
    models.TextField: {"widget": forms.Textarea(attrs={"rows": 2, "cols": 60})},
    models.JSONField: {"form_class": LinesField},
}


class RefusingFormSet(MergingFormSet):
    """Rows that together say what no agreement can have are refused above them, as they were typed.

    `shows`: whether who sends them may make something public that no approval is still to come for.
    """

    def __init__(self, *args, shows=True, **kwargs):
        self.shows = shows
        super().__init__(*args, **kwargs)

    def problems(self, rows):
        return []

    def clean(self):
        super().clean()
        if any(self.errors):
            return
        rows = [form for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        found = self.problems(rows)
        if not self.shows and any(map(_is_dated, rows)):
            found = [*found, UNAPPROVED]
        if found:
            raise ValidationError(found)


def _is_dated(form):
    """Whether readers will see the row without an approval that is still to come."""
    release = form.cleaned_data.get("release")
    approved = release and release.editions.filter(state=Edition.State.APPROVED).exists()
    return bool(form.cleaned_data.get("public_from") or approved)


class EventFormSet(RefusingFormSet):
    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["date"].error_messages["required"] = "An event needs its date."

    def problems(self, rows):
        return disorder((form.cleaned_data["kind"], form.cleaned_data["date"]) for form in rows)


class PartyFormSet(RefusingFormSet):
    def get_unique_error_message(self, unique_check):
        return "An agency can be a party only once."

    def problems(self, rows):
        return named_twice(str(form.instance) for form in rows)


class RelationFormSet(RefusingFormSet):
    def problems(self, rows):
        mine = self.instance.pk
        others = [form.cleaned_data["other"].pk for form in rows if form.cleaned_data["kind"] != "related"]
        pairs = [*register.list_relation_pairs(without=mine), *((mine, other) for other in others)]
        itself = any(form.cleaned_data["other"].pk == mine for form in rows)
        return [register.LOOP] if mine and (itself or leads_back(mine, pairs)) else []


class ActionFormSet(RefusingFormSet):
    def problems(self, rows):
        ratified = any(form.cleaned_data["kind"] in register.RATIFIED for form in rows)
        if (
            not ratified
            or not self.instance.agreement_id
            or register.may_be_ratified(self.instance.agreement)
        ):
            return []
        return [register.NO_RATIFICATIONS]


class PublicInline(MergingInline):
    """Rows that the public knows of from an instant of their own."""

    def known_to(self, user, rows):
        return rows.public(timezone.now())


class PartyInline(PublicInline):
    model = Party
    formset = PartyFormSet
    fields = [("position", "kind", "country"), ("agency", "name"), "base"]
    autocomplete_fields = ["agency"]


class SignatoryInline(MergingInline):
    model = Signatory
    fields = [("person", "office", "party"), "base"]

    def known_to(self, user, rows):
        return rows.filter(pk__in=register.public_signatories(timezone.now()).values("pk"))

    def formfield_for_foreignkey(self, field, request, **options):
        """Only the agreement's own parties can be signed for."""
        found = super().formfield_for_foreignkey(field, request, **options)
        if field.name == "party":
            found.queryset = Party.objects.filter(agreement=request.resolver_match.kwargs.get("object_id"))
        return found


class EventInline(PublicInline):
    model = AgreementEvent
    formset = EventFormSet
    fields = [("kind", "date", "place"), "note", ("release", "public_from"), ("source", "source_url"), "base"]
    autocomplete_fields = ["release"]
    formfield_overrides = FIELDS


class TextInline(MergingInline):
    model = AgreementText
    fields = [("kind", "language", "blob"), "base"]
    autocomplete_fields = ["blob"]

    def known_to(self, user, rows):
        return rows.filter(blob__in=Annex.objects.live(timezone.now()).values("blob"))


class MentionInline(MergingInline):
    model = Mention
    formset = RefusingFormSet
    fields = ["release", "base"]
    verbose_name = "release about it"
    verbose_name_plural = "releases about it"
    autocomplete_fields = ["release"]

    def known_to(self, user, rows):
        return permissions.scoped(rows, user, "release__editions")


class RelationInline(MergingInline):
    model = Relation
    formset = RelationFormSet
    fields = [("kind", "other"), "base"]
    fk_name = "agreement"
    autocomplete_fields = ["other"]

    def known_to(self, user, rows):
        return rows.filter(other__in=permissions.agreements_for(user).values("pk"))


class KeptAdmin:
    """Changed by the people of its keepers, and by approvers among them once readers will see it.

    Others read of it what readers know; where they know nothing of it yet, it is not there for them.
    """

    rows_for: Any = staticmethod(permissions.agreements_for)

    def kept(self, obj):
        """The agreement that a row is of."""
        return obj

    def get_queryset(self, request):
        return super().get_queryset(request).filter(pk__in=self.rows_for(request.user).values("pk"))

    def has_change_permission(self, request, obj=None):
        mine = obj is None or permissions.may_keep(request.user, self.kept(obj))
        return mine and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        mine = obj is None or permissions.may_keep(request.user, self.kept(obj))
        return mine and super().has_delete_permission(request, obj)

    def history_view(self, request, object_id, extra_context=None):
        """Who changed what, which names rows that readers may not know of yet, is for its keepers."""
        found = self.get_object(request, unquote(object_id))
        if found and not permissions.keeps(request.user, self.kept(found)):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if issubclass(inline.formset, RefusingFormSet):
            kwargs["shows"] = permissions.may_show(request.user, self.kept(obj))
        if "queryset" in kwargs and not permissions.keeps(request.user, self.kept(obj)):
            kwargs["queryset"] = inline.known_to(request.user, kwargs["queryset"])
        return kwargs

    def who_may(self, obj):
        agreement = self.kept(obj)
        names = (
            ", ".join(map(str, Agency.objects.filter(pk__in=permissions.keepers(agreement)))) or "any agency"
        )
        if Agreement.objects.promised().filter(pk=agreement.pk).exists():
            return f"Readers see this record, or will, so an approver of {names} changes it."
        return f"This agreement is kept by {names}."


@admin.register(Agreement)
class AgreementAdmin(KeptAdmin, NamedAdmin):
    named_by = "agreements"
    list_display = ["title", "short_title", "instrument_type", "binding"]
    list_filter = ["instrument_type", "binding", UsedCountries]
    search_fields = ["title", "short_title", "slug", "acronyms", "former_titles"]
    autocomplete_fields = ["lead_agency"]
    formfield_overrides = FIELDS
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "title", ("short_title", "slug"), ("acronyms", "former_titles", "subjects"), ("instrument_type", "binding"),
                    "summary", "base",
                ]
            },
        ),
        (TERMS, {"fields": [("duration", "renewal", "expires_on"), ("depositary", "registration")]}),
        ("Who answers for it", {"fields": [("lead_agency", "source_url"), "contact"]}),
    ]  # fmt: skip
    inlines = [PartyInline, SignatoryInline, EventInline, TextInline, RelationInline, MentionInline]

    class Media:
        js = [forms.Script("releases/admin/search_names.js", type="module")]

    def get_fieldsets(self, request, obj=None):
        """Its terms are for its keepers until readers know them, all of them."""
        shown = super().get_fieldsets(request, obj)
        if obj is None or permissions.keeps(request.user, obj):
            return shown
        known = register.find_dossier(obj.slug, timezone.now(), timezone.localdate())
        told = known and known.settled and known.registration == obj.registration
        return shown if told else [part for part in shown if part[0] != TERMS]

    def get_readonly_fields(self, request, obj=None):
        """Its address stays."""
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields

    def has_delete_permission(self, request, obj=None):
        """A record that readers know of keeps its address; what is wrong in it is mended."""
        if (
            obj
            and not request.user.is_superuser
            and Agreement.objects.public(timezone.now()).filter(pk=obj.pk).exists()
        ):
            return False
        return super().has_delete_permission(request, obj)

    def save_related(self, request, form, formsets, change):
        """What was typed is kept; what contradicts itself is said at once."""
        super().save_related(request, form, formsets, change)
        for problem in register.find_problems(form.instance, permissions.agreements_for(request.user)):
            self.message_user(request, problem, messages.WARNING)


class ActionInline(PublicInline):
    model = PartyAction
    formset = ActionFormSet
    fields = [
        ("kind", "action_on", "effective_on"), "statement", ("release", "public_from"), ("source", "source_url"), "base",
    ]  # fmt: skip
    autocomplete_fields = ["release"]
    formfield_overrides = FIELDS


@admin.register(Party)
class PartyAdmin(KeptAdmin, RecordedAdmin):
    """A party with what it did to be bound; made, and taken out, in the record of its agreement."""

    list_display = ["__str__", "agreement", "kind"]
    list_filter = ["kind", UsedCountries]
    list_select_related = ["agreement", "agency"]
    search_fields = ["name", "country", "agency__slug", "agency__acronym", "agreement__title"]
    autocomplete_fields = ["agency"]
    readonly_fields = ["agreement"]
    inlines = [ActionInline]

    class Media:
        js = [forms.Script("releases/admin/search_names.js", type="module")]

    rows_for = staticmethod(permissions.parties_for)

    def kept(self, party):
        return party.agreement

    def has_add_permission(self, request):
        return False
