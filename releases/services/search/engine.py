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


def editions_with(terms: Iterable[Term], column: str = "words") -> RawSQL:
    """Ids of editions that hold all terms in a column: "title", "lead" (the title and what follows first) or
    "words" (all)."""
    return _matching(EDITIONS, list(terms), column)


def annex_pages_with(terms: Iterable[Term]) -> RawSQL:
    """Ids of pages of annexes that hold all terms."""
    return _matching(PAGES, list(terms), "words")


def _matching(table: str, terms: list[Term], column: str) -> RawSQL:
    if connection.vendor == "postgresql":
        where, value = f"{column} @@ %s::tsquery", " & ".join(map(_tsquery, terms))
    else:
        match = " AND ".join('"' + " ".join(term.words) + '"' for term in terms)
        where, value = f"{table} MATCH %s", f"{column} : ({match})"
    return RawSQL(f"SELECT rowid FROM {table} WHERE {where}", [value])  # noqa: S608, S611 (the words are a parameter)


def _tsquery(term: Term) -> str:
    return "(" + " <-> ".join(f"'{word}'" for word in term.words) + ")"


def _vector(words: str) -> str:
    places: dict[str, list[int]] = {}
    for position, word in enumerate(words.split(), 1):
        found = places.setdefault(word, [])
        if len(found) < 255:
            found.append(min(position, HIGHEST_POSITION))
    return " ".join(f"'{word}':{','.join(map(str, found))}" for word, found in places.items())
