from datetime import datetime
from typing import Self, TypeVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from releases.content.files.annex_names import format_annex_name
from releases.models.absence import Absence
from releases.models.blob import Blob
from releases.models.edition import Edition, live_at, live_from_then_on

File = TypeVar("File", bound=models.Model)
IS_FREE = ~Q(blob__scan__in=Blob.HELD)


class FileQuerySet(models.QuerySet[File]):
    def live(self, at: datetime) -> Self:
        """Files of the editions that are live at the instant `at`; none that waits for a virus scan."""
        return self.filter(live_at(at, "edition__"), IS_FREE)

    def live_from_then_on(self, at: datetime) -> Self:
        """Those, and the files of what is approved to be live later. For the desk only."""
        return self.filter(live_from_then_on(at, "edition__"))

    def of_removed(self, at: datetime) -> Self:
        """Files that were public with a release that is removed at the instant `at`."""
        removed = Absence.objects.at(at).filter(kind=Absence.Kind.REMOVED)
        public = Edition.objects.ever_public(at).filter(release__in=removed.values("release"))
        return self.filter(edition__in=public)


class Annex(models.Model):
    """A file that belongs to an edition and is listed beside it."""

    edition = models.ForeignKey(
        "releases.Edition", models.CASCADE, related_name="annexes", verbose_name="version"
    )
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=80, blank=True, help_text='"Annex A"')
    title = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=35, blank=True)
    address = models.ForeignKey("releases.Address", models.PROTECT, related_name="annexes")
    blob = models.ForeignKey(
        "releases.Blob", models.PROTECT, related_name="annexes", verbose_name="stored file"
    )

    objects = FileQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        verbose_name_plural = "annexes"
        constraints = [
            models.UniqueConstraint(name="one_annex_a_position", fields=["edition", "position"]),
            models.UniqueConstraint(name="an_annex_is_listed_once", fields=["edition", "address"]),
            models.CheckConstraint(name="annex_position_from_one", condition=Q(position__gte=1)),
            models.CheckConstraint(name="annex_has_a_name", condition=~Q(label="", title="")),
        ]

    def __str__(self) -> str:
        return format_annex_name(self.label, self.title)


class Illustration(models.Model):
    """A picture that an edition's body shows."""

    edition = models.ForeignKey(
        "releases.Edition", models.CASCADE, related_name="illustrations", verbose_name="version"
    )
    address = models.ForeignKey("releases.Address", models.PROTECT, related_name="illustrations")
    blob = models.ForeignKey(
        "releases.Blob", models.PROTECT, related_name="illustrations", verbose_name="stored file"
    )
    alt_text = models.TextField(blank=True)

    objects = FileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="an_illustration_is_listed_once", fields=["edition", "address"]),
        ]

    def __str__(self) -> str:
        return self.address.path


class Upload(models.Model):
    """A picture that an editor put into a text; it is an illustration of the editions whose text shows it."""

    address = models.OneToOneField("releases.Address", models.PROTECT, related_name="upload")
    blob = models.ForeignKey("releases.Blob", models.PROTECT, related_name="uploads")

    def __str__(self) -> str:
        return self.address.path


class SiteFileQuerySet(models.QuerySet["SiteFile"]):
    def live(self, at: datetime) -> Self:
        """What is served at the instant `at`; nothing that was a file of a release which is removed then, nor
        that waits for a virus scan."""
        open_then = Q(live_until__isnull=True) | Q(live_until__gt=at)
        annexes, pictures = (
            model.objects.of_removed(at).filter(address=OuterRef("address"))
            for model in (Annex, Illustration)
        )
        return self.filter(open_then, IS_FREE, ~Exists(annexes), ~Exists(pictures), live_from__lte=at)


class SiteFile(models.Model):
    """A file of the old site that no post uses; it keeps its address all the same."""

    address = models.ForeignKey("releases.Address", models.PROTECT, related_name="site_files")
    blob = models.ForeignKey(
        "releases.Blob", models.PROTECT, related_name="site_files", verbose_name="stored file"
    )
    live_from = models.DateTimeField("public from")
    live_until = models.DateTimeField("public until", null=True, blank=True)

    objects = SiteFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="site_file_until_after_from",
                condition=Q(live_until__isnull=True) | Q(live_until__gt=F("live_from")),
            ),
            models.UniqueConstraint(
                name="one_open_site_file_an_address", fields=["address"], condition=Q(live_until__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.address.path
