"""The page on which a release is made of a document: what was recognised is read beside the source, then one act
makes the draft and leads to its form."""

import dataclasses
import re
from pathlib import PurePosixPath
from typing import Any, NamedTuple, cast
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from releases.admin.base import resubmission
from releases.admin.base.fields import LocalTimeField
from releases.admin.base.kept_files import KeptFile, read_signed_files, sign_files
from releases.admin.editions.fields import (
    FilesField,
    accept_file,
)
from releases.content.documents.document import DocumentRefused, ReadDocument
from releases.content.files.annex_names import AnnexName, format_annex_name
from releases.content.markdown import BodyRefused, render
from releases.content.text.limits import LARGEST_BODY
from releases.models import Edition, Section
from releases.services.agencies.lexicon import load_lexicon
from releases.services.editing import new_releases
from releases.services.editing.draft_values import AnnexValues, name_annex
from releases.services.editions.transitions import ActionRefused

SALT = "recognised"
LONGEST_KEPT = 7 * 24 * 3600  # seconds
LARGEST_HTML = 5_000_000  # characters: Word writes many for few
_WORD = (".docx", ".docm", ".doc", ".dotx", ".odt", ".rtf")
_SHOWN_PICTURE = re.compile(r'(<img\b[^>]*?\ssrc=")(/images/[^"]+)(")')
NOTHING = "Choose the Word file of the release, or paste its text."
SAVE_AS_WORD = "{} is no Word document (.docx). Open it, save it as .docx, then choose that file."


class BroughtDocument(NamedTuple):
    """What was brought: the document and the files beside it."""

    reading: ReadDocument
    plain: str
    files: list[KeptFile]


class SourceForm(forms.Form):
    """A document in any of its forms, and files. Once it is valid, `cleaned_data["source"]` is a BroughtDocument."""

    opened = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)
    html = forms.CharField(widget=forms.HiddenInput, required=False, max_length=LARGEST_HTML)
    kept = forms.CharField(widget=forms.HiddenInput, required=False)
    brought = FilesField(
        required=False,
        allow_empty_file=True,
        label="Word file and annexes",
        help_text="The release as a Word document (.docx) and its annexes, all at once. You can also drop them anywhere on this page: they are read at once.",
    )
    text = forms.CharField(
        required=False,
        label="Or paste the text",
        max_length=LARGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 10, "cols": 90, "data-formatted": "id_html"}),
        help_text="From Word, Google Docs, a mail or a web page. Headings, numbers, links and tables are kept.",
    )
    section = forms.ModelChoiceField(Section.objects.all(), help_text="Where the release will be listed.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        documents, others = _part_files(cleaned["brought"])
        files = [*read_signed_files(cleaned["kept"]), *self._accept(others)]
        if files:
            self.data = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
            self.data["kept"] = sign_files(files)  # type: ignore[index]
            names = ", ".join(file.name for file in files)
            self["brought"].help_text = f"Chosen: {names}. Choose more to add them."
        try:
            reading = _read(documents, cleaned["html"], cleaned["text"])
        except DocumentRefused as refused:
            self.add_error("brought" if documents else "text", str(refused))
        else:
            cleaned["source"] = BroughtDocument(reading, "" if documents else cleaned["text"], files)
        return cleaned

    def _accept(self, files: list[UploadedFile]) -> list[KeptFile]:
        accepted = []
        for file in files:
            try:
                accepted.append(accept_file(file))
            except ValidationError as error:
                self.add_error("brought", error)
        return accepted


class RecognisedForm(forms.Form):
    """What a person decides of what was recognised, which goes along with the files, signed."""

    opened = forms.UUIDField(widget=forms.HiddenInput, required=False)
    recognised = forms.CharField(widget=forms.HiddenInput)
    kept = forms.CharField(widget=forms.HiddenInput, required=False)
    section = forms.ModelChoiceField(Section.objects.all())
    wanted_from = LocalTimeField(required=False, label="Publish at")
    embargo_is_confirmed = forms.BooleanField(required=False, label="This time is right")
    put_in = forms.TypedMultipleChoiceField(coerce=int, required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, left_out: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        cast(forms.TypedMultipleChoiceField, self.fields["put_in"]).choices = list(enumerate(left_out))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        wanted = cleaned.get("wanted_from")
        if wanted and wanted <= timezone.now():
            self.add_error("wanted_from", "This time has passed. Choose a later one, or leave it empty.")
        if cleaned.get("embargo_is_confirmed") and not wanted and not self.errors:
            self.add_error("wanted_from", "Choose the day and time that keep the embargo.")
        return cleaned


def new_release_view(desk: Any, request: HttpRequest) -> HttpResponse:
    """Reads a document and shows what was recognised; then makes a draft and leads to its form."""
    if not desk.has_add_permission(request):
        raise PermissionDenied
    if request.method == "POST" and (made := resubmission.duplicate_of(request)):
        desk.message_user(request, "This draft was made already. This is it.")
        return HttpResponseRedirect(reverse("admin:releases_edition_change", args=[made.pk]))
    return (
        _answer_recognised(desk, request) if "recognised" in request.POST else _answer_source(desk, request)
    )


def _answer_source(desk: Any, request: HttpRequest) -> HttpResponse:
    """Asks for a document; shows what was recognised in it, or what is wrong with it."""
    initial = {"section": _usual_section(request), **request.GET.dict()}
    form = SourceForm(request.POST or None, request.FILES or None, initial=initial, label_suffix="")
    if form.is_valid():
        source: BroughtDocument = form.cleaned_data["source"]
        try:
            recognised = new_releases.recognise_release(source.reading)
            return _show_recognised(desk, request, recognised, source, form)
        except (ActionRefused, BodyRefused) as refused:
            form.add_error("text" if source.plain else "brought", str(refused))
    context = {**_frame(desk, request), "form": form}
    return TemplateResponse(request, "admin/releases/edition/new_release.html", context)


def _frame(desk: Any, request: HttpRequest) -> dict[str, Any]:
    return {
        **desk.admin_site.each_context(request),
        "title": "New release from a document",
        "opts": desk.opts,
    }


def _usual_section(request: HttpRequest) -> Section | None:
    """Where this person's newest release is listed, else the first for press releases, else the first there is."""
    mine = Edition.objects.filter(author=request.user.pk).select_related("release__section").order_by("-pk")
    last = mine.first()
    if last:
        return last.release.section
    return Section.objects.filter(kind="press-release").first() or Section.objects.first()


def _part_files(files: list[UploadedFile]) -> tuple[list[UploadedFile], list[UploadedFile]]:
    """The Word file that is the release, at most one, and the others: of several it is the first that is not
    called an annex."""
    words = [file for file in files if PurePosixPath(file.name or "").suffix.lower() in _WORD]
    main = next(
        (file for file in words if not name_annex(file.name or "").label), words[0] if words else None
    )
    return [main] if main else [], [file for file in files if file is not main]


def _read(documents: list[UploadedFile], html: str, text: str) -> ReadDocument:
    """Raises DocumentRefused."""
    if documents:
        name = documents[0].name or ""
        if name.lower().endswith((".odt", ".rtf")):
            raise DocumentRefused(SAVE_AS_WORD.format(name))
        return new_releases.read_word_file(documents[0].read())
    if html.strip():
        return new_releases.read_formatted(html)
    if not text.strip():
        raise DocumentRefused(NOTHING)
    return new_releases.read_plain(text)


def _show_recognised(
    desk: Any,
    request: HttpRequest,
    recognised: new_releases.RecognisedRelease,
    source: BroughtDocument,
    form: SourceForm,
) -> HttpResponse:
    """The result beside the source. Raises BodyRefused."""
    initial = {
        "opened": form.cleaned_data["opened"],
        "recognised": signing.dumps(dataclasses.asdict(recognised), salt=SALT, compress=True),
        "kept": sign_files(source.files) if source.files else "",
        "section": form.cleaned_data["section"],
        "wanted_from": new_releases.find_wanted_time(recognised.embargo, timezone.now()),
    }
    own = RecognisedForm(initial=initial, left_out=recognised.left_out)
    plain = "".join(f"<p>{escape(line)}</p>" for line in source.plain.splitlines())
    return _render_recognised(desk, request, recognised, source.files, own, source.reading.html or plain)


def _render_recognised(
    desk: Any,
    request: HttpRequest,
    recognised: new_releases.RecognisedRelease,
    files: list[KeptFile],
    form: RecognisedForm,
    source: str = "",
) -> HttpResponse:
    known = load_lexicon().by_slug
    annexes, missing = _match(files, recognised)
    context = {
        **_frame(desk, request),
        "form": form,
        "recognised": recognised,
        "issuers": [known[slug] for slug in recognised.issuers if slug in known],
        "annexes": annexes,
        "missing": missing,
        "source": source,
        "body": _show_pictures(render(recognised.body)),
        "words": len(re.findall(r"\w+", f"{recognised.title} {recognised.body} {recognised.contacts}")),
    }
    return TemplateResponse(request, "admin/releases/edition/recognised.html", context)


def _match(
    files: list[KeptFile], recognised: new_releases.RecognisedRelease
) -> tuple[list[AnnexValues], list[AnnexName]]:
    """The annexes as they will be, and those of the list that have no file."""
    annexes = new_releases.match_files(_brought(files), recognised.annexes)
    there = {annex.label.casefold() for annex in annexes}
    return annexes, [AnnexName(*one) for one in recognised.annexes if one[0].casefold() not in there]


def _brought(files: list[KeptFile]) -> list[new_releases.BroughtFile]:
    return [new_releases.BroughtFile(file.blob.pk, file.name) for file in files]


def _show_pictures(html: str) -> str:
    """With pictures, which are not public yet, from the desk."""
    place = reverse("admin:releases_edition_picture")
    return _SHOWN_PICTURE.sub(
        lambda found: f"{found[1]}{place}?{urlencode({'path': found[2]})}{found[3]}", html
    )


def _answer_recognised(desk: Any, request: HttpRequest) -> HttpResponse:
    """Makes the draft, or shows what was recognised again with what is wrong."""
    try:
        told = signing.loads(request.POST["recognised"], salt=SALT, max_age=LONGEST_KEPT)
    except signing.BadSignature:
        desk.message_user(request, "This page is too old. Choose the document again.", messages.WARNING)
        return HttpResponseRedirect(request.path)
    recognised = new_releases.RecognisedRelease.read(told)
    form = RecognisedForm(request.POST, left_out=recognised.left_out)
    files = read_signed_files(request.POST.get("kept", ""))
    edition = _make_draft(request, form, recognised, files) if form.is_valid() else None
    if edition is None:
        return _render_recognised(desk, request, recognised, files, form)
    resubmission.remember(request)
    _tell(desk, request, edition, recognised)
    return HttpResponseRedirect(reverse("admin:releases_edition_change", args=[edition.pk]))


def _make_draft(
    request: HttpRequest,
    form: RecognisedForm,
    recognised: new_releases.RecognisedRelease,
    files: list[KeptFile],
) -> Edition | None:
    """The draft, or None after a refusal, which the form says."""
    decided = form.cleaned_data
    token: UUID | None = decided.pop("opened")
    decided = {name: decided[name] for name in ("wanted_from", "embargo_is_confirmed", "put_in")}
    try:
        return new_releases.make_draft(
            recognised,
            form.cleaned_data["section"],
            author=cast(User, request.user),
            at=timezone.now(),
            files=_brought(files),
            form_token=token,
            **decided,
        )
    except (ActionRefused, BodyRefused) as refused:
        form.add_error(None, str(refused))
    except IntegrityError:
        words = "This page has made a draft already; it is on your desk. Choose the document again to make another."
        form.add_error(None, words)
    return None


def _tell(
    desk: Any, request: HttpRequest, edition: Edition, recognised: new_releases.RecognisedRelease
) -> None:
    issuers = ", ".join(str(issuer) for issuer in edition.issuers.all())
    issued = f"Issued by {issuers}." if issuers else "No issuing agency was recognised; add it below."
    desk.message_user(request, f"A draft was made. {issued} Read it, then submit it.", messages.SUCCESS)
    for name in recognised.unknown:
        desk.message_user(request, f"“{name}” is not known here; add it to the agencies.", messages.WARNING)
    _, missing = _match([], recognised) if not edition.annexes.exists() else ([], [])
    if missing:
        names = "; ".join(format_annex_name(*annex) for annex in missing)
        desk.message_user(request, f"Attach the files of {names}.", messages.WARNING)
