import json
from urllib.parse import urlencode
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from markdownx.fields import MarkdownxFormField
from markdownx.widgets import MarkdownxWidget

from releases.admin.base.concurrency import MergingForm, read_base
from releases.content.files import media_types
from releases.content.markdown import RENDERER_VERSION, BodyRefused, render
from releases.content.text import permalinks
from releases.models import Address, Annex, Edition, Issuer, Release, Section
from releases.services.editing import drafts
from releases.services.editing.pasting import free_permalink
from releases.services.files import images
from releases.services.files.storage import renew_blobs, store_bytes

LARGEST_BODY = 300_000
NAMES = ("label", "title")


class LocalTime(forms.DateTimeInput):
    """One field for day and time, in the newsroom's zone."""

    input_type = "datetime-local"

    def __init__(self, attrs=None):
        super().__init__(format="%Y-%m-%dT%H:%M", attrs=attrs)


class LocalTimeField(forms.DateTimeField):
    def __init__(self, **options):
        zone = timezone.get_current_timezone_name()
        help_text = f"{options.pop('help_text', '')} In the newsroom's time ({zone}).".strip()
        super().__init__(
            widget=LocalTime({"data-sentence": zone}), input_formats=["%Y-%m-%dT%H:%M"], help_text=help_text, **options
        )  # fmt: skip


class BodyInput(MarkdownxWidget):
    """Asks for a preview in the language of the release, in which runs of other scripts are marked."""

    language = "en"

    def add_markdownx_attrs(self, attrs):
        url = f"{settings.MARKDOWNX_URLS_PATH}?{urlencode({'language': self.language})}"
        return super().add_markdownx_attrs(attrs) | {"data-markdownx-urls-path": url}


class SizedInput(forms.FileInput):
    """Tells the page how large a file may be, so that nobody uploads one in vain."""

    def get_context(self, name, value, attrs):
        sizes = {"data-largest": settings.LARGEST_FILE, "data-together": settings.FILES_TOGETHER}
        return super().get_context(name, value, {**(attrs or {}), **sizes})


class FilesInput(SizedInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, as a list."""

    widget = FilesInput

    def clean(self, data, initial=None):
        files = [super(FilesField, self).clean(file, initial) for file in data or [] if file]
        if (size := sum(file.size for file in files)) > settings.FILES_TOGETHER:
            raise ValidationError(
                f"These files have {size:,} bytes together; {settings.FILES_TOGETHER:,} are sent at once. Choose some of them,"
                " save, then add the others."
            )
        return files


def accepted(file):
    """(blob, name) of an uploaded file that may be an annex. Raises ValidationError in the editor's words."""
    if file.size > settings.LARGEST_FILE:
        raise ValidationError(f"{file.name} has {file.size:,} bytes; {settings.LARGEST_FILE:,} are allowed.")
    data = file.read()
    if problem := media_types.annex_problem(data, file.name):
        raise ValidationError(problem)
    file.seek(0)
    if file.name.lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".webp")):
        try:
            images.check_picture(file)
        except images.PictureRefused as error:
            raise ValidationError(f"{file.name}: {error}") from error
    return store_bytes(data, file.name), file.name


class EditionForm(MergingForm):
    """An edition as an editor types it; the text is rendered and cleaned here, before it is stored."""

    section = forms.ModelChoiceField(
        Section.objects.all(), required=False, help_text="Where the release is listed.",
        error_messages={"invalid_choice": "This section is there no more. Choose another one."},
    )  # fmt: skip
    kind = forms.ChoiceField(choices=Release.Kind.choices, required=False, initial=Release.Kind.TEXT)
    permalink = forms.CharField(
        required=False,
        max_length=1000,
        help_text="The address below the site's own. Leave it empty to make it of the section and the title.",
    )
    body = MarkdownxFormField(required=False, widget=BodyInput)
    new_annexes = FilesField(
        required=False, allow_empty_file=True, label="Annexes",
        help_text="Choose several at once; labels and titles come from the names of the files. PDF, office files, pictures, CSV or text.",
    )  # fmt: skip
    kept_annexes = forms.CharField(widget=forms.HiddenInput, required=False)
    opened = forms.UUIDField(widget=forms.HiddenInput, required=False)
    wanted_from = LocalTimeField(
        required=False, label="Publish at", help_text="Leave it empty to publish as soon as it is approved."
    )

    class Meta:
        model = Edition
        fields = [
            "title", "release_date", "summary", "body", "link_url", "language", "agreements", "awaited",
            "contacts", "change_class", "change_note", "wanted_from",
        ]  # fmt: skip
        widgets = {"release_date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].widget.language = self.instance.language
        self.blobs = []
        if not self.instance.pk:
            self.fields["release_date"].initial = timezone.localdate
            self.fields["opened"].initial = uuid4
        elif self.instance.release.editions.filter(state=Edition.State.APPROVED).exists():
            for name in ("section", "kind"):
                self.fields[name].disabled = True
            self.fields[
                "section"
            ].help_text = "It is public there; an approver moves it on the page of the release."
        self.fields["section"].required = not self.fields["section"].disabled

    def get_initial_for_field(self, field, field_name):
        """Three fields belong to the release and its address."""
        if self.instance.pk and field_name in ("permalink", "section", "kind"):
            release = self.instance.release
            values = {
                "permalink": self.instance.address.path,
                "section": release.section_id,
                "kind": release.kind,
            }
            return values[field_name]
        return super().get_initial_for_field(field, field_name)

    def clean_permalink(self):
        typed = self.cleaned_data["permalink"].strip() or self._permalink_of_title()
        if not typed:
            return ""
        try:
            path = permalinks.normalise(typed)
        except permalinks.PermalinkError as error:
            raise ValidationError(str(error)) from error
        taken = Address.objects.at(path).first()
        if taken and (not self.instance.pk or taken.release_id != self.instance.release_id):
            raise ValidationError("This address is taken. Choose another one.")
        return path

    def _permalink_of_title(self):
        key = str(self.data.get("section", ""))
        section = (
            Section.objects.select_related("address").filter(pk=key).first() if key.isdecimal() else None
        )
        return free_permalink(section, self.data.get("title", "")) if section else ""

    def clean_new_annexes(self):
        """Each file is checked and kept; those that were chosen before an error stay chosen."""
        self.blobs = _read_kept(self.data.get("kept_annexes", ""))
        problems = []
        for file in self.cleaned_data["new_annexes"]:
            try:
                self.blobs.append(accepted(file))
            except ValidationError as error:
                problems += error.messages
        if self.blobs:
            self.data = self.data.copy()
            self.data["kept_annexes"] = _keep(self.blobs)
            names = ", ".join(name for _, name in self.blobs)
            self["new_annexes"].help_text = f"Chosen: {names}. Choose more to add them."
        if problems:
            raise ValidationError(problems)
        return self.blobs

    def clean_body(self):
        body = self.cleaned_data["body"].replace("\r\n", "\n").replace("\x00", "")
        if (size := len(body.encode())) > LARGEST_BODY:
            raise ValidationError(f"The text has {size:,} bytes; {LARGEST_BODY:,} are allowed.")
        return body

    def clean_link_url(self):
        """A reader's browser follows it: only what is an address on the web."""
        url = self.cleaned_data["link_url"].strip()
        if url and "link_url" in self.changed_data:
            URLValidator(["http", "https"], message="Type a web address that begins with https://.")(url)
        return url

    def clean_wanted_from(self):
        wanted = self.cleaned_data["wanted_from"]
        if wanted and "wanted_from" in self.changed_data and wanted <= timezone.now():
            raise ValidationError("This time has passed. Choose a time to come, or leave it empty.")
        return wanted

    def clean_opened(self):
        """One form makes one release: Back and Save again leads to the first, and keeps what was typed since."""
        opened = self.cleaned_data["opened"]
        made = Edition.objects.filter(release__opened=opened).first() if opened else None
        if made and not self.instance.pk:
            url = reverse("admin:releases_edition_change", args=[made.pk])
            words = format_html(
                'You have saved this release already. <a href="{}">Open it</a> and go on there; what stands here is not saved.', url
            )  # fmt: skip
            self.add_error(None, words)
        return opened

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk:
            self.instance.lock_version += 1
        if "body" in cleaned:
            try:
                self.instance.body_html = render(cleaned["body"])
            except BodyRefused as error:
                self.add_error("body", str(error))
            self.instance.renderer_version = RENDERER_VERSION
        if not cleaned.get("permalink") and "permalink" not in self.errors:
            self.add_error(
                "permalink", "Type the address; it could not be made of the section and the title."
            )
        return cleaned


class PartForm(MergingForm):
    """A part with its place among its kind; those without a number follow in the order of the form."""

    position = forms.IntegerField(required=False, min_value=1, max_value=2_000, label="Order")

    def get_initial_for_field(self, field, field_name):
        if field_name == "position" and self.instance.pk:
            return self.instance.position
        return super().get_initial_for_field(field, field_name)

    def _get_validation_exclusions(self):
        """Two may be typed the same place; all get theirs anew when they are saved."""
        return super()._get_validation_exclusions() | {"position"}


class IssuerForm(PartForm):
    class Meta:
        model = Issuer
        fields = ["agency"]
        error_messages = {
            "agency": {"invalid_choice": "This agency is no longer active here. Choose another one."}
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        chosen = self.fields["agency"].queryset
        self.fields["agency"].queryset = chosen.filter(Q(is_active=True) | Q(pk=self.instance.agency_id))


class AnnexForm(PartForm):
    """A file with its names. A file that was chosen stays chosen when the form comes back with an error."""

    file = forms.FileField(
        required=False,
        allow_empty_file=True,
        widget=SizedInput,
        help_text="PDF, office files, pictures, CSV or text.",
    )
    kept = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Annex
        fields = ["file", "label", "title", "language"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.fields["base"].initial = json.dumps({name: self.initial.get(name, "") for name in NAMES})

    def has_changed(self):
        """A row for an annex whose file is still to come may be left as it was when the form was opened, or emptied."""
        if (
            self.instance.pk
            or self.files.get(self.add_prefix("file"))
            or self.data.get(self.add_prefix("kept"))
        ):
            return super().has_changed()
        opened = read_base(self.data.get(self.add_prefix("base"))) or {}
        names = [self.data.get(self.add_prefix(name), "").strip() for name in NAMES]
        return names not in (["", ""], [opened.get(name, self.initial.get(name, "")) for name in NAMES])

    def stored(self):
        return super().stored() | {"blob": self.instance.blob_id}

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file:
            self.keep(*accepted(file))
        return file

    def keep(self, blob, name):
        """Remember the stored bytes in the form, signed, so that nobody can ask for another's by their digest."""
        self.blob, self.file_name = blob, name
        self.data = self.data.copy()
        self.data[self.add_prefix("kept")] = _keep([(blob, name)])
        self["file"].help_text = f"Chosen: {name}. Choose again only to take another file."

    def clean(self):
        """Label and title come from the file's name where nobody typed them."""
        cleaned = super().clean()
        if not cleaned.get("file") and "file" not in self.errors:
            self._take_kept(cleaned.get("kept", ""))
        if not self.instance.pk and not hasattr(self, "blob") and "file" not in self.errors:
            self.add_error("file", "Choose the file.")
        if hasattr(self, "blob") and not cleaned.get("label") and not cleaned.get("title"):
            cleaned["label"], cleaned["title"] = drafts.names_of(self.file_name)
        if hasattr(self, "blob") and self.theirs.get("blob", self.blob.pk) != self.blob.pk:
            self.know(blob=self.theirs["blob"])
            self.add_error(
                "file", "Somebody else put another file here meanwhile; it is linked above. Save again to put yours in its place."
            )  # fmt: skip
        return cleaned

    def _take_kept(self, signed):
        for blob, name in _read_kept(signed):
            self.keep(blob, name)


def _keep(files):
    return signing.dumps([[blob.pk, name] for blob, name in files], salt="annex")


def _read_kept(signed):
    """[(blob, name)] of files that an earlier, refused save brought."""
    try:
        found = signing.loads(signed, salt="annex", max_age=7 * 24 * 3600)
    except signing.BadSignature:
        return []
    blobs = renew_blobs([pk for pk, _ in found])
    return [(blobs[pk], name) for pk, name in found if pk in blobs]


class WhenForm(forms.Form):
    live_from = LocalTimeField(required=False, label="Publish at", help_text="Leave it empty to publish now.")
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class UrgentForm(WhenForm):
    urgent_reason = forms.CharField(
        label="Reason", widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Why nobody else can approve it now. The ledger shows it.",
    )  # fmt: skip


class ReasonForm(forms.Form):
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The author will read it. The ledger keeps it for good, so quote nothing that may have to be erased.",
    )


class PublicReasonForm(forms.Form):
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), help_text="Readers will see it.")


class NoteForm(forms.Form):
    note = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="How the consent was obtained, for an agency that has nobody in this newsroom.",
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


QUESTIONS = {
    "when": WhenForm,
    "urgent": UrgentForm,
    "reason": ReasonForm,
    "public-reason": PublicReasonForm,
    "note": NoteForm,
}
