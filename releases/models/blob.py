from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils import timezone


class Blob(models.Model):
    """Bytes under their SHA-256, and what is known of them; the bytes lie under MEDIA_ROOT."""

    class Scan(models.TextChoices):
        """What a virus scanner says. Without one, and of files older than it, nothing."""

        UNKNOWN = "", "not asked for"
        WAITING = "waiting"
        CLEAN = "clean"
        INFECTED = "infected"

    HELD = (Scan.WAITING, Scan.INFECTED)
    """Of what nobody is handed the bytes."""

    sha256 = models.CharField("SHA-256", max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    media_type = models.CharField("type", max_length=120, help_text="By content, not by name.")
    stored_at = models.DateTimeField(default=timezone.now, help_text="When somebody last brought it.")
    inspected_at = models.DateTimeField(
        "read at", null=True, blank=True, help_text="When the worker read it; empty: not yet."
    )
    pages = models.PositiveIntegerField(null=True, blank=True)
    text = models.TextField(blank=True, help_text="Extracted text, pages separated by form feeds.")
    tagged = models.BooleanField(null=True, blank=True)
    language = models.CharField(max_length=35, blank=True)
    title = models.CharField(max_length=500, blank=True)
    encrypted = models.BooleanField(null=True, blank=True)
    thumbnail_width = models.PositiveSmallIntegerField(null=True, blank=True)
    thumbnail_height = models.PositiveSmallIntegerField(null=True, blank=True)
    picture_width = models.PositiveIntegerField(null=True, blank=True)
    picture_height = models.PositiveIntegerField(null=True, blank=True)
    copy_widths = models.CharField(
        max_length=40, blank=True, help_text="Of a picture: how wide its smaller copies are, in pixels."
    )
    scan = models.CharField("virus scan", max_length=10, choices=Scan, blank=True, default=Scan.UNKNOWN)
    scan_finding = models.CharField(
        max_length=300, blank=True, help_text="What the virus scanner found, or why it gave no answer."
    )
    problem = models.CharField(max_length=300, blank=True, help_text="Why it could not be read.")

    class Meta:
        verbose_name = "stored file"
        constraints = [
            models.CheckConstraint(
                name="blob_sha256_is_hex", condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.media_type}, {self.size:,} bytes, {self.sha256[:12]}"

    @property
    def file(self) -> Path:
        """Path of the bytes."""
        return settings.MEDIA_ROOT / "blobs" / self.sha256[:2] / self.sha256

    @property
    def thumbnail(self) -> Path:
        """Path of the first page's picture (WebP); it exists only when `thumbnail_width` is set."""
        return settings.MEDIA_ROOT / "thumbnails" / self.sha256[:2] / f"{self.sha256}.webp"

    def copy(self, width: int) -> Path:
        """Path of the picture's smaller copy (WebP) with one of `copy_widths`."""
        return settings.MEDIA_ROOT / "pictures" / self.sha256[:2] / f"{self.sha256}.{width}.webp"

    @property
    def made_files(self) -> list[Path]:
        """Paths of all that may have been made of the bytes, in whatever version."""
        copies = (settings.MEDIA_ROOT / "pictures" / self.sha256[:2]).glob(f"{self.sha256}.*.webp")
        return [self.thumbnail, *sorted(copies)]


class PageText(models.Model):
    """The text of one page of a file, as search finds it; its words are in a table of the database's own."""

    blob = models.ForeignKey(Blob, models.CASCADE, related_name="pages_text")
    number = models.PositiveIntegerField()
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(name="one_text_a_page", fields=["blob", "number"])]

    def __str__(self) -> str:
        return f"Page {self.number} of {self.blob}"
