# ruff: noqa: PLC0415 (Django is imported once its settings are known)
"""Every address, status and day of old sites: what the real Jekyll builds, against an import into an empty newsroom.

    python benchmarks/addresses.py [SITE …] [--collections A,B] [--ruby COMMAND]

Without a SITE fourteen small ones with settings that differ (`old_sites.py`). COMMAND is a Ruby that has Jekyll 4
(Debian's package `jekyll`). Each post and document that Jekyll builds must be public here at its address with
its day, each file that it copies must have its bytes at its address, and nothing else may be public.

Differences on purpose are counted by their kinds and fail nothing: what several claim, which one alone can have;
collections that were not asked for; files of the design (styles, scripts, feeds), which are no content; files that
only posts name which are not public; the day of a text without a date, which is that of Jekyll's run; and what its
author meant to hide (`draft: true`, `published: "false"`). Any other exits with 1. A site at which Jekyll itself
stops is named and left out. Without Jekyll it exits with 2.
"""

import argparse
import datetime as dt
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
ZONE = "Asia/Singapore"
COLLECTIONS = "reports,notes"
CLAIMED, UNASKED, DESIGN, WAITING, UNDATED, MEANT = PURPOSES = (
    "addresses claimed twice",
    "documents of collections that were not asked for",
    "files of the design",
    "files that only posts name which are not public",
    "days of texts without a date",
    "posts that their authors meant to hide",
)
Built = dict[str, Any]
Found = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("sites", nargs="*", type=Path)
    parser.add_argument("--collections", default="")
    parser.add_argument("--ruby", default="ruby")
    parser.add_argument("--answer", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.answer:
        print(json.dumps(answer(json.load(sys.stdin))))
        return
    if (
        not shutil.which(asked.ruby)
        or subprocess.run([asked.ruby, "-e", "require 'jekyll'"], capture_output=True).returncode
    ):
        print(f"{asked.ruby} has no Jekyll 4 here; on Debian install the package jekyll.", file=sys.stderr)
        sys.exit(2)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sites = dict(list_sites(asked.sites, folder))
        collections = asked.collections if asked.sites else COLLECTIONS
        sys.exit(not compare_sites(sites, collections, asked.ruby, folder))


def list_sites(given: Collection[Path], folder: Path) -> Iterator[tuple[str, Path]]:
    """The sites by their names: those that are given, else our own, written into `folder`."""
    if given:
        yield from ((str(site), site.resolve()) for site in given)
        return
    from benchmarks.old_sites import SITES

    today = dt.datetime.now(ZoneInfo(ZONE)).date()
    for number, (name, files) in enumerate(SITES.items()):
        for path, content in files.items():
            for days in (-1, 2, 3):
                day = str(today + dt.timedelta(days))
                path, content = path.replace(f"@{days}", day), content.replace(f"@{days}", day)
            file = folder / f"site-{number}" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, encoding="utf-8")
        yield name, folder / f"site-{number}"


def compare_sites(sites: dict[str, Path], collections: str, ruby: str, folder: Path) -> bool:
    """Print what differs of each site; whether all of that is on purpose."""
    empty = folder / "empty"
    empty.mkdir()
    manage(empty, "migrate", "--verbosity", "0")
    manage(empty, "collectstatic", "--noinput", "--verbosity", "0")
    same, stopped, purposes = 0, 0, Counter[str]()
    for number, (name, site) in enumerate(sites.items()):
        newsroom = folder / f"newsroom-{number}"
        shutil.copytree(empty, newsroom)
        try:
            built = build(site, ruby)
        except subprocess.CalledProcessError as error:
            print(f"{name}: left out, Jekyll stops: {error.stderr.strip().splitlines()[0][:200]}")
            stopped += 1
            continue
        labels = [
            one for one in collections.split(",") if any(doc["collection"] == one for doc in built["posts"])
        ]
        manage(newsroom, "import_posts", site, *(["--collections", ",".join(labels)] if labels else []))
        asked = [*(post["url"] for post in built["posts"]), *built["files"].values()]
        told = manage(newsroom, sys.executable, __file__, "--answer", text=json.dumps(asked))
        found = json.loads(told.splitlines()[-1])
        differences = list(compare(built, found, site, [*labels, "posts"]))
        wrong = [text for purpose, text in differences if not purpose]
        purposes.update(purpose for purpose, _ in differences if purpose)
        same += not wrong
        print(f"{name}: {len(built['posts'])} posts, {len(built['files'])} files, {len(wrong)} differences")
        for text in wrong:
            print(f"    {text}")
    for purpose in PURPOSES:
        print(f"on purpose: {purposes[purpose]} {purpose}")
    print(f"{same} of {len(sites) - stopped} sites are the same.")
    return same + stopped == len(sites)


def build(site: Path, ruby: str) -> Built:
    """What Jekyll builds. Its clock has the newsroom's zone where the site names none."""
    script = ROOT / "benchmarks/peers/jekyll.rb"
    environment = os.environ | {"TZ": ZONE}
    done = subprocess.run([ruby, script, site], env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def manage(newsroom: Path, *words: object, text: str = "") -> str:
    """Run a command of `manage.py`, or another one, in a newsroom; returns what it prints."""
    environment = os.environ | {
        "DATA_DIR": str(newsroom),
        "MEDIA_ROOT": str(newsroom / "media"),
        "TIME_ZONE": ZONE,
        "ALLOWED_HOSTS": "testserver",
    }
    command = [str(word) for word in words]
    if command[0] != sys.executable:
        command = [sys.executable, str(ROOT / "manage.py"), *command]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, input=text)
    if done.returncode and "import_posts" not in command:
        sys.exit(done.stderr)
    return done.stdout


def answer(asked: Collection[str]) -> Found:
    """What this newsroom says of each of these addresses, and all that is public in it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pressroom.settings")
    import django

    django.setup()
    from django.test import Client
    from django.utils import timezone

    from releases.models import Annex, Edition, Illustration, SiteFile

    now, client = timezone.now(), Client(raise_request_exception=False)
    pages = {}
    for path in asked:
        response = client.get(quote(path))
        content = b"".join(response.streaming_content) if response.streaming else response.content
        pages[path] = [response.status_code, hashlib.sha256(content).hexdigest()]
    live = Edition.objects.live(now).values_list("release__source__path", "address__path", "release_date")
    files = {
        path
        for model in (Annex, Illustration, SiteFile)
        for path in model.objects.live(now).values_list("address__path", flat=True)
    }
    return {
        "pages": pages,
        "posts": {path: [address, str(day)] for path, address, day in live},
        "files": sorted(files),
    }


def compare(
    built: Built, found: Found, site: Path, collections: Collection[str]
) -> Iterator[tuple[str, str]]:
    """(purpose, what differs) of a site; the purpose is empty for what may not differ."""
    claims = Counter([*(post["url"] for post in built["posts"]), *built["files"].values()])
    shown = dict(found["posts"])
    for post in built["posts"]:
        there = shown.pop(post["path"], None)
        yield from compare_post(post, there, found, claims, site, collections)
    for path, (address, _) in shown.items():
        yield "", f"{path} is public at {address}; Jekyll does not build it"
    unknown = set(found["files"]) - set(built["files"].values())
    yield from (("", f"the file {path} is public; Jekyll does not copy it") for path in sorted(unknown))
    for file, path in built["files"].items():
        status, digest = found["pages"][path]
        if status != 200 or digest != hashlib.sha256((site / file).read_bytes()).hexdigest():
            purpose = "" if is_content(file) else DESIGN
            purpose = WAITING if is_hidden_with_post(file, site, found["posts"]) else purpose
            yield CLAIMED if claims[path] > 1 else purpose, f"{file} is not served at {path}: {status}"


def compare_post(
    post: Built,
    there: list[str] | None,
    found: Found,
    claims: Counter[str],
    site: Path,
    collections: Collection[str],
) -> Iterator[tuple[str, str]]:
    url, path = post["url"], post["path"]
    if there is None:
        purpose = (
            UNASKED
            if post["collection"] not in collections
            else MEANT
            if is_meant_hidden(site / path)
            else ""
        )
        yield purpose, f"{path} is not public; Jekyll builds it at {url}"
        return
    address, day = there
    if address != url:
        yield CLAIMED if claims[url] > 1 else "", f"{path} is at {address}; Jekyll builds it at {url}"
    if day != post["day"]:
        yield "" if post["dated"] else UNDATED, f"{path} is of {day}; Jekyll says {post['day']}"
    if found["pages"][url][0] != 200:
        yield "", f"{url} answers {found['pages'][url][0]}"


def is_content(file: str) -> bool:
    """Whether a file is one that readers open by itself."""
    return file.startswith(("files/", "images/")) or not file.lower().endswith(
        tuple(
            ".css .scss .js .json .xml .html .htm .md .txt .yml .map .woff .woff2 .ttf .eot .svg .ico .webmanifest".split()
        )
    )


def is_hidden_with_post(file: str, site: Path, shown: Collection[str]) -> bool:
    """Whether a post names the file, and none that is public does."""
    named = {
        post.relative_to(site).as_posix()
        for post in (*site.rglob("_posts/**/*"), *site.rglob("_drafts/**/*"))
        if post.is_file() and file in unquote(post.read_text(encoding="utf-8", errors="replace"))
    }
    return bool(named) and named.isdisjoint(shown)


def is_meant_hidden(post: Path) -> bool:
    """Whether front matter says in other words than Jekyll's that it is not public."""
    from releases.content.jekyll.layout import read_front_matter

    front = read_front_matter(post.read_bytes())
    return (
        str(front.get("draft")).lower() == "true"
        or str(front.get("published", "true")).lower() in "false no off n 0".split()
    )


if __name__ == "__main__":
    main()
