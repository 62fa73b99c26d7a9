"""Single rows written as `save` writes them, by statements that are made once: an import sends the same few thousands of times.

Neither signals nor `save` of the model itself are called; values are prepared by the fields, defaults and times included.
"""

from functools import lru_cache
from operator import attrgetter

from django.db import DEFAULT_DB_ALIAS, connections, models

PLAIN = (models.CharField, models.TextField, models.IntegerField, models.ForeignKey)


def insert(row):
    """INSERT a new row; it gets its key."""
    connection = connections[DEFAULT_DB_ALIAS]
    statement, key, values = _insertion(type(row), connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(statement + key, values(row, connection))
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return row


def insert_all(rows):
    """INSERT new rows of one model, whose keys nobody asks for."""
    if rows:
        connection = connections[DEFAULT_DB_ALIAS]
        statement, _, values = _insertion(type(rows[0]), connection.vendor)
        with connection.cursor() as cursor:
            cursor.executemany(statement, [values(row, connection) for row in rows])


def update(row, *names):
    """UPDATE these fields of a row that is there."""
    connection = connections[DEFAULT_DB_ALIAS]
    statement, values = _change(type(row), names, connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values(row, connection), row.pk])


@lru_cache
def _insertion(model, vendor):
    meta, quoted = model._meta, connections[DEFAULT_DB_ALIAS].ops.quote_name
    fields = [field for field in meta.local_concrete_fields if field is not meta.auto_field]
    columns = ", ".join(quoted(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quoted(meta.db_table)} ({columns}) VALUES ({marks})"
    return statement, f" RETURNING {quoted(meta.pk.column)}", _Values(fields, add=True)


@lru_cache
def _change(model, names, vendor):
    meta, quoted = model._meta, connections[DEFAULT_DB_ALIAS].ops.quote_name
    fields = [meta.get_field(name) for name in names]
    changes = ", ".join(f"{quoted(field.column)} = %s" for field in fields)
    statement = f"UPDATE {quoted(meta.db_table)} SET {changes} WHERE {quoted(meta.pk.column)} = %s"
    return statement, _Values(fields, add=False)


class _Values:
    """What the database gets of a row: texts and numbers as they are, the rest as its field prepares it."""

    def __init__(self, fields, *, add):
        self.add = add
        self.held = attrgetter(*(field.attname for field in fields), "pk")
        self.prepared = [(place, field) for place, field in enumerate(fields) if not isinstance(field, PLAIN)]

    def __call__(self, row, connection):
        values = list(self.held(row)[:-1])
        for place, field in self.prepared:
            value = field.pre_save(row, self.add)
            values[place] = value if value is None else field.get_db_prep_save(value, connection)
        return values
