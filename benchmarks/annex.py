"""Whether slow readers of a large annex keep others waiting, behind nginx as `deploy/` has it.

    python benchmarks/annex.py [--readers 50] [--megabytes 20] [--asgi]

Makes a newsroom with one release and one annex in a folder of its own, starts the server with two processes and
nginx, or with --asgi the one of the event loop without nginx, and lets readers take the annex at 20 kB a second each. Meanwhile twenty readers ask for the release, one
after the other. Exits with 1 where one of them waits for more than 50 milliseconds, gets anything but the page, or
where the annex does not come as it is.
"""

import argparse
import hashlib
import http.client
import os
import socket
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.newsroom import fill, make_folder  # noqa: E402 (its folder is known above)
from benchmarks.servers import ask, start_front, start_gunicorn  # noqa: E402

PAGE, ANNEX = "/news/2024/a-large-annex/", "/files/large.pdf"
MOST = 0.05  # seconds
SMALL = 20
WARMING = 16  # so that each of two processes has made the page
BITE = 4_096  # bytes, five times a second


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--megabytes", type=int, default=20)
    parser.add_argument("--asgi", action="store_true")
    options = parser.parse_args()
    with make_folder() as folder:
        data = b"%PDF-1.4\n" + os.urandom(options.megabytes * 1_000_000)
        write_site(folder / "site", data)
        fill(f"{folder}/site", 0)
        if options.asgi:
            server, front = start_gunicorn("pressroom.asgi", {}, workers=2), None
        else:
            server = start_gunicorn("pressroom.wsgi", {"SENDFILE": "nginx"}, workers=2)
            front = start_front(folder / "nginx", server.port)
        try:
            if not (front or options.asgi):
                raise SystemExit("There is no nginx here.")
            return measure((front or server).port, options.readers, data)
        finally:
            for one in filter(None, [front, server]):
                one.stop()


def write_site(site: Path, data: bytes) -> None:
    """An old site with one post, which links the annex."""
    (site / "files").mkdir(parents=True)
    (site / "files" / "large.pdf").write_bytes(data)
    posts = site / "news" / "_posts"
    posts.mkdir(parents=True)
    (posts / "2024-03-01-a-large-annex.md").write_text(
        f"---\ntitle: A large annex\npermalink: {PAGE}\n---\nRead the [annex]({ANNEX}).\n"
    )


def measure(port: int, readers: int, data: bytes) -> int:
    whole = hashlib.sha256(ask(port, ANNEX)[1]).digest() == hashlib.sha256(data).digest()
    for _ in range(WARMING):
        read_page(port)
    ended = threading.Event()
    slow = [threading.Thread(target=read_slowly, args=(port, ended)) for _ in range(readers)]
    for thread in slow:
        thread.start()
    time.sleep(2)
    taken = []
    for _ in range(SMALL):
        begun = time.perf_counter()
        status = read_page(port)
        taken.append(time.perf_counter() - begun if status == 200 else float("inf"))
        time.sleep(0.1)
    ended.set()
    for thread in slow:
        thread.join()
    quick = sum(seconds <= MOST for seconds in taken)
    print(
        f"{readers} slow readers: {quick} of {SMALL} pages within {MOST * 1000:.0f} ms, slowest"
        f" {max(taken) * 1000:.0f} ms; the annex {'came whole' if whole else 'DID NOT COME WHOLE'}"
    )
    return 0 if whole and quick == SMALL else 1


def read_page(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", PAGE)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status


def read_slowly(port: int, ended: threading.Event) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BITE)
        connection.sendall(f"GET {ANNEX} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        while not ended.is_set() and connection.recv(BITE):
            ended.wait(0.2)


if __name__ == "__main__":
    sys.exit(main())
