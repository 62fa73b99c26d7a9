"""Two machines whose clocks are apart: readers of the fast one get nothing early, and administrators are told."""

import datetime as dt
import logging

import pytest
from django.db import connection
from django.utils import timezone

from releases.services.accounts.permissions import Authority
from releases.services.desk.dashboard import build_dashboard
from releases.services.operations import clock as clocks
from releases.services.operations.clock import Clock
from tests.factories import make_agency, make_member, make_scheduled

NOON = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


class Database:
    """A connection to a PostgreSQL whose clock says `now`."""

    vendor = "postgresql"

    def __init__(self, now):
        self.now = now

    def cursor(self):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None

    def execute(self, statement):
        assert statement == "SELECT clock_timestamp()"

    def fetchone(self):
        return (self.now,)


@pytest.fixture
def machine(monkeypatch):
    """A machine whose clock says what `set` tells it."""

    class Machine:
        def set(self, now):
            monkeypatch.setattr(timezone, "now", lambda: now)

    monkeypatch.setattr(clocks, "SECONDS_BETWEEN", 0)
    return Machine()


def compared(machine, ahead, one=None):
    machine.set(NOON + ahead)
    one = one or Clock()
    one.compare(connection=Database(NOON))
    return one


@pytest.mark.parametrize("seconds", [0, 0.5, -0.5, 1, -1])
def test_up_to_a_second_nothing_is_corrected_or_told(machine, seconds):
    one = compared(machine, seconds * SECOND)
    assert (one.now(), one.describe_trouble()) == (NOON + seconds * SECOND, "")


@pytest.mark.parametrize("seconds", [1.5, 2, 3600])
def test_a_fast_clock_follows_the_database_and_is_told(machine, seconds, caplog):
    with caplog.at_level(logging.ERROR):
        one = compared(machine, seconds * SECOND)
    machine.set(NOON + seconds * SECOND + 2 * SECOND)
    one.compare(connection=Database(NOON + 2 * SECOND))
    words = f"The clock of this server is {seconds:.1f} seconds ahead of the database's."
    assert one.describe_trouble().startswith(words) and caplog.text.count(words) == 1
    machine.set(NOON + seconds * SECOND + 3600 * SECOND)
    assert one.now() == NOON + 3600 * SECOND


def test_a_slow_clock_is_told_and_shows_nothing_early(machine):
    one = compared(machine, -2 * SECOND)
    assert one.now() == NOON - 2 * SECOND
    assert "2.0 seconds behind the database's" in one.describe_trouble()


def test_time_does_not_go_back_when_a_fast_clock_is_found(machine):
    """A page may have been stored for what was asked before."""
    one = Clock()
    machine.set(NOON + 3 * SECOND)
    told = one.now()
    compared(machine, 5 * SECOND, one)
    assert one.now() == told
    machine.set(NOON + 9 * SECOND)
    assert one.now() == NOON + 4 * SECOND


def test_a_clock_that_was_compared_before_it_was_asked_shows_nothing_early_even_at_first(machine):
    assert compared(machine, 5 * SECOND).now() == NOON


def test_a_clock_that_is_right_again_is_corrected_no_more(machine):
    one = compared(machine, 2 * SECOND)
    assert compared(machine, 0 * SECOND, one).now() == NOON
    assert one.describe_trouble() == ""


@pytest.mark.django_db
def test_readers_of_a_fast_machine_get_nothing_early(client, machine, monkeypatch):
    make_scheduled(live_from=NOON + 10 * SECOND, at=NOON - 60 * SECOND, permalink="/news/a/")
    one = compared(machine, 2 * SECOND)
    monkeypatch.setattr("releases.public.http.clock", one)
    monkeypatch.setattr("releases.api.views.clock", one)

    def seen(seconds):
        machine.set(NOON + 2 * SECOND + seconds * SECOND)
        items = client.get("/api/releases").json()["items"]
        return client.get("/news/a/").status_code, len(items)

    assert [seen(seconds) for seconds in (8, 9.9, 10, 11)] == [(404, 0), (404, 0), (200, 1), (200, 1)]


@pytest.mark.django_db
def test_administrators_are_told_and_nobody_else(client, machine, monkeypatch):
    monkeypatch.setattr("releases.services.desk.dashboard.clock", compared(machine, 2 * SECOND))
    chief, writer = (make_member(make_agency(), role=role) for role in ("administrator", "writer"))
    troubles = [build_dashboard(Authority(one, timezone.now())).clock_trouble for one in (chief, writer)]
    assert [bool(one) for one in troubles] == [True, False]
    client.force_login(chief)
    assert "ahead of the database&#x27;s" in client.get("/admin/").content.decode()


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_database_is_asked_when_a_connection_is_opened(monkeypatch):
    one = Clock()
    monkeypatch.setattr("releases.services.operations.clock.clock", one)
    monkeypatch.setattr(clocks.timezone, "now", lambda: dt.datetime.now(dt.UTC) + 2 * SECOND)
    other = connection.copy()
    other.ensure_connection()
    other.close()
    assert "2.0 seconds ahead" in one.describe_trouble() or "1.9 seconds ahead" in one.describe_trouble()
