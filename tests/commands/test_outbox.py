"""The worker sends what is in the outbox, and is killed at it: no email is lost, and one comes twice only where
the worker died between the server's 250 and its own mark."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager

import pytest

from tests.commands.conftest import ROOT
from tests.mail_server import ACCEPTED, running_mail_server

INSERT = """
INSERT INTO releases_mail (kind, why, recipient_id, key, created_at, due_at, attempts, problem)
SELECT 'password', '', id, ?, '2026-01-01 00:00:00', '2026-01-01 00:00:00', 0, '' FROM auth_user
"""
SECONDS = 30


@pytest.fixture
def mail_server():
    with running_mail_server() as server:
        yield server


@pytest.fixture
def outbox(newsroom, mail_server):
    """A newsroom with one email that waits, and settings that lead to the server."""
    made = newsroom.run(
        "shell",
        "-v",
        "0",
        "-c",
        "from django.contrib.auth.models import User;"
        "User.objects.create_user('anna', email='anna@ministry.example', password='a long enough one')",
    )
    assert made.returncode == 0, made.stderr
    newsroom.environment["EMAIL_URL"] = f"smtp://127.0.0.1:{mail_server.port}"
    ask(newsroom, INSERT, "0" * 31 + "1")
    return newsroom


def ask(newsroom, statement, *values):
    with closing(sqlite3.connect(newsroom.database, timeout=SECONDS)) as database, database:
        return database.execute(statement, values).fetchall()


@contextmanager
def working(newsroom):
    command = [sys.executable, "manage.py", "db_worker", "--no-startup-delay", "--no-reload"]
    with subprocess.Popen(command, cwd=ROOT, env=newsroom.environment, stderr=subprocess.PIPE) as worker:
        try:
            yield worker
        finally:
            if worker.poll() is None:
                worker.terminate()


def wait_until(true):
    ends = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.1)


def is_sent(newsroom):
    return ask(newsroom, "SELECT count(*) FROM releases_mail WHERE sent_at IS NOT NULL") == [(1,)]


def test_the_worker_sends_what_waits_and_marks_it(outbox, mail_server):
    with working(outbox):
        wait_until(lambda: is_sent(outbox))
    [message] = mail_server.received
    assert message["To"] == "anna@ministry.example"
    assert "/accounts/invitation/" in message.get_content()


def test_a_worker_without_mail_leaves_the_outbox_alone(outbox, mail_server):
    del outbox.environment["EMAIL_URL"]
    done = outbox.run("db_worker", "--batch", "--no-startup-delay")
    assert done.returncode == 0
    assert ask(outbox, "SELECT attempts FROM releases_mail") == [(0,)]


@pytest.mark.parametrize("moment, times", [("recipient", 1), ("data", 2), ("mark", 2)])
def test_a_killed_worker_loses_no_email(outbox, mail_server, moment, times):
    """`recipient`: it dies before the server has the email; `data`: the server keeps it, and the worker dies
    before it is told so; `mark`: the worker is told, and dies while it waits to write that down."""
    locked = sqlite3.connect(outbox.database, timeout=SECONDS, check_same_thread=False, isolation_level=None)
    workers = []

    def kill(_):
        if workers and moment != "mark":
            os.kill(workers.pop().pid, signal.SIGKILL)
        elif workers:
            locked.execute("BEGIN IMMEDIATE")
        return ACCEPTED

    setattr(mail_server, "on_recipient" if moment == "recipient" else "on_data", kill)
    with working(outbox) as worker:
        workers.append(worker)
        if moment == "mark":
            wait_until(lambda: locked.in_transaction and mail_server.received)
            time.sleep(1)  # the 250 has come; the mark waits for the lock
            worker.kill()
            workers.clear()
        assert worker.wait(SECONDS) == -signal.SIGKILL
    if locked.in_transaction:
        locked.execute("ROLLBACK")
    locked.close()
    assert ask(outbox, "SELECT attempts, sent_at FROM releases_mail") == [(1, None)]
    ask(outbox, "UPDATE releases_mail SET due_at = '2026-01-01 00:00:00'")  # as if five minutes had passed
    with working(outbox):
        wait_until(lambda: is_sent(outbox))
    assert len(mail_server.received) == times
    assert len({message["Message-ID"] for message in mail_server.received}) == 1
