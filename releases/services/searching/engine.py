"""The two tables of words: `releases_edition_words` (title, words) and `releases_page_words` (words), by row id.

They are SQL of their own in a migration: virtual FTS5 tables on SQLite, tsvector columns with GIN on PostgreSQL.
"""

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models.expressions import RawSQL

from releases.content.searching import Term

EDITIONS, PAGES = "releases_edition_words", "releases_page_words"
COLUMNS = {EDITIONS: ("title", "words"), PAGES: ("words",)}
HIGHEST_POSITION = 16_383


def put(table: str, row: int, columns: Sequence[Sequence[str]]) -> None:
    """Index a row anew: `columns` are lists of words."""
    names = ", ".join(COLUMNS[table])
    marks = ", ".join(["%s"] * (1 + len(columns)))
    if connection.vendor == "postgresql":
        marks = ", ".join(["%s", *["%s::tsvector"] * len(columns)])
        change = ", ".join(f"{name} = EXCLUDED.{name}" for name in COLUMNS[table])
        tail = f" ON CONFLICT (rowid) DO UPDATE SET {change}"
        values = [_vector(words) for words in columns]
    else:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE rowid = %s", [row])  # noqa: S608 (our own names)
        tail, values = "", [" ".join(words) for words in columns]
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} (rowid, {names}) VALUES ({marks}){tail}", [row, *values])  # noqa: S608


def indexed(table: str) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT rowid FROM {table}")  # noqa: S608
        return {row for (row,) in cursor.fetchall()}


def in_editions(terms: Iterable[Term], *, titles: bool = False) -> RawSQL:
    """Ids of editions whose title, or title and text, hold all terms."""
    return _matching(EDITIONS, list(terms), "title" if titles else "words")


def in_annexes(terms: Iterable[Term]) -> RawSQL:
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


def _vector(words: Sequence[str]) -> str:
    places: dict[str, list[int]] = {}
    for position, word in enumerate(words, 1):
        found = places.setdefault(word, [])
        if len(found) < 255:
            found.append(min(position, HIGHEST_POSITION))
    return " ".join(f"'{word}':{','.join(map(str, found))}" for word, found in places.items())
