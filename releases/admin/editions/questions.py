"""The forms that ask for what an action on an edition needs."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from releases.admin.base.fields import LocalTimeField
from releases.templatetags.desk_tags import name_instant


class WhenForm(forms.Form):
    """The instant of a publication to come. `named` is the one that the button names: without a script the button
    can't follow the field, so another one is shown before anything happens.

    Initially `settled_days`: for each page the days on which it may be published without more ado; another one is
    confirmed.
    """

    live_from = LocalTimeField(label="Publish at", error_messages={"required": "Choose a day and a time."})
    date_is_right = forms.BooleanField(required=False, label="Yes, publish on another day than the page says")
    named = forms.CharField(widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        named, typed = cleaned.pop("named", ""), self.data.get(self.add_prefix("live_from"), "")
        if "live_from" in cleaned and self.add_prefix("named") in self.data and named != typed:
            words = "You chose another time. The button names it now; press it again if it is right."
            self.add_error("live_from", words)
        is_confirmed = cleaned.pop("date_is_right", False)
        chosen = timezone.localdate(cleaned["live_from"]) if "live_from" in cleaned else None
        if chosen and not is_confirmed and any(chosen not in days for days in self.settled_days()):
            words = "The page says another day. Choose that day, or tick that the date on the page is right."
            self.add_error("date_is_right", words)
        return cleaned

    def settled_days(self) -> list[tuple[dt.date, dt.date]]:
        return self.initial.get("settled_days", [])

    def button_value(self) -> str:
        """`named` for the button as it is now."""
        return self.fields["live_from"].widget.format_value(self["live_from"].value()) or ""

    def button_time(self) -> str:
        """What stands in the field, as an instant in words; "" where that is none."""
        try:
            moment = self.fields["live_from"].clean(self.button_value())
        except forms.ValidationError:
            return ""
        return name_instant(moment)


class NowForm(forms.Form):
    """A publication at once, which is an act of its own. Where it would come before another instant, `before`
    (a sentence), that has to be confirmed."""

    confirms = forms.BooleanField(label="Yes, publish before that time")
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, initial: dict[str, Any], before: str) -> None:
        super().__init__(data, initial=initial, auto_id="id_now_%s")
        self.before = before
        if not before:
            del self.fields["confirms"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned.pop("confirms", None)
        return {**cleaned, "live_from": None}


class NewTimeForm(WhenForm):
    resubmits = forms.BooleanField(
        required=False,
        label="Submit it again if an agency has to clear it again",
        help_text="Only for a time that is earlier than an agency cleared. It is not scheduled until it is cleared and"
        " approved again.",
    )


class UrgentReason(forms.Form):
    urgent_reason = forms.CharField(
        label="Reason",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Why nobody else can approve it now. The ledger shows it.",
    )


class UrgentWhenForm(UrgentReason, WhenForm):
    pass


class UrgentNowForm(UrgentReason, NowForm):
    pass


class ReasonForm(forms.Form):
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The author will read it. The ledger keeps it for good, so quote nothing that may have to be erased.",
    )


class PublicReasonForm(forms.Form):
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), help_text="Readers will see it.")


class ProposalForm(PublicReasonForm):
    """`shown`: the key of the proposal that the page shows."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False)


class ErasureForm(ProposalForm):
    """`release_title`, in its initial data, is typed against an erasure by mistake."""

    title = forms.CharField(
        label="Title of the release", help_text="Type it as it stands above, to show that this is the one."
    )
    field_order = ("title", "reason")

    def clean_title(self) -> str:
        typed = str(self.cleaned_data["title"])
        if (
            " ".join(typed.split()).casefold()
            != " ".join(str(self.initial["release_title"]).split()).casefold()
        ):
            raise forms.ValidationError("This is not the title of this release.")
        return typed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned.pop("title", None)
        return cleaned


class NoteForm(forms.Form):
    note = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="Who agreed, and how",
        help_text="Only for an agency that has no approver in this newsroom. The ledger keeps it, and approvers see it.",
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


QUESTIONS: dict[str, type[forms.Form]] = {
    "when": WhenForm,
    "new-time": NewTimeForm,
    "urgent": UrgentWhenForm,
    "reason": ReasonForm,
    "public-reason": PublicReasonForm,
    "proposal": ProposalForm,
    "erasure": ErasureForm,
    "note": NoteForm,
}

AT_ONCE: dict[str, type[NowForm]] = {"when": NowForm, "urgent": UrgentNowForm}
"""Beside the question for an instant: what publishes now."""
