"""Fields of the forms of an edition: bodies, agencies, and files that stay chosen after a refused save."""

from collections import Counter
from collections.abc import Collection
from typing import Any, ClassVar, NamedTuple, cast
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from markdownx.widgets import MarkdownxWidget

from releases.admin.base.kept_files import KeptFile
from releases.content.files import media_types
from releases.models import Agency, Blob
from releases.services.files import images
from releases.services.files.storage import store_bytes
from releases.services.files.virus_scans import explain_hold

PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")


class NamedAgency(NamedTuple):
    """An agency with its name of today."""

    agency: Agency
    name: str

    @property
    def label(self) -> str:
        return " – ".join(filter(None, (self.agency.acronym, self.name))) or self.agency.slug

    @property
    def names(self) -> set[str]:
        """What may be typed for it, in small letters; its key too, by which forms and programs name it."""
        said = (self.label, self.name, self.agency.acronym, self.agency.slug, str(self.agency.pk))
        return {one.casefold() for one in said if one}


class BodyInput(MarkdownxWidget):
    """Asks for a preview in the language of the release, in which runs of other scripts are marked."""

    language = "en"

    def add_markdownx_attrs(self, attrs: dict[str, Any]) -> dict[str, Any]:
        url = f"{settings.MARKDOWNX_URLS_PATH}?{urlencode({'language': self.language})}"
        return super().add_markdownx_attrs(attrs) | {"data-markdownx-urls-path": url}


class AgencyInput(forms.TextInput):
    """Offers, while one types, what the page's list of agencies has; shows an agency by `labels`, by its
    key."""

    def __init__(self) -> None:
        super().__init__({"list": "agencies", "autocomplete": "off", "placeholder": "Name or acronym"})
        self.labels: dict[str, str] = {}

    def format_value(self, value: Any) -> str | None:
        return self.labels.get(str(value)) or super().format_value(value)


class AgencyField(forms.ModelChoiceField):
    """An agency by its name, its acronym or both, as they are typed or chosen."""

    widget = AgencyInput
    default_error_messages: ClassVar[Any] = {
        "invalid_choice": "No agency that is active here is called that. Choose one from the list.",
        "ambiguous": "Several agencies are called that. Choose one from the list.",
    }

    def offer(self, agencies: Collection[NamedAgency]) -> None:
        """Let somebody choose one of these."""
        called = Counter(name for one in agencies for name in one.names)
        self.ambiguous = {name for name, number in called.items() if number > 1}
        self.offered = {name: one.agency for one in agencies for name in one.names - self.ambiguous}
        self.offered |= {str(one.agency.pk): one.agency for one in agencies}
        labels = {str(one.agency.pk): one.label for one in agencies}
        self.choices, cast(AgencyInput, self.widget).labels = list(labels.items()), labels

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values or isinstance(value, Agency):
            return value or None
        typed = " ".join(str(value).split()).casefold()
        if typed not in self.offered:
            code = "ambiguous" if typed in self.ambiguous else "invalid_choice"
            raise ValidationError(self.error_messages[code], code=code)
        return self.offered[typed]

    def has_changed(self, initial: Any, data: Any) -> bool:
        found = self.offered.get(" ".join(str(data or "").split()).casefold())
        return str(found.pk if found else data or "") != str(getattr(initial, "pk", initial) or "")


class SizedInput(forms.FileInput):
    """Tells the page how large a file may be, so that nobody uploads one in vain."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        sizes = {"data-largest": settings.LARGEST_FILE, "data-together": settings.FILES_TOGETHER}
        return super().get_context(name, value, {**(attrs or {}), **sizes})


class FilesInput(SizedInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, as a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = [super(FilesField, self).clean(file, initial) for file in data or [] if file]
        if (size := sum(file.size for file in files)) > settings.FILES_TOGETHER:
            raise ValidationError(
                f"These files have {size:,} bytes together; {settings.FILES_TOGETHER:,} are sent at once. Choose some of them,"
                " save, then add the others."
            )
        return files


def accept_file(file: UploadedFile) -> KeptFile:
    """Store an uploaded file that may be an annex. Raises ValidationError in the editor's words."""
    name, size = file.name or "", file.size or 0
    if size > settings.LARGEST_FILE:
        raise ValidationError(f"{name} has {size:,} bytes; {settings.LARGEST_FILE:,} are allowed.")
    data = file.read()
    if problem := media_types.find_annex_problem(data, name):
        raise ValidationError(problem)
    file.seek(0)
    if name.lower().endswith(PICTURES):
        try:
            images.check_picture(file)
        except images.PictureRefused as error:
            raise ValidationError(f"{name}: {error}") from error
    blob = store_bytes(data, name)
    if blob.scan == Blob.Scan.INFECTED:
        raise ValidationError(explain_hold(blob, name))
    return KeptFile(blob, name)
