# ruff: noqa: PLC0415 (Django is imported once its settings are known)
"""What a reader's page costs: CPU of all processes for each request, as multiples of peers in the same run.

    python benchmarks/read.py [--site FOLDER | --releases 1000] [--rounds 3] [--only home,search]
    python tests/with_postgres.py python benchmarks/read.py

Makes a newsroom in a folder of its own: of an old site, else a sample. Starts Press Room with and without its
store of finished pages, a Django with one plain view, and nginx with the release's page as a file, where there is
an nginx. Asks all of them in turns, and prints medians over the rounds:

    cold       a page that is made, as a multiple of the plain view
    hit, 304   a page from the store, as a multiple of nginx, and of the plain view

Exits with 1 where a ratio is missed. PostgreSQL counts with its processes.
"""

import argparse
import gzip
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

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
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": f"{folder}/data", "MEDIA_ROOT": f"{folder}/media"}
        for name in ("data", "media"):
            Path(folder, name).mkdir()
        fill(options.site, options.releases)
        return measure(Path(folder), options.rounds, [name for name in options.only.split(",") if name])


def fill(site: str | None, releases: int) -> None:
    """Make the newsroom."""
    for words in (
        ["migrate", "--verbosity", "0"],
        ["collectstatic", "--noinput", "--verbosity", "0"],
        ["import_posts", site] if site else ["make_sample", "--releases", str(releases)],
    ):
        subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def list_pages() -> dict[str, str]:
    """An address of each kind of page, by what the newsroom has most of."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pressroom.settings")
    import django

    django.setup()
    from django.db.models import Count
    from django.utils import timezone

    from releases.models import Address, Agency, Agreement, Edition

    now = timezone.now()
    listed = Edition.objects.listed(now)
    release = (
        listed.annotate(annex_count=Count("annexes"))
        .order_by("-annex_count", "pk")
        .select_related("address")[0]
    )
    agency = Agency.objects.annotate(number=Count("issued")).order_by("-number")[0].slug
    section = (
        Address.objects.filter(kind="section").annotate(number=Count("section__releases")).order_by("-number")
    )
    agreement = Agreement.objects.public(now).first()
    annex = Address.objects.filter(annexes__edition=release.pk).first()
    words = sorted(listed.values_list("title", flat=True)[0].split(), key=len)
    pages = {
        "release": release.address.path,
        "home": "/",
        "section": section[0].path,
        "list": "/releases/",
        "agency and year": f"/releases/?agency={agency}&year={release.release_date.year}",
        "common word": "/releases/?q=the",
        "rare word": f"/releases/?q={words[-1].lower()}",
        "phrase": f"/releases/?q=%22{words[-1].lower()}%22",
        "nonsense": "/releases/?q=qwzxv",
        "agency": f"/agencies/{agency}/",
        "agencies": "/agencies/",
        "agreements": "/agreements/",
        "archive": "/archive/",
        "feed": "/releases/feed.atom",
        "sitemap": "/sitemap.xml",
        "api": "/api/releases",
    }
    if agreement:
        pages["dossier"] = f"/agreements/{agreement.slug}/"
    if annex:
        pages["annex"] = annex.path
    return pages


def measure(folder: Path, rounds: int, only: list[str]) -> int:
    pages = list_pages()
    database = Database(os.environ.get("DATABASE_URL", ""))
    cold = start_gunicorn("pressroom.wsgi", {"RESPONSE_STORE_MB": "0"})
    stored = start_gunicorn("pressroom.wsgi", {})
    plain = start_gunicorn("benchmarks.peers.plain", {})
    servers = [cold, stored, plain]
    try:
        static, targets = start_static(folder, stored, pages["release"]), []
        if static:
            servers.append(static)
            targets.append(Target(STATIC, static, "/page.html", 20_000, GZIP))
        targets.append(Target(PLAIN, plain, "/", 2_000, {}))
        targets += list_targets(cold, stored, pages, only)
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


def list_targets(cold: Server, stored: Server, pages: dict[str, str], only: list[str]) -> list[Target]:
    tag = {"If-None-Match": "*"}
    chosen = {name: path for name, path in pages.items() if not only or name in only}
    return [
        *(Target(f"cold: {name}", cold, path, 40, GZIP) for name, path in chosen.items()),
        Target("cold: 404", cold, "/nothing/here/", 200, GZIP, 404),
        Target("hit: release", stored, pages["release"], 4_000, GZIP),
        Target("304: release", stored, pages["release"], 4_000, GZIP | tag, 304),
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
    print(f"{'':26}{'CPU us':>10}{'x plain':>9}{'x nginx':>9}{'req/s':>9}   at most")
    missed = 0
    for target in targets:
        name = target.name
        of_plain = cost[name] / cost[PLAIN]
        of_nginx = cost[name] / cost[STATIC] if STATIC in cost else 0.0
        kind, _, page = name.partition(": ")
        most, ratio, unit = MOST_PLAIN.get(page, MOST_PLAIN_OF_OTHERS), of_plain, "plain"
        if kind in ("hit", "304"):
            most, ratio, unit = MOST_NGINX, of_nginx, "nginx"
        is_missed = bool(page) and ratio > most
        missed += is_missed
        limit = f"   {most} x {unit}{' MISSED' if is_missed else ''}" if page else ""
        rate = median(rate for _, rate in taken[name])
        print(f"{name:26}{cost[name]:10.0f}{of_plain:9.2f}{of_nginx:9.1f}{rate:9.0f}{limit}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
