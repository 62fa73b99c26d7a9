"""The desk's page of the newsroom: what its office says of itself on every page."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminFileWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from releases.admin.base.authority import authority_of
from releases.admin.base.concurrency import MergingForm
from releases.admin.base.kept_files import OF_THE_NEWSROOM, KeptFile, read_signed_files, sign_files
from releases.admin.base.ledger_entries import RecordedAdmin
from releases.content.markdown import BodyRefused, render
from releases.content.text.colours import ColourRefused, find_shades, read_colour
from releases.models import Agency, Blob, Membership, Newsroom
from releases.services.files.images import PictureRefused
from releases.services.files.logos import LARGEST, CleanedPicture, store_logo, store_social_picture
from releases.services.files.virus_scans import explain_hold
from releases.services.website.newsroom import (
    PICTURES,
    TEXTS,
    find_newsroom,
    locate_picture,
    read_footer_link,
)

LOOKS: Any = ["new_logo", "new_logo_dark", "logo_says_name", "new_social_picture", "colour"]
MEANWHILE = "Somebody else put another picture here meanwhile; it is shown above. Save again to put yours in its place."


class ShownPicture:
    """What the desk shows of a picture of the newsroom that is stored; a virus scanner may hold it yet."""

    def __init__(self, name: str, blob: Blob) -> None:
        self.name = name
        self.blob = blob
        self.url = locate_picture(blob.pk, blob.media_type)

    def __str__(self) -> str:
        return self.__html__()

    def __html__(self) -> SafeString:
        if held := explain_hold(self.blob, "The picture"):
            return format_html("{}", held)
        shown = '<img class="own-picture {}" src="{}" alt="The picture as it is">'
        return format_html(shown, self.name, self.url)


class PictureInput(AdminFileWidget):
    initial_text = "Now"
    input_text = "Another"
    clear_checkbox_label = "Take it out"


class PictureField(forms.FileField):
    """One picture of the newsroom. Its value is a CleanedPicture of what was brought, False where the picture is to
    be taken out, else what it was."""

    widget = PictureInput

    def __init__(self, store: Callable[[Any], CleanedPicture], **options: Any) -> None:
        super().__init__(required=False, allow_empty_file=True, **options)
        self.store = store

    def clean(self, data: Any, initial: Any = None) -> Any:
        brought = super().clean(data, initial)
        if not isinstance(brought, UploadedFile):
            return brought
        try:
            picture = self.store(brought)
        except PictureRefused as error:
            raise ValidationError(str(error)) from error
        if picture.blob.scan == Blob.Scan.INFECTED:
            raise ValidationError(explain_hold(picture.blob, str(brought.name)))
        return picture


class NewsroomForm(MergingForm):
    """A picture that was chosen stays chosen when the form comes back with an error. `told` says what became of
    those that were brought."""

    new_logo = PictureField(
        store_logo,
        label="Logo",
        help_text=f"PNG, WebP or SVG, {LARGEST // 1000} kB at most. Pages show it 48 pixels high, at the top. SVG is the sharpest.",
    )
    new_logo_dark = PictureField(
        store_logo,
        label="Logo for dark screens",
        help_text="For readers whose screens are dark. Empty: the other one, on a light ground.",
    )
    new_social_picture = PictureField(
        store_social_picture,
        label="Picture for sharing",
        help_text="Shown where a page without a picture of its own is shared. At least 1200 × 630 pixels; the middle is kept.",
    )
    kept = forms.CharField(widget=forms.HiddenInput, required=False)
    licence_url = forms.URLField(
        label="Address of the licence", required=False, max_length=400, assume_scheme="https"
    )

    class Meta:
        model = Newsroom
        exclude = PICTURES

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.told: list[str] = []
        for name in PICTURES:
            if blob := getattr(self.instance, name):
                self.initial[f"new_{name}"] = ShownPicture(name, blob)

    def db_values(self) -> dict[str, str]:
        """The pictures too, which nobody merges: whoever would put one over somebody else's is asked first."""
        held = {name: getattr(self.instance, f"{name}_id") or "" for name in PICTURES}
        return super().db_values() | held

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._take_pictures(cleaned)
        for name in TEXTS:
            try:
                render(cleaned.get(name) or "")
            except BodyRefused as error:
                self.add_error(name, str(error))
        return cleaned

    def _take_pictures(self, cleaned: dict[str, Any]) -> None:
        """Those that were brought, now or in an earlier, refused save."""
        signed = read_signed_files(cleaned.get("kept", ""), OF_THE_NEWSROOM)
        kept = {file.name: file.blob for file in signed}
        for name in PICTURES:
            brought = cleaned.get(f"new_{name}")
            if isinstance(brought, CleanedPicture):
                kept[name] = brought.blob
                self.told += [brought.told] if brought.told else []
            if brought is False:
                kept.pop(name, None)
            if brought is False or name in kept:
                self._replace_picture(name, kept.get(name))
        self.change_data(kept=sign_files(map(KeptFile, kept.values(), kept), OF_THE_NEWSROOM))

    def _replace_picture(self, name: str, blob: Blob | None) -> None:
        if blob:
            shown = self[f"new_{name}"]
            shown.help_text = "A picture is chosen and not saved yet. Choose again only to take another one."
        if name in self.merge.theirs:
            self.rebase(**{name: self.merge.theirs[name]})
            self.add_error(f"new_{name}", MEANWHILE)
        setattr(self.instance, name, blob)

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
        (None, {"fields": ["name", "line", "official_note"]}),
        ("How it looks", {"fields": LOOKS}),
        ("Contact", {"fields": ["email", "phone", "contact", "security_contact"]}),
        ("Pages of its own", {"fields": ["about", "privacy", "terms", "licence", "licence_url"]}),
        ("At the foot of every page", {"fields": ["footer_links", "base", "kept"]}),
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
            known["key"] = owner or 0  # no agency is called so: nobody administers it
        administered = authority.agencies(Membership.Role.ADMINISTRATOR)
        return bool(administered if known.get("key") is None else known["key"] in administered)

    def save_model(self, request: HttpRequest, obj: Newsroom, form: NewsroomForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        for words in form.told:
            messages.info(request, words)

    def who_may(self, request: HttpRequest, obj: Newsroom) -> str:
        return "What the newsroom says of itself is changed by an administrator of the agency that owns the site."

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:releases_newsroom_change", args=[find_newsroom().pk]))
