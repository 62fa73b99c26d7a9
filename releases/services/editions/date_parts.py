"""Year and month of a date as numbers, for counts of a whole archive.

On SQLite Django's own call a Python function for each row; there a date is text, of which these cut their
part.
"""

from typing import Any

from django.db.models import IntegerField
from django.db.models.functions import Cast, ExtractMonth, ExtractYear, Substr


class YearOf(ExtractYear):
    """`YearOf("release_date")`, of a DateField only."""

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return _cut(self.lhs, 1, 4).as_sqlite(compiler, connection, **extra)


class MonthOf(ExtractMonth):
    """`MonthOf("release_date")`, 1 to 12, of a DateField only."""

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return _cut(self.lhs, 6, 2).as_sqlite(compiler, connection, **extra)


def _cut(date: Any, first: int, length: int) -> Cast:
    return Cast(Substr(date, first, length), IntegerField())
