"""What is public without an approval of its own leaves an entry in the ledger whenever it is changed at the
desk."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from releases.admin.base.concurrency import MergingAdmin
from releases.models import LedgerEntry, Release

Verb = LedgerEntry.Verb


class RecordedAdmin(MergingAdmin):
    """Each row that is added, changed or deleted is an entry, with digests of the row and its inlines."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        before = self.digest(form.instance) if change else ""
        super().save_related(request, form, formsets, change)
        if change:
            message = self.construct_change_message(request, form, formsets, add=False)
            self.record_change(request, form.instance, message, before=before)
        else:
            self._record(request, Verb.ADD, form.instance, after=self.digest(form.instance))

    def record_change(self, request: HttpRequest, obj: Any, message: Any, *, before: str = "") -> None:
        """Keep in the ledger that a row was changed, and the fields that Django's `message` names."""
        told = [name for part in message for facts in part.values() for name in facts.get("fields", [])]
        note = {"fields": [str(name) for name in told]} if told else {}
        self._record(request, Verb.CHANGE, obj, before=before, after=self.digest(obj), note=note)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        for obj in queryset:
            self._record(request, Verb.DELETE, obj, before=self.digest(obj))
        return super().log_deletions(request, queryset)

    def _record(self, request: HttpRequest, verb: LedgerEntry.Verb, obj: Any, **facts: Any) -> None:
        LedgerEntry.objects.record(
            verb,
            at=timezone.now(),
            actor=request.user,
            release=obj if isinstance(obj, Release) else None,
            subject=self.subject_of(obj),
            **facts,
        )
