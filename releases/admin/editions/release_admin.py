"""The permanent record of a release at the desk: where readers find it, and its editions."""

from typing import Any, ClassVar, cast
from uuid import uuid4

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from releases.admin.base.authority import authority_of
from releases.admin.base.concurrency import MergingForm
from releases.admin.base.ledger_entries import RecordedAdmin
from releases.admin.base.permitted_choices import ChosenSelect
from releases.admin.base.titles import named
from releases.admin.editions.translations import find_translations
from releases.admin.editions.views import require_maker
from releases.content.text.languages import KNOWN_LANGUAGES
from releases.models import LedgerEntry, Mention, Release, Section
from releases.services.accounts.permissions import Authority, Right, is_approved
from releases.services.editing import translations
from releases.services.publishing import placement


class ReleaseForm(MergingForm):
    """Where readers find a release. Its translations are chosen by title. `authority` is that of who places it."""

    authority: Authority
    translation_of = forms.ModelChoiceField(
        Release.objects.all(),
        required=False,
        label="It is a translation of",
        help_text="Search by title. Readers of each can then choose the languages of all.",
    )
    is_apart = forms.BooleanField(
        required=False, label="Take it out of its translations", help_text="It stays as a release of its own."
    )

    class Meta:
        model = Release
        fields = ["section", "form", "pinned_until"]
        labels: ClassVar[Any] = {"form": "Type"}

    def clean_translation_of(self) -> Release | None:
        """One of another language than all that belong to it, whose pages may lead here."""
        chosen: Release | None = self.cleaned_data["translation_of"]
        if chosen and chosen.translation_group != self.instance.translation_group:
            if refusal := placement.why_not_join(self.instance, chosen, self.authority):
                raise ValidationError(refusal)
            used = translations.used_languages(chosen) & translations.used_languages(self.instance)
            if used:
                names = ", ".join(sorted(KNOWN_LANGUAGES.get(code, code) for code in used))
                raise ValidationError(f"That release is there in {names} already.")
        return chosen


@admin.register(Release)
class ReleaseAdmin(RecordedAdmin):
    """The permanent record; its text is in its editions."""

    form = ReleaseForm

    class Media:
        js: ClassVar[Any] = [forms.Script("releases/admin/search_names.js", type="module")]

    change_form_template = "admin/releases/release/change_form.html"
    listed = "release settings"
    list_display = ["title", "form", "section", "editions_link"]
    list_filter = ["section", "form"]
    list_select_related = ["section"]
    search_fields = ["newest_title", "newest_path", "source__path"]
    readonly_fields = ["title", "editions_link", "created_at"]
    fields = [
        "title",
        "section",
        "form",
        "translation_of",
        "is_apart",
        "pinned_until",
        "editions_link",
        "created_at",
        "base",
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Release | None = None) -> bool:
        """Everybody sees it; those of an agency that issues it change it, and what readers find an approver
        of the lead."""
        if obj is not None and not authority_of(request).may(Right.PLACE, obj):
            return False
        return super().has_change_permission(request, obj)

    def who_may(self, request: HttpRequest, obj: Release) -> str:
        return "Where readers find a release is changed by an approver of the agency that is its lead."

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Another release is searched among those that who asks may see."""
        form: Any = type(
            "PlacedForm", (super().get_form(request, *args, **kwargs),), {"authority": authority_of(request)}
        )
        if choice := form.base_fields.get("translation_of"):
            choice.queryset = authority_of(request).scope(Release.objects.all(), "editions")
            choice.widget = ChosenSelect(Mention._meta.get_field("release"), self.admin_site)  # noqa: SLF001
            choice.widget.choices = choice.choices
        return form

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        context["title"] = "Release settings"
        if obj:
            found = context["translations"] = find_translations(obj, authority_of(request))
            for _, options in [] if found else context["adminform"].fieldsets:
                options["fields"] = [name for name in options["fields"] if name != "is_apart"]
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def save_row(self, request: HttpRequest, obj: Release, form: Any, change: bool) -> None:
        group = obj.translation_group
        if form.cleaned_data.get("is_apart"):
            obj.translation_group = uuid4()
        if chosen := form.cleaned_data.get("translation_of"):
            obj.translation_group = chosen.translation_group
        super().save_row(request, obj, form, change)
        if "section" in form.changed_data:
            before = Section.objects.get(pk=form.initial["section"])
            placement.record_move(obj, before, actor=cast(User, request.user), at=timezone.now())
        if obj.translation_group != group:
            placement.tell_regrouped(obj, group, actor=cast(User, request.user), at=timezone.now())

    def has_delete_permission(self, request: HttpRequest, obj: Release | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Release | None = None) -> list[str]:
        """What was approved as a text does not become a link; what nobody approved is not in focus."""
        approved = obj and is_approved(authority_of(request), obj)
        return [*self.readonly_fields, "form" if approved else "pinned_until"]

    def entries_of(self, obj: Release) -> QuerySet[LedgerEntry]:
        return obj.ledger.select_related("actor").order_by("-pk")

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return require_maker(request, super().history_view(request, object_id, extra_context), "release")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Release]:
        """Listed, sorted and searched by the newest edition that somebody may see: a hidden one shows in
        nothing."""
        seen = authority_of(request).editions
        newer = seen.filter(release=OuterRef("pk"), number__gt=OuterRef("newest_number"))
        found: QuerySet[Any] = Release.objects.filter(editions__isnull=False).annotate(
            newest=F("editions"),
            newest_number=F("editions__number"),
            newest_title=F("editions__title"),
            newest_path=F("editions__address__path"),
            newest_language=F("editions__language"),
            newest_date=F("editions__release_date"),
        )
        found = found.filter(~Exists(newer))
        if not authority_of(request).has_all:
            found = found.filter(newest__in=seen.values("pk"))
        return named(found.order_by("-newest_date", "-editions__release"))

    @admin.display(ordering="newest_title")
    def title(self, release: Any) -> str:
        return str(release.newest_title)

    @admin.display(description="Versions")
    def editions_link(self, release: Release) -> str:
        url = reverse("admin:releases_edition_changelist")
        return format_html(
            '<a href="{}?release__id__exact={}&amp;versions=all">See its versions</a>', url, release.pk
        )
