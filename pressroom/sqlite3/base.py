"""Django's SQLite, with a queue for those who want to write.

SQLite lets waiting writers look every tenth of a second whether it is their turn, so that newcomers, who look
more often, pass those who wait longest until these give up: "database is locked". Here one waits at the
database; the others stand in the kernel's queue for a lock on a file beside it.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    queue = None

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
