from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from releases.content.text.dates import format_datetime


class Clearance(models.Model):
    """The consent of an agency concerned to exactly this text with these issuers and files, void once the
    digest differs, and to its publication at the instant that was shown, or later."""

    edition = models.ForeignKey("releases.Edition", models.CASCADE, related_name="clearances")
    agency = models.ForeignKey("releases.Agency", models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    shown_from = models.DateTimeField(
        null=True, blank=True, help_text="The instant of publication that was shown; empty: once approved."
    )
    note = models.TextField(
        blank=True, help_text="Who agreed and how, where the agency has no approver in this newsroom."
    )

    class Meta:
        ordering = ["given_at"]
        constraints = [
            models.UniqueConstraint(name="one_clearance_an_agency", fields=["edition", "agency"]),
        ]

    def __str__(self) -> str:
        return f"{self.agency} clears {self.edition}"


class PreviewLinkQuerySet(models.QuerySet["PreviewLink"]):
    def valid(self, at: datetime) -> Self:
        """Links that open at the instant `at`."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=at, edition__erased_at__isnull=True)


class PreviewLink(models.Model):
    """One named person's way to an edition before it is public. Only the token's SHA-256 is kept."""

    edition = models.ForeignKey("releases.Edition", models.CASCADE, related_name="preview_links")
    person = models.CharField(max_length=200, help_text="Who gets it: one person, by name.")
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    may_comment = models.BooleanField(
        default=False, help_text="Lets this person write a comment or note consent."
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"Preview for {self.person}"


class PreviewVisit(models.Model):
    """One opening of a preview link: the page, or one of its files."""

    link = models.ForeignKey(PreviewLink, models.CASCADE, related_name="visits")
    at = models.DateTimeField()
    what = models.CharField(max_length=1000, blank=True, help_text="The file; empty for the page.")

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.link.person}, {format_datetime(self.at)}"


class Comment(models.Model):
    """What somebody said of an edition, from the desk or through a preview link.

    Consent noted here approves nothing.
    """

    edition = models.ForeignKey("releases.Edition", models.CASCADE, related_name="comments")
    link = models.ForeignKey(PreviewLink, models.RESTRICT, null=True, blank=True, related_name="comments")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    text = models.TextField(blank=True)
    consents = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, blank=True, help_text="Of what was seen.")
    reply_to = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="replies", help_text="Empty: to nobody."
    )
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        db_table = "releases_remark"
        ordering = ["at"]
        constraints = [
            models.CheckConstraint(name="comment_says_something", condition=~Q(text="") | Q(consents=True)),
            models.CheckConstraint(
                name="comment_is_somebodys", condition=Q(author__isnull=False) | Q(link__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80] or "Consent"


class CommentReading(models.Model):
    """Until when somebody has read the comments on an edition; later ones are new to them."""

    edition = models.ForeignKey("releases.Edition", models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="one_reading_a_person", fields=["edition", "user"])]

    def __str__(self) -> str:
        return f"{self.user} at {format_datetime(self.at)}"
