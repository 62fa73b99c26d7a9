"""The desk's page of the newsroom: what its office says of itself on every page."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from releases.admin.base.authority import authority_of
from releases.admin.base.concurrency import MergingForm
from releases.admin.base.ledger_entries import RecordedAdmin
from releases.content.markdown import BodyRefused, render
from releases.content.text.colours import ColourRefused, find_shades, read_colour
from releases.models import Agency, Membership, Newsroom
from releases.services.website.newsroom import TEXTS, find_newsroom, read_footer_link


class NewsroomForm(MergingForm):
    licence_url = forms.URLField(
        label="Address of the licence", required=False, max_length=400, assume_scheme="https"
    )

    class Meta:
        model = Newsroom
        fields = "__all__"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in TEXTS:
            try:
                render(cleaned.get(name) or "")
            except BodyRefused as error:
                self.add_error(name, str(error))
        return cleaned

    def clean_colour(self) -> str:
        typed: str = self.cleaned_data["colour"]
        if not typed:
            return ""
        try:
            colour = read_colour(typed)
            find_shades(colour)
        except ColourRefused as error:
            raise ValidationError(str(error)) from error
        return colour

    def clean_security_contact(self) -> str:
        typed: str = self.cleaned_data["security_contact"]
        if typed and not typed.startswith("https://"):
            validate_email(typed)
        return typed

    def clean_footer_links(self) -> str:
        lines = [line.strip() for line in self.cleaned_data["footer_links"].splitlines() if line.strip()]
        for line in lines:
            try:
                read_footer_link(line)
            except ValueError:
                raise ValidationError(
                    f"“{line}” needs words and then an address that begins with https:// or, on this site, with /."
                ) from None
        return "\n".join(lines)


@admin.register(Newsroom)
class NewsroomAdmin(RecordedAdmin):
    """One row: its list leads to its form. Changed by administrators of the office that owns the site."""

    form = NewsroomForm
    fieldsets = [
        (None, {"fields": ["name", "line", "colour", "official_note"]}),
        ("Contact", {"fields": ["email", "phone", "contact", "security_contact"]}),
        ("Pages of its own", {"fields": ["about", "privacy", "terms", "licence", "licence_url"]}),
        ("At the foot of every page", {"fields": ["footer_links", "base"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Newsroom | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Newsroom | None = None) -> bool:
        authority = authority_of(request)
        if authority.has_all:
            return True
        known = vars(request).setdefault("newsroom_owner", {})
        if settings.SITE_AGENCY and not known:
            owner = Agency.objects.filter(slug=settings.SITE_AGENCY).values_list("pk", flat=True).first()
            known["key"] = owner
        administered = authority.agencies(Membership.Role.ADMINISTRATOR)
        return bool(administered if known.get("key") is None else known["key"] in administered)

    def who_may(self, request: HttpRequest, obj: Newsroom) -> str:
        return "What the newsroom says of itself is changed by an administrator of the agency that owns the site."

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:releases_newsroom_change", args=[find_newsroom().pk]))
