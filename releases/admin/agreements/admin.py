"""The desk's pages of agreements."""

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django_countries import countries

from releases.admin.base.authority import authority_of
from releases.admin.base.concurrency import MergingForm, MergingFormSet, MergingInline
from releases.admin.base.fields import TIMES, LinesField, LoadedChoiceField, StateField, UsedCountries
from releases.admin.base.fixed_slug import NamedAdmin
from releases.admin.base.ledger_entries import RecordedAdmin
from releases.admin.base.permitted_choices import relate
from releases.content.agreement_status import find_disorder, find_repeated_names, has_cycle
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
from releases.services.accounts.permissions import Authority, Right, is_public, is_public_or_scheduled
from releases.services.agreements import dossier, register
from releases.templatetags.desk_tags import compact_datetime
from releases.templatetags.format_tags import blob_facts

UNAPPROVED = (
    "Readers would see this without anybody's approval. Leave “public from” empty and name a release that is still a draft,"
    " or ask an approver to add it."
)
TERMS_HEADING = "Terms (shown after signing)"
LATER = ["later", "fold"]
"""A part of a form that is folded to a line below the rows."""
NAMES: Any = {
    "fields": ["title", ("short_title", "acronyms", "instrument_type", "binding"), "summary", "base"]
}
OTHER_NAMES: Any = {"fields": [("former_titles", "subjects", "slug")], "classes": LATER}
TERMS: Any = {
    "fields": [("duration", "renewal", "expires_on"), ("depositary", "registration")],
    "classes": LATER,
}
ANSWERS: Any = {"fields": [("lead_agency", "source_url"), "contact"], "classes": LATER}
FIELDS: Any = {
    **TIMES,
    models.URLField: {"assume_scheme": "https"},
    models.TextField: {"widget": forms.Textarea(attrs={"rows": 2, "cols": 60})},
    models.JSONField: {"form_class": LinesField},
}


class RefusingFormSet(MergingFormSet):
    """Rows that together say what no agreement can have are refused above them, as they were typed.

    `shows`: whether who sends them may make something public that no approval is still to come for.
    """

    def __init__(self, *args: Any, shows: bool = True, **kwargs: Any) -> None:
        self.shows = shows
        super().__init__(*args, **kwargs)

    def problems(self, rows: list[forms.ModelForm[Any]]) -> list[str]:
        """Sentences on what is wrong with the `rows` that stay, which are valid one by one."""
        return []

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        rows = [form for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        found = self.problems(rows)
        if not self.shows and any(map(_is_dated, rows)):
            found = [*found, UNAPPROVED]
        if found:
            raise ValidationError(found)


def _is_dated(form: forms.ModelForm[Any]) -> bool:
    """Whether readers will see the row without an approval that is still to come."""
    release = form.cleaned_data.get("release")
    approved = release and release.editions.filter(state=Edition.State.APPROVED).exists()
    return bool(form.cleaned_data.get("public_from") or approved)


class EventFormSet(RefusingFormSet):
    def add_fields(self, form: forms.ModelForm[Any], index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["date"].error_messages["required"] = "An event needs its date."

    def problems(self, rows: list[forms.ModelForm[Any]]) -> list[str]:
        return find_disorder((form.cleaned_data["kind"], form.cleaned_data["date"]) for form in rows)


class PartyFormSet(RefusingFormSet):
    def get_unique_error_message(self, unique_check: Sequence[str]) -> str:
        return "An agency can be a party only once."

    def problems(self, rows: list[forms.ModelForm[Any]]) -> list[str]:
        return find_repeated_names(str(form.instance) for form in rows)


class RelationFormSet(RefusingFormSet):
    def problems(self, rows: list[forms.ModelForm[Any]]) -> list[str]:
        mine = self.instance.pk
        others = [form.cleaned_data["other"].pk for form in rows if form.cleaned_data["kind"] != "related"]
        pairs = [*register.list_relation_pairs(without=mine), *((mine, other) for other in others)]
        itself = any(form.cleaned_data["other"].pk == mine for form in rows)
        return [register.LOOP] if mine and (itself or has_cycle(mine, pairs)) else []


class ActionFormSet(RefusingFormSet):
    def problems(self, rows: list[forms.ModelForm[Any]]) -> list[str]:
        ratified = any(form.cleaned_data["kind"] in register.RATIFIED for form in rows)
        if (
            not ratified
            or not self.instance.agreement_id
            or register.may_be_ratified(self.instance.agreement)
        ):
            return []
        return [register.NO_RATIFICATIONS]


class AgreementForm(MergingForm):
    class Meta:
        model = Agreement
        fields = ["instrument_type", "slug"]
        labels: ClassVar[Any] = {"instrument_type": "Type", "slug": "Web address"}


class PartyForm(MergingForm):
    country = StateField(required=False, label="State", help_text="Of a foreign agency: its state.")

    class Meta:
        model = Party
        fields = ["kind", "position", "agency", "name"]
        labels: ClassVar[Any] = {"kind": "Type", "position": "Order"}
        help_texts: ClassVar[Any] = {
            "agency": "One that is known here. Readers see its name of the day of signing.",
            "name": "Of an organisation, or of another agency.",
        }


class RowInline(MergingInline):
    """Rows of one line, which unfold to be changed."""

    template = "admin/form/_parts.html"
    folds = "Change"

    def name_row(self, row: Any) -> str:
        return str(row)


class PublicInline(RowInline):
    """Rows that the public knows of from an instant of their own."""

    def known_to(self, authority: Authority, rows: Any) -> Any:
        return rows.public(authority.at)


class PartyInline(PublicInline):
    model = Party
    form = PartyForm
    formset = PartyFormSet
    fields = [("kind", "country", "agency", "name", "position"), "base"]
    autocomplete_fields = ["agency"]

    def get_extra(self, request: HttpRequest, obj: Agreement | None = None, **kwargs: Any) -> int:
        """Nobody looks for a button to name the first two."""
        return 0 if obj else 2

    def get_queryset(self, request: HttpRequest) -> QuerySet[Party]:
        return super().get_queryset(request).select_related("agency").prefetch_related("agency__names")

    def describe_row(self, party: Party) -> str:
        return "" if party.kind == Party.Kind.STATE else party.get_kind_display()


class SignatoryInline(RowInline):
    model = Signatory
    fields = [("person", "office", "party"), "base"]

    def known_to(self, authority: Authority, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(pk__in=register.public_signatories(authority.at).values("pk"))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Only the agreement's own parties can be signed for."""
        if db_field.name != "party":
            return super().formfield_for_foreignkey(db_field, request, **options)
        agreement = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
        parties = Party.objects.filter(agreement=agreement).select_related("agency")
        options |= {"form_class": LoadedChoiceField, "queryset": parties.prefetch_related("agency__names")}
        return super().formfield_for_foreignkey(db_field, request, **options)

    def describe_row(self, signatory: Signatory) -> str:
        """Their office, and for whom they signed."""
        whom = f"for {signatory.party}" if signatory.party else ""
        return ", ".join(filter(None, (signatory.office, whom)))


def describe_evidence(row: Any) -> str:
    """From when readers know of a row, as a tag where they never will."""
    if row.release:
        return f"public with “{row.release}”"
    if row.public_from:
        return f"public from {compact_datetime(row.public_from)}"
    return format_html('<span class="tag">{}</span>', "hidden from readers")


class EventInline(PublicInline):
    model = AgreementEvent
    formset = EventFormSet
    verbose_name = "event"
    verbose_name_plural = "events"
    fields = [
        ("kind", "date", "place"),
        ("release", "public_from"),
        ("source", "source_url"),
        "note",
        "base",
    ]
    autocomplete_fields = ["release"]
    formfield_overrides = FIELDS

    def describe_row(self, event: AgreementEvent) -> str:
        told = format_html("{}{}", f"{event.place} · " if event.place else "", describe_evidence(event))
        return format_html("<span>{}</span>", told)


class TextInline(RowInline):
    model = AgreementText
    verbose_name = "text"
    verbose_name_plural = "texts"
    fields = [("kind", "language", "blob"), "base"]
    autocomplete_fields = ["blob"]

    def known_to(self, authority: Authority, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(blob__in=Annex.objects.live(authority.at).values("blob"))

    def describe_row(self, text: AgreementText) -> str:
        return blob_facts(text.blob)


class MentionInline(RowInline):
    model = Mention
    formset = RefusingFormSet
    fields = ["release", "base"]
    verbose_name = "release about it"
    verbose_name_plural = "releases about it"
    autocomplete_fields = ["release"]

    def known_to(self, authority: Authority, rows: QuerySet[Any]) -> QuerySet[Any]:
        return authority.scope(rows, "release__editions")

    def name_row(self, row: Mention) -> str:
        return str(row.release)


class RelationInline(RowInline):
    model = Relation
    formset = RelationFormSet
    verbose_name = "related agreement"
    verbose_name_plural = "related agreements"
    fields = [("kind", "other"), "base"]
    fk_name = "agreement"
    autocomplete_fields = ["other"]

    def known_to(self, authority: Authority, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(other__in=authority.agreements.values("pk"))


class Ownership(NamedTuple):
    """The rows of a table that somebody may know of, and the agreement whose owners change a row."""

    visible_rows: Callable[[Authority], QuerySet[Any]]
    agreement_of: Callable[[Any], Agreement]


class OwnedAdmin(RecordedAdmin):
    """Changed by the people of its owners, and by approvers among them once readers will see it.

    Others read of it what readers know; where they know nothing of it yet, it is not there for them.
    """

    change_form_template = "admin/releases/agreement/record_form.html"
    ownership: Ownership

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        seen = self.ownership.visible_rows(authority_of(request))
        return super().get_queryset(request).filter(pk__in=seen.values("pk"))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_change(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_change(request, obj) and super().has_delete_permission(request, obj)

    def _may_change(self, request: HttpRequest, obj: Any) -> bool:
        return obj is None or authority_of(request).may(Right.CHANGE, self.ownership.agreement_of(obj))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who changed what, which names rows that readers may not know of yet, is for its owners."""
        response = super().history_view(request, object_id, extra_context)
        found = getattr(response, "context_data", {}).get("object")
        if found and not authority_of(request).may(Right.OWN, self.ownership.agreement_of(found)):
            raise PermissionDenied
        return response

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        authority, agreement = authority_of(request), self.ownership.agreement_of(obj)
        if issubclass(inline.formset, RefusingFormSet):
            kwargs["shows"] = authority.may(Right.PUBLISH, agreement)
        if "queryset" in kwargs and not authority.may(Right.OWN, agreement):
            kwargs["queryset"] = inline.known_to(authority, kwargs["queryset"])
        return kwargs

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """With whether readers know of it, and the states that a party may be."""
        context |= {"title": str(obj) if obj else f"New {self.opts.verbose_name}", "states": countries}
        if obj and is_public(authority_of(request), agreement := self.ownership.agreement_of(obj)):
            context["public_page"] = reverse("agreement", args=[agreement.slug])
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def who_may(self, request: HttpRequest, obj: Any) -> str:
        authority, agreement = authority_of(request), self.ownership.agreement_of(obj)
        agencies = Agency.objects.filter(pk__in=authority.owners(agreement))
        names = ", ".join(map(str, agencies)) or "any agency"
        if is_public_or_scheduled(authority, agreement):
            return f"Readers see this record, or will, so an approver of {names} changes it."
        return f"This agreement is kept by {names}."


@admin.register(Agreement)
class AgreementAdmin(OwnedAdmin, NamedAdmin):
    ownership = Ownership(attrgetter("agreements"), lambda agreement: agreement)
    form = AgreementForm
    named_by = "agreements"
    list_display = ["title", "short_title", "instrument_type", "binding"]
    list_filter = ["instrument_type", "binding", UsedCountries]
    search_fields = ["title", "short_title", "slug", "acronyms", "former_titles"]
    autocomplete_fields = ["lead_agency"]
    formfield_overrides = FIELDS
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [
        ("Title", NAMES),
        ("Other names", OTHER_NAMES),
        (TERMS_HEADING, TERMS),
        ("Responsible", ANSWERS),
    ]
    inlines = [PartyInline, SignatoryInline, EventInline, MentionInline, RelationInline, TextInline]

    class Media:
        js = [forms.Script("releases/admin/search_names.js", type="module")]

    def get_fieldsets(self, request: HttpRequest, obj: Agreement | None = None) -> list[Any]:
        """Its terms are for its owners until readers know them, all of them."""
        shown = list(super().get_fieldsets(request, obj))
        authority = authority_of(request)
        if obj is None or authority.may(Right.OWN, obj):
            return shown
        known = dossier.find_dossier(obj.slug, authority.at, timezone.localdate(authority.at))
        told = known and known.settled and known.registration == obj.registration
        return shown if told else [part for part in shown if part[0] != TERMS_HEADING]

    def get_readonly_fields(self, request: HttpRequest, obj: Agreement | None = None) -> list[str]:
        """Its address stays."""
        return ["slug"] if obj else []

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Agreement | None = None
    ) -> dict[str, Sequence[str]]:
        return {} if obj else self.prepopulated_fields

    def has_delete_permission(self, request: HttpRequest, obj: Agreement | None = None) -> bool:
        """A record that readers know of keeps its address; what is wrong in it is mended."""
        authority = authority_of(request)
        if obj and not authority.has_all and is_public(authority, obj):
            return False
        return super().has_delete_permission(request, obj)

    def _create_formsets(self, request: HttpRequest, obj: Agreement, change: bool) -> tuple[Any, Any]:
        """Who may be signed for are the parties that the form shows, which are at hand."""
        formsets, inlines = super()._create_formsets(request, obj, change)
        by_model = {formset.model: formset for formset in formsets if not formset.is_bound}
        if Party in by_model and Signatory in by_model:
            parties = [form.instance for form in by_model[Party].initial_forms]
            if choice := by_model[Signatory].form.base_fields.get("party"):
                choice.share(parties)
            known = {party.pk: party for party in parties}
            for form in by_model[Signatory].initial_forms:
                relate(form.instance, "party", known.get(form.instance.party_id))
        return formsets, inlines

    def save_related(
        self, request: HttpRequest, form: Any, formsets: Iterable[MergingFormSet], change: bool
    ) -> None:
        """What was typed is kept; what contradicts itself is said at once."""
        super().save_related(request, form, formsets, change)
        authority = authority_of(request)
        authority.forget_rows()
        for problem in register.find_problems(form.instance, authority.agreements):
            self.message_user(request, problem, messages.WARNING)


class ActionInline(PublicInline):
    model = PartyAction
    formset = ActionFormSet
    verbose_name = "action"
    verbose_name_plural = "what it did"
    fields = [
        ("kind", "action_on", "effective_on"),
        ("release", "public_from"),
        ("source", "source_url"),
        "statement",
        "base",
    ]
    autocomplete_fields = ["release"]
    formfield_overrides = FIELDS

    def describe_row(self, action: PartyAction) -> str:
        return describe_evidence(action)


@admin.register(Party)
class PartyAdmin(OwnedAdmin):
    """A party with what it did to be bound; made, and taken out, in the record of its agreement."""

    ownership = Ownership(attrgetter("parties"), attrgetter("agreement"))
    form = PartyForm
    fieldsets = [
        ("Party", {"fields": ["agreement", ("kind", "country", "agency", "name", "position"), "base"]})
    ]
    list_display = ["__str__", "agreement", "kind"]
    list_filter = ["kind", UsedCountries]
    list_select_related = ["agreement", "agency"]
    search_fields = ["name", "country", "agency__slug", "agency__acronym", "agreement__title"]
    autocomplete_fields = ["agency"]
    readonly_fields = ["agreement"]
    inlines = [ActionInline]

    class Media:
        js = [forms.Script("releases/admin/search_names.js", type="module")]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Party]:
        found = super().get_queryset(request).select_related("agreement", "agency")
        return found.prefetch_related("agency__names")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
