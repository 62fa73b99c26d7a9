"""Posts per CPU second of an import against Jekyll building the same posts, in one run.

    .venv/bin/python benchmarks/import.py SITE [--rounds 3]
    .venv/bin/python benchmarks/import.py SITE --multiply 9      # peak memory of an import of nine times the posts

SITE is the root of a Jekyll or Isomer site. Jekyll (Debian's package) builds the posts with one plain layout,
without plugins, theme and files; the import does all that it does but for the reading of PDFs, which is the
worker's.
"""

import argparse
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LAYOUT = "<!doctype html><title>{{ page.title }}</title><h1>{{ page.title }}</h1>{{ content }}\n"
LIST = "---\n---\n{% for post in site.posts %}<a href='{{ post.url }}'>{{ post.title }}</a>\n{% endfor %}\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("site", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--multiply", type=int, default=0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if asked.multiply:
            print_memory(multiplied(asked.site, asked.multiply, Path(folder) / "site"), Path(folder))
        else:
            print_ratio(asked.site, asked.rounds, Path(folder))


def print_ratio(site: Path, rounds: int, folder: Path) -> None:
    posts = count(site)
    jekyll_site(site, folder / "jekyll")
    times: dict[str, list[float]] = {"Jekyll": [], "import": []}
    for number in range(rounds):
        times["Jekyll"].append(
            cpu(
                [
                    "jekyll",
                    "build",
                    "--quiet",
                    "--disable-disk-cache",
                    "-s",
                    folder / "jekyll",
                    "-d",
                    folder / f"out-{number}",
                ]
            )
        )
        times["import"].append(import_once(site, folder / f"import-{number}")[0])
    rates = {name: posts / statistics.median(seconds) for name, seconds in times.items()}
    for name, rate in rates.items():
        print(f"{name}: {rate:.0f} posts per CPU second (median of {rounds}; {posts} posts)")
    print(f"ratio: {rates['import'] / rates['Jekyll']:.2f}")


def print_memory(site: Path, folder: Path) -> None:
    seconds, peak = import_once(site, folder / "import")
    posts = count(site)
    print(f"{posts} posts: {posts / seconds:.0f} posts per CPU second, peak memory {peak / 1024:.0f} MB")


def import_once(site: Path, folder: Path) -> tuple[float, int]:
    """(CPU seconds, peak resident kilobytes) of one import into a new SQLite database."""
    folder.mkdir()
    environment = {
        "DATA_DIR": str(folder),
        "MEDIA_ROOT": str(folder / "media"),
        "PYTHONDONTWRITEBYTECODE": "",  # Python compiles itself once, wherever it is installed
    }
    manage: list[str | Path] = [sys.executable, ROOT / "manage.py"]
    cpu([*manage, "migrate", "--verbosity", "0"], **environment)
    cpu([*manage, "loaddata", "agencies", "--verbosity", "0"], **environment)
    seconds = cpu([*manage, "import_posts", site], **environment)
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


def cpu(command: Sequence[str | Path], **environment: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    words = [str(part) for part in command]
    nowhere = subprocess.DEVNULL
    subprocess.run(words, env=os.environ | environment, check=True, stdout=nowhere, stderr=nowhere)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


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
