from django.conf import settings
from django.db import models

from releases.content.text.dates import format_datetime


class Membership(models.Model):
    """What somebody may do for an agency, and for those that it succeeded."""

    class Role(models.TextChoices):
        WRITER = "writer", "Writer"
        APPROVER = "approver", "Approver"
        ADMINISTRATOR = "administrator", "Administrator"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    agency = models.ForeignKey("releases.Agency", models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=13, choices=Role.choices)
    urgent = models.BooleanField(
        "may publish urgently", default=False, help_text="Alone, without a second person, with a reason."
    )

    class Meta:
        ordering = ["user", "agency", "role"]
        constraints = [models.UniqueConstraint(name="one_role_once", fields=["user", "agency", "role"])]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display().lower()} for {self.agency}"


class SignInCount(models.Model):
    """How often somebody tried to sign in lately, under a digest of who, and until when that counts."""

    key = models.CharField(max_length=64, primary_key=True)
    number = models.PositiveSmallIntegerField(default=0)
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.number} until {format_datetime(self.until)}"


class Presence(models.Model):
    """When somebody was last at the desk, to some minutes."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="presence")
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user}, {format_datetime(self.seen_at)}"
