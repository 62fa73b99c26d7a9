"""Releases on the same subject: their first words share two neighbouring words of a title that few releases share.

By the index of words, in one column of the page's query; the rarer what is shared, the nearer. Whole numbers decide, and
then the order of all lists, so both databases say the same.
"""

import datetime as dt

from django.db import connection
from django.db.models import TextField
from django.db.models.expressions import RawSQL

from releases.content.text.tokens import neighbours
from releases.models import Edition
from releases.services.search import editions_with

RELATED_COUNT, MAX_SHARING = 5, 20


def same_subject_column(at: dt.datetime, title: str, edition: int) -> RawSQL | None:
    """The nearest five others as a column of JSON text; None where the title says too little."""
    pairs = [editions_with([pair], "lead") for pair in neighbours(title)]
    if not pairs:
        return None
    hits = " UNION ALL ".join(
        f"SELECT rowid, {place} FROM ({pair.sql}) found"  # noqa: S608 (our own SQL)
        for place, pair in enumerate(pairs)
    )
    values = [value for pair in pairs for value in pair.params]
    listed = Edition.objects.listed(at).filter(pk__in=RawSQL("SELECT id FROM hit", []))
    rows = listed.order_by().values_list(
        "pk", "release_id", "release_date", "first_live_at", "title", "language", "address__path"
    )
    sql, more = rows.query.get_compiler(connection=connection).as_sql()
    as_list = _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE
    text = _SUBJECT.format(hits=hits, listed=sql, as_list=as_list)
    return RawSQL(text, [*values, *more, MAX_SHARING, edition, RELATED_COUNT], TextField())  # noqa: S611


_SQLITE = "JSON_GROUP_ARRAY(JSON_OBJECT('path', path, 'title', title, 'language', language))"
_POSTGRESQL = "CAST(COALESCE(JSON_AGG(JSON_BUILD_OBJECT('path', path, 'title', title, 'language', language)), '[]') AS text)"
_SUBJECT = """
WITH hit (id, term) AS ({hits}),
listed (id, release_id, release_date, first_live_at, title, language, path) AS ({listed}),
shared (term, number) AS (SELECT hit.term, COUNT(*) FROM hit JOIN listed ON listed.id = hit.id GROUP BY hit.term)
SELECT {as_list} FROM (
  SELECT listed.path, listed.title, listed.language
  FROM listed JOIN hit ON hit.id = listed.id JOIN shared ON shared.term = hit.term
  WHERE shared.number <= %s AND listed.id <> %s
  GROUP BY listed.id, listed.release_id, listed.release_date, listed.first_live_at, listed.title, listed.language, listed.path
  ORDER BY SUM(1000000 / (shared.number * shared.number)) DESC,
    listed.release_date DESC, listed.first_live_at DESC, listed.release_id DESC
  LIMIT %s
) nearest
"""
