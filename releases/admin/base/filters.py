"""Filters of lists that find their choices by an index, and don't read all rows for them."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest


class IndexedFilter(admin.FieldListFilter, ABC):
    """Filters by one of `list_values`, of what somebody may see; any other value is passed over.

    `lookup` is what it asks of the field.
    """

    lookup = ""

    def __init__(
        self, field: Any, request: HttpRequest, params: Any, model: Any, model_admin: Any, field_path: str
    ) -> None:
        rows = model_admin.get_queryset(request).order_by(field_path)
        self.values: QuerySet[Any, Any] = rows.values_list(field_path, flat=True)
        super().__init__(field, request, params, model, model_admin, field_path)
        used: dict[str, Any] = self.used_parameters
        self.asked = list(used.get(self.parameter, []))

    @abstractmethod
    def list_values(self) -> Iterator[str]:
        """The choices, in their order."""

    @property
    def parameter(self) -> str:
        return f"{self.field_path}{self.lookup}"

    def expected_parameters(self) -> list[str | None]:
        return [self.parameter]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        found = set(self.asked) & set(self.list_values()) if self.asked else set()
        return queryset.filter(**{f"{self.parameter}__in": found}) if found else queryset

    def choices(self, changelist: Any) -> Iterator[Any]:
        every = changelist.get_query_string(remove=[self.parameter])
        yield {"selected": not self.asked, "query_string": every, "display": "All"}
        for value in self.list_values():
            query = changelist.get_query_string({self.parameter: value})
            yield {"selected": value in self.asked, "query_string": query, "display": value}


class YearFilter(IndexedFilter):
    """Every year from the first to the last that a field of dates or times holds."""

    lookup = "__year"

    def list_values(self) -> Iterator[str]:
        first, last = self.values.first(), self.values.last()
        return map(str, range(last.year, first.year - 1, -1)) if first and last else iter(())


class ValueFilter(IndexedFilter):
    """The values that a field of texts holds: each is the next in the index after the one before."""

    def list_values(self) -> Iterator[str]:
        value = self.values.first()
        while value:
            yield value
            value = self.values.filter(**{f"{self.field_path}__gt": value}).first()


class UsedFilter(admin.RelatedFieldListFilter):
    """The rows that something in the list names: each is looked for by itself, and what may not be seen shows
    none."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        naming = model_admin.get_queryset(request).filter(**{self.field_path: OuterRef("pk")})
        order = self.field_admin_ordering(field, request, model_admin)
        is_used = Q(Exists(naming.order_by()))
        return field.get_choices(include_blank=False, ordering=order, limit_choices_to=is_used)
