import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from releases.models.edition import Edition


class ReleaseQuerySet(models.QuerySet["Release"]):
    def written(self) -> Self:
        """Those with an edition. One whose drafts were all discarded is a number that the ledger tells of."""
        return self.filter(Exists(Edition.objects.filter(release=OuterRef("pk"))))


class Release(models.Model):
    """The permanent record; what readers see is its live edition."""

    class Form(models.TextChoices):
        TEXT = "text", "Release"
        FILE = "file", "PDF only"
        LINK = "link", "Link to another site"

    section = models.ForeignKey("releases.Section", models.PROTECT, related_name="releases")
    form = models.CharField(max_length=4, choices=Form.choices, default=Form.TEXT)
    translation_group = models.UUIDField(
        default=uuid.uuid4, db_index=True, help_text="Shared by its translations."
    )
    pinned_until = models.DateTimeField(
        "in focus until",
        null=True,
        blank=True,
        help_text="Until then it stands first on the home page. Empty: where its date puts it.",
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="assigned_releases",
        help_text="Who sees to it. Readers are never told.",
    )
    original = models.ForeignKey(
        "releases.Edition",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The version that this release was translated from.",
    )
    original_digest = models.CharField(
        max_length=64, blank=True, editable=False, help_text="Of the text that was translated."
    )
    created_at = models.DateTimeField("begun", auto_now_add=True)
    opened = models.UUIDField(
        null=True,
        unique=True,
        editable=False,
        help_text="The form that it was typed in, which makes one release only.",
    )

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["pinned_until"], name="release_pinned", condition=models.Q(pinned_until__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        """The title that everybody knows: that of a draft is not for whoever meets the release in a list."""
        known = vars(self).get("known_editions")
        public = self.editions.live(timezone.now())[:1] if known is None else known
        return public[0].title if public else f"Release {self.pk}"

    @property
    def recorded_as(self) -> str:
        """How the ledger calls it, which is never changed: by no title, since that may have to be erased."""
        return str(self.pk)


class Source(models.Model):
    """The post that a release came from: its path below the site's root and its original bytes."""

    release = models.OneToOneField(Release, models.PROTECT, related_name="source")
    edition = models.ForeignKey(
        "releases.Edition",
        models.PROTECT,
        related_name="+",
        verbose_name="version",
        help_text="The version made of these bytes.",
    )
    path = models.CharField(max_length=1000)
    path_digest = models.CharField(max_length=64, unique=True, editable=False)
    content = models.BinaryField()
    fingerprint = models.CharField(
        max_length=64, help_text="SHA-256 over the post's bytes and those of its files."
    )

    def __str__(self) -> str:
        return self.path


class SitePage(models.Model):
    """A page of the old site that tells how it is built (`_config.yml`, a category's index.html): kept to be
    given back."""

    path = models.CharField(max_length=420, unique=True)
    content = models.BinaryField()

    class Meta:
        verbose_name = "page of the old site"
        verbose_name_plural = "pages of the old site"

    def __str__(self) -> str:
        return self.path
