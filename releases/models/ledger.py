import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import connection, models, transaction
from django.db.models import OuterRef, Subquery

from releases.models import fast_insert
from releases.models.edition import Edition
from releases.models.release import Release

FIRST = "0" * 64
FORMAT = 2
LOCK = 0x1ED6E2


class LedgerManager(models.Manager["LedgerEntry"]):
    def record(
        self,
        verb: "LedgerEntry.Verb",
        *,
        at: datetime,
        actor: AbstractBaseUser | AnonymousUser | None = None,
        release: Release | None = None,
        edition: Edition | None = None,
        subject: str = "",
        before: str = "",
        after: str = "",
        note: dict[str, Any] | None = None,
    ) -> "LedgerEntry":
        """Append an entry to the chain. Call it inside the transaction of the change that it records.

        `at` is an aware instant, `before` and `after` are digests of what was changed, `note` is plain JSON.
        An entry about an `edition` is one of its release and says its number, unless a subject is given: then
        release and subject are those given.
        """
        entry = self.draw_up(
            verb,
            at=at,
            actor=actor,
            release=release,
            edition=edition,
            subject=subject,
            before=before,
            after=after,
            note=note,
        )
        with transaction.atomic(savepoint=False):
            entry.follow(self._last_digest())
            return fast_insert.insert(entry)

    def draw_up(
        self,
        verb: "LedgerEntry.Verb",
        *,
        at: datetime,
        actor: AbstractBaseUser | AnonymousUser | None = None,
        release: Release | None = None,
        edition: Edition | None = None,
        subject: str = "",
        before: str = "",
        after: str = "",
        note: dict[str, Any] | None = None,
    ) -> "LedgerEntry":
        """The entry that `record` appends, for `append`: it is in no chain yet."""
        known = LedgerEntry.Verb(verb)
        if edition and not subject:
            release, subject = edition.release, f"edition {edition.number}"
        return LedgerEntry(
            at=at,
            actor_id=actor.pk if actor else None,
            release=release,
            edition=edition.pk if edition else None,
            verb=known.value,
            subject=subject,
            before=before,
            after=after,
            note=note or {},
        )

    def append(self, entries: Sequence["LedgerEntry"]) -> None:
        """Append entries to the chain in their order.

        Call it inside the transaction of the changes that they record.
        """
        with transaction.atomic(savepoint=False):
            last = self._last_digest()
            for entry in entries:
                entry.follow(last)
                last = entry.digest
            fast_insert.insert_all(entries)

    def record_each(
        self,
        verb: "LedgerEntry.Verb",
        facts: Iterable[tuple[str, str]],
        *,
        at: datetime,
        actor: AbstractBaseUser | AnonymousUser,
    ) -> None:
        """Append an entry for each (subject, digest after), as `record` does for one."""
        self.append(
            [self.draw_up(verb, at=at, actor=actor, subject=subject, after=after) for subject, after in facts]
        )

    def _last_digest(self) -> str:
        """Of the entry that the next one follows; nobody else appends until the transaction ends."""
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            cursor.execute("SELECT digest FROM releases_ledgerentry ORDER BY id DESC LIMIT 1")
            last = cursor.fetchone()
        return last[0] if last else FIRST

    def broken(self) -> "LedgerEntry | None":
        """The first entry that does not follow from the one before it, or None when the chain holds."""
        previous = FIRST
        for entry in self.order_by("pk").iterator():
            if not entry.follows(previous):
                return entry
            previous = entry.digest
        return None

    def broken_of(self, release: int) -> "LedgerEntry | None":
        """The first of a release's entries that does not follow from the one before it, whosever that is; or
        None."""
        before = self.filter(pk__lt=OuterRef("pk")).order_by("-pk").values("digest")[:1]
        entries = self.filter(release=release).annotate(before_it=Subquery(before)).order_by("pk")
        return next((entry for entry in entries if not entry.follows(entry.before_it or FIRST)), None)


class LedgerEntry(models.Model):
    """Who did what when: append-only, each entry bound to the one before by its hash."""

    class Verb(models.TextChoices):
        """What can be recorded. The values are kept for good: they are in the hashes of old entries."""

        ADD = "add"
        AGREE = "agree"
        APPROVE = "approve"
        ASSIGN = "assign"
        CHANGE = "change"
        CLEAR = "clear"
        COMMENT = "remark"
        CONFIRM = "confirm"
        DELEGATE = "delegate"
        DELETE = "delete"
        DERIVE = "derive"
        DISCARD = "discard"
        DRAFT = "draft"
        DUPLICATE = "duplicate"
        ERASE = "erase"
        GRANT = "grant"
        HAND_OVER = "hand-over"
        IMPORT = "import"
        INVITE = "invite"
        KEEP = "keep"
        LEAVE = "leave"
        LINKS = "ask-links"
        MOVE = "move"
        PASSWORD = "password"  # noqa: S105 (that one was set)
        PREVIEW_LINK = "preview-link"
        PREVIEW_REVOKED = "preview-revoked"
        PROPOSE = "propose"
        REJECT = "reject"
        REMOVED = "removed"
        RENDER = "render"
        REOPEN = "reopen"
        RESCHEDULE = "reschedule"
        RESET = "reset-second-factor"
        RESTORE = "restore"
        SAVE = "save"
        SECOND_FACTOR = "second-factor"
        SIGN_OUT = "sign-out"
        SITE_FILE = "site file"
        SUBMIT = "submit"
        SUGGESTION = "suggestion"
        TAKE = "take"
        TAKE_BACK = "take-back"
        UNSCHEDULE = "unschedule"
        WITHDRAWN = "withdrawn"

    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    release = models.ForeignKey(
        "releases.Release", models.PROTECT, null=True, blank=True, related_name="ledger"
    )
    edition = models.BigIntegerField(
        null=True,
        db_index=True,
        editable=False,
        help_text="The key of an edition, which may be gone: no other gets the same. None before format 2.",
    )
    verb = models.CharField(max_length=40, choices=[(verb.value, verb.value) for verb in Verb])
    subject = models.CharField(max_length=1000, blank=True)
    before = models.CharField(max_length=64, blank=True)
    after = models.CharField(max_length=64, blank=True)
    note = models.JSONField(default=dict, blank=True)
    format = models.PositiveSmallIntegerField(editable=False, help_text="Which facts the digest is of.")
    previous = models.CharField(max_length=64, unique=True)
    digest = models.CharField(max_length=64, unique=True)

    objects = LedgerManager()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "ledger entries"

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}".strip()

    def follow(self, digest: str) -> None:
        """Bind an entry that is not stored yet to the one with this digest."""
        self.format, self.previous = FORMAT, digest
        self.digest = self.expected_digest()

    def follows(self, digest: str) -> bool:
        """Whether it is as it was written, behind the entry with this digest."""
        return self.previous == digest and self.digest == self.expected_digest()

    def expected_digest(self) -> str:
        """SHA-256 (hexadecimal) of its facts as canonical JSON; format 1 had neither format nor edition among
        them."""
        facts: list[object] = [
            self.previous,
            self.at.astimezone(UTC).isoformat(),
            self.actor_id,
            self.release_id,
            self.verb,
            self.subject,
            self.before,
            self.after,
            self.note,
        ]
        if self.format != 1 or self.edition is not None:
            facts += [self.format, self.edition]
        text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
