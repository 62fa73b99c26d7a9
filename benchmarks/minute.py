"""The minute of an announcement: many readers ask for a release before its embargo lifts, while it does, and after.

    python benchmarks/minute.py [--connections 500] [--seconds 60] [--releases 1000]
    python tests/with_postgres.py python benchmarks/minute.py

Makes a sample newsroom in a folder of its own, starts the server with two processes, behind nginx as `deploy/` has
it where there is an nginx, and approves a release for the middle of the time. Every connection asks for that
release, for the home page and for the list, by turns and without a pause. What ended before the instant must show
nothing of the release, what began after it all of it.

Prints answers, errors, early and wrong ones, and how long they took. Exits with 1 for a single one of these.
"""

import argparse
import asyncio
import datetime as dt
import sys
import time
from collections import Counter
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.fresh import Newsroom  # noqa: E402 (its folder is known above)
from benchmarks.newsroom import fill, make_folder  # noqa: E402
from benchmarks.servers import start_front, start_gunicorn  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--connections", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--releases", type=int, default=1000)
    options = parser.parse_args()
    with make_folder() as folder:
        fill(None, options.releases)
        newsroom = Newsroom()
        server = start_gunicorn("pressroom.wsgi", {}, workers=2)
        servers = [server]
        try:
            front = start_front(folder / "nginx", server.port)
            servers += [front] if front else []
            instant = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=options.seconds / 2)
            minute = Minute(newsroom.embargo(instant), instant.timestamp())
            asyncio.run(minute.ask(servers[-1].port, options.connections, options.seconds))
            return minute.report(options.seconds)
        finally:
            for one in servers:
                one.stop()


class Minute:
    """What readers got: `path` is the release's, `instant` that of its embargo, in seconds since 1970."""

    def __init__(self, path: str, instant: float) -> None:
        self.path, self.instant = path, instant
        self.found: Counter[str] = Counter()
        self.taken: list[float] = []
        self.first_right = 0.0

    async def ask(self, port: int, connections: int, seconds: float) -> None:
        until = time.time() + seconds
        await asyncio.gather(*(self._read(port, place, until) for place in range(connections)))

    async def _read(self, port: int, place: int, until: float) -> None:
        paths = (self.path, "/", "/releases/")
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (begun := time.time()) < until:
            place += 1
            path = paths[place % len(paths)]
            writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            try:
                status, body = await read_answer(reader)
            except (OSError, asyncio.IncompleteReadError):
                self.found["errors"] += 1
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                continue
            self.judge(path, status, body, begun)
        writer.close()

    def judge(self, path: str, status: int, body: bytes, begun: float) -> None:
        ended = time.time()
        self.taken.append(ended - begun)
        is_shown = self.path.encode() in body if path != self.path else status == 200
        if status >= 500:
            self.found["errors"] += 1
        elif is_shown and ended < self.instant:
            self.found["early"] += 1
        elif not is_shown and begun >= self.instant:
            self.found["wrong"] += 1
        elif is_shown and not self.first_right:
            self.first_right = ended - self.instant

    def report(self, seconds: float) -> int:
        told = ", ".join(f"{self.found[name]} {name}" for name in ("errors", "early", "wrong"))
        print(f"{len(self.taken)} answers, {len(self.taken) / seconds:.0f} a second: {told}")
        print(
            f"{median(self.taken) * 1000:.0f} ms in the median, {quantiles(self.taken, n=100)[98] * 1000:.0f} ms in the"
            f" 99th of 100; the first with the release {self.first_right * 1000:.0f} ms after the instant"
        )
        return 1 if self.found else 0


async def read_answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """(status, body). Raises IncompleteReadError where the connection ends before."""
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head.split(None, 2)[1])
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return status, await reader.readexactly(int(line.partition(b":")[2]))
    body = b""
    while size := int((await reader.readline()).strip() or b"0", 16):
        body += await reader.readexactly(size + 2)
    await reader.readline()
    return status, body


if __name__ == "__main__":
    sys.exit(main())
