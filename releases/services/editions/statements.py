"""Querysets whose SQL is built and compiled once; each reader's request only puts its values in.

Building and compiling one of the doors' querysets costs Django several milliseconds, more than the database takes to answer
it. The SQL depends on the shape alone, so it is kept for the life of the process.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

Value = dt.datetime | dt.date | int | str
Row = tuple[Any, ...]
# Stand-ins that no real value equals, told apart by their numbers.
FIRST_INSTANT = dt.datetime(1001, 1, 1, tzinfo=dt.UTC)
FIRST_DAY = dt.date(1002, 1, 1)
FIRST_NUMBER = 2_147_000_000  # within every integer field, else a lookup is empty by itself


@dataclass(frozen=True, slots=True)
class CompiledSQL:
    """`slots`: for each parameter the name of the value that goes there, or None where `fixed` holds it."""

    sql: str
    slots: tuple[str | None, ...]
    fixed: tuple[Any, ...]
    converters: dict[int, tuple[list[Callable[..., Any]], Any]]


class BoundSQL(NamedTuple):
    """A statement, and what stands for its placeholders in their order."""

    sql: str
    parameters: list[Any]


class Statement:
    """`build(**values)` returns a queryset of `values_list` rows; its shape must not depend on the values.

    `build` is called once for each kind of database, with stand-ins of the same types; no value may be None.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]]) -> None:
        self._build = build
        self._compiled: dict[str, CompiledSQL] = {}

    def rows(self, **values: Value) -> list[Row]:
        """The rows for these values, in the order of the queryset, as Django would return them."""
        compiled = self._compiled_for(values)
        with connection.cursor() as cursor:
            cursor.execute(compiled.sql, _bind(compiled, values))
            return [_convert(row, compiled.converters) for row in cursor.fetchall()]

    def sql_and_parameters(self, **values: Value) -> BoundSQL:
        """The statement for these values, to stand inside a larger one."""
        compiled = self._compiled_for(values)
        return BoundSQL(compiled.sql, _bind(compiled, values))

    def _compiled_for(self, values: dict[str, Value]) -> CompiledSQL:
        compiled = self._compiled.get(connection.vendor)
        if compiled is None:
            compiled = self._compiled[connection.vendor] = self._compile(values)
        return compiled

    def _compile(self, values: dict[str, Value]) -> CompiledSQL:
        stand_ins = {name: _stand_in(number, value) for number, (name, value) in enumerate(values.items())}
        compiler = self._build(**stand_ins).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        names = {_adapt(value): name for name, value in stand_ins.items()}
        slots = tuple(names.get(value) if _may_be_key(value) else None for value in parameters)
        converters = compiler.get_converters([column[0] for column in compiler.select])
        return CompiledSQL(sql, slots, tuple(parameters), converters)


def _bind(compiled: CompiledSQL, values: dict[str, Value]) -> list[Any]:
    adapted = {name: _adapt(value) for name, value in values.items()}
    pairs = zip(compiled.slots, compiled.fixed, strict=True)
    return [adapted[slot] if slot else fixed for slot, fixed in pairs]


def _stand_in(number: int, value: Value) -> Value:
    if isinstance(value, dt.datetime):
        return FIRST_INSTANT + dt.timedelta(days=number)
    if isinstance(value, dt.date):
        return FIRST_DAY + dt.timedelta(days=number)
    if isinstance(value, int):
        return FIRST_NUMBER + number
    return f"\u0001stand-in {number}\u0001"


def _adapt(value: Value) -> Any:
    """As a field of its type would hand it to this database."""
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, dt.date):
        return connection.ops.adapt_datefield_value(value)
    return value


def _may_be_key(value: object) -> bool:
    return isinstance(value, str | int | dt.date)


def _convert(row: Row, converters: dict[int, tuple[list[Callable[..., Any]], Any]]) -> Row:
    if not converters:
        return tuple(row)
    values = list(row)
    for place, (functions, expression) in converters.items():
        for function in functions:
            values[place] = function(values[place], expression, connection)
    return tuple(values)
