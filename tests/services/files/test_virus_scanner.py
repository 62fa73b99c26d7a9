import io
import socket
import threading
import time

import pytest

from releases.services.files import virus_scanner
from releases.services.files.virus_scanner import NotScanned, ScannerAway, scan_stream
from tests.clamd import MARK, run_clamd, serve_protocol


def scan(url, data):
    return scan_stream(url, io.BytesIO(data))


@pytest.mark.parametrize("data", [b"", b"x", b"words" * 100_000], ids=len)
@pytest.mark.parametrize("is_local", [False, True])
def test_a_file_is_handed_over_whole(tmp_path, data, is_local):
    with serve_protocol(tmp_path / "s" if is_local else None) as (url, server):
        assert scan(url, data) == ""
    assert server.seen == [data]


def test_what_it_found_is_named():
    with serve_protocol() as (url, _):
        assert scan(url, b"some " + MARK + b" words") == "Test.Signature"


def test_a_file_that_it_does_not_take_is_not_scanned():
    with serve_protocol() as (url, server):
        server.most = 10
        with pytest.raises(NotScanned, match="size limit exceeded"):
            scan(url, b"x" * 5_000_000)


@pytest.mark.parametrize(
    "answer", [b"stream: something odd\0", b"UNKNOWN COMMAND\0", b"stream: OK FOUND ERROR\0"]
)
def test_an_answer_that_does_not_say_clean_is_none(answer):
    with serve_protocol() as (url, server):
        server.answer = answer
        with pytest.raises(NotScanned):
            scan(url, b"x")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def test_nobody_there_is_told(tmp_path):
    for url in (f"tcp://127.0.0.1:{free_port()}", f"unix://{tmp_path / 'none'}"):
        with pytest.raises(ScannerAway):
            scan(url, b"x")


@pytest.mark.parametrize("says", [b"", b"stream: OK"])
def test_a_connection_that_ends_early_is_no_answer(says):
    """Half of an answer may be half of another one."""
    listener = socket.create_server(("127.0.0.1", 0))

    def end_early():
        connection, _ = listener.accept()
        with connection:
            connection.recv(100)
            connection.sendall(says)

    thread = threading.Thread(target=end_early)
    thread.start()
    with pytest.raises(ScannerAway):
        scan(f"tcp://127.0.0.1:{listener.getsockname()[1]}", b"x")
    thread.join()
    listener.close()


def test_a_scanner_that_says_nothing_is_not_waited_for_for_ever(monkeypatch):
    monkeypatch.setattr(virus_scanner, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        started = time.monotonic()
        with pytest.raises(ScannerAway):
            scan(f"tcp://127.0.0.1:{listener.getsockname()[1]}", b"x")
        assert time.monotonic() - started < 5


@pytest.mark.program("clamd", "clamav-daemon")
def test_debian_s_clamd_answers_as_the_protocol_says(tmp_path):
    with run_clamd(tmp_path) as url:
        assert scan(url, b"words") == ""
        assert scan(url, b"words " + MARK) == "PressRoom.Test.UNOFFICIAL"
        with pytest.raises(NotScanned, match="size limit exceeded"):
            scan(url, b"x" * 2_000_000)
