"""That the first request after the database is back is answered at once, however long it was away.

    python tests/with_postgres.py python benchmarks/outage.py [--away 5,60]

Serves a sample newsroom without its store of finished pages, by threads and by the event loop, stops PostgreSQL for
so many seconds while readers go on asking, starts it again, and asks once more as soon as it takes connections.
Exits with 1 where that answer is no 200 or takes more than two seconds, or where a reader waited longer than ten for
the word that the database is away.
"""

import argparse
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.newsroom import fill, make_folder  # noqa: E402 (its folder is known above)
from benchmarks.servers import Server, ask, start_gunicorn  # noqa: E402

MOST_SECONDS, MOST_WAIT = 2.0, 10.0
READERS = 4
PAGE = "/releases/"


class Database:
    """The PostgreSQL of DATABASE_URL, which is stopped and started as its own user."""

    def __init__(self, url: str) -> None:
        self.url = url
        with psycopg.connect(url) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
        self.folder = Path(str(row and row[0]))
        self.command = shlex.split((self.folder / "postmaster.opts").read_text())
        self.log = self.folder / "outage.log"

    def stop(self) -> None:
        """Connections are cut off."""
        pid = int((self.folder / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGINT)
        while (self.folder / "postmaster.pid").exists():
            time.sleep(0.05)

    def start(self) -> None:
        """Returns when it takes connections."""
        owner = self.folder.stat().st_uid
        with self.log.open("ab") as log:
            subprocess.Popen(self.command, user=owner, stdout=log, stderr=log, start_new_session=True)
        while True:
            try:
                psycopg.connect(self.url).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.02)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--away", default="5,60", help="seconds, with commas between them")
    options = parser.parse_args()
    database, missed = Database(os.environ["DATABASE_URL"]), 0
    with make_folder():
        fill(None, 50)
        for application in ("pressroom.wsgi", "pressroom.asgi"):
            server = start_gunicorn(application, {"RESPONSE_STORE_MB": "0"}, workers=2)
            try:
                for seconds in map(int, options.away.split(",")):
                    missed += not is_back_at_once(application, server, database, seconds)
            finally:
                server.stop()
    return 1 if missed else 0


def is_back_at_once(name: str, server: Server, database: Database, seconds: int) -> bool:
    ask(server.port, PAGE)
    database.stop()
    slowest = ask_while_away(server, seconds)
    database.start()
    status, spent = time_answer(server)
    print(
        f"{name}, away for {seconds} s: first answer {status} after {spent:.2f} s;"
        f" told of it within {slowest:.1f} s at most meanwhile"
    )
    return status == 200 and spent <= MOST_SECONDS and slowest <= MOST_WAIT


def ask_while_away(server: Server, seconds: int) -> float:
    """The seconds of the slowest answer, of some readers who ask one page after the other."""
    until, taken = time.monotonic() + seconds, []

    def read() -> None:
        while time.monotonic() < until:
            taken.append(time_answer(server)[1])
            time.sleep(0.1)

    threads = [threading.Thread(target=read) for _ in range(READERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return max(taken)


def time_answer(server: Server) -> tuple[int, float]:
    """(status, seconds)"""
    begun = time.monotonic()
    status, _ = ask(server.port, PAGE)
    return status, time.monotonic() - begun


if __name__ == "__main__":
    sys.exit(main())
