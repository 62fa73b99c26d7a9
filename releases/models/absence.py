from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from releases.content.text.dates import format_datetime


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def at(self, at: datetime) -> Self:
        """Absences that hold at the instant `at`."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=at), since__lte=at)


class Absence(models.Model):
    """A release withdrawn (the page stays, with a notice) or removed (410), from an instant until another."""

    class Kind(models.TextChoices):
        WITHDRAWN = "withdrawn", "Withdrawn"
        REMOVED = "removed", "Taken offline"

    release = models.ForeignKey("releases.Release", models.PROTECT, related_name="absences")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    reason = models.TextField()
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="absence_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(until__gt=models.F("since")),
            ),
            models.CheckConstraint(
                name="absence_ended_by_a_second_person",
                condition=Q(ended_by__isnull=True)
                | Q(begun_by__isnull=True)
                | ~Q(ended_by=models.F("begun_by")),
            ),
            models.CheckConstraint(name="absence_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="absence_kind_is_known", condition=Q(kind__in=["withdrawn", "removed"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} since {format_datetime(self.since)}"

    def holds(self, at: datetime) -> bool:
        """What `at` asks of the database, of one row."""
        return self.since <= at and (self.until is None or self.until > at)
