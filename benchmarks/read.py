"""What a reader's page costs: CPU of all processes for each request, as multiples of peers in the same run.

    python benchmarks/read.py [--site FOLDER | --releases 1000] [--rounds 3] [--only home,search] [--wagtail PYTHON]
    python tests/with_postgres.py python benchmarks/read.py

Makes a newsroom in a folder of its own: of an old site, else a sample. Starts Press Room with and without its
store of finished pages, a Django with one plain view, nginx with the release's page as a file, where there is an
nginx, and the same releases in Wagtail, where PYTHON is that of an environment with what
benchmarks/peers/wagtail/requirements.txt names. Asks all of them in turns, and prints medians over the rounds:

    cold       a page that is made, as a multiple of the plain view
    hit, 304   a page from the store, by threads and by the event loop, as a multiple of nginx, and of the plain view
    wagtail    the release as Wagtail's users build it; with the lists that our page has; from wagtail-cache

Exits with 1 where a ratio is missed. PostgreSQL counts with its processes.
"""

import argparse
import gzip
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.newsroom import dump_releases, fill, list_pages, make_folder  # noqa: E402
from benchmarks.servers import (  # noqa: E402 (its folder is known above)
    Database,
    Headers,
    Load,
    Server,
    ask,
    put_load,
    start_gunicorn,
    start_nginx,
)

GZIP = {"Accept-Encoding": "gzip"}
MOST_PLAIN = {"common word": 25, "rare word": 25, "phrase": 25}
MOST_PLAIN_OF_OTHERS = 15
MOST_NGINX = 20
MOST_NGINX_OF_LOOP = 7
MOST_MEMORY = 0.7  # of a worker of Wagtail
PLAIN, STATIC = "plain view", "nginx, a file"


class Target(NamedTuple):
    """What is asked for, of whom, and how often in a round."""

    name: str
    server: Server
    path: str
    requests: int
    headers: Headers
    status: int = 200


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--site", help="a folder of an old site to import")
    parser.add_argument("--releases", type=int, default=1000, help="how many a sample has (default: 1000)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="names of pages, with commas between them")
    parser.add_argument("--wagtail", default="", help="Python of an environment with Wagtail")
    options = parser.parse_args()
    with make_folder() as folder:
        fill(options.site, options.releases)
        only = [name for name in options.only.split(",") if name]
        return measure(folder, options.rounds, only, options.wagtail)


def measure(folder: Path, rounds: int, only: list[str], wagtail: str) -> int:
    pages = list_pages()
    database = Database(os.environ.get("DATABASE_URL", ""))
    cold = start_gunicorn("pressroom.wsgi", {"RESPONSE_STORE_MB": "0"})
    stored = start_gunicorn("pressroom.wsgi", {})
    loop = start_gunicorn("pressroom.asgi", {})
    plain = start_gunicorn("benchmarks.peers.plain", {})
    servers = [cold, stored, loop, plain]
    try:
        static, targets = start_static(folder, stored, pages["release"]), []
        if static:
            servers.append(static)
            targets.append(Target(STATIC, static, "/page.html", 20_000, GZIP))
        targets.append(Target(PLAIN, plain, "/", 2_000, {}))
        targets += list_cold(cold, pages, only)
        targets += list_hits(stored, "release", pages["release"])
        targets += list_hits(loop, "event loop", pages["release"])
        if wagtail:
            targets += start_wagtail(folder / "wagtail", wagtail, pages["release"], servers)
        return report(targets, take_rounds(targets, database, rounds))
    finally:
        for server in servers:
            server.stop()


def start_static(folder: Path, stored: Server, path: str) -> Server | None:
    """nginx with the bytes that the store sends, compressed beforehand."""
    page = ask(stored.port, path)[1]
    (folder / "static").mkdir()
    (folder / "static" / "page.html").write_bytes(page)
    (folder / "static" / "page.html.gz").write_bytes(gzip.compress(page, 6))
    place = f"server {{ listen 127.0.0.1:{{port}}; root {folder}/static; gzip_static on; etag on; }}"
    return start_nginx(folder / "nginx", place)


def start_wagtail(folder: Path, python: str, path: str, servers: list[Server]) -> list[Target]:
    """The same releases in Wagtail, with its cache and without; their servers are added to `servers`."""
    folder.mkdir()
    environ = {"WAGTAIL_FOLDER": str(folder), "DJANGO_SETTINGS_MODULE": "newsroom.settings"}
    project = ROOT / "benchmarks" / "peers" / "wagtail"
    loaded = subprocess.run(
        [python, "-m", "newsroom.load"],
        input="\n".join(dump_releases(path)),
        env=os.environ | environ,
        cwd=project,
        check=True,
        text=True,
        stdout=subprocess.PIPE,
    )
    page = loaded.stdout.strip()
    cold, cached = (
        start_gunicorn("newsroom.wsgi", environ | {"WAGTAIL_CACHE": switch}, folder=project, python=python)
        for switch in "01"
    )
    servers += [cold, cached]
    return [
        Target("wagtail: as it is", cold, page, 100, GZIP),
        Target("wagtail: with our lists", cold, f"{page}?lists=1", 100, GZIP),
        Target("wagtail: wagtail-cache", cached, page, 1_000, GZIP),
    ]


def list_cold(server: Server, pages: dict[str, str], only: list[str]) -> list[Target]:
    chosen = {name: path for name, path in pages.items() if not only or name in only}
    return [
        *(Target(f"cold: {name}", server, path, 40, GZIP) for name, path in chosen.items()),
        Target("cold: 404", server, "/nothing/here/", 200, GZIP, 404),
    ]


def list_hits(server: Server, name: str, path: str) -> list[Target]:
    tag = {"If-None-Match": "*"}
    return [
        Target(f"hit: {name}", server, path, 4_000, GZIP),
        Target(f"304: {name}", server, path, 4_000, GZIP | tag, 304),
    ]


def take_rounds(
    targets: list[Target], database: Database, rounds: int
) -> dict[str, list[tuple[float, float]]]:
    """(CPU microseconds for each request, requests each second) by target; the first round warms up."""
    taken: dict[str, list[tuple[float, float]]] = {target.name: [] for target in targets}
    for number in range(rounds + 1):
        for target in targets:
            before = target.server.cpu() + database.cpu()
            count = target.requests if number else max(4, target.requests // 10)
            load: Load = put_load(
                target.server.port, [target.path] * count, headers=target.headers, status=target.status
            )
            spent = target.server.cpu() + database.cpu() - before
            if load.right != count:
                raise SystemExit(f"{target.name}: {load.right} of {count} answers were {target.status}.")
            if number:
                taken[target.name].append((spent / count * 1e6, count / load.seconds))
    return taken


def report(targets: list[Target], taken: dict[str, list[tuple[float, float]]]) -> int:
    cost = {name: median(cpu for cpu, _ in rows) for name, rows in taken.items()}
    print(f"{'':26}{'CPU us':>10}{'x plain':>9}{'x nginx':>9}{'req/s':>9}")
    for target in targets:
        name = target.name
        of_nginx = cost[name] / cost[STATIC] if STATIC in cost else 0.0
        rate = median(rate for _, rate in taken[name])
        print(f"{name:26}{cost[name]:10.0f}{cost[name] / cost[PLAIN]:9.2f}{of_nginx:9.1f}{rate:9.0f}")
    memory = {target.name: target.server.memory() for target in targets}
    print()
    missed = 0
    ours, theirs = memory["hit: release"], memory.get("wagtail: as it is")
    print(f"private memory of a worker: {ours:.0f} MB, with its store")
    if theirs:
        missed = int(ours > MOST_MEMORY * theirs)
        print(
            f"    {ours / theirs:.2f} x Wagtail's {theirs:.0f} MB, at most {MOST_MEMORY}{' MISSED' * missed}"
        )
    for limit in list_limits(list(cost)):
        ratio = cost[limit.name] / cost[limit.peer]
        missed += ratio > limit.most
        verdict = " MISSED" if ratio > limit.most else ""
        print(f"{limit.name:26}{ratio:8.2f} x {limit.peer}, at most {limit.most:.3g}{verdict}")
    return 1 if missed else 0


class Limit(NamedTuple):
    """What a page may cost at most, as a multiple of a peer."""

    name: str
    peer: str
    most: float


def list_limits(names: list[str]) -> list[Limit]:
    """Of what was asked, and of peers that were there."""
    cold = [name for name in names if name.startswith("cold: ")]
    limits = [
        *(Limit(name, PLAIN, MOST_PLAIN.get(name[6:], MOST_PLAIN_OF_OTHERS)) for name in cold),
        Limit("hit: release", STATIC, MOST_NGINX),
        Limit("304: release", STATIC, MOST_NGINX),
        Limit("hit: event loop", STATIC, MOST_NGINX_OF_LOOP),
        Limit("304: event loop", STATIC, MOST_NGINX_OF_LOOP),
        Limit("cold: release", "wagtail: as it is", 2.0),
        Limit("cold: release", "wagtail: with our lists", 0.8),
        Limit("hit: release", "wagtail: wagtail-cache", 0.4),
        Limit("hit: event loop", "wagtail: wagtail-cache", 1 / 6),
    ]
    return [limit for limit in limits if limit.name in names and limit.peer in names]


if __name__ == "__main__":
    sys.exit(main())
