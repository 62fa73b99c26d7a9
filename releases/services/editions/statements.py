"""Querysets whose SQL is built and compiled once; each reader's request only puts its values in.

Building and compiling one of the doors' querysets costs Django several milliseconds, more than the database
takes to answer it. The SQL depends on the shape alone, so it is kept for the life of the process.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet
from django.db.models.query import get_related_populators

Scalar = dt.datetime | dt.date | int | str
Value = Scalar | tuple[Scalar, ...]
Slot = tuple[str, int]
Shape = tuple[str, tuple[int, ...]]
Pair = tuple[Slot | None, Any]
"""Of a parameter, as in CompiledSQL."""
Row = tuple[Any, ...]
Rows = QuerySet[Any, Row]
# Stand-ins that no real value equals, told apart by their numbers.
FIRST_INSTANT = dt.datetime(1001, 1, 1, tzinfo=dt.UTC)
FIRST_DAY = dt.date(1002, 1, 1)
FIRST_NUMBER = 2_147_000_000  # within every integer field, else a lookup is empty by itself
PLACEHOLDER = re.compile("(?<!%)%s")


@dataclass(frozen=True, slots=True)
class CompiledSQL:
    """`slots`: for each parameter the value that goes there, by its name and its place in a tuple, or None
    where `fixed` holds it."""

    sql: str
    slots: tuple[Slot | None, ...]
    fixed: tuple[Any, ...]
    converters: dict[int, tuple[list[Callable[..., Any]], Any]]
    make_instance: Callable[[Row], Any]


class BoundSQL(NamedTuple):
    """A statement, and what stands for its placeholders in their order."""

    sql: str
    parameters: list[Any]


class Statement:
    """`build(**values)` returns a queryset; its shape must not depend on the values.

    `build` is called once for each kind of database, with stand-ins of the same types; no value may be None.
    A tuple of texts or of numbers stands for the values of one IN; `build` is called for each length that it
    comes in, so these must be few.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self._build = build
        self._compiled: dict[Shape, CompiledSQL] = {}

    def rows(self, **values: Value) -> list[Row]:
        """The rows for these values, in the order of the queryset, as Django would return them."""
        compiled = self._compiled_for(values)
        with connection.cursor() as cursor:
            cursor.execute(compiled.sql, _bind(compiled, values))
            return [_convert(row, compiled.converters) for row in cursor.fetchall()]

    def instances(self, **values: Value) -> list[Any]:
        """Instances of the model, of a queryset without `values_list`, with what it selects and annotates
        beside them."""
        make_instance = self._compiled_for(values).make_instance
        return [make_instance(row) for row in self.rows(**values)]

    def sql_and_parameters(self, **values: Value) -> BoundSQL:
        """The statement for these values, to stand inside a larger one."""
        compiled = self._compiled_for(values)
        return BoundSQL(compiled.sql, _bind(compiled, values))

    def _compiled_for(self, values: dict[str, Value]) -> CompiledSQL:
        lengths = tuple(len(value) for value in values.values() if isinstance(value, tuple))
        shape = connection.vendor, lengths
        compiled = self._compiled.get(shape)
        if compiled is None:
            compiled = self._compiled[shape] = self._compile(values)
        return compiled

    def _compile(self, values: dict[str, Value]) -> CompiledSQL:
        stand_ins = _stand_ins(values)
        compiler = self._build(**stand_ins).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        # Django's own SQL has a value as its field adapts it, SQL of ours as it is.
        names = {form: slot for slot, part in _parts(stand_ins) for form in (part, _adapt(part))}
        pairs = [(names.get(value) if _may_be_key(value) else None, value) for value in parameters]
        if connection.vendor == "sqlite":
            sql, pairs = _write_texts(sql, pairs)
        slots, fixed = (tuple(column) for column in zip(*pairs, strict=True)) if pairs else ((), ())
        converters = compiler.get_converters([column[0] for column in compiler.select])
        return CompiledSQL(sql, slots, fixed, converters, _instance_maker(compiler))


def _write_texts(sql: str, pairs: list[Pair]) -> tuple[str, list[Pair]]:
    """With the texts that are always the same in the SQL itself.

    SQLite plans a statement anew each time it is asked where a parameter decides whether an index with a
    condition may be used, such as that of approved editions.
    """
    written = PLACEHOLDER.split(sql)
    pieces, left = written[:1], []
    for (slot, value), rest in zip(pairs, written[1:], strict=True):
        if slot is None and isinstance(value, str):
            pieces += ["'", str.__str__(value).replace("'", "''").replace("%", "%%"), "'", rest]
        else:
            pieces += ["%s", rest]
            left.append((slot, value))
    return "".join(pieces), left


def _instance_maker(compiler: Any) -> Callable[[Row], Any]:
    """From a row of its select to an instance, as Django's ModelIterable makes it."""
    if not compiler.query.default_cols:  # those of `values_list`
        return tuple
    model, places = compiler.klass_info["model"], compiler.klass_info["select_fields"]
    own = slice(places[0], places[-1] + 1)
    names = [column.target.attname for column, *_ in compiler.select[own]]
    populators: Any = get_related_populators  # django-stubs has its types of a later Django
    beside = populators(compiler.klass_info, compiler.select, connection.alias)
    annotations = list((compiler.annotation_col_map or {}).items())

    def make(row: Row) -> Any:
        instance = model.from_db(connection.alias, names, row[own])
        for related in beside:
            related.populate(row, instance)
        for name, place in annotations:
            setattr(instance, name, row[place])
        return instance

    return make


def _bind(compiled: CompiledSQL, values: dict[str, Value]) -> list[Any]:
    adapted = {slot: _adapt(part) for slot, part in _parts(values)}
    pairs = zip(compiled.slots, compiled.fixed, strict=True)
    return [adapted[slot] if slot else fixed for slot, fixed in pairs]


def _parts(values: dict[str, Value]) -> Iterator[tuple[Slot, Scalar]]:
    for name, value in values.items():
        for place, part in enumerate(value if isinstance(value, tuple) else (value,)):
            yield (name, place), part


def _stand_ins(values: dict[str, Value]) -> dict[str, Value]:
    numbers = count()
    return {
        name: tuple(_stand_in(next(numbers), part) for part in value)
        if isinstance(value, tuple)
        else _stand_in(next(numbers), value)
        for name, value in values.items()
    }


def _stand_in(number: int, value: Scalar) -> Scalar:
    if isinstance(value, dt.datetime):
        return FIRST_INSTANT + dt.timedelta(days=number)
    if isinstance(value, dt.date):
        return FIRST_DAY + dt.timedelta(days=number)
    if isinstance(value, int):
        return FIRST_NUMBER + number
    return f"\u0001stand-in {number}\u0001"


def _adapt(value: Scalar) -> Any:
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
