"""Figures that all processes of a server count together."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from releases.delivery.metrics import prepare_folder
from tests.commands.conftest import ROOT
from tests.mail_server import find_free_port


def ask(port, path="/api/metrics", **headers):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 (our own server)
        return answer.read().decode()


@pytest.mark.parametrize("application, kind", [("pressroom.wsgi", "gthread"), ("pressroom.asgi", "asgi")])
def test_the_processes_of_a_server_count_together(newsroom, application, kind):
    """Whichever of them is asked."""
    port = find_free_port()
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--workers", "3"]
    command += ["--worker-class", kind, "--preload", "--no-control-socket", "--log-level", "warning"]
    environment = {**newsroom.environment, "METRICS": "loopback", "DEBUG": "1"}
    with subprocess.Popen(command, cwd=ROOT, env=environment) as server:
        try:
            wait_for(port)
            before = read_counts(port)
            with ThreadPoolExecutor(8) as readers:
                list(readers.map(lambda number: ask(port, f"/releases/?page={number % 3}"), range(60)))
            counts = [read_counts(port) for _ in range(6)]
            files = list((newsroom.folder / "metrics").glob("counter_*"))
        finally:
            server.send_signal(signal.SIGTERM)
    assert [answers for answers, _ in counts] == [before[0] + 60 + number for number in range(1, 7)]
    assert all(before[1] < made < before[1] + 60 for _, made in counts)  # the others came from the store
    assert len(files) > 1


def read_counts(port):
    """Answers in all, and those that Django made."""
    text = ask(port)
    made = re.findall(r'^pressroom_django_seconds_count{status="\d"} ([\d.]+)', text, re.M)
    [answers] = re.findall(r"^pressroom_answers_total ([\d.]+)", text, re.M)
    return float(answers), sum(map(float, made))


def wait_for(port):
    ends = time.monotonic() + 60
    while True:
        try:
            return ask(port, "/healthz")
        except OSError:
            assert time.monotonic() < ends
            time.sleep(0.2)


def test_files_of_processes_that_are_no_more_are_deleted(tmp_path):
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        pass
    mine = tmp_path / "new" / f"counter_{os.getpid()}.db"
    prepare_folder(mine.parent)
    for file in (mine, mine.with_name(f"histogram_{gone.pid}.db")):
        file.touch()
    prepare_folder(mine.parent)
    assert list(mine.parent.iterdir()) == [mine]
