# ruff: noqa: PLC0415 (Django is imported once its settings are known)
"""How what a page costs grows with the archive: CPU of a cold page at several sizes of one newsroom, in process.

    python benchmarks/scale.py [--sizes 1000,10000] [--rounds 3] [--only home,archive]
    python benchmarks/scale.py --sizes 1000,10000,100000 --folder FOLDER --picture docs/growth.svg    # 20 minutes
    python tests/with_postgres.py python benchmarks/scale.py

Makes a sample newsroom, and each larger one of a copy of the one before, all by the writer that the desk has; those
that FOLDER holds are used again. Then asks in turns at each size for the same pages, without the store of finished
pages, after the first time for each content version. On PostgreSQL the wall clock counts, since most of the work is
in processes of its own. `--picture` draws a curve for each page. Last, a release is corrected at the largest size,
once for each page, which is then asked for as the first reader does.

Exits with 1 where a page at the largest size costs more than so many times what it costs at the smallest.
"""

import argparse
import html
import math
import multiprocessing
import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.newsroom import fill, list_pages, make_folder  # noqa: E402 (its folder is known above)

if TYPE_CHECKING:
    from django.test import Client

    from benchmarks import fresh

DESK = {
    "desk": "/admin/",
    "desk: releases": "/admin/releases/release/",
    "desk: editions": "/admin/releases/edition/",
    "desk: agencies": "/admin/releases/agency/",
    "desk: a word": "/admin/releases/edition/?q=fish",
}
MOST = {"home": 1.5, "agencies": 1.5, "archive": 1.5} | dict.fromkeys(DESK, 1.5)
MOST_OF_OTHERS = 1.2
SEARCHES = (
    "common word",
    "rare word",
    "phrase",
    "nonsense",
)  # bounded by multiples of a plain view, in read.py
WARMING = 3  # times that a page is asked for before it counts
Costs = dict[str, list[float]]
"""Milliseconds of each page, by size."""


class Newsroom:
    """A sample of so many releases, in a database and a process of its own."""

    def __init__(self, size: int, environ: dict[str, str]) -> None:
        self.size = size
        spawn = multiprocessing.get_context("spawn")
        self._process = ProcessPoolExecutor(1, spawn, take_environ, (environ,))

    def list_pages(self) -> dict[str, str]:
        return self._process.submit(list_old_pages).result()

    def cost_of(self, path: str, times: int) -> float:
        return self._process.submit(cost_of, path, times).result()

    def correct(self) -> float:
        return self._process.submit(correct).result()

    def stop(self) -> None:
        self._process.shutdown()


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="1000,10000", help="numbers of releases, with commas between them")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--times", type=int, default=7, help="how often a page is asked for in a round")
    parser.add_argument("--only", default="", help="names of pages, with commas between them")
    parser.add_argument("--folder", type=Path, help="where newsrooms are kept, and found again")
    parser.add_argument("--picture", type=Path, help="an SVG to write")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    with ExitStack() as stack:
        folder = options.folder or stack.enter_context(make_folder())
        newsrooms = [
            stack.enter_context(open_newsroom(size, environ)) for size, environ in make(folder, sizes)
        ]
        pages = newsrooms[0].list_pages() | DESK
        only = options.only.split(",") if options.only else pages
        costs = measure(newsrooms, {name: pages[name] for name in only}, options)
        if options.picture:
            options.picture.write_text(draw(sizes, costs))
        missed = report(sizes, costs)
        report_publication(newsrooms[-1], {name: pages[name] for name in only})
        return missed


def make(folder: Path, sizes: Sequence[int]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each size with the environment of its newsroom, which is made of a copy of the one before."""
    url, before = os.environ.get("DATABASE_URL", ""), ""
    media = folder.resolve() / "media"
    media.mkdir(parents=True, exist_ok=True)
    for size in sizes:
        data = folder.resolve() / f"newsroom-{size}"
        if not data.exists():
            shutil.copytree(before, data) if before else data.mkdir()
        environ = {"DATA_DIR": str(data), "MEDIA_ROOT": str(media)}
        if url.startswith("postgres"):
            environ["DATABASE_URL"] = copy_database(url, Path(before).name if before else "", data.name)
        os.environ |= environ
        fill(None, size)
        print(f"  {size} releases made", file=sys.stderr)
        yield size, environ
        before = str(data)


def copy_database(url: str, before: str, name: str) -> str:
    """The address of a database beside that of `url`, as the one called `before` is."""
    with psycopg.connect(url, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            words = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            connection.execute(words.format(sql.Identifier(name), sql.Identifier(before or "template0")))
    return url.replace("/postgres?", f"/{name}?")


def take_environ(environ: dict[str, str]) -> None:
    """The first that the process of a newsroom does."""
    os.environ |= environ | {"DJANGO_SETTINGS_MODULE": "pressroom.settings"}
    import django

    django.setup()


@contextmanager
def open_newsroom(size: int, environ: dict[str, str]) -> Iterator[Newsroom]:
    newsroom = Newsroom(size, environ)
    try:
        yield newsroom
    finally:
        newsroom.stop()


def measure(newsrooms: Sequence[Newsroom], pages: dict[str, str], options: argparse.Namespace) -> Costs:
    """Medians over the rounds; a page is asked for at all sizes one after the other."""
    taken: dict[str, list[list[float]]] = {name: [] for name in pages}
    for number in range(options.rounds):
        for name, path in pages.items():
            taken[name].append([newsroom.cost_of(path, options.times) for newsroom in newsrooms])
        print(f"  round {number + 1} of {options.rounds}", file=sys.stderr)
    return {name: [median(costs) for costs in zip(*rounds, strict=True)] for name, rounds in taken.items()}


def list_old_pages() -> dict[str, str]:
    """As `list_pages`, but of the first release that has annexes: all others come after it."""
    pages = list_pages()
    from django.utils import timezone

    from releases.models import Edition

    first = Edition.objects.listed(timezone.now()).filter(number=1, annexes__isnull=False).order_by("release")
    return pages | {"release": first.values_list("address__path", flat=True)[0]}


def cost_of(path: str, times: int) -> float:
    """Milliseconds in the median, after those that warm up; of the first where `times` is 0."""
    from django.db import connection

    clock = time.perf_counter if connection.vendor == "postgresql" else time.process_time
    client, taken = sign_in(path), []
    for _ in range(times + WARMING if times else 1):
        begun = clock()
        response = client.get(path)
        b"".join(response)
        taken.append((clock() - begun) * 1000)
        if response.status_code != 200:
            raise SystemExit(f"{path} answers {response.status_code}.")
    return median(taken[WARMING:] or taken)


def sign_in(path: str) -> "Client":
    """A browser; an administrator's where the page is of the desk."""
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client(headers={"host": "127.0.0.1"})
    if path.startswith("/admin/"):
        client.force_login(User.objects.get_or_create(username="admin", is_staff=True, is_superuser=True)[0])
    return client


def report(sizes: Sequence[int], costs: Costs) -> int:
    print(f"{'':18}" + "".join(f"{size:>10}" for size in sizes) + f"{'growth':>9}   at most")
    missed = 0
    for name, row in costs.items():
        growth, most = row[-1] / row[0], find_limit(name)
        is_missed = most is not None and growth > most
        missed += is_missed
        limit = "" if most is None else f"   {most}{' MISSED' if is_missed else ''}"
        print(f"{name:18}{''.join(f'{cost:10.1f}' for cost in row)}{growth:9.2f}{limit}")
    return 1 if missed else 0


def find_limit(name: str) -> float | None:
    """What a page at the largest size may cost at most, as a multiple of the smallest."""
    return None if name in SEARCHES else MOST.get(name, MOST_OF_OTHERS)


def report_publication(newsroom: Newsroom, pages: dict[str, str]) -> None:
    """What a correction costs, and each page for the first who reads it after one."""
    spent, first = [], {}
    for name, path in pages.items():
        spent.append(newsroom.correct())
        first[name] = newsroom.cost_of(path, 0)
    print(
        f"\nAt {newsroom.size} releases a correction takes {median(spent):.0f} ms; the first of each page after it:"
    )
    print("  " + ", ".join(f"{name} {cost:.0f}" for name, cost in first.items()))


def correct() -> float:
    """Milliseconds of a correction that is written, approved and public."""
    clock = (
        time.perf_counter if os.environ.get("DATABASE_URL", "").startswith("postgres") else time.process_time
    )
    newsroom = changing_newsroom()
    newsroom.number = time.time_ns()
    begun = clock()
    newsroom.correct()
    return (clock() - begun) * 1000


@cache
def changing_newsroom() -> "fresh.Newsroom":
    """That of this process, which corrects the newest release; once before it counts, so that all is
    loaded."""
    from django.utils import timezone

    from benchmarks import fresh
    from releases.models import Edition
    from releases.models.edition import NEWEST_FIRST

    newsroom = fresh.Newsroom()
    newest = Edition.objects.listed(timezone.now()).order_by(*NEWEST_FIRST)
    newsroom.release = newest.select_related("release")[0].release
    newsroom.correct()
    return newsroom


WIDE, HIGH, ROOM, COLUMNS = 168, 84, 34, 5  # of a curve; between two; in a row
HIGHEST = 2.0  # times the smallest newsroom
SHADES = {"axis": "#767676", "limit": "#b10e1e", "curve": "#1d70b8"}


def draw(sizes: Sequence[int], costs: Costs) -> str:
    """An SVG with a curve for each page, as multiples of its cost at the smallest size; limits are dashed."""
    rows = math.ceil(len(costs) / COLUMNS)
    width, height = COLUMNS * (WIDE + ROOM) + ROOM, rows * (HIGH + 2 * ROOM) + ROOM
    curves = "\n".join(
        f'<g transform="translate({ROOM + number % COLUMNS * (WIDE + ROOM)} {ROOM + number // COLUMNS * (HIGH + 2 * ROOM)})">'
        f"{draw_curve(name, sizes, row)}</g>"
        for number, (name, row) in enumerate(costs.items())
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11">\n'
        f"<title>Cost of a page as a multiple of that at {sizes[0]:,} releases</title>\n"
        f'<rect width="100%" height="100%" fill="#fff"/>\n{curves}\n</svg>\n'
    )


def draw_curve(name: str, sizes: Sequence[int], row: Sequence[float]) -> str:
    steps = math.log(sizes[-1] / sizes[0]) or 1.0
    across = [WIDE * math.log(size / sizes[0]) / steps for size in sizes]
    growth = [cost / row[0] for cost in row]
    points = " ".join(f"{x:.0f},{place(value):.1f}" for x, value in zip(across, growth, strict=True))
    ticks = "".join(
        f'<text x="{x:.0f}" y="{HIGH + 13}" text-anchor="middle" fill="{SHADES["axis"]}">{size:,}</text>'
        for x, size in zip(across, sizes, strict=True)
    )
    most = find_limit(name)
    limit = (
        f'<path d="M0 {place(most):.1f}H{WIDE}" stroke="{SHADES["limit"]}" stroke-dasharray="3 3"/>'
        if most
        else ""
    )
    return (
        f'<text y="-8">{html.escape(name)}: {row[0]:.1f} ms × {growth[-1]:.2f}</text>'
        f'<path d="M0 0V{HIGH}H{WIDE}" fill="none" stroke="{SHADES["axis"]}"/>{limit}{ticks}'
        f'<polyline points="{points}" fill="none" stroke="{SHADES["curve"]}" stroke-width="2"/>'
    )


def place(growth: float) -> float:
    """How far below the top of a curve."""
    return HIGH * (1 - min(growth, HIGHEST) / HIGHEST)


if __name__ == "__main__":
    sys.exit(main())
