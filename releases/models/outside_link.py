"""Links of texts to other sites: what came of asking them, and when each host was asked last."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q

LONGEST = 2500
STILL = timedelta(hours=20)
"""A link that is not there now and was not there so long ago is dead: a site may be away for an hour."""


class LinkReading(models.Model):
    """That the links of an edition's text were read, and when: of a draft, when somebody had them checked."""

    edition = models.OneToOneField(
        "releases.Edition", models.CASCADE, primary_key=True, related_name="link_reading"
    )
    read_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Links of {self.edition}"


class OutsideLinkQuerySet(models.QuerySet["OutsideLink"]):
    def dead(self) -> Self:
        """Those that were not there twice, a day apart."""
        return self.filter(checked_at__gte=F("failing_since") + STILL)


class OutsideLink(models.Model):
    """An address of another site in a text. Of what it answered nothing is kept but the status."""

    class Trouble(models.TextChoices):
        """Why there is no status."""

        NO_HOST = "no-host", "there is no host of that name"
        NOT_PUBLIC = "not-public", "it leads into a network that is not public"
        SILENT = "silent", "it gave no answer"
        CERTIFICATE = "certificate", "its certificate is not valid"
        FAR = "far", "it leads on to other addresses more than three times"
        UNASKED = "unasked", "addresses of this form are not asked"

    reading = models.ForeignKey(LinkReading, models.CASCADE, related_name="links")
    url = models.CharField(max_length=LONGEST)
    key = models.CharField(max_length=64, db_index=True, help_text="SHA-256 of the address.")
    is_asked_for = models.BooleanField(default=False, help_text="Somebody wants it checked now.")
    checked_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    trouble = models.CharField(max_length=11, choices=Trouble.choices, blank=True)
    failing_since = models.DateTimeField(null=True)

    objects = OutsideLinkQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["checked_at"], name="outside_link_checked"),
            models.Index(fields=["is_asked_for"], name="outside_link_asked", condition=Q(is_asked_for=True)),
            models.Index(
                fields=["failing_since"],
                name="outside_link_failing",
                condition=Q(failing_since__isnull=False),
            ),
        ]
        constraints = [models.UniqueConstraint(name="one_link_a_text", fields=["reading", "key"])]

    def __str__(self) -> str:
        return self.url

    @property
    def words(self) -> str:
        """What came of it, as the end of a sentence about the link."""
        if self.status is None:
            return self.Trouble(self.trouble).label if self.trouble else "not checked yet"
        if self.status in (404, 410):
            return f"the page is not there ({self.status})"
        if self.is_failing:
            return f"the site has a fault ({self.status})"
        return (
            f"it is there ({self.status})"
            if self.status < 400
            else f"it lets no program look ({self.status})"
        )

    @property
    def is_failing(self) -> bool:
        """Whether a reader would find nothing: many sites refuse programs and show themselves to people."""
        if self.status is None:
            return self.trouble not in ("", self.Trouble.FAR, self.Trouble.UNASKED)
        return self.status in (404, 410) or 500 <= self.status < 600


class HostTurn(models.Model):
    """When a host was asked last, by any of our processes."""

    host = models.CharField(max_length=255, primary_key=True)
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.host
