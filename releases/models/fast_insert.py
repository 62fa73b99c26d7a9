"""Single rows written as `save` writes them, by statements that are made once: an import sends the same few
thousands of times.

Neither signals nor `save` of the model itself are called; values are prepared by the fields, defaults and
times included.
"""

from collections.abc import Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

Row = TypeVar("Row", bound=models.Model)
Field = models.Field[Any, Any]

PLAIN = (models.CharField, models.TextField, models.IntegerField, models.ForeignKey)


def insert(row: Row) -> Row:
    """INSERT a new row; it gets its key."""
    connection = connections[DEFAULT_DB_ALIAS]
    statement, key, values = _insertion(type(row), connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(statement + key, values(row, connection))
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return row


def insert_all(rows: Sequence[models.Model]) -> None:
    """INSERT new rows of one model, whose keys nobody asks for."""
    if rows:
        connection = connections[DEFAULT_DB_ALIAS]
        statement, _, values = _insertion(type(rows[0]), connection.vendor)
        with connection.cursor() as cursor:
            cursor.executemany(statement, [values(row, connection) for row in rows])


def update(row: models.Model, *names: str) -> None:
    """UPDATE these fields of a row that is there."""
    connection = connections[DEFAULT_DB_ALIAS]
    statement, values = _change(type(row), names, connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values(row, connection), row.pk])


@lru_cache
def _insertion(model: type[models.Model], vendor: str) -> "tuple[str, str, _Values]":
    """The INSERT of all fields but the key, what makes it return the key, and the values that it takes."""
    meta, key = model._meta, model._meta.pk
    fields = [field for field in meta.local_concrete_fields if field is not meta.auto_field]
    columns = ", ".join(_column(field) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {_quoted(meta.db_table)} ({columns}) VALUES ({marks})"
    return statement, f" RETURNING {_column(key)}", _Values(fields, add=True)


@lru_cache
def _change(model: type[models.Model], names: tuple[str, ...], vendor: str) -> "tuple[str, _Values]":
    """The UPDATE of the named fields of one row, and the values that it takes before the key."""
    meta, key = model._meta, model._meta.pk
    by_name = {field.name: field for field in meta.local_concrete_fields}
    fields = [by_name[name] for name in names]
    changes = ", ".join(f"{_column(field)} = %s" for field in fields)
    statement = f"UPDATE {_quoted(meta.db_table)} SET {changes} WHERE {_column(key)} = %s"
    return statement, _Values(fields, add=False)


def _column(field: Field) -> str:
    return _quoted(str(field.column))


def _quoted(name: str) -> str:
    return connections[DEFAULT_DB_ALIAS].ops.quote_name(name)


class _Values:
    """What the database gets of a row: texts and numbers as they are, the rest as its field prepares it."""

    def __init__(self, fields: list[Field], *, add: bool) -> None:
        self.add = add
        self.held = attrgetter(*(field.attname for field in fields), "pk")
        self.prepared = [(place, field) for place, field in enumerate(fields) if not isinstance(field, PLAIN)]

    def __call__(self, row: models.Model, connection: BaseDatabaseWrapper) -> list[Any]:
        values = list(self.held(row)[:-1])
        for place, field in self.prepared:
            value = field.pre_save(row, self.add)
            values[place] = value if value is None else field.get_db_prep_save(value, connection)
        return values
