"""Asking, between the requests of Django, how long what is stored may be given.

The version is read on a connection of its own, since a hit must cost less than one of Django's.
"""

import datetime as dt
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

from django.db import DatabaseError, close_old_connections, connection

from releases.models.content_version import TABLE, ContentVersion
from releases.services.editions.boundaries import find_next_boundary

READ = f"SELECT version FROM {TABLE}"  # noqa: S608 (a name of ours)
# What Django adds for itself to the parameters of a connection.
OF_DJANGO = {"pool", "context", "cursor_factory", "prepare_threshold", "client_encoding"}


class ReadVersion(Protocol):
    """Returns the content version as committed now; "" where it is not known, so nothing may be stored.

    Not `may_wait`: what another thread or a new connection would have to be waited for is not known, either.
    """

    def __call__(self, *, may_wait: bool = True) -> str: ...


FindBoundary = Callable[[dt.datetime], dt.datetime | None]
"""Returns the first instant after another at which the clock changes what is public; None where it is not
known."""


class ConnectionOfProcess:
    """One connection for all threads of a process, opened when it is first needed and anew once it broke,
    which the driver tells by `error`."""

    def __init__(self, connect: Callable[[], Any], error: type[Exception]) -> None:
        self._connect, self._error = connect, error
        self._lock = threading.Lock()
        self._cursor: Any = None

    def read_version(self, *, may_wait: bool = True) -> str:
        """As ReadVersion has it."""
        if not self._lock.acquire(blocking=may_wait):
            return ""
        try:
            version = self._read()
            if self._cursor is None and may_wait:
                self._open()
                version = self._read()
            return version
        finally:
            self._lock.release()

    def _open(self) -> None:
        with suppress(self._error):
            self._cursor = self._connect().cursor()

    def _read(self) -> str:
        """What is read where a connection is open; one that broke is open no more."""
        if self._cursor is None:
            return ""
        try:
            row = self._cursor.execute(READ).fetchone()
        except self._error:
            self._cursor = row = None
        return row[0] if row else ""


def version_reader() -> ReadVersion:
    """The reader for the database of the settings, by the driver that Django has loaded for it."""
    database: Any = connection
    driver = database.Database

    def connect() -> Any:
        if connection.vendor == "sqlite":
            name = connection.settings_dict["NAME"]
            return driver.connect(name, check_same_thread=False, isolation_level=None, timeout=1)
        parameters = connection.get_connection_params()
        chosen = {name: value for name, value in parameters.items() if name not in OF_DJANGO}
        return driver.connect(**{"connect_timeout": 5} | chosen, autocommit=True, prepare_threshold=1)

    return ConnectionOfProcess(connect, driver.Error).read_version


def read_version_in_transaction(*, may_wait: bool = True) -> str:
    """The version that the connection of this thread sees, its own transaction included."""
    try:
        return ContentVersion.objects.values_list("version", flat=True).first() or ""
    except DatabaseError:
        return ""


def find_boundary(at: dt.datetime) -> dt.datetime | None:
    """`find_next_boundary`, on the connection that Django keeps for this thread, or opens."""
    _close_old_connections()
    try:
        return find_next_boundary(at)
    except DatabaseError:
        return None
    finally:
        _close_old_connections()


def _close_old_connections() -> None:
    """As at the begin and the end of a request; nobody's transaction is cut off."""
    if not connection.in_atomic_block:
        close_old_connections()
