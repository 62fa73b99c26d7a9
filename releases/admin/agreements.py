from django.contrib import admin, messages
from django.db import models
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html_join

from releases.models import (
    Agreement,
    AgreementEvent,
    AgreementText,
    Mention,
    Party,
    PartyAction,
    Relation,
    Signatory,
    Suggestion,
)
from releases.services import agreements, suggesting


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


@admin.register(Suggestion)
class SuggestionAdmin(admin.ModelAdmin):
    """The queue: what releases seem to say, with the sentence; accepted or dismissed in one click each."""

    list_display = ["what", "sentence", "released", "rule", "state", "decide"]
    list_filter = ["state", "rule", "event_kind", "agreement"]
    list_select_related = ["agreement", "release"]
    search_fields = ["title", "acronym", "sentence", "agreement__title"]
    fields = [
        "release",
        "rule",
        "title",
        "acronym",
        "event_kind",
        "event_date",
        "sentence",
        "agreement",
        "state",
    ]
    readonly_fields = ["release", "rule", "title", "acronym", "event_kind", "event_date", "sentence", "state"]
    ordering = ["-state", "-release", "rule"]
    actions = ["accept_chosen", "dismiss_chosen"]

    class Media:
        css = {"all": ["releases/admin.css"]}

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="Suggestion")
    def what(self, suggestion):
        return str(suggestion)

    @admin.display(description="Released", ordering="release")
    def released(self, suggestion):
        edition = suggestion.release.editions.order_by("-number").first()
        return edition.release_date if edition else ""

    @admin.display(description="Decide")
    def decide(self, suggestion):
        if suggestion.state != Suggestion.State.OPEN:
            return ""
        buttons = (
            (name, reverse("admin:releases_suggestion_decide", args=[suggestion.pk, name]))
            for name in DECISIONS
        )
        return format_html_join(
            " ", '<button type="submit" class="decide" formmethod="post" formaction="{1}">{0}</button>',
            ((name.capitalize(), url) for name, url in buttons),
        )  # fmt: skip

    def get_urls(self):
        view = self.admin_site.admin_view(self.decide_view)
        return [path("<int:pk>/<slug:name>/", view, name="releases_suggestion_decide"), *super().get_urls()]

    def decide_view(self, request, pk, name):
        back = HttpResponseRedirect(reverse("admin:releases_suggestion_changelist") + "?state__exact=open")
        if request.method != "POST" or name not in DECISIONS or not self.has_change_permission(request):
            self.message_user(request, "That can't be done.", messages.ERROR)
            return back
        suggestion = get_object_or_404(Suggestion, pk=pk)
        self._decide(request, [suggestion], name)
        return back

    @admin.action(description="Accept what is chosen")
    def accept_chosen(self, request, queryset):
        self._decide(request, queryset, "accept")

    @admin.action(description="Dismiss what is chosen")
    def dismiss_chosen(self, request, queryset):
        self._decide(request, queryset, "dismiss")

    def _decide(self, request, suggestions, name):
        chosen = [one for one in suggestions if one.state == Suggestion.State.OPEN]
        for suggestion in chosen:
            DECISIONS[name](suggestion, actor=request.user, at=timezone.now())
        self.message_user(request, f"{name.capitalize()}ed: {len(chosen)}.", messages.SUCCESS)


DECISIONS = {"accept": suggesting.accept, "dismiss": suggesting.dismiss}
