from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from releases.content.text import permalinks


class AddressManager(models.Manager["Address"]):
    def at(self, path: str) -> "models.QuerySet[Address]":
        """The addresses that are exactly `path` (none or one)."""
        return self.filter(path_digest=permalinks.digest_path(path))


class Address(models.Model):
    """The one namespace of public paths: no two owners share one.

    Unique by the SHA-256 of the path, since a B-tree cannot hold 1,000 CJK characters; `folded_digest`
    finds other spellings (case, slash, encoding). A file's address has no owner column: several editions
    may put bytes there, and the one that is live now is served.
    """

    class Kind(models.TextChoices):
        RELEASE = "release", "Release"
        SECTION = "section", "Section"
        FILE = "file", "File"
        REDIRECT = "redirect", "Redirect"

    path = models.CharField(max_length=permalinks.LONGEST_PATH)
    path_digest = models.CharField(max_length=64, unique=True, editable=False)
    folded_digest = models.CharField(max_length=64, db_index=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    source_path = models.CharField(
        max_length=permalinks.LONGEST_PATH,
        blank=True,
        help_text="Where the file lay in its old site, if elsewhere than its path.",
    )
    release = models.ForeignKey(
        "releases.Release", models.PROTECT, null=True, blank=True, related_name="addresses"
    )
    section = models.OneToOneField(
        "releases.Section", models.PROTECT, null=True, blank=True, related_name="address"
    )

    objects = AddressManager()

    class Meta:
        verbose_name_plural = "addresses"
        constraints = [
            models.CheckConstraint(
                name="address_owner_fits_kind",
                condition=(
                    models.Q(kind="release", release__isnull=False, section__isnull=True)
                    | models.Q(kind="section", release__isnull=True, section__isnull=False)
                    | models.Q(kind__in=["file", "redirect"], release__isnull=True, section__isnull=True)
                ),
            ),
            models.CheckConstraint(
                name="address_starts_with_slash", condition=models.Q(path__startswith="/")
            ),
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.path and not self.path_digest:
            self.set_keys()

    def __str__(self) -> str:
        return self.path

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.set_keys()
        super().save(*args, **kwargs)

    def set_keys(self) -> None:
        self.path_digest = permalinks.digest_path(self.path)
        self.folded_digest = permalinks.digest_path(permalinks.fold_path(self.path))

    def clean(self) -> None:
        try:
            self.path = permalinks.normalise_path(self.path)
        except permalinks.PermalinkError as error:
            raise ValidationError({"path": str(error)}) from error
