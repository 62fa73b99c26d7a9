"""The pages on which something is done with several releases: each is named first, then all is done, or nothing."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from releases.admin.base import reauthentication
from releases.admin.base.authority import authority_of
from releases.admin.base.people import PersonField
from releases.admin.editions.action_views import chosen_keys
from releases.admin.editions.views import PARTS, visible_rows
from releases.models import Edition, Section
from releases.services.accounts.permissions import Right
from releases.services.editing import assignments, drafts
from releases.services.editions.transitions import ActionRefused
from releases.services.publishing import placement, workflow

MOST = 50
Editions = list[Edition]


class BulkStep(ABC):
    """What is done with several editions; `asks` is the form that it needs."""

    title = ""
    consequence = ""
    done = ""
    is_destructive = False
    asks: ClassVar[type[forms.Form]]

    def __init__(self, desk: Any, request: HttpRequest, editions: Editions) -> None:
        self.desk, self.request, self.editions = desk, request, editions
        self.authority = authority_of(request)
        self.actor = cast(User, request.user)

    def make_form(self, data: Any) -> forms.Form:
        return self.asks(data)

    @abstractmethod
    def why_not(self, edition: Edition, answers: Mapping[str, Any]) -> str:
        """Why it is not possible with this one, by what was answered so far; "" where it is."""

    @abstractmethod
    def perform(self, answers: Mapping[str, Any]) -> None:
        """Raises ActionRefused."""


class PersonForm(forms.Form):
    person = PersonField(
        User.objects.none(),
        required=False,
        empty_label="Nobody",
        help_text="They find the releases under “Waiting for you”. It gives no rights, and readers are not told.",
    )


class Assign(BulkStep):
    title = "Assign"
    done = "Assigned"
    asks = PersonForm

    def make_form(self, data: Any) -> forms.Form:
        form = super().make_form(data)
        cast(PersonField, form.fields["person"]).queryset = assignments.find_colleagues(self.authority)
        return form

    def why_not(self, edition: Edition, answers: Mapping[str, Any]) -> str:
        return assignments.why_not_assign(edition, answers.get("person"), self.authority)

    def perform(self, answers: Mapping[str, Any]) -> None:
        assignments.assign_releases(self.editions, answers["person"], actor=self.actor, at=self.authority.at)


class MoveForm(forms.Form):
    section = forms.ModelChoiceField(Section.objects.order_by("title"))


class Move(BulkStep):
    title = "Move to another section"
    consequence = "Their web addresses stay. Lists and readers of a section follow at once."
    done = "Moved"
    asks = MoveForm

    def why_not(self, edition: Edition, answers: Mapping[str, Any]) -> str:
        if self.authority.may(Right.PLACE, edition.release):
            return ""
        return "A public release is moved by an approver of its lead agency, a draft by its writers."

    def perform(self, answers: Mapping[str, Any]) -> None:
        for edition in self.editions:
            placement.move_release(
                edition.release, answers["section"], actor=self.actor, at=self.authority.at
            )


class CountForm(forms.Form):
    """Asks for the number of the releases, so that nobody does it to more than they think."""

    number = forms.IntegerField(label="How many releases are these?", widget=forms.TextInput)

    def __init__(self, *args: Any, expected: int) -> None:
        super().__init__(*args)
        self.expected = expected

    def clean_number(self) -> int:
        number: int = self.cleaned_data["number"]
        if number != self.expected:
            words = f"There are {self.expected} on this page, not {number}. Read it again."
            raise forms.ValidationError(words)
        return number


class ReasonsForm(CountForm):
    """Asks for a reason for each release, then for their number."""

    def __init__(self, *args: Any, editions: Editions) -> None:
        super().__init__(*args, expected=len(editions))
        reasons: dict[str, forms.Field] = {
            f"reason-{edition.pk}": forms.CharField(
                label=f"Why “{edition.title}” is withdrawn",
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text="Readers will see it.",
            )
            for edition in editions
        }
        self.fields = reasons | self.fields


class CountedStep(BulkStep):
    """One that destroys or takes away, and asks how many."""

    is_destructive = True

    def make_form(self, data: Any) -> forms.Form:
        return CountForm(data, expected=len(self.editions))


class Discard(CountedStep):
    title = "Discard drafts"
    consequence = "The text, the files and the comments of each are deleted for good."
    done = "Discarded"

    def why_not(self, edition: Edition, answers: Mapping[str, Any]) -> str:
        if not self.desk.has_delete_permission(self.request, edition):
            return "Only a draft can be discarded, by its author or its lead agency."
        used = drafts.dependents(edition)
        return f"It is named elsewhere: {'; '.join(used)}." if used else ""

    def perform(self, answers: Mapping[str, Any]) -> None:
        for edition in self.editions:
            self.desk.delete_model(self.request, edition)


class Withdraw(CountedStep):
    """With a reason for each, which readers see."""

    title = "Withdraw"
    consequence = (
        "Each page stays, with a notice and your reason, and leaves all lists. A colleague must republish it."
    )
    done = "Withdrawn"

    def make_form(self, data: Any) -> forms.Form:
        return ReasonsForm(data, editions=self.editions)

    def why_not(self, edition: Edition, answers: Mapping[str, Any]) -> str:
        return " ".join(workflow.why_not_perform("withdraw", edition, self.authority))

    def perform(self, answers: Mapping[str, Any]) -> None:
        for edition in self.editions:
            reason = answers[f"reason-{edition.pk}"]
            workflow.perform_verb("withdraw", edition, user=self.actor, at=self.authority.at, reason=reason)


STEPS: dict[str, type[BulkStep]] = {
    "assign": Assign,
    "move": Move,
    "discard": Discard,
    "withdraw": Withdraw,
}


def bulk_view(desk: Any, request: HttpRequest, name: str) -> HttpResponse:
    """Names what was chosen and asks what the step needs; then does it to all, or to none."""
    kind = STEPS.get(name)
    if kind is None or not desk.has_change_permission(request):
        raise Http404
    if kind.is_destructive and (asked := reauthentication.ask_again(request)):
        return asked
    back = HttpResponseRedirect(reverse("admin:releases_edition_changelist"))
    editions = _chosen(request)
    if not editions:
        desk.message_user(request, f"Choose up to {MOST} releases that you may see.", messages.ERROR)
        return back
    step = kind(desk, request, editions)
    form = step.make_form(request.POST or None)
    is_typed = form.is_valid()
    answers = form.cleaned_data if form.is_bound else {}
    refused = {edition: step.why_not(edition, answers) for edition in editions}
    is_possible = not any(refused.values())
    if is_typed and is_possible and _perform(step, answers):
        return back
    context = {
        **desk.admin_site.each_context(request),
        "title": step.title,
        "opts": desk.opts,
        "step": step,
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


def _perform(step: BulkStep, answers: Mapping[str, Any]) -> bool:
    """Whether it was done; the reasons why not are told."""
    number, tell = len(step.editions), step.desk.message_user
    try:
        with transaction.atomic():
            step.perform(answers)
    except ActionRefused as refused:
        for reason in refused.reasons:
            tell(step.request, reason, messages.ERROR)
        return False
    words = f"{step.done}: {number} release{'' if number == 1 else 's'}."
    tell(step.request, words, messages.SUCCESS)
    return True
