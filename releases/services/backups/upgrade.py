"""Whether an update may be made now: what it changes and for whom that means waiting, what must not be
interrupted, and the way back.

The code is new and the database is not yet, so only columns are asked that are older than this module.
"""

import datetime as dt
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration

from releases.content.text.dates import format_datetime
from releases.models import Edition
from releases.services.backups.backup import list_sets
from releases.services.backups.manifest import BackupError, read_manifest
from releases.services.operations import workers

SOON = dt.timedelta(hours=1)
OLDEST_BACKUP = dt.timedelta(hours=1)
LONGEST_TRANSACTION = dt.timedelta(minutes=1)
LEAST_ROOM = 200_000_000
ROWS_A_SECOND = {"copied": 20_000, "indexed": 100_000, "read": 200_000, "by program": 500}
"""Low figures, for a slow disk: the time that is told is rather too long."""
_STATEMENTS = (  # what of a migration takes its time from the rows of a table; by whom it is waited for
    (re.compile(r'CREATE TABLE "new__(\w+)"'), "copied", "writers"),
    (re.compile(r'ALTER TABLE "(\w+)" ALTER COLUMN "\w+" TYPE'), "copied", "readers and writers"),
    (re.compile(r'ALTER TABLE "(\w+)" ADD CONSTRAINT'), "read", "readers and writers"),
    (re.compile(r'CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY)"?\w+"? ON "?(\w+)"?'), "indexed", "writers"),
    (re.compile(r'UPDATE "(\w+)"'), "copied", "writers"),
    (re.compile(r'ALTER TABLE "(\w+)"'), "", "readers and writers"),
)
WORKERS = "releases_worker"
_BY_PROGRAM = "THIS OPERATION CANNOT BE WRITTEN AS SQL"


@dataclass(frozen=True, slots=True)
class UpgradeFinding:
    """A sentence for the operator about `subject`; `stops`: the update should not be made now."""

    subject: str
    words: str
    stops: bool = False


class Work(NamedTuple):
    """What a statement does to a table of so many rows, and who waits for it."""

    table: str
    rows: int
    how: str
    who: str

    @property
    def seconds(self) -> float:
        return self.rows / ROWS_A_SECOND[self.how] if self.how else 0


def check_upgrade(backups: Path, at: dt.datetime) -> Iterator[UpgradeFinding]:
    """Everything that speaks for or against an update at the instant `at`; backups are made into the folder
    `backups`. Raises DatabaseError, OSError."""
    yield from _check_migrations()
    yield from _check_transactions()
    yield _check_embargoes(at)
    yield _check_worker(at)
    yield from _check_backup(backups, at)
    yield from _check_room(backups)


def pending_migrations() -> list[Migration]:
    """Those that `migrate` would apply, in their order."""
    executor = MigrationExecutor(connection)
    return [migration for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def list_work(migration: Migration) -> list[Work]:
    """What a migration does that takes time or lets others wait, from the SQL that it would run."""
    loader = MigrationLoader(connection, replace_migrations=False)
    known = set(connection.introspection.table_names())
    own = {table: _count_rows(table) for table in known if table.startswith(f"{migration.app_label}_")}
    largest = max(own, key=lambda table: own[table], default="")
    return list(_read_statements(loader.collect_sql([(migration, False)]), known, largest))


def _read_statements(statements: Iterable[str], known: set[str], largest: str) -> Iterator[Work]:
    """A program may go through any table, so the `largest` of its app stands for it."""
    for statement in statements:
        table, how, who = (
            (largest, "by program", "writers") if _BY_PROGRAM in statement else _find_work(statement)
        )
        if table in known:
            yield Work(table, _count_rows(table), how, who)


def _find_work(statement: str) -> tuple[str, str, str]:
    """The table that a statement works on ("" for none), how, and who waits."""
    for pattern, how, who in _STATEMENTS:
        if found := pattern.match(statement):
            return found[1], how, who
    return "", "", ""


def _count_rows(table: str) -> int:
    """Of PostgreSQL its own estimate where it has one, since to count a large table takes as long as a
    migration."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [table])
            if (rows := int(cursor.fetchone()[0])) > 0:
                return rows
        cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608 (a table that the database named)
        return int(cursor.fetchone()[0])


def _check_migrations() -> Iterator[UpgradeFinding]:
    loader = MigrationExecutor(connection).loader
    applied, ours = set(loader.applied_migrations), set(loader.disk_migrations)
    newer = sorted(f"{app}.{name}" for app, name in applied - ours if app == "releases")
    if newer:
        words = f"This database was changed by a newer version of Press Room ({newer[-1]}). Install that version or a later one."
        yield UpgradeFinding("Migrations", words, stops=True)
        return
    pending = pending_migrations()
    if not pending:
        yield UpgradeFinding("Migrations", "None is due: the database is as this version wants it.")
        return
    total = 0.0
    for migration in pending:
        work = list_work(migration)
        seconds = sum(one.seconds for one in work)
        total += seconds
        yield UpgradeFinding(
            "Migration", f"{migration.app_label}.{migration.name}: {_describe(work, seconds)}"
        )
    yield UpgradeFinding(
        "Migrations",
        f"{len(pending)} are due and take about {_format_seconds(total)}. At the end every table is locked for an"
        " instant, when its rules are put in anew. Pages of the new version fail until all is done: stop the servers before.",
    )


def _describe(work: list[Work], seconds: float) -> str:
    if not work:
        return "nobody waits."
    tables = ", ".join(
        f"{table} ({rows:,} rows)" for table, rows in {one.table: one.rows for one in work}.items()
    )
    who = max((one.who for one in work), key=len)
    unsure = (
        " A program changes rows, so this is a guess." if any(one.how == "by program" for one in work) else ""
    )
    return f"{who} of {tables} wait for about {_format_seconds(seconds)}.{unsure}"


def _format_seconds(seconds: float) -> str:
    if seconds < 1:
        return "a second"
    return f"{seconds:.0f} seconds" if seconds < 100 else f"{seconds / 60:.0f} minutes"


def _check_transactions() -> Iterator[UpgradeFinding]:
    """A migration waits for whoever is at a table, and everybody who comes later waits behind it."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid, application_name, extract(epoch FROM now() - xact_start) FROM pg_stat_activity WHERE datname ="
            " current_database() AND pid <> pg_backend_pid() AND now() - xact_start > make_interval(secs => %s) ORDER BY xact_start",
            [LONGEST_TRANSACTION.total_seconds()],
        )
        for pid, name, seconds in cursor.fetchall():
            yield UpgradeFinding(
                "Transactions",
                f"Process {pid} of the database ({name or 'without a name'}) has been at it for {_format_seconds(seconds)}. A"
                f" migration would wait for it, and readers behind it. Wait, or end it: SELECT pg_terminate_backend({pid}).",
                stops=True,
            )


def _check_embargoes(at: dt.datetime) -> UpgradeFinding:
    coming = Edition.objects.filter(state=Edition.State.APPROVED, live_from__gt=at, live_from__lte=at + SOON)
    instants = sorted(instant for instant in coming.values_list("live_from", flat=True) if instant)
    if not instants:
        return UpgradeFinding("Embargoes", "Nothing becomes public within the next hour.")
    number = f"{len(instants)} releases become" if len(instants) > 1 else "A release becomes"
    words = (
        f"{number} public within the next hour, the last at {format_datetime(instants[-1])}. Wait until then."
    )
    return UpgradeFinding("Embargoes", words, stops=True)


def _check_worker(at: dt.datetime) -> UpgradeFinding:
    if WORKERS not in connection.introspection.table_names():
        return UpgradeFinding("Worker", "This database is older than signs of life, so nobody knows.")
    if workers.is_worker_silent(at):
        words = "None was seen for a minute. Nothing public waits for it; see afterwards that it runs: systemctl status pressroom-worker"
        return UpgradeFinding("Worker", words)
    return UpgradeFinding(
        "Worker", "It is alive. Stop it with the servers; what it is at is done again afterwards."
    )


def _check_backup(backups: Path, at: dt.datetime) -> Iterator[UpgradeFinding]:
    advice = f"Make one, when nobody can write any more: manage.py backup {backups}"
    try:
        newest = list_sets(backups)[-1]
        made = dt.datetime.fromisoformat(read_manifest(newest).made_at)
    except (BackupError, OSError) as error:
        yield UpgradeFinding("Backup", f"{error} {advice}", stops=True)
        return
    age = f"The last is of {format_datetime(made)}, {_format_seconds((at - made).total_seconds())} ago."
    is_old = at - made > OLDEST_BACKUP
    yield UpgradeFinding("Backup", f"{age} {advice}" if is_old else age, stops=is_old)
    yield UpgradeFinding(
        "The way back",
        "Before migrate: install the version of before and start it. After it: stop the servers, install the version of before,"
        f" then manage.py restore {backups} --set {newest.name} with an empty database and an empty MEDIA_ROOT in"
        " /etc/pressroom.env. What was saved after that backup is lost.",
    )


def _check_room(backups: Path) -> Iterator[UpgradeFinding]:
    """A migration may copy the largest table, a backup copies all of the database."""
    size = _measure_database()
    needed = size + LEAST_ROOM
    places = {"the backups": backups}
    if connection.vendor == "sqlite":
        places["the database"] = Path(settings.DATABASES["default"]["NAME"])
    for name, path in places.items():
        there = next(one for one in (path, *path.resolve().parents) if one.exists())
        free = shutil.disk_usage(there).free
        words = f"{free / 1e9:.1f} GB are free for {name}; {needed / 1e9:.1f} GB may be needed."
        yield UpgradeFinding(
            "Disk",
            words if free >= needed else f"{words} Make room on the disk of {there}.",
            stops=free < needed,
        )
    if connection.vendor == "postgresql":
        yield UpgradeFinding(
            "Disk",
            f"The database has {size / 1e9:.1f} GB. See that as much is free on the machine that it is on.",
        )


def _measure_database() -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        return int(cursor.fetchone()[0])
