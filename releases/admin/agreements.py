from django.contrib import admin, messages
from django.db import models

from releases.models import (
    Agreement,
    AgreementEvent,
    AgreementText,
    Mention,
    Party,
    PartyAction,
    Relation,
    Signatory,
)
from releases.services import agreements


class PartyInline(admin.StackedInline):
    model = Party
    extra = 0


class SignatoryInline(admin.StackedInline):
    model = Signatory
    extra = 0

    def formfield_for_foreignkey(self, field, request, **options):
        """Only the agreement's own parties can be signed for."""
        found = super().formfield_for_foreignkey(field, request, **options)
        if field.name == "party":
            found.queryset = Party.objects.filter(agreement=request.resolver_match.kwargs.get("object_id"))
        return found


class EventInline(admin.StackedInline):
    model = AgreementEvent
    extra = 0
    raw_id_fields = ["release"]


class TextInline(admin.StackedInline):
    model = AgreementText
    extra = 0
    raw_id_fields = ["blob"]


class MentionInline(admin.StackedInline):
    model = Mention
    extra = 0
    raw_id_fields = ["release"]


class RelationInline(admin.StackedInline):
    model = Relation
    fk_name = "agreement"
    extra = 0


@admin.register(Agreement)
class AgreementAdmin(admin.ModelAdmin):
    list_display = ["title", "short_title", "instrument_type", "binding"]
    list_filter = ["instrument_type", "binding", "parties__country"]
    search_fields = ["title", "short_title", "slug", "acronyms", "former_titles"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    inlines = [PartyInline, SignatoryInline, EventInline, TextInline, RelationInline, MentionInline]

    class Media:
        css = {"all": ["releases/admin.css"]}

    def save_related(self, request, form, formsets, change):
        """What was typed is kept; what contradicts itself is said at once."""
        super().save_related(request, form, formsets, change)
        for problem in agreements.problems(form.instance):
            self.message_user(request, problem, messages.WARNING)


class ActionInline(admin.StackedInline):
    model = PartyAction
    extra = 0


@admin.register(Party)
class PartyAdmin(admin.ModelAdmin):
    """A party with what it did to be bound."""

    list_display = ["__str__", "agreement", "kind"]
    list_filter = ["kind", "country"]
    list_select_related = ["agreement"]
    search_fields = ["name", "country", "agreement__title"]
    inlines = [ActionInline]
