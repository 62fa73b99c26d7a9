import datetime as dt
import shutil
from collections import namedtuple

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from releases.models import Worker
from releases.services.backups import upgrade
from tests.factories import make_blob, make_scheduled

pytestmark = pytest.mark.usefixtures("transactional_db")  # migrations are read outside of one
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def recorded(transactional_db):
    """What tests write of migrations is taken back: the table is of those that are not emptied."""
    recorder = MigrationRecorder(connection)
    held = list(recorder.migration_qs.values_list("app", "name"))
    yield
    recorder.migration_qs.all().delete()
    for app, name in held:
        recorder.record_applied(app, name)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def findings(tmp_path, now):
    def find(subject):
        found = [one for one in upgrade.check_upgrade(tmp_path, now) if one.subject == subject]
        return [(one.stops, one.words) for one in found]

    return find


def migration(name):
    return MigrationLoader(connection).disk_migrations["releases", name]


def forget(name):
    """As a database that lacks the migration."""
    MigrationRecorder(connection).record_unapplied("releases", name)


def test_a_database_that_is_as_it_should_be_has_nothing_due(findings):
    assert findings("Migrations") == [(False, "None is due: the database is as this version wants it.")]
    assert findings("Migration") == []


def test_a_migration_that_is_due_is_named_with_who_waits_for_it(findings):
    make_blob()
    names = {name for app, name in MigrationLoader(connection).disk_migrations if app == "releases"}
    due = [name for name in names if name >= "0037_virus_scan"]
    for name in due:
        forget(name)
    (stops, words), *_ = findings("Migration")
    who = "readers and writers" if connection.vendor == "postgresql" else "writers"
    assert not stops and words.startswith(f"releases.0037_virus_scan: {who} of releases_blob (")
    [(stops, words)] = findings("Migrations")
    assert not stops and words.startswith(f"{len(due)} are due and take about a second.")


def test_rows_that_a_program_changes_take_longer_than_a_column():
    make_blob()
    by_program = [one for one in upgrade.list_work(migration("0032_consent")) if one.how == "by program"]
    assert by_program and all(one.table.startswith("releases_") for one in by_program)
    [(_, _, _, who), *_] = upgrade.list_work(migration("0037_virus_scan"))
    assert who in ("writers", "readers and writers")


def test_more_rows_take_longer():
    few, many = (upgrade.Work("releases_blob", rows, "copied", "writers") for rows in (1_000, 10_000_000))
    assert few.seconds < 1 < 100 < many.seconds
    assert upgrade.Work("releases_blob", 10_000_000, "", "writers").seconds == 0


def test_every_migration_can_be_read():
    """Of the newest ones none is overlooked, whatever it does."""
    for (app, name), one in MigrationLoader(connection).disk_migrations.items():
        if app == "releases" and name > "0020":
            assert all(work.rows >= 0 for work in upgrade.list_work(one))


def test_a_database_of_a_newer_version_stops(findings):
    MigrationRecorder(connection).record_applied("releases", "0999_of_tomorrow")
    [(stops, words)] = findings("Migrations")
    assert stops and "releases.0999_of_tomorrow" in words and "Install that version" in words


@pytest.mark.parametrize("minutes, stops", [(1, True), (59, True), (61, False), (24 * 60, False)])
def test_an_embargo_that_ends_within_the_hour_stops(findings, now, minutes, stops):
    make_scheduled(live_from=now + minutes * MINUTE, at=now)
    [(found, words)] = findings("Embargoes")
    assert found is stops
    assert ("Wait until then." in words) is stops


def test_several_embargoes_are_told_with_the_last(findings, now):
    for minutes in (10, 50):
        make_scheduled(live_from=now + minutes * MINUTE, at=now)
    [(_, words)] = findings("Embargoes")
    last = (now + 50 * MINUTE).astimezone(dt.UTC)
    assert words.startswith("2 releases become public") and f"{last:%H:%M} UTC" in words


@pytest.mark.parametrize(
    "ago, words", [(5, "It is alive."), (90, "None was seen for a minute."), (None, "None was seen")]
)
def test_the_worker_is_told_and_stops_nothing(findings, now, ago, words):
    if ago is not None:
        Worker.objects.create(pk="one", seen_at=now - dt.timedelta(seconds=ago))
    [(stops, told)] = findings("Worker")
    assert not stops and told.startswith(words)


def test_without_a_backup_it_stops_and_says_how_to_make_one(findings, tmp_path):
    [(stops, words)] = findings("Backup")
    assert stops and f"manage.py backup {tmp_path}" in words
    assert findings("The way back") == []


def test_a_full_disk_stops_and_names_the_disk(findings, monkeypatch):
    usage = namedtuple("Usage", "total used free")
    assert not any(stops for stops, _ in findings("Disk"))
    monkeypatch.setattr(shutil, "disk_usage", lambda place: usage(10**9, 10**9, 10**7))
    assert all(stops and "Make room on the disk of" in words for stops, words in findings("Disk")[:1])


@pytest.mark.postgres
def test_somebody_who_holds_tables_for_long_stops(findings, monkeypatch):
    monkeypatch.setattr(upgrade, "LONGEST_TRANSACTION", dt.timedelta())
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT count(*) FROM releases_edition")
        [(stops, words), *_] = findings("Transactions")
        assert stops and "pg_terminate_backend" in words
        cursor.execute("ROLLBACK")
    other.close()
    assert findings("Transactions") == []
