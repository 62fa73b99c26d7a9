from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from releases.admin.base import resubmission
from releases.admin.editions.forms import LARGEST_BODY
from releases.content.files.annex_names import full_name
from releases.content.markdown import BodyRefused
from releases.models import Section
from releases.services.editing import drafts, pasting
from releases.services.editions.transitions import ActionRefused


class PasteForm(forms.Form):
    opened = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)
    section = forms.ModelChoiceField(Section.objects.all())
    text = forms.CharField(
        max_length=LARGEST_BODY, widget=forms.Textarea(attrs={"rows": 24, "cols": 90}),
        help_text="The whole release: title first, then the line that says who issues it, the day, the numbered paragraphs, the list of annexes and the media contacts. Each goes into its field.",
    )  # fmt: skip


def paste_view(desk, request):
    """Makes a draft of a pasted release and leads to its form."""
    if not desk.has_add_permission(request):
        raise PermissionDenied
    form = PasteForm(request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and (made := resubmission.already(request)):
        desk.message_user(request, "This draft was made already. Here it is.")
        return HttpResponseRedirect(reverse("admin:releases_edition_change", args=[made.pk]))
    if request.method == "POST" and form.is_valid():
        try:
            draft = pasting.paste(
                form.cleaned_data["text"],
                form.cleaned_data["section"],
                author=request.user,
                at=timezone.now(),
                opened=form.cleaned_data["opened"],
            )
        except (ActionRefused, BodyRefused) as refused:
            form.add_error("text", str(refused))
        except IntegrityError:
            form.add_error(
                None,
                "This form has made a draft already; it is on your desk. Paste into a new form to make another.",
            )
        else:
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


def _tell(desk, request, draft):
    issuers = ", ".join(str(issuer) for issuer in draft.edition.issuers.all()) or "nobody"
    desk.message_user(
        request, f"A draft was made. Issued by {issuers}. Read it, then submit it.", messages.SUCCESS
    )
    for name in draft.unknown:
        desk.message_user(request, f"“{name}” is not known here; add it to the agencies.", messages.WARNING)
    if to_come := drafts.awaited(draft.edition):
        names = "; ".join(full_name(*annex) for annex in to_come)
        desk.message_user(request, f"Attach the files of {names}.", messages.WARNING)
    if draft.left_out:
        lines = "; ".join(f"“{line}”" for line in draft.left_out)
        desk.message_user(request, f"Left out of the text: {lines}.", messages.WARNING)
