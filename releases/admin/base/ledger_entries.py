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
        stored = self.model._default_manager.get(pk=form.instance.pk) if change else None  # noqa: SLF001 (Django's name for it)
        before, called = (self._digest_of_read(stored), self.subject_of(stored)) if stored else ("", "")
        super().save_related(request, form, formsets, change)
        if change:
            message = self.construct_change_message(request, form, formsets, add=False)
            self.record_change(request, form.instance, message, before=before, called=called)
        else:
            self._record(request, Verb.ADD, form.instance, after=self.digest(form.instance))

    def record_change(
        self, request: HttpRequest, obj: Any, message: Any, *, before: str = "", called: str = ""
    ) -> None:
        """Keep in the ledger that a row was changed, the fields that Django's `message` names, and what the row was
        called before, where that is another name."""
        told = [name for part in message for facts in part.values() for name in facts.get("fields", [])]
        note: dict[str, Any] = {"fields": [str(name) for name in told]} if told else {}
        if called and called != self.subject_of(obj):
            note["renamed_from"] = called
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
