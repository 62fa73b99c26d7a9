from datetime import date
from typing import Self

from django.db import models


class AgencyManager(models.Manager["Agency"]):
    def get_by_natural_key(self, slug: str) -> "Agency":
        return self.get(slug=slug)


class AgencyNameQuerySet(models.QuerySet["AgencyName"]):
    def get_by_natural_key(self, slug: str, valid_from: date | None) -> "AgencyName":
        return self.get(agency__slug=slug, valid_from=valid_from)

    def by(self, day: date) -> Self:
        """Those that readers may know of on `day`: none that an agency will only have."""
        return self.filter(models.Q(valid_from__isnull=True) | models.Q(valid_from__lte=day))


class Agency(models.Model):
    """Who issues releases. `acronym` is today's; what it was called on a day is in its names.

    `succeeded_on` is a field, because names say since when each holds and never until when.
    """

    class Kind(models.TextChoices):
        MINISTRY = "ministry", "Ministry"
        STATUTORY_BOARD = "statutory-board", "Statutory board"
        DEPARTMENT = "department", "Department"
        ORGAN_OF_STATE = "organ-of-state", "Organ of state"
        COURT = "court", "Court"
        COMPANY = "company", "Company"
        UNIVERSITY = "university", "University"
        ASSOCIATION = "association", "Association"
        FOREIGN = "foreign", "Foreign body"
        OTHER = "other", "Other"

    slug = models.SlugField(max_length=80, unique=True)
    acronym = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.OTHER)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")
    succeeded_on = models.DateField(
        null=True,
        blank=True,
        help_text="The first day on which its successor acts for it. Empty: as soon as the successor is named.",
    )
    hosts = models.JSONField(
        "web hosts", default=list, blank=True, help_text="Its web hosts without www, old ones included."
    )
    aliases = models.JSONField(
        "other names", default=list, blank=True, help_text="Other spellings of its name."
    )
    is_active = models.BooleanField("active", default=True)

    objects = AgencyManager()

    class Meta:
        ordering = ["slug"]
        verbose_name_plural = "agencies"
        constraints = [
            models.CheckConstraint(
                name="agency_not_its_own_successor",
                condition=models.Q(successor__isnull=True) | ~models.Q(successor=models.F("pk")),
            ),
            models.CheckConstraint(
                name="agency_not_its_own_parent",
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("pk")),
            ),
        ]

    def __str__(self) -> str:
        return self.acronym or self.slug

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def acting_on(self, day: date) -> int | None:
        """The key of its successor, if that acts for it on `day`."""
        return self.successor_id if self.succeeded_on is None or self.succeeded_on <= day else None

    def name_on(self, day: date) -> "AgencyName | None":
        """The AgencyName that held on `day` (a date); the earliest known one for days before it.

        Of `names` as they were prefetched: for readers, those that hold by now.
        """
        names = sorted(
            self.names.all(), key=lambda name: (name.valid_from is not None, name.valid_from or day)
        )
        held = [name for name in names if name.valid_from is None or name.valid_from <= day]
        return (held or names[:1])[-1] if names else None


class AgencyName(models.Model):
    """What an agency is called from a day on; no day means from the beginning."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="names")
    name = models.CharField(max_length=200)
    acronym = models.CharField(max_length=40, blank=True)
    valid_from = models.DateField(null=True, blank=True)

    objects = AgencyNameQuerySet.as_manager()

    class Meta:
        ordering = ["agency", models.F("valid_from").asc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(name="one_name_an_agency_and_day", fields=["agency", "valid_from"]),
            models.UniqueConstraint(
                name="one_first_name_an_agency",
                fields=["agency"],
                condition=models.Q(valid_from__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str, date | None]:
        return (*self.agency.natural_key(), self.valid_from)

    natural_key.dependencies = ["releases.agency"]  # type: ignore[attr-defined]
