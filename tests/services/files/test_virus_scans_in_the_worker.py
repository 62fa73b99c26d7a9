import datetime as dt
import time

import pytest

from releases.models import Blob
from releases.services.files import virus_scans
from releases.services.files.storage import store_bytes
from tests.clamd import serve_protocol
from tests.services.files.test_virus_scanner import free_port

Scan = Blob.Scan


def state(blob):
    return Blob.objects.values_list("scan", "scan_finding").get(pk=blob.pk)


@pytest.mark.usefixtures("transactional_db")
def test_the_worker_goes_on_asking_until_it_has_an_answer(settings, monkeypatch):
    port = free_port()
    settings.CLAMD_URL = f"tcp://127.0.0.1:{port}"
    monkeypatch.setattr(virus_scans, "PAUSE", dt.timedelta(milliseconds=50))
    monkeypatch.setattr(virus_scans, "PAUSE_AFTER_FAILURE", dt.timedelta(milliseconds=50))
    blob = store_bytes(b"words", "a.txt")
    with virus_scans.keep_scanning():
        wait_until(lambda: state(blob)[1] != "")
        assert state(blob)[0] == Scan.WAITING
        with serve_protocol(port=port) as (_, server):
            wait_until(lambda: state(blob)[0] == Scan.CLEAN)
    assert server.seen == [b"words"]


def wait_until(holds):
    until = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)
