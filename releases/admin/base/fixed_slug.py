"""Rows that keep their slug once an approval binds to it."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from releases.admin.base.authority import authority_of
from releases.admin.base.ledger_entries import RecordedAdmin
from releases.models import Edition
from releases.services.accounts.permissions import Predicate


class NamedAdmin(RecordedAdmin):
    """Rows whose slug is part of every approval of an edition that names them; `named_by` leads from an
    edition to them."""

    named_by = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._is_bound: Predicate[Model] = Predicate(lambda authority, row: self.approved(row).exists())

    def approved(self, obj: Model) -> QuerySet[Edition]:
        """The approved editions that name the row."""
        return Edition.objects.filter(
            state=Edition.State.APPROVED, erased_at__isnull=True, **{self.named_by: obj}
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Readers' links hold the slug too."""
        fixed = ["slug"] if obj and authority_of(request).answer(self._is_bound, obj) else []
        return [*super().get_readonly_fields(request, obj), *fixed]

    def get_deleted_objects(
        self, objs: Sequence[Any] | QuerySet[Any], request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """What an approved edition names stays, and the page says because of which."""
        shown, counts, needed, protected = super().get_deleted_objects(objs, request)
        held = [str(edition) for obj in objs for edition in self.approved(obj)]
        return shown, counts, needed, [*protected, *held]
