"""Servers on loopback for the other benchmarks, and the CPU that all of their processes take."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import psycopg

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")
Headers = dict[str, str]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


class Server:
    """A command that listens on `port` until `stop`; its children count as it."""

    def __init__(self, command: Sequence[str], port: int, **options: object) -> None:
        self.port = port
        self.process = subprocess.Popen(command, start_new_session=True, **options)  # type: ignore[call-overload]
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                time.sleep(0.1)
        self.stop()
        raise RuntimeError(f"{command[0]} does not listen.")

    def cpu(self) -> float:
        """Seconds that the processes have taken until now, in user and system."""
        return sum(map(cpu_of, tree(self.process.pid)))

    def memory(self) -> float:
        """Megabytes that its largest process has for itself."""
        return max(map(private_memory_of, tree(self.process.pid)))

    def stop(self) -> None:
        """End it, as an operator does."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


class Database:
    """The processes of the PostgreSQL of DATABASE_URL; on SQLite none."""

    def __init__(self, url: str) -> None:
        self.pid = 0
        if url.startswith("postgres"):
            with psycopg.connect(url) as connection:
                row = connection.execute("SHOW data_directory").fetchone()
                self.pid = int(Path(str(row and row[0]), "postmaster.pid").read_text().split()[0])

    def cpu(self) -> float:
        """As of a Server; of backends that have ended as well, which their parent keeps."""
        return sum(map(cpu_of, tree(self.pid))) if self.pid else 0.0


def start_gunicorn(
    application: str,
    environ: dict[str, str],
    *,
    workers: int = 1,
    folder: Path = ROOT,
    python: str = sys.executable,
) -> Server:
    """As `deploy/pressroom.service` starts it, but for the number of workers; an application that is named
    `asgi` as docs/operators.md has it."""
    port = free_port()
    worker = "asgi --graceful-timeout 10" if application.endswith("asgi") else "gthread --threads 4"
    options = f"--workers {workers} --worker-class {worker} --preload --keep-alive 75 --no-control-socket"
    command = [python, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", *options.split()]
    quiet = ["--log-level", "warning", "--chdir", str(folder)]
    return Server([*command, *quiet], port, env=os.environ | environ, cwd=folder)


def start_nginx(folder: Path, server: str) -> Server | None:
    """An nginx with this `server` block, which listens on {port}; None where there is no nginx."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        return None
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    temporary = "".join(
        f"{name}_temp_path {folder}/{name}; " for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    conf = folder / "nginx.conf"
    conf.write_text(
        f"{'user root; ' if os.geteuid() == 0 else ''}daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/errors;\n"
        "events { worker_connections 2048; }\n"
        f"http {{ access_log off; keepalive_requests 1000000; {temporary}\n"
        f"default_type text/html; {server.replace('{port}', str(port))} }}\n"
    )
    return Server([nginx, "-c", str(conf), "-p", str(folder)], port)


def start_front(folder: Path, port: int) -> Server | None:
    """nginx as `deploy/nginx.conf` has it, without TLS, before an application on `port`; None where there is
    no nginx."""
    conf = (ROOT / "deploy" / "nginx.conf").read_text()
    kept = [line for line in conf.splitlines() if "ssl_certificate" not in line]
    places = {
        "127.0.0.1:8000": f"127.0.0.1:{port}",
        "listen 443 ssl http2": "listen 127.0.0.1:{port}",
        "/var/lib/pressroom/media": os.environ["MEDIA_ROOT"],
    }
    text = "\n".join(kept)
    for shipped, here in places.items():
        text = text.replace(shipped, here)
    return start_nginx(folder, text)


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        below = children.read_text().split()
    except OSError:
        return []
    return [pid, *(one for child in below for one in tree(int(child)))]


def cpu_of(pid: int) -> float:
    """Seconds, with those of children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / TICKS


def private_memory_of(pid: int) -> float:
    """Megabytes that no other process shares."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1000


class Load(NamedTuple):
    """How many requests were answered with the status that was expected, and the seconds that all took."""

    right: int
    seconds: float


def ask(port: int, path: str, headers: Headers | None = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", quote(path, safe="/?&=%"), headers=headers or {})
    response = connection.getresponse()
    return response.status, response.read()


def put_load(
    port: int, paths: Iterable[str], *, readers: int = 4, headers: Headers | None = None, status: int = 200
) -> Load:
    """Ask for every path once, by so many readers on connections that are kept."""
    waiting, lock, right = iter(list(paths)), threading.Lock(), []

    def read() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while True:
            with lock:
                path = next(waiting, None)
            if path is None:
                break
            connection.request("GET", quote(path, safe="/?&=%"), headers=headers or {})
            response = connection.getresponse()
            response.read()
            if response.status == status:
                right.append(path)
        connection.close()

    begun = time.perf_counter()
    threads = [threading.Thread(target=read) for _ in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Load(len(right), time.perf_counter() - begun)
