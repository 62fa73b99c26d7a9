from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def standing(self, *verbs: str) -> Self:
        """What was asked for and nobody has ended yet, to do one of `verbs`."""
        return self.filter(ended_by__isnull=True, verb__in=verbs)


class Proposal(models.Model):
    """That somebody asks for what needs a second person: to remove a release, or to erase it."""

    class Verb(models.TextChoices):
        REMOVE = "remove", "Remove"
        ERASE = "erase", "Permanently erase (legal order)"

    release = models.ForeignKey("releases.Release", models.CASCADE, related_name="proposals")
    verb = models.CharField(max_length=6, choices=Verb.choices)
    reason = models.TextField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_done = models.BooleanField(default=False)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["made_at"]
        constraints = [
            models.UniqueConstraint(
                name="one_proposal_stands", fields=["release", "verb"], condition=Q(ended_by__isnull=True)
            ),
            models.CheckConstraint(
                name="proposal_done_by_a_second_person",
                condition=Q(is_done=False) | (Q(ended_by__isnull=False) & ~Q(ended_by=F("made_by"))),
            ),
            models.CheckConstraint(name="proposal_verb_is_known", condition=Q(verb__in=["remove", "erase"])),
            models.CheckConstraint(name="proposal_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.release}"
