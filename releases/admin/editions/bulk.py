"""The pages on which something is done with several releases: each is named first, then all is done, or nothing."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from releases.admin.base import reauthentication
from releases.admin.base.authority import authority_of
from releases.admin.editions.action_views import chosen_keys
from releases.admin.editions.views import PARTS, visible_rows
from releases.models import Edition, Section
from releases.services.accounts.permissions import Right
from releases.services.editing import assignments, drafts
from releases.services.editions.transitions import ActionRefused
from releases.services.publishing import placement, workflow
from releases.templatetags.desk_tags import person_name

MOST = 50
Editions = list[Edition]


class BulkForm(forms.Form):
    """What a step asks, and does once all of it is answered: `why_not` tells of one edition why it is not possible."""

    title = ""
    consequence = ""
    done = ""
    is_destructive = False

    def __init__(self, *args: Any, desk: Any, request: HttpRequest, editions: Editions) -> None:
        super().__init__(*args)
        self.desk, self.request, self.editions = desk, request, editions
        self.authority = authority_of(request)
        self.actor = cast(User, request.user)

    def why_not(self, edition: Edition) -> str:
        raise NotImplementedError

    def perform(self) -> None:
        """Raises ActionRefused."""
        raise NotImplementedError


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return person_name(obj)


class AssignForm(BulkForm):
    title = "Assign"
    done = "Assigned"
    person = PersonField(
        User.objects.none(),
        required=False,
        empty_label="Nobody",
        help_text="They find the releases under “Waiting for you”. It gives no rights, and readers are not told.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(PersonField, self.fields["person"]).queryset = assignments.find_colleagues(self.authority)

    def why_not(self, edition: Edition) -> str:
        person = self.cleaned_data.get("person") if self.is_bound else None
        return assignments.why_not_assign(edition, person, self.authority)

    def perform(self) -> None:
        person = self.cleaned_data["person"]
        assignments.assign_releases(self.editions, person, actor=self.actor, at=self.authority.at)


class MoveForm(BulkForm):
    title = "Move to another section"
    consequence = "Their web addresses stay. Lists and readers of a section follow at once."
    done = "Moved"
    section = forms.ModelChoiceField(Section.objects.order_by("title"))

    def why_not(self, edition: Edition) -> str:
        if self.authority.may(Right.PLACE, edition.release):
            return ""
        return "A public release is moved by an approver of its lead agency, a draft by its writers."

    def perform(self) -> None:
        section = self.cleaned_data["section"]
        for edition in self.editions:
            placement.move_release(edition.release, section, actor=self.actor, at=self.authority.at)


class CountForm(BulkForm):
    """Asks for the number of the releases, so that nobody does it to more than they think."""

    is_destructive = True
    number = forms.IntegerField(label="How many releases are these?", widget=forms.TextInput)

    def clean_number(self) -> int:
        number: int = self.cleaned_data["number"]
        if number != len(self.editions):
            words = f"There are {len(self.editions)} on this page, not {number}. Read it again."
            raise forms.ValidationError(words)
        return number


class DiscardForm(CountForm):
    title = "Discard drafts"
    consequence = "The text, the files and the comments of each are deleted for good."
    done = "Discarded"

    def why_not(self, edition: Edition) -> str:
        if not self.desk.has_delete_permission(self.request, edition):
            return "Only a draft can be discarded, by its author or its lead agency."
        used = drafts.dependents(edition)
        return f"It is named elsewhere: {'; '.join(used)}." if used else ""

    def perform(self) -> None:
        for edition in self.editions:
            self.desk.delete_model(self.request, edition)


class WithdrawForm(CountForm):
    """With a reason for each, which readers see."""

    title = "Withdraw"
    consequence = (
        "Each page stays, with a notice and your reason, and leaves all lists. A colleague must republish it."
    )
    done = "Withdrawn"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        number = self.fields.pop("number")
        for edition in self.editions:
            self.fields[f"reason-{edition.pk}"] = forms.CharField(
                label=f"Why “{edition.title}” is withdrawn",
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text="Readers will see it.",
            )
        self.fields["number"] = number

    def why_not(self, edition: Edition) -> str:
        return " ".join(workflow.why_not_perform("withdraw", edition, self.authority))

    def perform(self) -> None:
        for edition in self.editions:
            reason = self.cleaned_data[f"reason-{edition.pk}"]
            workflow.perform_verb("withdraw", edition, user=self.actor, at=self.authority.at, reason=reason)


STEPS: dict[str, type[BulkForm]] = {
    "assign": AssignForm,
    "move": MoveForm,
    "discard": DiscardForm,
    "withdraw": WithdrawForm,
}


def bulk_view(desk: Any, request: HttpRequest, name: str) -> HttpResponse:
    """Names what was chosen and asks what the step needs; then does it to all, or to none."""
    step = STEPS.get(name)
    if step is None or not desk.has_change_permission(request):
        raise Http404
    if step.is_destructive and (asked := reauthentication.ask_again(request)):
        return asked
    back = HttpResponseRedirect(reverse("admin:releases_edition_changelist"))
    editions = _chosen(request)
    if not editions:
        desk.message_user(request, f"Choose up to {MOST} releases that you may see.", messages.ERROR)
        return back
    form = step(request.POST or None, desk=desk, request=request, editions=editions)
    is_typed = form.is_valid()
    refused = {edition: form.why_not(edition) for edition in editions}
    is_possible = not any(refused.values())
    if is_typed and is_possible and _perform(form):
        return back
    context = {
        **desk.admin_site.each_context(request),
        "title": step.title,
        "opts": desk.opts,
        "form": form,
        "editions": refused.items(),
        "possible": is_possible or is_typed,
    }
    return TemplateResponse(request, "admin/releases/edition/bulk.html", context)


def _chosen(request: HttpRequest) -> Editions:
    """The editions that the address names, where who asks may see all of them and they are not too many."""
    keys = chosen_keys(request)
    rows = visible_rows(request).filter(pk__in=keys, erased_at__isnull=True).prefetch_related(*PARTS)
    editions = list(rows.order_by("release", "number")[: MOST + 1])
    return editions if len(editions) == len(keys) <= MOST else []


def _perform(form: BulkForm) -> bool:
    """Whether it was done; the reasons why not are told."""
    number, tell = len(form.editions), form.desk.message_user
    try:
        with transaction.atomic():
            form.perform()
    except ActionRefused as refused:
        for reason in refused.reasons:
            tell(form.request, reason, messages.ERROR)
        return False
    words = f"{form.done}: {number} release{'' if number == 1 else 's'}."
    tell(form.request, words, messages.SUCCESS)
    return True
