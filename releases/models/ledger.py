import hashlib
import json
from datetime import UTC

from django.conf import settings
from django.db import connection, models, transaction

FIRST = "0" * 64
LOCK = 0x1ED6E2


class LedgerManager(models.Manager):
    def record(self, verb, *, at, actor=None, release=None, subject="", before="", after="", note=None):
        """Append an entry to the chain. Call it inside the transaction of the change that it records."""
        with transaction.atomic(savepoint=False):
            self._wait_for_turn()
            last = self.order_by("-pk").values_list("digest", flat=True).first()
            entry = self.model(
                at=at, actor=actor, release=release, verb=verb, subject=subject,
                before=before, after=after, note=note or {}, previous=last or FIRST,
            )  # fmt: skip
            entry.digest = entry.expected_digest()
            entry.save(force_insert=True)
        return entry

    def _wait_for_turn(self):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])

    def broken(self):
        """The first entry that does not follow from the one before it, or None when the chain holds."""
        previous = FIRST
        for entry in self.order_by("pk").iterator():
            if entry.previous != previous or entry.digest != entry.expected_digest():
                return entry
            previous = entry.digest
        return None


class LedgerEntry(models.Model):
    """Who did what when: append-only, each entry bound to the one before by its hash."""

    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    release = models.ForeignKey(
        "releases.Release", models.PROTECT, null=True, blank=True, related_name="ledger"
    )
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=1000, blank=True)
    before = models.CharField(max_length=64, blank=True)
    after = models.CharField(max_length=64, blank=True)
    note = models.JSONField(default=dict, blank=True)
    previous = models.CharField(max_length=64, unique=True)
    digest = models.CharField(max_length=64, unique=True)

    objects = LedgerManager()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "ledger entries"

    def __str__(self):
        return f"{self.verb} {self.subject}".strip()

    def expected_digest(self):
        facts = [
            self.previous, self.at.astimezone(UTC).isoformat(), self.actor_id, self.release_id,
            self.verb, self.subject, self.before, self.after, self.note,
        ]  # fmt: skip
        text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
