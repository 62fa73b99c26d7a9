"""Releases on the same subject: their first words share two neighbouring words of a title that few releases
share.

By the index of words; the rarer what is shared, the nearer. Whole numbers decide, and then the order of all
lists, so both databases say the same.
"""

import datetime as dt
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from releases.content.text.tokens import pair_words
from releases.models import Edition
from releases.services.editions.rows import ReleaseLink
from releases.services.editions.statements import Statement
from releases.services.search import editions_with, format_match

RELATED_COUNT, MAX_SHARING = 5, 20


def find_same_subject(edition: Edition, at: dt.datetime) -> list[ReleaseLink]:
    """The nearest five others that are listed at `at`; none where the title of `edition` says too little."""
    pairs = [editions_with(format_match([pair]), "lead") for pair in pair_words(edition.title)]
    if not pairs:
        return []
    is_bounded = connection.vendor == "sqlite"  # PostgreSQL counts them all in less than it plans the bounds
    is_listed = IS_LISTED.sql_and_parameters(at=at)
    hits = " UNION ALL ".join(
        (_FIRST_HITS if is_bounded else _HITS).format(place=place, pair=pair.sql, is_listed=is_listed.sql)
        for place, pair in enumerate(pairs)
    )
    listed = LISTED_HITS.sql_and_parameters(at=at)
    statement = _SUBJECT.format(hits=hits, listed=listed.sql)
    bounds = (*is_listed.parameters, MAX_SHARING + 1) if is_bounded else ()
    parameters = [value for pair in pairs for value in (*pair.params, *bounds)]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*parameters, *listed.parameters, MAX_SHARING, edition.pk, RELATED_COUNT])
        return [ReleaseLink(*row) for row in cursor.fetchall()]


def _is_listed(at: dt.datetime) -> QuerySet[Edition, tuple[Any, ...]]:
    """The row of the table `found`, where it is."""
    return Edition.objects.listed(at).filter(pk=RawSQL("found.rowid", [])).order_by().values_list("pk")


def _listed_hits(at: dt.datetime) -> QuerySet[Edition, tuple[Any, ...]]:
    """Those of the table `hit` that are listed."""
    rows = Edition.objects.listed(at).filter(pk__in=RawSQL("SELECT id FROM hit", [])).order_by()
    columns = ("pk", "release_id", "release_date", "first_live_at", "title", "language", "address__path")
    return rows.values_list(*columns)


IS_LISTED = Statement(_is_listed)
LISTED_HITS = Statement(_listed_hits)
_HITS = "SELECT found.rowid, {place} FROM ({pair}) found"
# No more of a pair than tell that too many share it.
_FIRST_HITS = (
    "SELECT * FROM (SELECT found.rowid, {place} FROM ({pair}) found WHERE EXISTS ({is_listed}) LIMIT %s) hits"
)
_SUBJECT = """
WITH hit (id, term) AS ({hits}),
listed (id, release_id, release_date, first_live_at, title, language, path) AS ({listed}),
shared (term, number) AS (SELECT hit.term, COUNT(*) FROM hit JOIN listed ON listed.id = hit.id GROUP BY hit.term)
SELECT listed.path, listed.title, listed.language
FROM listed JOIN hit ON hit.id = listed.id JOIN shared ON shared.term = hit.term
WHERE shared.number <= %s AND listed.id <> %s
GROUP BY listed.id, listed.release_id, listed.release_date, listed.first_live_at, listed.title, listed.language, listed.path
ORDER BY SUM(1000000 / (shared.number * shared.number)) DESC,
  listed.release_date DESC, listed.first_live_at DESC, listed.release_id DESC
LIMIT %s
"""
