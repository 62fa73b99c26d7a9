from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q


class Redirect(models.Model):
    """An old path that leads to a release or to another path or site; no target means gone (410).

    A path that ends in `/*` stands for everything below it; `:splat` in the target is the rest.
    """

    address = models.OneToOneField("releases.Address", models.PROTECT, related_name="redirect")
    release = models.ForeignKey(
        "releases.Release", models.PROTECT, null=True, blank=True, related_name="redirects"
    )
    target = models.CharField(
        max_length=2000,
        blank=True,
        help_text="A path or an https address. Leave empty if the page is gone for good (410).",
    )
    valid_from = models.DateTimeField()
    agency = models.ForeignKey(
        "releases.Agency",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text="For which it was written here: its administrators may change it.",
    )
    origin = models.CharField(
        max_length=6, choices=[("desk", "Written here"), ("import", "Imported")], default="desk"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="redirect_has_one_target", condition=Q(release__isnull=True) | Q(target="")
            ),
            models.CheckConstraint(
                name="redirect_target_is_a_path_or_site",
                condition=Q(target="")
                | Q(target__startswith="/") & ~Q(target__startswith="//")
                | Q(target__startswith="https://")
                | Q(target__startswith="http://"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address.path} → {self.target or self.release or 'gone'}"

    @property
    def recorded_as(self) -> str:
        """How the ledger calls it: without the title of the release that it leads to."""
        release = f"release {self.release_id}" if self.release_id else "gone"
        return f"{self.address.path} → {self.target or release}"

    def clean(self) -> None:
        if self.target and self.release_id:
            raise ValidationError({"target": "Choose a release or type a target, not both."})
        if self.target and self.address_id and self.target == self.address.path:
            raise ValidationError({"target": "This redirect would lead to itself."})
