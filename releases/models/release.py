import uuid

from django.db import models


class Release(models.Model):
    """The permanent record; what readers see is its live edition."""

    class Kind(models.TextChoices):
        TEXT = "text", "Text"
        FILE = "file", "File only"
        LINK = "link", "Link only"

    section = models.ForeignKey("releases.Section", models.PROTECT, related_name="releases")
    kind = models.CharField(max_length=4, choices=Kind.choices, default=Kind.TEXT)
    translation_group = models.UUIDField(
        default=uuid.uuid4, db_index=True, help_text="Shared by its translations."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        edition = self.editions.order_by("-number").first()
        return edition.title if edition else f"Release {self.pk}"


class Source(models.Model):
    """The post that a release came from: its path below the site's root and its original bytes."""

    release = models.OneToOneField(Release, models.PROTECT, related_name="source")
    edition = models.ForeignKey(
        "releases.Edition", models.PROTECT, related_name="+", help_text="The edition made of these bytes."
    )
    path = models.CharField(max_length=1000)
    path_digest = models.CharField(max_length=64, unique=True, editable=False)
    content = models.BinaryField()
    fingerprint = models.CharField(
        max_length=64, help_text="SHA-256 over the post's bytes and those of its files."
    )

    def __str__(self):
        return self.path
