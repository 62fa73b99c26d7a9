from django.conf import settings
from django.db import models

from releases.models.agreement import AgreementEvent, PartyAction


class Suggestion(models.Model):
    """Something that a text seems to say of an agreement, or of who issues it; nothing comes of it before an
    editor accepts it."""

    class Rule(models.TextChoices):
        NAME = "name", "Names a known agreement"
        NEW = "new", "Names an agreement that is not in the register"
        EVENT = "event", "Reports an event"
        ISSUER = "issuer", "Seems to sign the release"

    class State(models.TextChoices):
        OPEN = "open", "Open"
        ACCEPTED = "accepted", "Accepted"
        DISMISSED = "dismissed", "Dismissed"

    release = models.ForeignKey("releases.Release", models.CASCADE, related_name="suggestions")
    rule = models.CharField(max_length=6, choices=Rule.choices)
    agreement = models.ForeignKey(
        "releases.Agreement",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="suggestions",
        help_text="For a new name: choose an agreement to merge it into, or leave it empty to make one.",
    )
    agency = models.ForeignKey(
        "releases.Agency", models.CASCADE, null=True, blank=True, related_name="+", help_text="Who signs."
    )
    title = models.CharField(max_length=500, blank=True)
    acronym = models.CharField(max_length=40, blank=True)
    event_kind = models.CharField(
        max_length=24,
        choices=dict([*PartyAction.Kind.choices, *AgreementEvent.Kind.choices]),
        blank=True,
        help_text="Of an event of the agreement, or of what one of its parties did.",
    )
    event_date = models.DateField(null=True, blank=True)
    parties = models.JSONField(
        default=list, blank=True, help_text="States that the name or the sentence names, as codes."
    )
    people = models.JSONField(default=list, blank=True, help_text="Whom the sentence names as signatories.")
    sentence = models.TextField(blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    key = models.CharField(max_length=64, unique=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-release", "rule", "pk"]

    def __str__(self) -> str:
        if self.rule == self.Rule.ISSUER:
            return f"{self.agency} issues it too"
        what = self.get_event_kind_display() or self.title
        return (
            f"{self.agreement or self.title}: {what}"
            if self.rule == self.Rule.EVENT
            else what or str(self.agreement)
        )

    @property
    def recorded_as(self) -> str:
        """How the ledger calls it: its title and sentence are words of the release."""
        return str(self.pk)
