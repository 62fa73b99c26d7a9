"""Facts about all that is public, such as counts by year: found out once for a content version, not for each
reader."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.db import connection

from releases.models import ContentVersion
from releases.services.editions.boundaries import find_next_boundary
from releases.services.editions.statements import Statement

MOST_FACTS = 2_000
MOST_PERIODS = 4  # the present, and instants that somebody rehearses
VERSION = Statement(lambda: ContentVersion.objects.values_list("version")[:1])
Key = tuple[Any, ...]
P = ParamSpec("P")
T = TypeVar("T")


class Fact:
    """What a function returned, once it has."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.is_known = False
        self.value: Any = None


class Period:
    """What was found out at one content version, for instants in [since, until): nothing public changes
    between them."""

    def __init__(self, version: str, since: dt.datetime, until: dt.datetime) -> None:
        self.version = version
        self.since = since
        self.until = until
        self._facts: dict[Key, Fact] = {}
        self._lock = threading.Lock()

    def holds(self, at: dt.datetime) -> bool:
        return self.since <= at < self.until

    def find(self, key: Key, find_out: Callable[[], T]) -> T:
        """The fact with this key; the first who asks for it finds it out while others wait."""
        with self._lock:
            if len(self._facts) >= MOST_FACTS:
                self._facts.clear()
            fact = self._facts.setdefault(key, Fact())
        with fact.lock:
            if not fact.is_known:
                fact.value, fact.is_known = find_out(), True
        found: T = fact.value
        return found


_periods: list[Period] = []
_held: ContextVar[list[Period] | None] = ContextVar("held", default=None)


def find_once(function: Callable[Concatenate[dt.datetime, P], T]) -> Callable[Concatenate[dt.datetime, P], T]:
    """For `function(at, ...)` that asks only what is public: its answer is kept until that changes.

    Its other arguments can be compared; what it returns is shared, so nobody changes it, and it holds no
    query that has still to be asked. Within a transaction it is asked each time, since the version does not
    tell of what the transaction itself has written.
    """

    @wraps(function)
    def wrapped(at: dt.datetime, *args: P.args, **kwargs: P.kwargs) -> T:
        period = None if connection.in_atomic_block else _find_period(at)
        if period is None:
            return function(at, *args, **kwargs)
        key = (function, args, tuple(kwargs.items()))
        return period.find(key, lambda: function(at, *args, **kwargs))

    return wrapped


@contextmanager
def hold_version() -> Iterator[None]:
    """For who only reads: the version is asked once, so all facts meanwhile are of one version, or newer."""
    token = _held.set([])
    try:
        yield
    finally:
        _held.reset(token)


def forget_facts() -> None:
    """Find all out anew; for who compares."""
    _periods.clear()


def _find_period(at: dt.datetime) -> Period | None:
    """The version is read first: what is found out after it is at least as new."""
    held = _held.get()
    if found := next((period for period in held or () if period.holds(at)), None):
        return found
    version = next((row[0] for row in VERSION.rows()), "")
    if not version:
        return None
    current = [period for period in _periods if period.version == version]
    found = next((period for period in current if period.holds(at)), None)
    if found is None:
        found = Period(version, at, find_next_boundary(at))
        _periods[:] = [found, *current][:MOST_PERIODS]
    if held is not None:
        held.append(found)
    return found
