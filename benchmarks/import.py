"""Posts per CPU second of an import against Jekyll and Hugo building the same posts, in one run.

    .venv/bin/python benchmarks/import.py SITE [--rounds 3]
    .venv/bin/python benchmarks/import.py SITE --multiply 22,222    # memory and cost of so many times the posts

SITE is the root of a Jekyll or Isomer site. Jekyll and Hugo (Debian's packages, where they are there) build the posts
with one plain layout, without plugins, theme and files, and Hugo without Liquid too; the import does all that it does
but for the reading of PDFs, which is the worker's. Beside each round stands what a loop that is always the same takes: CPU seconds of other hours or
machines compare by that. Exits with 1 where an import takes 300 MB or more, or a post of the largest site more than
1.25 times the CPU of one of the smallest.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
LOOP = 5_000_000
MOST_MEMORY, MOST_GROWTH = 300, 1.25
LAYOUT = "<!doctype html><title>{{ page.title }}</title><h1>{{ page.title }}</h1>{{ content }}\n"
HUGO_PAGE = "<!doctype html><title>{{ .Title }}</title><h1>{{ .Title }}</h1>{{ .Content }}\n"
HUGO_LIST = '{{ range site.RegularPages }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}\n'
HUGO_SETTINGS = """baseURL = "/"
buildFuture = true
disableKinds = ["taxonomy", "term", "section", "RSS", "sitemap"]
[markup.goldmark.renderer]
unsafe = true
"""
LIST = "---\n---\n{% for post in site.posts %}<a href='{{ post.url }}'>{{ post.title }}</a>\n{% endfor %}\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("site", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--multiply", default="", metavar="N,N")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if asked.multiply:
            sys.exit(
                not print_growth(asked.site, [int(one) for one in asked.multiply.split(",")], Path(folder))
            )
        else:
            print_ratio(asked.site, asked.rounds, Path(folder))


def print_ratio(site: Path, rounds: int, folder: Path) -> None:
    posts = count(site)
    times: dict[str, list[float]] = {"import": []}
    peers = {name: peer for name, peer in PEERS.items() if shutil.which(peer.command[0])}
    for name in sorted(PEERS.keys() - peers.keys()):
        print(f"{name} is not installed.")
    for name, peer in peers.items():
        times[name] = []
        peer.prepare(site, folder / name)
    for number in range(rounds):
        for name, peer in peers.items():
            words = [*peer.command, "-s", folder / name, "-d", folder / f"{name}-{number}"]
            times[name].append(measure(words)[0])
        times["import"].append(import_once(site, folder / f"import-{number}")[0])
        print(
            f"round {number + 1}: " + ", ".join(f"{name} {found[-1]:.1f} s" for name, found in times.items())
        )
        print(f"    a loop of {LOOP:,} steps: {calibrate():.2f} s")
    rates = {name: posts / statistics.median(seconds) for name, seconds in times.items()}
    for name, rate in rates.items():
        print(f"{name}: {rate:.0f} posts per CPU second (median of {rounds}; {posts} posts)")
    for name in peers:
        print(f"of {name}: {rates['import'] / rates[name]:.2f}")


def print_growth(site: Path, times: Sequence[int], folder: Path) -> bool:
    """Whether memory and the cost of a post stay in their bounds."""
    costs, peaks = [], []
    for number in times:
        copies = multiplied(site, number, folder / f"site-{number}")
        seconds, peak = import_once(copies, folder / f"import-{number}")
        posts = count(copies)
        costs.append(seconds / posts / calibrate())
        peaks.append(peak / 1024)
        print(f"{posts} posts: {posts / seconds:.0f} posts per CPU second, peak memory {peaks[-1]:.0f} MB")
        shutil.rmtree(copies)
    print(
        f"a post of the largest costs {costs[-1] / costs[0]:.2f} times one of the smallest, by the loop beside each"
    )
    return max(peaks) < MOST_MEMORY and costs[-1] <= MOST_GROWTH * costs[0]


def calibrate() -> float:
    """CPU seconds of a loop that is always the same."""
    before = time.process_time()
    total = 0
    for number in range(LOOP):
        total += number * number % 7
    return time.process_time() - before


def import_once(site: Path, folder: Path) -> tuple[float, int]:
    """(CPU seconds, peak resident kilobytes) of one import into a new SQLite database."""
    folder.mkdir()
    environment = {
        "DATA_DIR": str(folder),
        "MEDIA_ROOT": str(folder / "media"),
        "PYTHONDONTWRITEBYTECODE": "",  # Python compiles itself once, wherever it is installed
    }
    manage: list[str | Path] = [sys.executable, ROOT / "manage.py"]
    measure([*manage, "migrate", "--verbosity", "0"], **environment)
    measure([*manage, "loaddata", "agencies", "--verbosity", "0"], **environment)
    return measure([*manage, "import_posts", site], **environment)


def measure(command: Sequence[str | Path], **environment: str) -> tuple[float, int]:
    """(CPU seconds, peak resident kilobytes) of a command."""
    nowhere = subprocess.DEVNULL
    words = [str(part) for part in command]
    process = subprocess.Popen(words, env=os.environ | environment, stdout=nowhere, stderr=nowhere)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, words)
    return used.ru_utime + used.ru_stime, used.ru_maxrss


def count(site: Path) -> int:
    return sum(1 for path in site.rglob("_posts/**/*") if path.is_file())


def jekyll_site(site: Path, folder: Path) -> None:
    """The posts alone, with what Jekyll needs to build them."""
    for post in site.rglob("_posts"):
        shutil.copytree(post, folder / post.relative_to(site))
    (folder / "_layouts").mkdir(parents=True)
    for name in ("post", "page", "file", "link"):
        (folder / "_layouts" / f"{name}.html").write_text(LAYOUT)
    (folder / "_config.yml").write_text(
        "permalink: none\nfuture: true\ndefaults:\n  - scope: {path: ''}\n    values: {layout: post}\n"
    )
    (folder / "index.html").write_text(LIST)


def hugo_site(site: Path, folder: Path) -> None:
    """The same posts, where Hugo looks for them."""
    for post in site.rglob("_posts/**/*"):
        if post.is_file():
            places = [part for part in post.relative_to(site).parent.parts if part != "_posts"]
            page = Path(folder, "content", *places, f"{post.stem}.md")
            page.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(post, page)
    layouts = folder / "layouts" / "_default"
    layouts.mkdir(parents=True)
    (layouts / "single.html").write_text(HUGO_PAGE)
    (folder / "layouts" / "index.html").write_text(HUGO_LIST)
    (folder / "config.toml").write_text(HUGO_SETTINGS)


class Peer(NamedTuple):
    """Who builds the same posts, by a command with a source and a destination behind it."""

    command: tuple[str, ...]
    prepare: Callable[[Path, Path], None]


PEERS = {
    "Jekyll": Peer(("jekyll", "build", "--quiet", "--disable-disk-cache"), jekyll_site),
    "Hugo": Peer(("hugo", "--quiet"), hugo_site),
}


def multiplied(site: Path, times: int, folder: Path) -> Path:
    """A site of `times` copies of every post, each at an address of its own; the files are linked, not
    copied."""
    for post in site.rglob("_posts/**/*"):
        if post.is_file():
            text = post.read_text(encoding="utf-8")
            for number in range(times):
                target = folder / post.parent.relative_to(site) / f"{post.stem}-{number}{post.suffix}"
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(
                    re.sub(r"(?m)^permalink: /", f"permalink: /copy-{number}/", text, count=1),
                    encoding="utf-8",
                )
    for name in ("files", "images", "_config.yml"):
        if (site / name).exists():
            copy = shutil.copytree if (site / name).is_dir() else shutil.copy
            copy(site / name, folder / name)
    return folder


if __name__ == "__main__":
    main()
