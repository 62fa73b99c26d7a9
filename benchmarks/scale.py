"""How what a page costs grows with the archive: CPU of a cold page at several sizes of one newsroom, in process.

    python benchmarks/scale.py [--sizes 1000,10000] [--times 7]
    python tests/with_postgres.py python benchmarks/scale.py

Makes a sample newsroom in a folder of its own, lets it grow from size to size, and asks at each size for the same
pages, without the store of finished pages, after the first time for each content version. On PostgreSQL the wall
clock counts, since most of the work is in processes of its own. Exits with 1 where a page at the largest size costs
more than so many times what it costs at the smallest.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.newsroom import fill, list_pages, make_folder  # noqa: E402 (its folder is known above)

DESK = {
    "desk": "/admin/",
    "desk: releases": "/admin/releases/release/",
    "desk: editions": "/admin/releases/edition/",
    "desk: agencies": "/admin/releases/agency/",
}
MOST = {"home": 1.5, "agencies": 1.5, "archive": 1.5} | dict.fromkeys(DESK, 1.5)
MOST_OF_OTHERS = 1.2
SEARCHES = (
    "common word",
    "rare word",
    "phrase",
    "nonsense",
)  # bounded by multiples of a plain view, in read.py


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="1000,10000", help="numbers of releases, with commas between them")
    parser.add_argument("--times", type=int, default=7, help="how often each page is asked for at each size")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    clock = (
        time.perf_counter if os.environ.get("DATABASE_URL", "").startswith("postgres") else time.process_time
    )
    with make_folder():
        pages: dict[str, str] = {}
        costs: dict[int, dict[str, float]] = {}
        for size in sizes:
            fill(None, size)
            pages = pages or list_pages() | DESK
            costs[size] = {name: cost_of(path, options.times, clock) for name, path in pages.items()}
            print(f"  {size} releases asked", file=sys.stderr)
    return report(sizes, costs)


def cost_of(path: str, times: int, clock: Callable[[], float]) -> float:
    """Milliseconds in the median, after three that warm up."""
    from django.contrib.auth.models import User  # noqa: PLC0415 (its settings are known by now)
    from django.test import Client  # noqa: PLC0415

    client, taken = Client(headers={"host": "127.0.0.1"}), []
    if path.startswith("/admin/"):
        client.force_login(User.objects.get_or_create(username="admin", is_staff=True, is_superuser=True)[0])
    for number in range(times + 3):
        begun = clock()
        response = client.get(path)
        b"".join(response)
        if number >= 3:
            taken.append((clock() - begun) * 1000)
        if response.status_code != 200:
            raise SystemExit(f"{path} answers {response.status_code}.")
    return median(taken)


def report(sizes: list[int], costs: dict[int, dict[str, float]]) -> int:
    print(f"{'':18}" + "".join(f"{size:>10}" for size in sizes) + f"{'growth':>9}   at most")
    missed = 0
    for name, first in costs[sizes[0]].items():
        growth = costs[sizes[-1]][name] / first
        most = MOST.get(name, MOST_OF_OTHERS)
        is_missed = name not in SEARCHES and growth > most
        missed += is_missed
        limit = "" if name in SEARCHES else f"   {most}{' MISSED' if is_missed else ''}"
        row = "".join(f"{costs[size][name]:10.1f}" for size in sizes)
        print(f"{name:18}{row}{growth:9.2f}{limit}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
