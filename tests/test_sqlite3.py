"""Writers of a SQLite file wait for their turn in the order in which they came, however many stand before
them."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db.utils import ConnectionHandler

from pressroom.settings import SQLITE

HELD, WRITERS = 0.4, 6


@pytest.fixture
def connections(tmp_path, django_db_blocker):
    """Of a database in a file, whose writers would give up once two others had gone before them."""
    options = SQLITE | {"timeout": 2.5 * HELD}
    database = {"ENGINE": "pressroom.sqlite3", "NAME": str(tmp_path / "a.sqlite3"), "OPTIONS": options}
    with django_db_blocker.unblock():
        yield ConnectionHandler({"default": database})


def test_nobody_who_waits_is_told_that_the_database_is_locked(connections):
    connections["default"].cursor().execute("CREATE TABLE lines (number integer)")
    start = threading.Barrier(WRITERS)

    def write(number):
        connection = connections["default"]
        start.wait()
        connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        connection.cursor().execute("INSERT INTO lines VALUES (%s)", [number])
        time.sleep(HELD)
        connection.commit()
        connection.close()

    with ThreadPoolExecutor(WRITERS) as people:
        list(people.map(write, range(WRITERS)))
    found = connections["default"].cursor().execute("SELECT count(*) FROM lines").fetchone()
    assert found == (WRITERS,)
