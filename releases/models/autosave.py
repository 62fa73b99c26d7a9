from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models

from releases.content.text.dates import format_datetime


class AutosaveQuerySet(models.QuerySet["Autosave"]):
    def unsaved(self, since: datetime) -> Self:
        """What was typed after `since` and never saved, the newest first."""
        return self.filter(ended_at__isnull=True, typed_at__gt=since).order_by("-typed_at", "-pk")


class Autosave(models.Model):
    """What somebody typed in the form of an edition and did not save yet: theirs alone, and no part of the edition.

    Once its form was saved, the row is empty and stays for a while, so that what arrives late makes no new one.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="autosaves")
    edition = models.ForeignKey(
        "releases.Edition",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty: the form of a new release.",
    )
    form_token = models.UUIDField(help_text="Of the form that it was typed in.")
    values = models.TextField(help_text="The names and values of the fields, as JSON.")
    typed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AutosaveQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(name="one_autosave_a_form", fields=["user", "form_token"])]
        indexes = [models.Index(fields=["typed_at"], name="autosave_by_age")]

    def __str__(self) -> str:
        return f"{self.user}, {format_datetime(self.typed_at)}"
