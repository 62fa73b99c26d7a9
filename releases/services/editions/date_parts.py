"""The year of a date as a number, for counts of a whole archive.

On SQLite Django's own calls a Python function for each row; there a date is text, of which this cuts its part.
"""

from typing import Any

from django.db.models import IntegerField
from django.db.models.functions import Cast, ExtractYear, Substr


class YearOf(ExtractYear):
    """`YearOf("release_date")`, of a DateField only."""

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        year = Cast(Substr(self.lhs, 1, 4), IntegerField())
        return year.as_sqlite(compiler, connection, **extra)
