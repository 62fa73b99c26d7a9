"""Django's SQLite, with a queue for those who want to write.

SQLite lets waiting writers look every tenth of a second whether it is their turn, so that newcomers, who look
more often, pass those who wait longest until these give up: "database is locked". Here one waits at the
database; the others stand in the kernel's queue for a lock on a file beside it.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base

MOST_STATEMENTS = 512


class _Cursor(base.SQLiteCursorWrapper):
    def convert_query(self, query: str, *, param_names: Any = None) -> str:
        """With SQLite's placeholders. Most statements are asked again and again, and are long."""
        if param_names is None:
            return _convert_query(query)
        converted: str = super().convert_query(query, param_names=param_names)
        return converted


@lru_cache(MOST_STATEMENTS)
def _convert_query(query: str) -> str:
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


class DatabaseWrapper(base.DatabaseWrapper):
    queue = None

    def create_cursor(self, name: str | None = None) -> Any:
        """Of a connection; SQLite's have no names."""
        return self.connection.cursor(factory=_Cursor)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection to a database file, whose folder is made where there is none."""
        if not self.is_in_memory_db():
            Path(self.settings_dict["NAME"]).parent.mkdir(parents=True, exist_ok=True)
        return super().get_new_connection(conn_params)

    def _start_transaction_under_autocommit(self) -> None:
        with self._turn():
            super()._start_transaction_under_autocommit()  # type: ignore[misc]

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Until the transaction has begun, not until it ends: who holds the database needs no place in the
        queue."""
        if self.is_in_memory_db():
            yield
            return
        self.queue = self.queue or Path(f"{self.settings_dict['NAME']}-queue").open("w")  # noqa: SIM115 (until the connection closes)
        fcntl.flock(self.queue, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self.queue, fcntl.LOCK_UN)

    def _close(self) -> None:
        if self.queue:
            self.queue.close()
            self.queue = None
        super()._close()  # type: ignore[misc]
