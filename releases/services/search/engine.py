"""The two tables of words: `releases_edition_words` (title, lead, words) and `releases_page_words` (words),
by row id.

They are SQL of their own in a migration: virtual FTS5 tables on SQLite, tsvector columns with GIN on
PostgreSQL.
"""

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models.expressions import RawSQL

from releases.content.text.tokens import Term
from releases.models import content_version

EDITIONS, PAGES = "releases_edition_words", "releases_page_words"
COLUMNS = {EDITIONS: ("title", "lead", "words"), PAGES: ("words",)}
HIGHEST_POSITION = 16_383  # the highest that a tsvector keeps, of at most 255 for a word
MOST_SORTED = 2_000
MOST_PLACES = 32  # of a word in a text that are looked at
_ANNEXES = "releases_annex annex JOIN releases_pagetext page ON page.blob_id = annex.blob_id"
Places = dict[str, list[int]]
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
    """What holds all terms, each in one of its ways, in the language of this database."""
    if connection.vendor == "postgresql":
        return " & ".join(_either(term, "'{}'", " <-> ", " | ") for term in terms)
    return " AND ".join(_either(term, "{}", " ", " OR ", '"') for term in terms)


def _either(term: Term, word: str, behind: str, either: str, mark: str = "") -> str:
    ways = (mark + behind.join(map(word.format, way)) + mark for way in term.ways)
    return f"({either.join(ways)})"


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


def format_keys(keys: Iterable[int]) -> str:
    """A list for `editions_among`."""
    return f"[{','.join(map(str, keys))}]"


def editions_among(keys: str) -> RawSQL:
    """The ids of a list in JSON."""
    each = "SELECT CAST(value AS bigint) FROM {}(%s)"
    function = "JSON_EACH" if connection.vendor == "sqlite" else "JSONB_ARRAY_ELEMENTS_TEXT"
    return RawSQL(each.format(function), [keys])  # noqa: S611 (the list is a parameter)


class Words(NamedTuple):
    """Where an edition has words that are asked for, in its title and in all that is indexed of it; `length` of its
    text in characters, `title_length` in words."""

    title: Places
    text: Places
    day: dt.date
    title_length: int
    length: int


def read_words(keys: Sequence[int], words: Collection[str]) -> dict[int, Words]:
    """Of each edition the places of these words, from 0; a word that it has not is left out."""
    locate = _read_vectors(words) if connection.vendor == "postgresql" else _read_texts(words)
    marks = ", ".join(["%s"] * len(keys))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {EDITIONS}.rowid, {EDITIONS}.title, words, CAST(release_date AS text), edition.title, LENGTH(body)"  # noqa: S608 (our own names)
            f" FROM {EDITIONS} JOIN releases_edition edition ON edition.id = {EDITIONS}.rowid"
            f" WHERE {EDITIONS}.rowid IN ({marks})",
            list(keys),
        )
        return {
            key: Words(locate(title), locate(text), dt.date.fromisoformat(day), len(name.split()), length)
            for key, title, text, day, name, length in cursor.fetchall()
        }


def weigh_titles(keys: Collection[int], weights: Iterable[tuple[str, int]]) -> dict[int, int]:
    """For each edition whose title matches any `format_match`, the sum of the weights of those that it does."""
    each, values = [], []
    for match, weight in weights:
        each.append(f"SELECT rowid AS id, {weight} AS weight FROM ({_matching(EDITIONS, 'title')}) found")  # noqa: S608
        values.append(match)
    among = editions_among(format_keys(keys))
    with connection.cursor() as cursor:
        # The sign keeps SQLite from matching anew for each of the keys.
        cursor.execute(
            f"SELECT id, SUM(weight) FROM ({' UNION ALL '.join(each)}) held WHERE +id IN ({among.sql}) GROUP BY id",  # noqa: S608
            [*values, *among.params],
        )
        return {key: int(weight) for key, weight in cursor.fetchall()}


def _read_vectors(words: Collection[str]) -> Callable[[str], Places]:
    """Of tsvectors as PostgreSQL writes them, which count from 1."""
    asked = re.compile(f"'({'|'.join(map(re.escape, words))})':([0-9,]+)")

    def locate(vector: str) -> Places:
        found = asked.findall(vector)
        return {word: [int(place) - 1 for place in places.split(",")[:MOST_PLACES]] for word, places in found}

    return locate


def _read_texts(words: Collection[str]) -> Callable[[str], Places]:
    def locate(text: str) -> Places:
        whole = f" {text} "
        found = ((word, _find_places(whole, f" {word} ")) for word in words)
        return {word: places for word, places in found if places}

    return locate


def _find_places(whole: str, word: str) -> list[int]:
    places: list[int] = []
    number, counted, place = 0, 0, whole.find(word)
    while place >= 0 and len(places) < MOST_PLACES:
        number += whole.count(" ", counted, place)
        places.append(number)
        counted, place = place, whole.find(word, place + 1)
    return places


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
