"""The page on which a whole release is pasted: it makes a draft and leads to its form."""

from typing import Any, cast
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from releases.admin.base import resubmission
from releases.content.files.annex_names import format_annex_name
from releases.content.markdown import BodyRefused
from releases.content.text.limits import LARGEST_BODY
from releases.models import Section
from releases.services.editing import pasting
from releases.services.editing.draft_values import pending_annexes
from releases.services.editions.transitions import ActionRefused


class PasteForm(forms.Form):
    opened = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)
    section = forms.ModelChoiceField(Section.objects.all())
    text = forms.CharField(
        max_length=LARGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 24, "cols": 90}),
        help_text="The whole release: title first, then the line that says who issues it, the day, the numbered paragraphs, the list of annexes and the media contacts. Each goes into its field.",
    )


def paste_view(desk: Any, request: HttpRequest) -> HttpResponse:
    """Makes a draft of a pasted release and leads to its form."""
    if not desk.has_add_permission(request):
        raise PermissionDenied
    form = PasteForm(request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and (made := resubmission.duplicate_of(request)):
        desk.message_user(request, "This draft was made already. Here it is.")
        return HttpResponseRedirect(reverse("admin:releases_edition_change", args=[made.pk]))
    draft = _paste(request, form) if request.method == "POST" and form.is_valid() else None
    if draft:
        resubmission.remember(request)
        _tell(desk, request, draft)
        return HttpResponseRedirect(reverse("admin:releases_edition_change", args=[draft.edition.pk]))
    context = {
        **desk.admin_site.each_context(request),
        "title": "Paste a release",
        "form": form,
        "opts": desk.opts,
    }
    return TemplateResponse(request, "admin/releases/edition/paste.html", context)


def _paste(request: HttpRequest, form: PasteForm) -> pasting.PastedDraft | None:
    """The draft, or None after a refusal, which the form says."""
    typed = form.cleaned_data
    try:
        return pasting.paste_release(
            typed["text"],
            typed["section"],
            author=cast(User, request.user),
            at=timezone.now(),
            form_token=typed["opened"],
        )
    except (ActionRefused, BodyRefused) as refused:
        form.add_error("text", str(refused))
    except IntegrityError:
        words = (
            "This form has made a draft already; it is on your desk. Paste into a new form to make another."
        )
        form.add_error(None, words)
    return None


def _tell(desk: Any, request: HttpRequest, draft: pasting.PastedDraft) -> None:
    issuers = ", ".join(str(issuer) for issuer in draft.edition.issuers.all()) or "nobody"
    desk.message_user(
        request, f"A draft was made. Issued by {issuers}. Read it, then submit it.", messages.SUCCESS
    )
    for name in draft.unknown:
        desk.message_user(request, f"“{name}” is not known here; add it to the agencies.", messages.WARNING)
    if to_come := pending_annexes(draft.edition.awaited):
        names = "; ".join(format_annex_name(*annex) for annex in to_come)
        desk.message_user(request, f"Attach the files of {names}.", messages.WARNING)
    if draft.edition.embargo:
        words = f"An embargo was found: “{' '.join(draft.edition.embargo.split())}”. Confirm it beside “Publish at”."
        desk.message_user(request, words, messages.WARNING)
    if draft.left_out:
        lines = "; ".join(f"“{line}”" for line in draft.left_out)
        desk.message_user(request, f"Left out of the text: {lines}.", messages.WARNING)
