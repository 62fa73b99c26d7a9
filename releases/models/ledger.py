import hashlib
import json
from datetime import UTC

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import OuterRef, Subquery

from releases.models import rows

FIRST = "0" * 64
LOCK = 0x1ED6E2


class LedgerManager(models.Manager):
    def record(self, verb, *, at, actor=None, release=None, subject="", before="", after="", note=None):
        """Append an entry to the chain. Call it inside the transaction of the change that it records."""
        with transaction.atomic(savepoint=False):
            entry = self.model(
                at=at, actor=actor, release=release, verb=verb, subject=subject,
                before=before, after=after, note=note or {}, previous=self._last_digest(),
            )  # fmt: skip
            entry.digest = entry.expected_digest()
            return rows.insert(entry)

    def record_each(self, verb, facts, *, at, actor):
        """Append an entry for each (subject, digest after), as `record` does for one."""
        entries = []
        with transaction.atomic(savepoint=False):
            previous = self._last_digest()
            for subject, after in facts:
                entry = self.model(
                    at=at, actor=actor, verb=verb, subject=subject, after=after, previous=previous
                )
                entry.digest = previous = entry.expected_digest()
                entries.append(entry)
            self.bulk_create(entries, batch_size=500)

    def _last_digest(self):
        """Of the entry that the next one follows; nobody else appends until the transaction ends."""
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            cursor.execute("SELECT digest FROM releases_ledgerentry ORDER BY id DESC LIMIT 1")
            last = cursor.fetchone()
        return last[0] if last else FIRST

    def broken(self):
        """The first entry that does not follow from the one before it, or None when the chain holds."""
        previous = FIRST
        for entry in self.order_by("pk").iterator():
            if not entry.follows(previous):
                return entry
            previous = entry.digest
        return None

    def broken_of(self, release):
        """The first of a release's entries that does not follow from the one before it, whosever that is; or None."""
        before = self.filter(pk__lt=OuterRef("pk")).order_by("-pk").values("digest")[:1]
        entries = self.filter(release=release).annotate(before_it=Subquery(before)).order_by("pk")
        return next((entry for entry in entries if not entry.follows(entry.before_it or FIRST)), None)


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

    def follows(self, digest):
        """Whether it is as it was written, behind the entry with this digest."""
        return self.previous == digest and self.digest == self.expected_digest()

    def expected_digest(self):
        facts = [
            self.previous, self.at.astimezone(UTC).isoformat(), self.actor_id, self.release_id,
            self.verb, self.subject, self.before, self.after, self.note,
        ]  # fmt: skip
        text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
