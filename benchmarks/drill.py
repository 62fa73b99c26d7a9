# ruff: noqa: S311 (the chance here is no secret)
"""Backups while fifty editors write, and a server that is killed while it saves: every answered save is there.

    python benchmarks/drill.py --what backup [--editors 50] [--edits 1000] [--releases 20] [--kills 10]

On SQLite, or on the PostgreSQL of DATABASE_URL, where databases are made for what is restored.

    backup   `manage.py backup` again and again, into one folder, while the editors of editing.py save. Then the first, the
             middle and the last set are restored elsewhere. In each stands every word whose save was answered before
             its backup began, once, and none that nobody typed; `restore` itself finds all as it was
    kill     the server and its workers get SIGKILL while the editors save, and are started again. Every answered save is
             there, once; what got no answer is wholly there or not at all; the ledger tells each save and no other

Exits with 1 otherwise.
"""

import argparse
import collections
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import editing  # noqa: E402 (its folder is known above)
from benchmarks.editing import Edit, Editor, Word  # noqa: E402
from benchmarks.newsroom import report_problems, set_up_django  # noqa: E402

WORDS = """
import collections, json
from releases.models import Edition
found = {}
for edition in Edition.objects.all():
    parts = [edition.title, edition.summary, edition.body, edition.contacts, *(one.title for one in edition.annexes.all())]
    found[edition.pk] = [word for part in parts for word in part.split() if word.startswith("word")]
print(json.dumps(found))
"""


class Answers(list[Word]):
    """The words whose saves were answered, in that order, and when."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: dict[Word, float] = {}

    def append(self, word: Word) -> None:
        self.seconds[word] = time.monotonic()
        super().append(word)


class Patient(Editor):
    """Somebody who waits until the server is there before they ask it something."""

    def ask(self, method: str, edition: int, values: dict[str, str] | None = None) -> tuple[int, str]:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    break
            time.sleep(0.1)
        return super().ask(method, edition, values)


class Drill:
    """A fresh newsroom, its server, and editors at work in it."""

    def __init__(self, folder: Path, asked: argparse.Namespace) -> None:
        self.folder, self.port = folder, asked.port
        sessions, self.editions = editing.prepare(asked.editors, asked.releases)
        chooser = random.Random(1)
        self.work: list[Edit] = [(edit, chooser.choice(self.editions)) for edit in range(asked.edits)]
        self.answers, self.problems = Answers(), list[str]()
        self.people = [
            Patient(number, session, self.port, self.work, self.answers, self.problems)
            for number, session in enumerate(sessions)
        ]
        self.log = (folder / "server.log").open("w")
        self.server: subprocess.Popen[bytes] = editing.serve(self.port, self.log)

    def start(self) -> None:
        for one in self.people:
            one.start()

    def is_busy(self) -> bool:
        return any(one.is_alive() for one in self.people)

    def end(self) -> None:
        for one in self.people:
            one.join()
        self.server.terminate()
        self.server.wait()

    def kill(self) -> None:
        """The server and its workers, as the kernel does where memory is short; then it is started again."""
        children = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text().split()
        for pid in [self.server.pid, *map(int, children)]:
            os.kill(pid, signal.SIGKILL)
        self.server.wait()
        self.server = editing.serve(self.port, self.log)


def manage(*arguments: object, environment: dict[str, str]) -> str:
    """What a command says. Ends this program where it fails."""
    command = [sys.executable, "manage.py", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[2:])[:80]} failed: {done.stdout}{done.stderr}")
    return done.stdout


def make_place(folder: Path, number: int) -> dict[str, str]:
    """The environment of an empty newsroom, of the same kind of database."""
    place = folder / f"place-{number}"
    (place / "media").mkdir(parents=True)
    found = {"DATA_DIR": str(place), "MEDIA_ROOT": str(place / "media")}
    if url := os.environ.get("DATABASE_URL"):
        import psycopg  # noqa: PLC0415 (for one of two databases)

        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE drill_{number}")
        found["DATABASE_URL"] = re.sub(r"/[^/?]+(?=\?|$)", f"/drill_{number}", url)
    return os.environ | found


def try_backups(drill: Drill) -> Iterator[str]:
    """Sentences about what is wrong."""
    begun: list[tuple[str, float]] = []
    backups = drill.folder / "backups"
    drill.start()
    while drill.is_busy():
        at = time.monotonic()
        manage("backup", backups, environment=dict(os.environ))
        begun.append((max(one.name for one in (backups / "sets").iterdir()), at))
    drill.end()
    yield from drill.problems
    chosen = sorted({0, len(begun) // 2, len(begun) - 1})
    for number in chosen:
        name, at = begun[number]
        environment = make_place(drill.folder, number)
        seconds = time.monotonic()
        manage("restore", backups, "--set", name, environment=environment)
        answered = [word for word, when in drill.answers.seconds.items() if when < at]
        found = read_words(environment)
        print(
            f"  backup {number + 1} of {len(begun)}: {len(answered)} saves were answered before it, {sum(found.values())} words"
            f" are in it; restored in {time.monotonic() - seconds:.0f} s"
        )
        yield from judge(found, must=set(answered), may=typed(drill))


def try_kills(drill: Drill, kills: int) -> Iterator[str]:
    """Sentences about what is wrong."""
    chooser = random.Random(2)
    total = len(drill.work)
    drill.start()
    for kill in range(kills):
        while drill.is_busy() and len(drill.work) > total * (1 - (kill + 0.5) / kills):
            time.sleep(0.01)
        time.sleep(chooser.random())
        if drill.is_busy():
            drill.kill()
    drill.end()
    found = read_words(dict(os.environ))
    cut = sum(found.values()) - len(drill.answers)
    print(
        f"  {kills} kills: {len(drill.answers)} saves answered, {len(drill.problems)} requests without an answer, of which"
        f" {cut} were saved all the same"
    )
    yield from judge(found, must=set(drill.answers), may=typed(drill))
    manage("verify_ledger", "--files", environment=dict(os.environ))
    yield from judge_histories(drill, found)


def judge_histories(drill: Drill, found: collections.Counter[Word]) -> Iterator[str]:
    from releases.models import Edition  # noqa: PLC0415 (Django is set up)

    for edition in Edition.objects.filter(pk__in=drill.editions):
        saved = sum(number for (key, _), number in found.items() if key == edition.pk)
        yield from editing.judge_history(edition, saved)


def judge(found: collections.Counter[Word], *, must: set[Word], may: set[Word]) -> Iterator[str]:
    if lost := must - set(found):
        yield f"{len(lost)} answered saves are lost: {sorted(lost)[:3]}."
    if made := set(found) - may:
        yield f"{len(made)} words were typed by nobody: {sorted(made)[:3]}."
    if twice := [word for word, number in found.items() if number > 1]:
        yield f"{len(twice)} words are there twice: {twice[:3]}."


def typed(drill: Drill) -> set[Word]:
    """Every word that anybody may have sent."""
    chooser = random.Random(1)
    total = len(drill.answers) + len(drill.problems) + len(drill.work)
    return {(chooser.choice(drill.editions), f"word{edit}") for edit in range(total)}


def read_words(environment: dict[str, str]) -> collections.Counter[Word]:
    told: dict[str, Any] = json.loads(manage("shell", "--no-imports", "-c", WORDS, environment=environment))
    return collections.Counter((int(key), word) for key, words in told.items() for word in words)


def main() -> None:
    reader = argparse.ArgumentParser()
    reader.add_argument("--what", choices=("backup", "kill"), required=True)
    for name, number in (("editors", 50), ("edits", 1000), ("releases", 20), ("kills", 10), ("port", 8162)):
        reader.add_argument(f"--{name}", type=int, default=number)
    asked = reader.parse_args()
    with set_up_django() as folder:
        from django.db import connection  # noqa: PLC0415 (settings read the environment)

        print(f"{connection.vendor}, {asked.editors} editors, {asked.edits} edits, {asked.what}")
        drill = Drill(folder, asked)
        connection.close()
        found = list(try_backups(drill) if asked.what == "backup" else try_kills(drill, asked.kills))
        report_problems(found)


if __name__ == "__main__":
    main()
