"""The forms of an edition and its parts: what an editor types, checked and merged, as plain values."""

import json
from typing import Any, cast
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from markdownx.fields import MarkdownxFormField

from releases.admin.base.concurrency import MergingForm
from releases.admin.base.field_merge import read_base
from releases.admin.base.fields import DayInput, LocalTimeField
from releases.admin.base.kept_files import KeptFile, read_signed_files, sign_files
from releases.admin.editions.fields import (
    AgencyField,
    BodyInput,
    FilesField,
    NamedAgency,
    SizedInput,
    accept_file,
)
from releases.admin.editions.standing_texts import StandingTextsForm
from releases.content.extraction.kinds import KINDS
from releases.content.markdown import RENDERER_VERSION, BodyRefused, render
from releases.content.text import permalinks
from releases.content.text.languages import language_choices
from releases.content.text.limits import LARGEST_BODY
from releases.models import (
    Address,
    Agency,
    Annex,
    Edition,
    Issuer,
    Release,
    Section,
)
from releases.services.editing.draft_values import AnnexValues, IssuerValues, name_annex
from releases.services.editing.new_releases import free_permalink

NAMES = ("label", "title")


class EditionForm(StandingTextsForm):
    """An edition as an editor types it. The text is rendered here, so that what cannot be rendered is told.

    Once it is valid, `cleaned_data` has the rendering as `body_html` and the files that were chosen, those of
    earlier, refused saves included, as `new_annexes` (a list of KeptFile).
    """

    section = forms.ModelChoiceField(
        Section.objects.all(),
        required=False,
        help_text="Where the release is listed.",
        error_messages={"invalid_choice": "This section is there no more. Choose another one."},
    )
    kind = forms.ChoiceField(
        choices=[("", "As its title and first words say"), *KINDS.items()],
        required=False,
        help_text="What readers know it as. Choose one where the rule is wrong.",
    )
    form = forms.ChoiceField(
        label="Type", choices=Release.Form.choices, required=False, initial=Release.Form.TEXT
    )
    permalink = forms.CharField(
        label="Web address",
        required=False,
        max_length=1000,
        help_text="Leave empty to create it from the section and title.",
    )
    body = MarkdownxFormField(label="Text", required=False, widget=BodyInput)
    new_annexes = FilesField(
        required=False,
        allow_empty_file=True,
        label="Add files",
        help_text="Choose several at once; labels and titles come from the names of the files. PDF, office files, pictures, CSV or text.",
    )
    kept_annexes = forms.CharField(widget=forms.HiddenInput, required=False)
    opened = forms.UUIDField(widget=forms.HiddenInput, required=False)
    wanted_from = LocalTimeField(
        required=False, label="Publish at", help_text="Empty: as soon as it is approved."
    )

    class Meta:
        model = Edition
        fields = [
            "title",
            "release_date",
            "release_date_is_confirmed",
            "summary",
            "body",
            "link_url",
            "language",
            "kind",
            "agreements",
            "awaited",
            "embargo",
            "embargo_is_confirmed",
            "contacts",
            "change_class",
            "change_note",
            "wanted_from",
        ]
        labels = {
            "release_date_is_confirmed": "The release date is right",
            "change_class": "Type of change",
            "change_note": "What changed (readers see this)",
        }
        help_texts = {"release_date_is_confirmed": ""}
        widgets = {"release_date": DayInput, "embargo": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.kind_rule:
            found = f"{KINDS[self.instance.kind]} (found by rule)"
            cast(forms.ChoiceField, self.fields["kind"]).choices = [("", found), *KINDS.items()]
        self.fields["body"].widget.language = self.instance.language
        if language := self.fields.get("language"):
            choices = language_choices(self.instance.language)
            self.fields["language"] = forms.ChoiceField(choices=choices, initial=language.initial)
        self.fields["opened"].initial = uuid4
        if not self.instance.pk:
            self.fields["release_date"].initial = timezone.localdate
        elif (
            self.instance.number > 1
            and self.instance.release.editions.filter(state=Edition.State.APPROVED).exists()
        ):
            for name in ("section", "form"):
                self.fields[name].disabled = True
            words = "Published in this section. An approver can move it: tick it in the list of releases."
            self.fields["section"].help_text = words
        self.fields["section"].required = not self.fields["section"].disabled

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """Three fields belong to the release and its address."""
        if field_name == "kind":
            return "" if self.instance.kind_rule or not self.instance.pk else self.instance.kind
        if self.instance.pk and field_name in ("permalink", "section", "form"):
            release = self.instance.release
            values = {
                "permalink": self.instance.address.path,
                "section": release.section_id,
                "form": release.form,
            }
            return values[field_name]
        return super().get_initial_for_field(field, field_name)

    def clean_permalink(self) -> str:
        typed = self.cleaned_data["permalink"].strip() or self._permalink_of_title()
        if not typed:
            return ""
        try:
            path = permalinks.normalise_path(typed)
        except permalinks.PermalinkError as error:
            raise ValidationError(str(error)) from error
        if self.instance.pk and path == self.instance.address.path:
            return path
        taken = Address.objects.at(path).first()
        if taken and (not self.instance.pk or taken.release_id != self.instance.release_id):
            raise ValidationError("This address is taken. Choose another one.")
        return path

    def _permalink_of_title(self) -> str:
        key = str(self.data.get("section", ""))
        section = (
            Section.objects.select_related("address").filter(pk=key).first() if key.isdecimal() else None
        )
        return free_permalink(section, str(self.data.get("title", ""))) if section else ""

    def clean_new_annexes(self) -> list[KeptFile]:
        """Each file is checked and kept; those that were chosen before an error stay chosen."""
        files = read_signed_files(str(self.data.get("kept_annexes", "")))
        problems = []
        for file in self.cleaned_data["new_annexes"]:
            try:
                files.append(accept_file(file))
            except ValidationError as error:
                problems += error.messages
        if files:
            self.change_data(kept_annexes=sign_files(files))
            names = ", ".join(file.name for file in files)
            self["new_annexes"].help_text = f"Chosen: {names}. Choose more to add them."
        if problems:
            raise ValidationError(problems)
        return files

    def clean_body(self) -> str:
        body = str(self.cleaned_data["body"]).replace("\r\n", "\n").replace("\x00", "")
        if (size := len(body.encode())) > LARGEST_BODY:
            raise ValidationError(f"The text has {size:,} bytes; {LARGEST_BODY:,} are allowed.")
        return body

    def clean_link_url(self) -> str:
        """A reader's browser follows it: only what is an address on the web."""
        url = str(self.cleaned_data["link_url"]).strip()
        if url and "link_url" in self.changed_data:
            URLValidator(["http", "https"], message="Type a web address that begins with https://.")(url)
        return url

    def clean_wanted_from(self) -> Any:
        wanted = self.cleaned_data["wanted_from"]
        if wanted and "wanted_from" in self.changed_data and wanted <= timezone.now():
            raise ValidationError("This time has passed. Choose a future date and time, or leave it empty.")
        return wanted

    def clean_opened(self) -> UUID | None:
        """One form makes one release: Back and Save again leads to the first, and keeps what was typed
        since."""
        token = self.cleaned_data["opened"]
        if not token or self.instance.pk:
            return token
        if made := Edition.objects.filter(release__opened=token).first():
            url = reverse("admin:releases_edition_change", args=[made.pk])
            words = 'You have saved this release already. <a href="{}">Open it</a> and go on there; what stands here is not saved.'
            self.add_error(None, ValidationError(format_html(words, url)))
        return token

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "body" in cleaned:
            try:
                cleaned["body_html"] = self._rendered(cleaned["body"])
            except BodyRefused as error:
                self.add_error("body", str(error))
        self.instance.release_date_is_set = not self._follows_publication(cleaned)
        if not self.instance.release_date_is_set and cleaned.get("wanted_from"):
            cleaned["release_date"] = timezone.localdate(cleaned["wanted_from"])
        if not cleaned.get("permalink") and "permalink" not in self.errors:
            self.add_error(
                "permalink", "Type the address; it could not be made of the section and the title."
            )
        return cleaned

    def _follows_publication(self, cleaned: dict[str, Any]) -> bool:
        """Whether nobody set a release date on purpose: it is then the day of publication. A later edition keeps
        that of the first."""
        stored, wanted = self.instance, cleaned.get("wanted_from")
        if stored.based_on_id:
            return False
        if wanted and cleaned.get("release_date") == timezone.localdate(wanted):
            return True
        return "release_date" not in self.changed_data and not (stored.pk and stored.release_date_is_set)

    def _rendered(self, body: str) -> str:
        """The text as HTML; that of the stored text is stored. Raises BodyRefused."""
        stored = self.instance
        is_stored = stored.pk and (body, RENDERER_VERSION) == (stored.body, stored.renderer_version)
        return str(stored.body_html) if is_stored else render(body)


class PartForm(MergingForm):
    """A part with its place among its kind; those without a number follow in the order of the form."""

    position = forms.IntegerField(required=False, min_value=1, max_value=2_000, label="Order")

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        if field_name == "position" and self.instance.pk:
            return self.instance.position
        return super().get_initial_for_field(field, field_name)

    def _get_validation_exclusions(self) -> set[str]:
        """Two may be typed the same place; all get theirs anew when they are saved."""
        found: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return found | {"position"}


class IssuerForm(PartForm):
    agency = AgencyField(Agency.objects.all())

    class Meta:
        model = Issuer
        fields = ["agency"]

    def __init__(self, *args: Any, agencies: list[NamedAgency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.instance.agency_id
        offered = [one for one in agencies if one.agency.is_active or one.agency.pk == own]
        cast(AgencyField, self.fields["agency"]).offer(offered)

    def part_values(self) -> IssuerValues:
        """What was typed, once the form is valid."""
        return IssuerValues(self.cleaned_data["agency"], self.instance.pk)


class AnnexForm(PartForm):
    """A file with its names. A file that was chosen stays chosen when the form comes back with an error.

    Once it is valid, `cleaned_data["file"]` is the KeptFile that was chosen, now or in an earlier, refused
    save.
    """

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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.fields["base"].initial = json.dumps({name: self.initial.get(name, "") for name in NAMES})

    def has_changed(self) -> bool:
        """A row for an annex whose file is still to come may be left as it was when the form was opened, or
        emptied."""
        if (
            self.instance.pk
            or self.files.get(self.add_prefix("file"))
            or self.data.get(self.add_prefix("kept"))
        ):
            return bool(super().has_changed())
        opened = read_base(self.data.get(self.add_prefix("base"))) or {}
        names = [self.data.get(self.add_prefix(name), "").strip() for name in NAMES]
        return names not in (["", ""], [opened.get(name, self.initial.get(name, "")) for name in NAMES])

    def db_values(self) -> dict[str, str]:
        return super().db_values() | {"blob": self.instance.blob_id}

    def clean_file(self) -> KeptFile | None:
        file = self.cleaned_data["file"]
        return self._keep(accept_file(file)) if file else None

    def _keep(self, file: KeptFile) -> KeptFile:
        """Remember the stored bytes in the form."""
        self.change_data(kept=sign_files([file]))
        self["file"].help_text = f"Chosen: {file.name}. Choose again only to take another file."
        return file

    def clean(self) -> dict[str, Any]:
        """Label and title come from the file's name where nobody typed them."""
        cleaned = super().clean()
        if "file" in self.errors:
            return cleaned
        file = cleaned["file"] = cleaned.get("file") or self._kept_file(cleaned.get("kept", ""))
        if file and not cleaned.get("label") and not cleaned.get("title"):
            cleaned["label"], cleaned["title"] = name_annex(file.name)
        if not file and not self.instance.pk:
            self.add_error("file", "Choose the file.")
        if file and self.merge.theirs.get("blob", file.blob.pk) != file.blob.pk:
            self.rebase(blob=self.merge.theirs["blob"])
            words = "Somebody else put another file here meanwhile; it is linked above. Save again to put yours in its place."
            self.add_error("file", words)
        return cleaned

    def _kept_file(self, signed: str) -> KeptFile | None:
        """The file of an earlier, refused save."""
        files = read_signed_files(signed) if signed else []
        return self._keep(files[-1]) if files else None

    def part_values(self) -> AnnexValues:
        """What was typed, once the form is valid."""
        annex: Annex = self.instance
        file: KeptFile | None = self.cleaned_data["file"]
        return AnnexValues(
            blob=file.blob.pk if file else annex.blob_id,
            label=annex.label,
            title=annex.title,
            language=annex.language,
            row=annex.pk,
            address=annex.address if annex.pk else None,
            file_name=file.name if file else "",
        )
