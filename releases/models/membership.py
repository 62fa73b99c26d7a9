from django.conf import settings
from django.db import models
from django.db.models import F, Q

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
        "may publish urgently", default=False, help_text="Without a second person; a reason is recorded."
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    is_waiting = models.BooleanField(
        default=False, editable=False, help_text="It counts once a second administrator confirms it."
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        ordering = ["user", "agency", "role"]
        constraints = [
            models.UniqueConstraint(name="one_role_once", fields=["user", "agency", "role"]),
            models.CheckConstraint(
                name="role_confirmed_by_a_second_person",
                condition=Q(confirmed_by__isnull=True)
                | ~Q(confirmed_by=F("given_by")) & ~Q(confirmed_by=F("user")) & Q(is_waiting=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display().lower()} for {self.agency}"


class SuperuserGrant(models.Model):
    """That somebody may do everything: it counts once a second superuser confirms it. Given by nobody where
    whoever runs the server made the account."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="superuser_grant", primary_key=True
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_waiting = models.BooleanField(default=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField(help_text="When it was given, and once it counts, since when.")

    class Meta:
        ordering = ["-changed_at"]
        constraints = [
            models.CheckConstraint(
                name="superuser_confirmed_by_a_second_person",
                condition=Q(confirmed_by__isnull=True)
                | ~Q(confirmed_by=F("given_by")) & ~Q(confirmed_by=F("user")) & Q(is_waiting=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, all rights"


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


class SecondFactorReset(models.Model):
    """That an administrator asks to take the second factor off somebody's account, who lost their device."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="second_factor_resets")
    reason = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_done = models.BooleanField(default=False)

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                name="one_reset_stands", fields=["user"], condition=Q(ended_by__isnull=True)
            ),
            models.CheckConstraint(
                name="reset_done_by_a_second_person",
                condition=Q(is_done=False)
                | Q(ended_by__isnull=False) & ~Q(ended_by=F("asked_by")) & ~Q(ended_by=F("user")),
            ),
            models.CheckConstraint(name="reset_asked_by_another", condition=~Q(asked_by=F("user"))),
            models.CheckConstraint(name="reset_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.user}, asked by {self.asked_by}"
