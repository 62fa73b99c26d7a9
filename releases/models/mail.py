import uuid
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q

from releases.models.notice import Notice


class MailManager(models.Manager["Mail"]):
    def waiting(self) -> models.QuerySet["Mail"]:
        """What is still to be sent, now or later."""
        return self.filter(sent_at__isnull=True, given_up_at__isnull=True)

    def post(
        self, kind: "Mail.Kind", recipients: Iterable[User], *, at: datetime, notice: Notice | None = None
    ) -> None:
        """Have the worker send an email to each of these people who has an address.

        Call it inside the transaction of the act that they are told of, and only where `settings.EMAIL_URL`.
        """
        self.bulk_create(
            Mail(kind=kind, recipient=one, notice=notice, created_at=at, due_at=at)
            for one in recipients
            if one.email and one.is_active
        )


class Mail(models.Model):
    """An email in the outbox. It holds neither words nor address nor link: all are made when it is sent."""

    class Kind(models.TextChoices):
        NOTICE = "notice", "What others did"
        INVITATION = "invitation", "Invitation"
        PASSWORD = "password", "New password"
        SECOND_FACTOR = "second-factor", "Second factor taken off"

    kind = models.CharField(max_length=13, choices=Kind.choices)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    notice = models.ForeignKey(Notice, models.CASCADE, null=True, blank=True, related_name="+")
    key = models.UUIDField(
        default=uuid.uuid4,
        unique=True,
        editable=False,
        help_text="Of its Message-ID: the same at each attempt.",
    )
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="When it is tried next.")
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True, help_text="Why the last attempt failed.")

    objects = MailManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "email"
        constraints = [
            models.CheckConstraint(
                name="mail_ends_once", condition=Q(sent_at__isnull=True) | Q(given_up_at__isnull=True)
            ),
            models.CheckConstraint(
                name="mail_tells_of_a_notice", condition=Q(kind="notice") | Q(notice__isnull=True)
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="mail_waiting",
                condition=Q(sent_at__isnull=True, given_up_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.recipient}"
