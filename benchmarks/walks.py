# ruff: noqa: PLC0415 (Django is imported once its settings are known)
"""How far one post, one request and one save walk through the code: the rooms that they enter, in order.

    python benchmarks/walks.py [--verbose] [--only import,permalink,save] [--json FILE]

Three walks, each through an entrance that stays when modules move (a management command, the test client):

    import      `import_posts` of a site with one post: a byline of two agencies, a list, a table, a picture, one annex
    permalink   GET of the page of a release that is live, by a reader, with one annex and a release before it
    save        POST of the desk's edition form, as its page sent it, with the title and the text changed

A ROOM is a module below `releases` or `pressroom`. Django, the standard library and libraries are no rooms. A
walk is what somebody reads who follows the calls and reads each function once: of every function of a room
its first call counts, in the order of the calls (`sys.setprofile`); later calls of it, and that a call
returns to its caller, count nothing. So neither loops nor the size of a text change the figures, only what
calls what for the first time. Bodies of comprehensions, generator expressions, lambdas, classes and modules
belong to the function around them, and methods that a dataclass writes itself are none. Each walk is gone
once before it is traced (on another row), so that imports and caches do not count.

    functions   how many functions of rooms are called
    stays       one function after another in the same room is one stay
    rooms       different rooms among the stays
    returns     stays in a room that was left before: stays - rooms
    climbs      stays in a layer above that of the stay before, in the order pressroom, then public, api, admin and
                management, then templatetags, services, models, content

Each walk has three rows. The first counts all rooms. "services and above" leaves out the helpers below,
`models` and `content`, and the project: what is left is who leads the work and how often it changes hands.
"by package" takes all rooms, but a package for one room: `releases.services.feeds` for all of its modules
(three names deep).
"""

import argparse
import inspect
import io
import itertools
import json
import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LAYERS = {"content": 0, "models": 1, "services": 2, "templatetags": 3, "pressroom": 5}
TOP = 4  # public, api, admin, management
WALKS = ("import", "permalink", "save")
COLUMNS = ("functions", "stays", "rooms", "returns", "climbs")
POST = """---
title: {title}
date: 2024-03-0{number}
permalink: /newsroom/{number}/
layout: post
---
Jointly issued by the Ministry of Trade and Industry and the Ministry of Law.

1. A paragraph of *words*, [a link](https://www.example.org/) and a note.[^1]
2. Another.

| a | b |
|---|---|
| 1 | 2 |

![A picture](/images/a.png)

[Annex A: Figures](/files/{number}.pdf)

[^1]: The note.
"""


class Walk:
    """The functions of rooms that are called while it is open, each once, as (room, function)."""

    def __init__(self) -> None:
        self.path: list[tuple[str, str]] = []
        self.seen: set[object] = set()

    def __enter__(self) -> "Walk":
        sys.setprofile(self.note)
        return self

    def __exit__(self, *error: object) -> None:
        sys.setprofile(None)

    def note(self, frame, event: str, _: object) -> None:
        code = frame.f_code
        if event != "call" or code in self.seen:
            return
        self.seen.add(code)
        room = frame.f_globals.get("__name__", "")
        is_written = not code.co_name.startswith("<") and not code.co_filename.startswith("<")
        is_function = bool(code.co_flags & inspect.CO_OPTIMIZED)
        if is_written and is_function and room.split(".")[0] in ("releases", "pressroom"):
            self.path.append((room, code.co_qualname))


def figures(rooms: Iterable[str]) -> dict[str, int]:
    """Stays, rooms, returns and climbs of a walk that enters `rooms`, one for each function, in that
    order."""
    entered = list(rooms)
    stays = [room for number, room in enumerate(entered) if number == 0 or entered[number - 1] != room]
    different = len(set(stays))
    climbs = sum(layer(after) > layer(before) for before, after in itertools.pairwise(stays))
    return {
        "functions": len(entered),
        "stays": len(stays),
        "rooms": different,
        "returns": len(stays) - different,
        "climbs": climbs,
    }


def layer(room: str) -> int:
    project, _, rest = room.partition(".")
    return LAYERS.get(project if project == "pressroom" else rest.partition(".")[0], TOP)


def rows_of(path: list[tuple[str, str]]) -> dict[str, dict[str, int]]:
    rooms = [room for room, _ in path]
    return {
        "": figures(rooms),
        ", services and above": figures(room for room in rooms if LAYERS["services"] <= layer(room) <= TOP),
        ", by package": figures(".".join(room.split(".")[:3]) for room in rooms),
    }


def print_table(found: dict[str, list[tuple[str, str]]]) -> None:
    print(f"{'':31}" + "".join(f"{name:>10}" for name in COLUMNS))
    for name, path in found.items():
        for words, row in rows_of(path).items():
            print(f"{name + words:31}" + "".join(f"{row[column]:10}" for column in COLUMNS))


def print_chain(path: list[tuple[str, str]]) -> None:
    """One line a stay: its room, whether it was left before (<-), and the functions that are read there."""
    left: set[str] = set()
    stays: list[tuple[str, list[str]]] = []
    for room, function in path:
        if not stays or stays[-1][0] != room:
            stays.append((room, []))
        stays[-1][1].append(function)
    for number, (room, functions) in enumerate(stays, 1):
        print(f"{number:4} {'<-' if room in left else '  '} {room}: {', '.join(functions)}")
        left.add(room)


def walk_import(folder: Path) -> Walk:
    from django.core.management import call_command

    for number in (1, 2):
        site = folder / f"site-{number}"
        for place, content in {
            "_config.yml": b"title: Ministry of Law\nurl: https://www.news.example\n",
            f"newsroom/_posts/2024-03-0{number}-a.md": POST.format(
                title=f"A post, {number}", number=number
            ).encode(),
            f"files/{number}.pdf": b"%PDF-1.4 the annex " + str(number).encode(),
            "images/a.png": b"\x89PNG\r\n\x1a\n picture",
        }.items():
            (site / place).parent.mkdir(parents=True, exist_ok=True)
            (site / place).write_bytes(content)
    call_command("import_posts", str(folder / "site-1"), stdout=io.StringIO())
    with Walk() as walk:
        call_command("import_posts", str(folder / "site-2"), stdout=io.StringIO())
    return walk


def walk_permalink(folder: Path) -> Walk:
    from django.test import Client

    from tests.factories import make_live

    warm, traced = (
        make_live(
            permalink=f"/news/walk-{number}/",
            body="1. A paragraph.",
            body_html="<ol><li>A paragraph.</li></ol>\n",
            annexes=[(f"/files/walk-{number}.pdf", b"%PDF-1.4 of a walk")],
        ).address.path
        for number in (1, 2)
    )
    client = Client()
    client.get(warm)
    with Walk() as walk:
        answer = client.get(traced)
    require(answer.status_code == 200, "The page of the release was not answered.")
    return walk


def walk_save(folder: Path) -> Walk:
    from django.test import Client
    from django.urls import reverse

    from tests.admin.browsing import sent
    from tests.factories import make_agency, make_edition, make_member

    agency = make_agency()
    client = Client()
    client.force_login(make_member(agency, role="approver"))
    walk = Walk()
    for number in (1, 2):
        edition = make_edition(
            issuers=[agency], annexes=[(f"/files/save-{number}.pdf", b"%PDF-1.4 of a save")]
        )
        place = reverse("admin:releases_edition_change", args=[edition.pk])
        values = sent(client.get(place), title=f"Another title, {number}", body="Another *text*.")
        if number == 1:
            answer = client.post(place, values)
        else:
            with walk:
                answer = client.post(place, values)
        edition.refresh_from_db()
        require((answer.status_code, edition.body) == (302, "Another *text*."), "The draft was not saved.")
    return walk


def require(is_so: bool, words: str) -> None:
    if not is_so:
        raise SystemExit(words)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--verbose", action="store_true", help="print each walk, one line a stay")
    parser.add_argument("--only", default=",".join(WALKS), help="of import, permalink, save")
    parser.add_argument("--json", type=Path, help="write the walks there too")
    asked = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DATABASE_URL": "sqlite://:memory:",
            "DATA_DIR": folder,
            "MEDIA_ROOT": f"{folder}/media",
            "LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "pressroom.settings",
        }
        Path(folder, "media").mkdir()
        Path(folder, "static").mkdir()
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command
        from django.test.utils import setup_test_environment

        setup_test_environment()
        settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
        call_command("migrate", verbosity=0)
        call_command("loaddata", "agencies", verbosity=0)
        ways = {"import": walk_import, "permalink": walk_permalink, "save": walk_save}
        found = {name: ways[name](Path(folder)).path for name in asked.only.split(",")}
    print_table(found)
    if asked.verbose:
        for name, path in found.items():
            print(f"\n{name}")
            print_chain(path)
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
