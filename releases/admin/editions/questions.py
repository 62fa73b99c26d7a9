"""The forms that ask for what an action on an edition needs."""

from django import forms

from releases.admin.editions.fields import LocalTimeField


class WhenForm(forms.Form):
    live_from = LocalTimeField(required=False, label="Publish at", help_text="Leave it empty to publish now.")
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class NewTimeForm(forms.Form):
    live_from = LocalTimeField(label="Publish at")
    resubmits = forms.BooleanField(
        required=False,
        label="Submit it again if an agency has to clear it again",
        help_text="Only for a time that is earlier than an agency cleared. It is not scheduled until it is cleared and"
        " approved again.",
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class UrgentForm(WhenForm):
    urgent_reason = forms.CharField(
        label="Reason",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Why nobody else can approve it now. The ledger shows it.",
    )


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
    "urgent": UrgentForm,
    "reason": ReasonForm,
    "public-reason": PublicReasonForm,
    "proposal": ProposalForm,
    "note": NoteForm,
}
