from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from releases.content.extraction.kinds import KINDS
from releases.models.absence import Absence

DIGEST_VERSION = 2
"""Of what a digest is made of. Each edition keeps the version of its own: 1 has neither kind nor lead, and all
issuers."""
NEWEST_FIRST = ("-release_date", "-first_live_at", "-release_id")


def live_at(at: datetime, edition: str = "") -> Q:
    """The one rule of visibility, as a filter: approved, inside its live interval at `at`, not removed.

    `edition` is the lookup prefix that leads to the edition ("edition__" for an annex).
    """
    return live_from_then_on(at, edition) & Q(**{f"{edition}live_from__lte": at})


def live_from_then_on(at: datetime, edition: str = "") -> Q:
    """`live_at`, with what is approved to be live later."""
    return _approved(at, edition) & Q(
        Q(**{f"{edition}live_until__isnull": True}) | Q(**{f"{edition}live_until__gt": at})
    )


def _approved(at: datetime, edition: str = "") -> Q:
    absences = Absence.objects.at(at).filter(kind=Absence.Kind.REMOVED)
    return Q(
        ~Exists(absences.filter(release=OuterRef(f"{edition}release_id"))),
        **{f"{edition}state": "approved", f"{edition}erased_at__isnull": True},
    )


class EditionQuerySet(models.QuerySet["Edition"]):
    """Two doors, `live` and `on_record`; no other code decides what the public may see."""

    def live(self, at: datetime) -> Self:
        """What the public gets at the instant `at`: withdrawn releases too, since their page stays."""
        return self.filter(live_at(at))

    def listed(self, at: datetime) -> Self:
        """`live` without withdrawn releases: lists, feeds, sitemaps, search."""
        withdrawn = Absence.objects.at(at).filter(kind=Absence.Kind.WITHDRAWN, release=OuterRef("release_id"))
        return self.live(at).filter(~Exists(withdrawn))

    def on_record(self, at: datetime) -> Self:
        """Every edition that has been public by `at`: history, comparison, version addresses."""
        return self.filter(_approved(at), live_from__lte=at)

    def ever_public(self, at: datetime) -> Self:
        """Every edition that was public at some instant by `at`, removed and erased ones too: what may answer
        as gone."""
        return self.filter(state="approved", live_from__lte=at)

    def newest_first(self) -> Self:
        return self.order_by(*NEWEST_FIRST)

    def scheduled(self, at: datetime) -> Self:
        """Approved, live after `at`. For the desk only."""
        return self.filter(state="approved", erased_at__isnull=True, live_from__gt=at)


class Edition(models.Model):
    """One version of a release. Approved, it is live in [live_from, live_until) and never changes.

    A column `X_rule` names the rule that found X, with its version; it is empty where X was typed, or confirmed by
    an approval. Until then X of an import may be found anew.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "For approval"
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Sent back"

    class Change(models.TextChoices):
        CORRECTION = "correction", "Correction"
        UPDATE = "update", "Update"
        TYPOGRAPHY = "typography", "Typing error"

    class Origin(models.TextChoices):
        DESK = "desk", "Written here"
        IMPORT = "import", "Imported"
        RECORD = "record", "Written in another newsroom"

    release = models.ForeignKey("releases.Release", models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField(default=1)
    based_on = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    address = models.ForeignKey("releases.Address", models.PROTECT, related_name="editions")
    title = models.CharField(max_length=500)
    summary = models.TextField(blank=True)
    release_date = models.DateField()
    release_date_is_set = models.BooleanField(
        default=True,
        editable=False,
        help_text="Whether somebody set the date on purpose; else it is the day of publication.",
    )
    release_date_is_confirmed = models.BooleanField(
        default=False, help_text="The page may say another day than that of its publication."
    )
    body = models.TextField(blank=True, help_text="Markdown as typed.")
    body_html = models.TextField(blank=True, editable=False)
    renderer_version = models.PositiveIntegerField(default=0, editable=False)
    link_url = models.CharField(
        "link", max_length=2000, blank=True, help_text="Where a link-only release leads."
    )
    language = models.CharField(max_length=35, default="en")
    kind = models.CharField(max_length=20, choices=KINDS.items(), default="release")
    kind_rule = models.CharField(max_length=40, blank=True, editable=False)
    lead_text = models.TextField(
        blank=True, editable=False, help_text="How the text begins, for lists without a summary."
    )
    lead_rule = models.CharField(max_length=40, blank=True, editable=False)
    issuers_rule = models.CharField(max_length=40, blank=True, editable=False)
    agreements = models.ManyToManyField("releases.Agreement", blank=True, related_name="editions")
    contacts = models.TextField(blank=True)
    awaited = models.TextField(
        "annexes not yet attached", blank=True, help_text="One per line, until its file is attached."
    )
    embargo = models.TextField(
        blank=True, help_text="The words of the embargo in the text that was brought here."
    )
    embargo_is_confirmed = models.BooleanField("“Publish at” keeps the embargo", default=False)
    change_note = models.TextField(blank=True)
    change_class = models.CharField(max_length=10, choices=Change.choices, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    origin = models.CharField(max_length=6, choices=Origin.choices, default=Origin.DESK)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    wanted_from = models.DateTimeField(
        "publish at",
        null=True,
        blank=True,
        help_text="When the author wants it public; empty: once approved.",
    )
    rejection = models.TextField(blank=True, help_text="Why it was sent back.")
    urgent_reason = models.TextField(blank=True, help_text="Why it was published without a second person.")
    digest = models.CharField(
        max_length=64, blank=True, help_text="What was approved: SHA-256 of its canonical form."
    )
    live_from = models.DateTimeField("public from", null=True, blank=True)
    live_until = models.DateTimeField("public until", null=True, blank=True)
    first_live_at = models.DateTimeField(null=True, blank=True, help_text="When the release first went live.")
    erased_at = models.DateTimeField(null=True, blank=True)
    digest_version = models.PositiveSmallIntegerField(default=DIGEST_VERSION, editable=False)
    lock_version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["release_id", "number"]
        indexes = [
            # With all that the doors ask of an edition, so that who walks or counts reads no row with its
            # text.
            models.Index(
                fields=[
                    "-release_date",
                    "-first_live_at",
                    "-release",
                    "live_from",
                    "live_until",
                    "erased_at",
                    "state",
                    "id",
                ],
                name="edition_listed_newest_first",
                condition=Q(state="approved"),
            ),
            # Only what is approved has a `live_from`. Parts of the rows are told by NULL, since SQLite can't
            # tell whether a value that is handed over is in them.
            models.Index(
                fields=["live_from"], name="edition_live_from", condition=Q(live_from__isnull=False)
            ),
            models.Index(
                fields=["state", "updated_at"], name="edition_waits", condition=Q(live_from__isnull=True)
            ),
            models.Index(
                fields=["origin", "live_from"],
                name="edition_written_here",
                condition=Q(live_from__isnull=False),
            ),
            models.Index(fields=["-updated_at", "-id"], name="edition_saved_last"),
            models.Index(fields=["-release_date", "-release"], name="edition_dated_last"),
            models.Index(fields=["language"], name="edition_language"),
            models.Index(fields=["kind"], name="edition_kind"),
            models.Index(
                fields=["live_until"], name="edition_live_until", condition=Q(live_until__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(name="one_edition_a_number", fields=["release", "number"]),
            models.CheckConstraint(
                name="edition_state_is_known",
                condition=Q(state__in=["draft", "submitted", "approved", "rejected"]),
            ),
            models.CheckConstraint(
                name="approved_means_live_from",
                condition=Q(state="approved", live_from__isnull=False, first_live_at__isnull=False)
                | Q(
                    ~Q(state="approved"),
                    live_from__isnull=True,
                    live_until__isnull=True,
                    first_live_at__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="live_until_after_live_from",
                condition=Q(live_until__isnull=True) | Q(live_until__gt=F("live_from")),
            ),
            models.CheckConstraint(
                name="approved_by_a_second_person",
                condition=Q(origin__in=["import", "record"])
                | ~Q(state="approved")
                | Q(
                    Q(approver__isnull=False)
                    & (Q(author__isnull=True) | ~Q(author=F("approver")) | ~Q(urgent_reason=""))
                ),
            ),
            models.CheckConstraint(
                name="approved_means_digest", condition=~Q(state="approved") | ~Q(digest="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (version {self.number})"

    @property
    def permalink(self) -> str:
        return self.address.path
