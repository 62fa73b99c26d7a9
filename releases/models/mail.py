import datetime as dt
import uuid
from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, User
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localdate, localtime

from releases.models.edition import Edition
from releases.models.notice import Notice

DIGEST_HOUR = 8
"""At which the daily summaries are sent, in the newsroom's zone."""


class MailManager(models.Manager["Mail"]):
    def waiting(self) -> models.QuerySet["Mail"]:
        """What is still to be sent by itself, now or later."""
        return self.filter(sent_at__isnull=True, given_up_at__isnull=True, digest__isnull=True)

    def post(
        self,
        kind: "Mail.Kind",
        recipients: Iterable[User],
        *,
        at: dt.datetime,
        notice: Notice | None = None,
        edition: Edition | None = None,
        why: "Mail.Why | str" = "",
        actor: AbstractBaseUser | None = None,
    ) -> None:
        """Have the worker send an email to each of these people who has an address, and to their deputies: at
        once, with the next daily summary, or not, as each of them chose for this kind. `actor`, who did it, is not
        told, for whomever they act.

        Call it inside the transaction of the act that they are told of, and only where `settings.EMAIL_URL`.
        """
        people = {one.pk: one for one in recipients}
        if kind in CHOOSABLE:
            acting = (
                Delegation.objects.on(localdate(at)).filter(principal__in=people).select_related("deputy")
            )
            people |= {one.deputy_id: one.deputy for one in acting}
        others = [one for one in people.values() if one.is_active and one != actor]
        told = [one for one in others if one.email or kind == Mail.Kind.ADDRESS]
        chosen = dict(
            MailPreference.objects.filter(kind=kind, user__in=told).values_list("user_id", "frequency")
        )
        self.bulk_create(
            Mail(
                kind=kind,
                recipient=one,
                notice=notice,
                edition=edition,
                why=why,
                digest=self._next_digest(one, at) if chosen.get(one.pk) == MailPreference.DAILY else None,
                created_at=at,
                due_at=at,
            )
            for one in told
            if chosen.get(one.pk) != MailPreference.NEVER
        )

    def _next_digest(self, recipient: User, at: dt.datetime) -> "Mail":
        """The daily summary that somebody gets next, which is begun with the first email for it."""
        begun = self.waiting().filter(kind=Mail.Kind.DIGEST, recipient=recipient, due_at__gt=at).first()
        due = localtime(at).replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
        if due <= at:
            due += dt.timedelta(days=1)
        return begun or self.create(kind=Mail.Kind.DIGEST, recipient=recipient, created_at=at, due_at=due)


class Mail(models.Model):
    """An email in the outbox. It holds neither words nor address nor link: all are made when it is sent."""

    class Kind(models.TextChoices):
        WAITING = "waiting", "Something waits for you"
        SENT_BACK = "sent-back", "Your draft was sent back"
        CLEARANCE_VOID = "clearance-void", "Your agency's clearance is needed again"
        COMMENT = "comment", "A colleague commented or replied"
        PUBLISHED = "published", "A release that you worked on was published"
        CHECK_FAILED = "check-failed", "Something stands in the way of an embargo"
        NOTICE = "notice", "What others did with releases of your agency"
        INVITATION = "invitation", "Invitation"
        PASSWORD = "password", "New password"
        ADDRESS = "address", "Address to confirm"
        SECOND_FACTOR = "second-factor", "Second factor taken off"
        SUPERUSER = "superuser", "Somebody may do everything"
        DIGEST = "digest", "Daily summary"

    class Why(models.TextChoices):
        TEXT = "text", "The text, the issuers or the files changed."
        TIME = "time", "It is now to be published earlier than the time that was cleared."
        HOUR = "hour", "There is one hour left."
        MINUTES = "minutes", "There are ten minutes left."
        AGAIN = "again", "A colleague reminds you of it."

    kind = models.CharField(max_length=14, choices=Kind.choices)
    why = models.CharField(max_length=7, choices=Why.choices, blank=True)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    notice = models.ForeignKey(Notice, models.CASCADE, null=True, blank=True, related_name="+")
    edition = models.ForeignKey("releases.Edition", models.CASCADE, null=True, blank=True, related_name="+")
    digest = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="items",
        help_text="The daily summary that it is a part of.",
    )
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
                condition=Q(sent_at__isnull=True, given_up_at__isnull=True, digest__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.recipient}"


CHOOSABLE = [
    Mail.Kind.WAITING,
    Mail.Kind.SENT_BACK,
    Mail.Kind.CLEARANCE_VOID,
    Mail.Kind.COMMENT,
    Mail.Kind.PUBLISHED,
    Mail.Kind.CHECK_FAILED,
    Mail.Kind.NOTICE,
]
"""The kinds that each person can have at once, once a day or never."""


class MailPreference(models.Model):
    """How often somebody gets emails of a kind; without one, each at once."""

    DAILY, NEVER = "daily", "never"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_preferences")
    kind = models.CharField(max_length=14, choices=[(kind.value, kind.label) for kind in CHOOSABLE])
    frequency = models.CharField(max_length=5, choices=[(DAILY, "Once a day"), (NEVER, "Never")])

    class Meta:
        constraints = [models.UniqueConstraint(name="one_preference_a_kind", fields=["user", "kind"])]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_kind_display()}, {self.get_frequency_display()}"


class DelegationManager(models.Manager["Delegation"]):
    def on(self, day: dt.date) -> models.QuerySet["Delegation"]:
        """Those that hold on a day of the newsroom's zone."""
        return self.filter(starts__lte=day, ends__gte=day)


class Delegation(models.Model):
    """For some days somebody's emails go to a colleague too, who acts for them with rights of their own."""

    principal = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="delegations")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="deputations")
    starts = models.DateField()
    ends = models.DateField(help_text="The last day.")

    objects = DelegationManager()

    class Meta:
        ordering = ["starts", "pk"]
        constraints = [
            models.CheckConstraint(name="delegation_ends_last", condition=Q(ends__gte=F("starts"))),
            models.CheckConstraint(name="delegation_is_to_others", condition=~Q(deputy=F("principal"))),
        ]

    def __str__(self) -> str:
        return f"{self.deputy} acts for {self.principal}"


class Announcement(models.Model):
    """That people were told of an instant of an edition: that it is near, or that the edition went live; or that
    somebody reminded them of it on the day that begins then."""

    edition = models.ForeignKey("releases.Edition", models.CASCADE, related_name="+")
    kind = models.CharField(
        max_length=9, choices=[(one, one) for one in ("hour", "minutes", "published", "reminder")]
    )
    instant = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_announcement", fields=["edition", "kind", "instant"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.edition} at {self.instant}"
