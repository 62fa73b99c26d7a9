from django.db import models


class Issuer(models.Model):
    """One issuing agency of an edition, lead first, under the name that it had on the release date."""

    edition = models.ForeignKey(
        "releases.Edition", models.CASCADE, related_name="issuers", verbose_name="version"
    )
    position = models.PositiveSmallIntegerField()
    agency = models.ForeignKey("releases.Agency", models.PROTECT, related_name="issued")
    name = models.CharField(max_length=200)
    acronym = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="one_issuer_a_position", fields=["edition", "position"]),
            models.UniqueConstraint(name="an_agency_issues_once", fields=["edition", "agency"]),
            models.CheckConstraint(name="issuer_position_from_one", condition=models.Q(position__gte=1)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def role(self) -> str:
        return "lead" if self.position == 1 else "joint"
