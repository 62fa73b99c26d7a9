from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from markdownx.fields import MarkdownxFormField

from releases.content import filetypes, permalinks
from releases.content.annexes import split_label
from releases.content.rendering import RENDERER_VERSION, BodyRefused, render
from releases.models import Address, Annex, Edition, Issuer, Release, Section
from releases.services import illustrating

LARGEST_ANNEX = 100_000_000
LARGEST_BODY = 300_000


class LocalTime(forms.DateTimeInput):
    """One field for day and time, in the newsroom's zone."""

    input_type = "datetime-local"

    def __init__(self):
        super().__init__(format="%Y-%m-%dT%H:%M")


class EditionForm(forms.ModelForm):
    """An edition as an editor types it; the text is rendered and cleaned here, before it is stored."""

    section = forms.ModelChoiceField(
        Section.objects.all(), required=False, help_text="Where the release is listed."
    )
    kind = forms.ChoiceField(choices=Release.Kind.choices, required=False, initial=Release.Kind.TEXT)
    permalink = forms.CharField(
        max_length=1000,
        help_text="The address below the site's own, for example /news/press-releases/a-title/.",
    )
    body = MarkdownxFormField(required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=0)

    class Meta:
        model = Edition
        fields = [
            "title", "release_date", "summary", "body", "link_url", "language", "agreements",
            "contacts", "change_class", "change_note",
        ]  # fmt: skip
        widgets = {"release_date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["permalink"].initial = self.instance.address.path
            self.fields["section"].initial = self.instance.release.section_id
            self.fields["kind"].initial = self.instance.release.kind
            self.fields["version"].initial = self.instance.lock_version
        else:
            self.fields["section"].required = True

    def clean_permalink(self):
        try:
            path = permalinks.normalise(self.cleaned_data["permalink"])
        except permalinks.PermalinkError as error:
            raise ValidationError(str(error)) from error
        taken = Address.objects.at(path).first()
        if taken and (not self.instance.pk or taken.release_id != self.instance.release_id):
            raise ValidationError("This address is taken. Choose another one.")
        return path

    def clean_body(self):
        body = self.cleaned_data["body"].replace("\r\n", "\n").replace("\x00", "")
        if (size := len(body.encode())) > LARGEST_BODY:
            raise ValidationError(f"The text has {size:,} bytes; {LARGEST_BODY:,} are allowed.")
        try:
            self.instance.body_html = render(body)
        except BodyRefused as error:
            raise ValidationError(str(error)) from error
        self.instance.renderer_version = RENDERER_VERSION
        return body

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk:
            stored = Edition.objects.select_for_update().get(pk=self.instance.pk)
            if stored.lock_version != cleaned.get("version"):
                raise ValidationError(
                    "Somebody else saved this edition while you were editing it. Nothing of theirs was overwritten, and"
                    " what you typed is still below: open the edition in another tab and bring the two together."
                )
            self.instance.lock_version = stored.lock_version + 1
        return cleaned


class IssuerForm(forms.ModelForm):
    class Meta:
        model = Issuer
        fields = ["agency", "position"]


class AnnexForm(forms.ModelForm):
    file = forms.FileField(required=False, help_text="PDF, office files, pictures, CSV or text.")

    class Meta:
        model = Annex
        fields = ["file", "label", "title", "position", "language"]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if not file:
            if not self.instance.pk:
                raise ValidationError("Choose the file.")
            return None
        if file.size > LARGEST_ANNEX:
            raise ValidationError(f"{file.name} has {file.size:,} bytes; {LARGEST_ANNEX:,} are allowed.")
        if problem := filetypes.annex_problem(file.read(), file.name):
            raise ValidationError(problem)
        file.seek(0)
        if file.name.lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".webp")):
            try:
                illustrating.check_picture(file)
            except illustrating.PictureRefused as error:
                raise ValidationError(f"{file.name}: {error}") from error
            file.seek(0)
        return file

    def clean(self):
        """Label and title come from the file's name where nobody typed them."""
        cleaned = super().clean()
        if cleaned.get("file") and not cleaned.get("label") and not cleaned.get("title"):
            cleaned["label"], cleaned["title"] = split_label("", cleaned["file"].name)
        return cleaned


class WhenForm(forms.Form):
    live_from = forms.DateTimeField(
        required=False, widget=LocalTime(), label="Publish at", input_formats=["%Y-%m-%dT%H:%M"]
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        zone = timezone.get_current_timezone_name()
        self.fields[
            "live_from"
        ].help_text = f"In the newsroom's time ({zone}). Leave it empty to publish now."


class ReasonForm(forms.Form):
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), help_text="Readers will see it.")
