"""What is public without an approval of its own leaves an entry in the ledger whenever it is changed at the desk."""

from django.utils import timezone

from releases.admin.base.concurrency import MergingAdmin, is_saving
from releases.models import LedgerEntry, Release

Verb = LedgerEntry.Verb


class RecordedAdmin(MergingAdmin):
    """Each row that is added, changed or deleted is an entry, with digests of the row and its inlines."""

    def get_object(self, request, object_id, from_field=None):
        found = super().get_object(request, object_id, from_field)
        if found is not None and is_saving(request):
            request.digest_before = self.digest(found)
        return found

    def log_addition(self, request, obj, message):
        self._record(request, Verb.ADD, obj, after=self.digest(obj))
        return super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        told = [name for part in message for facts in part.values() for name in facts.get("fields", [])]
        note = {"fields": [str(name) for name in told]} if told else {}
        before = getattr(request, "digest_before", "")
        self._record(request, Verb.CHANGE, obj, before=before, after=self.digest(obj), note=note)
        return super().log_change(request, obj, message)

    def log_deletions(self, request, queryset):
        for obj in queryset:
            self._record(request, Verb.DELETE, obj, before=self.digest(obj))
        return super().log_deletions(request, queryset)

    def _record(self, request, verb, obj, **facts):
        name = getattr(obj, "recorded_as", obj)
        LedgerEntry.objects.record(
            verb,
            at=timezone.now(),
            actor=request.user,
            release=obj if isinstance(obj, Release) else None,
            subject=f"{self.opts.verbose_name} {name}"[:1000],
            **facts,
        )
