"""The connection on which the content version is read, where nothing may be waited for and where it may."""

import sqlite3
import threading

import pytest

from releases.delivery.versions import ConnectionOfProcess
from releases.models.content_version import TABLE


class Database:
    """Counts how often it is connected to, and may be away; `before` happens within each attempt."""

    def __init__(self, path):
        self.path, self.connections, self.is_away = path, [], False
        self.before = lambda: None
        with sqlite3.connect(path) as connection:
            connection.execute(f"CREATE TABLE {TABLE} AS SELECT 'one' AS version")

    def connect(self):
        self.before()
        if self.is_away:
            raise sqlite3.OperationalError("away")
        self.connections.append(sqlite3.connect(self.path, check_same_thread=False))
        return self.connections[-1]


@pytest.fixture
def database(tmp_path):
    return Database(tmp_path / "db.sqlite3")


@pytest.fixture
def read(database):
    return ConnectionOfProcess(database.connect, sqlite3.Error).read_version


def test_who_may_not_wait_opens_no_connection_and_uses_the_one_that_is_open(database, read):
    assert (read(may_wait=False), database.connections) == ("", [])
    assert (read(), read(may_wait=False), len(database.connections)) == ("one", "one", 1)


def test_who_may_not_wait_leaves_a_broken_connection_to_others(database, read):
    read()
    database.connections[0].close()
    assert (read(may_wait=False), len(database.connections)) == ("", 1)
    assert (read(), len(database.connections)) == ("one", 2)


def test_who_may_not_wait_is_answered_while_another_connects(database, read):
    connects, goes_on = threading.Event(), threading.Event()
    database.before = lambda: connects.set() or goes_on.wait(10)
    thread = threading.Thread(target=read)
    thread.start()
    assert connects.wait(10)
    assert read(may_wait=False) == ""
    goes_on.set()
    thread.join(10)
    assert read(may_wait=False) == "one"


def test_a_database_that_is_away_is_asked_anew_each_time(database, read):
    database.is_away = True
    assert (read(), read()) == ("", "")
    database.is_away = False
    assert read() == "one"
