"""The two tables of words: `releases_edition_words` (title, lead, words) and `releases_page_words` (words),
by row id.

They are SQL of their own in a migration: virtual FTS5 tables on SQLite, tsvector columns with GIN on
PostgreSQL.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from releases.content.text.tokens import Term
from releases.models import content_version

EDITIONS, PAGES = "releases_edition_words", "releases_page_words"
COLUMNS = {EDITIONS: ("title", "lead", "words"), PAGES: ("words",)}
HIGHEST_POSITION = 16_383  # the highest that a tsvector keeps, of at most 255 for a word
MOST_SORTED = 2_000
_ANNEXES = "releases_annex annex JOIN releases_pagetext page ON page.blob_id = annex.blob_id"
Row = tuple[Any, ...]
"""A row's id and, for each of its columns, the words with spaces between them."""


def index_rows(table: str, rows: Collection[Row]) -> None:
    """Index rows anew."""
    names = ", ".join(COLUMNS[table])
    written: Callable[[str], str] = str
    mark, tail = "%s", ""
    if connection.vendor == "postgresql":
        written, mark = _vector, "%s::tsvector"
        change = ", ".join(f"{name} = EXCLUDED.{name}" for name in COLUMNS[table])
        tail = f" ON CONFLICT (rowid) DO UPDATE SET {change}"
    marks = ", ".join(["%s", *[mark] * len(COLUMNS[table])])
    with connection.cursor() as cursor:
        if not tail:
            cursor.executemany(f"DELETE FROM {table} WHERE rowid = %s", [(row,) for row, *_ in rows])  # noqa: S608 (our own names)
        cursor.executemany(
            f"INSERT INTO {table} (rowid, {names}) VALUES ({marks}){tail}",  # noqa: S608
            [(row, *map(written, columns)) for row, *columns in rows],
        )
    _raise_version(table)


def delete_row(table: str, row: int) -> None:
    """Forget the words of a row, by its id; nothing where it has none."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE rowid = %s", [row])  # noqa: S608
    _raise_version(table)


def _raise_version(table: str) -> None:
    """Words of pages come and go with rows of PageText, which have triggers."""
    if table == EDITIONS:
        content_version.raise_version(connection)


def indexed_ids(table: str) -> set[int]:
    """The ids of all rows whose words the table has."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT rowid FROM {table}")  # noqa: S608
        return {row for (row,) in cursor.fetchall()}


def format_match(terms: Iterable[Term]) -> str:
    """What holds all terms, in the language of this database."""
    if connection.vendor == "postgresql":
        return " & ".join("(" + " <-> ".join(f"'{word}'" for word in term.words) + ")" for term in terms)
    return " AND ".join('"' + " ".join(term.words) + '"' for term in terms)


def editions_with(match: str, column: str = "words") -> RawSQL:
    """Ids of editions whose column matches `format_match`: "title", "lead" (the title and what follows first)
    or "words" (all)."""
    return RawSQL(_matching(EDITIONS, column), [match])  # noqa: S611 (the words are a parameter)


def editions_holding(match: str) -> RawSQL:
    """Ids of editions that match `format_match` themselves, or a page of an annex of theirs does."""
    pages = _matching(PAGES, "words")
    annexes = f"SELECT annex.edition_id FROM {_ANNEXES} WHERE page.id IN ({pages})"  # noqa: S608 (our own names)
    return RawSQL(f"{_matching(EDITIONS, 'words')} UNION {annexes}", [match, match])  # noqa: S611


def annex_pages_with(match: str) -> RawSQL:
    """Ids of pages of annexes that match `format_match`."""
    return RawSQL(_matching(PAGES, "words"), [match])  # noqa: S611


def editions_among(keys: str) -> RawSQL:
    """The ids of a list in JSON."""
    each = "SELECT CAST(value AS bigint) FROM {}(%s)"
    function = "JSON_EACH" if connection.vendor == "sqlite" else "JSONB_ARRAY_ELEMENTS_TEXT"
    return RawSQL(each.format(function), [keys])  # noqa: S611 (the list is a parameter)


def number_editions() -> str:
    """SQL of the places, from 0, and the ids of a list in JSON, which is its parameter."""
    if connection.vendor == "sqlite":
        return "SELECT key AS place, CAST(value AS bigint) AS id FROM JSON_EACH(%s)"
    each = "JSONB_ARRAY_ELEMENTS_TEXT(%s) WITH ORDINALITY AS each (value, number)"
    return f"SELECT number - 1 AS place, CAST(value AS bigint) AS id FROM {each}"  # noqa: S608


def format_held(term: Term) -> str:
    """A term for `write_condition` of columns that are read."""
    return format_match([term]) if connection.vendor == "postgresql" else f" {' '.join(term.words)} "


def write_condition(column: str, *, is_read: bool) -> str:
    """SQL that the edition `candidate.id` holds its parameter: `format_match`, or `format_held` where the row
    is read, as takes less for common words. `join_words` belongs to it."""
    if connection.vendor == "postgresql":
        return f"held.{column} @@ %s::tsquery"
    if is_read:
        return f"INSTR(' ' || held.{column} || ' ', %s) > 0"
    return f"candidate.id IN ({_matching(EDITIONS, column)})"


def join_words(*, is_read: bool) -> str:
    """What stands behind a table `candidate` for `write_condition`."""
    is_joined = is_read or connection.vendor == "postgresql"
    return f" LEFT JOIN {EDITIONS} held ON held.rowid = candidate.id" if is_joined else ""


def is_common(match: str) -> bool:
    """So many editions match that to read the archive in the order of its lists takes less than to sort
    them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*), (SELECT MAX(id) FROM releases_edition)"  # noqa: S608 (our own names)
            f" FROM ({_matching(EDITIONS, 'words')} LIMIT {MOST_SORTED + 1}) found",
            [match],
        )
        found, all_editions = cursor.fetchone()
    return bool(found > min(MOST_SORTED, (all_editions or 0) // 10))


def _matching(table: str, column: str) -> str:
    where = "@@ %s::tsquery" if connection.vendor == "postgresql" else "MATCH %s"
    return f"SELECT rowid FROM {table} WHERE {column} {where}"  # noqa: S608


def _vector(words: str) -> str:
    places: dict[str, list[int]] = {}
    for position, word in enumerate(words.split(), 1):
        found = places.setdefault(word, [])
        if len(found) < 255:
            found.append(min(position, HIGHEST_POSITION))
    return " ".join(f"'{word}':{','.join(map(str, found))}" for word, found in places.items())
