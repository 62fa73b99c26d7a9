"""A database as of one instant in a file, while others write, and back from it: by the engine's own means."""

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection, transaction

from releases.services.backups.manifest import BackupError


@contextmanager
def hold_snapshot() -> Iterator[str]:
    """Let every query of this connection see the database as it is now, until the end, while others write.

    Gives the name by which `copy_database` finds that instant; SQLite needs none, since it copies by this
    connection.
    """
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            yield cursor.fetchone()[0]
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        try:
            cursor.execute("SELECT count(*) FROM django_migrations")  # the instant is that of the first read
            yield ""
        finally:
            cursor.execute("ROLLBACK")


def copy_database(target: Path, snapshot: str) -> None:
    """Write the database as `hold_snapshot` sees it to `target`. Raises BackupError, OSError,
    DatabaseError."""
    if connection.vendor == "postgresql":
        _run(["pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={target}"])
        return
    with closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it


def restore_database(source: Path) -> None:
    """Put `source`, a file that `copy_database` wrote, in the place of this database. Raises BackupError,
    DatabaseError."""
    if connection.vendor == "postgresql":
        _run(
            ["pg_restore", "--clean", "--if-exists", "--no-owner", "--no-acl", "--single-transaction"],
            source,
        )
        return
    connection.ensure_connection()
    with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as copy:
        copy.backup(connection.connection)


def holds_rows() -> bool:
    """Whether somebody works with this database already: it has accounts, releases or a ledger."""
    tables = set(connection.introspection.table_names())
    asked = tables & {"auth_user", "releases_release", "releases_ledgerentry"}
    with connection.cursor() as cursor:
        for table in sorted(asked):
            cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608 (names of our own)
            if cursor.fetchone():
                return True
    return False


def _run(command: list[str], *source: Path) -> None:
    """Run a program of PostgreSQL against this database."""
    connection.ensure_connection()
    server = connection.connection.info
    password = {"PGPASSWORD": server.password} if server.password else {}  # no argument, which others see
    try:
        subprocess.run(  # noqa: S603 (programs of PostgreSQL, by name)
            [*command, f"--dbname={server.dsn}", *map(str, source)],
            env={**os.environ, **password},
            check=True,
            capture_output=True,
            text=True,
        )
    except FileNotFoundError as error:
        raise BackupError(
            f"{command[0]} is missing. Install PostgreSQL's client programs: apt-get install postgresql-client."
        ) from error
    except subprocess.CalledProcessError as error:
        raise BackupError(f"{command[0]} says: {' '.join(error.stderr.split())}") from error
