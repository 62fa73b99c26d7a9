"""A server that speaks clamd's protocol on a socket, for tests; and Debian's clamd itself."""

import shutil
import socketserver
import subprocess
import threading
import time
from contextlib import contextmanager

from tests.conftest import PROGRAMS

MARK = b"PRESS-ROOM-TEST-SIGNATURE"
"""What the signature of the tests finds."""


class _Session(socketserver.StreamRequestHandler):
    def handle(self):
        command = self._until_zero()
        assert command == b"zINSTREAM"
        data = b""
        while length := int.from_bytes(self.rfile.read(4), "big"):
            data += self.rfile.read(length)
            if len(data) > self.server.most:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.seen.append(data)
        answer = b"stream: Test.Signature FOUND\0" if MARK in data else b"stream: OK\0"
        self.wfile.write(self.server.answer or answer)

    def _until_zero(self):
        command = b""
        while (letter := self.rfile.read(1)) not in (b"\0", b""):
            command += letter
        return command


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    most, answer = 10_000_000, b""


class _UnixServer(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    most, answer = 10_000_000, b""


@contextmanager
def serve_protocol(path=None, port=0):
    """(the setting that names it, the server): `seen` are the files that it was asked about, `most` the bytes
    that it takes, `answer` what it says of each."""
    server = _UnixServer(str(path), _Session) if path else _Server(("127.0.0.1", port), _Session)
    server.seen = []
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield (f"unix://{path}" if path else f"tcp://127.0.0.1:{server.server_address[1]}"), server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def run_clamd(folder):
    """The setting that names Debian's clamd, started with one signature of ours, without any of others."""
    program = shutil.which("clamd", path=PROGRAMS)
    database, path = folder / "signatures", folder / "clamd.sock"
    database.mkdir()
    (database / "own.ndb").write_text(f"PressRoom.Test:0:*:{MARK.hex()}\n")
    settings = f"LocalSocket {path}\nDatabaseDirectory {database}\nForeground yes\nStreamMaxLength 1M\nTemporaryDirectory {folder}\n"
    (folder / "clamd.conf").write_text(settings)
    process = subprocess.Popen(
        [program, "--config-file", str(folder / "clamd.conf")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 60
        while not path.exists():
            assert process.poll() is None, "clamd ended at once"
            assert time.monotonic() < until, "clamd did not start"
            time.sleep(0.05)
        yield f"unix://{path}"
    finally:
        process.terminate()
        process.wait(timeout=30)
