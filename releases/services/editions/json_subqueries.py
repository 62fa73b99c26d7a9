"""Rows of a related table as one JSON column, so that a page with thirty annexes takes no more queries than
with one."""

import datetime as dt
from typing import Any

from django.db.models import JSONField, QuerySet, Subquery
from django.db.models.functions import JSONObject


class JSONList(Subquery):
    """A list of objects: `JSONList(Annex.objects.filter(edition=OuterRef("pk")), label="label")`."""

    template = "(SELECT COALESCE(JSONB_AGG(_row.item), '[]'::jsonb) FROM (%(subquery)s) _row)"
    output_field = JSONField()

    def __init__(self, rows: QuerySet[Any], **fields: Any) -> None:
        super().__init__(rows.annotate(item=JSONObject(**fields)).values("item"))

    def as_sqlite(self, compiler: Any, connection: Any) -> Any:
        template = "(SELECT JSON_GROUP_ARRAY(JSON(_row.item)) FROM (%(subquery)s) _row)"
        return self.as_sql(compiler, connection, template=template)


class JSONOne(Subquery):
    """The first of the rows as an object, or None."""

    output_field = JSONField()

    def __init__(self, rows: QuerySet[Any], **fields: Any) -> None:
        super().__init__(rows.annotate(item=JSONObject(**fields)).values("item")[:1])


def instant_of(text: str) -> dt.datetime:
    """An instant that a database wrote into JSON: each in a way of its own, in UTC where it names no zone."""
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
