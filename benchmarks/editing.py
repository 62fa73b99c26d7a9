# ruff: noqa: PLC0415, S311 (Django is imported once its settings are known; the chance here is no secret)
"""Fifty editors at once against the real server: every accepted edit is in the result, in the order of a
history.

    python benchmarks/editing.py [--editors 50] [--edits 1000] [--releases 20]

On SQLite, or on the PostgreSQL of DATABASE_URL. Each edit opens a form, adds one word of its own and saves;
where somebody else changed the same paragraph, the editor keeps both and saves again. Exits with 1 if a word
is lost, if any answer is an error, or if the ledger of a release is not one chain of saves.
"""

import argparse
import collections
import html.parser
import http.client
import random
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.newsroom import set_up_django  # noqa: E402 (its folder is known above)

PROSE = ("summary", "body", "contacts")
WORDS = ("title", *PROSE, "annexes-0-title", "annexes-1-title")
Edit = tuple[int, int]
"""A number, and the key of an edition."""
Word = tuple[int, str]
"""The key of an edition, and the word that was added to it."""


class Form(html.parser.HTMLParser):
    """The fields of the edition's form as a browser would send them, and what others typed where it asks."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.theirs: list[str] = []
        self.inside, self.area, self.select = False, "", ""
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        name = given.get("name", "")
        if tag == "form":
            self.inside = given.get("id") == "edition_form"
        if not self.inside:
            return
        if tag == "input" and name and given.get("type") not in ("submit", "file", "checkbox"):
            self.values[name] = given.get("value", "")
        elif tag == "textarea":
            self.area, self.values[name] = name, ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in given and self.select:
            self.values[self.select] = given.get("value", "")
        elif tag == "q" and "theirs" in given.get("class", ""):
            self.theirs.append(given.get("data-value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area:
            self.values[self.area] = self.values[self.area].removeprefix("\n")
            self.area = ""
        elif tag == "select":
            self.select = ""
        elif tag == "form":
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.area:
            self.values[self.area] += data


class Editor(threading.Thread):
    """One person with a session of their own, who edits until the work is done."""

    def __init__(
        self,
        number: int,
        session: str,
        port: int,
        work: list[Edit],
        accepted: list[Word],
        problems: list[str],
    ) -> None:
        super().__init__(daemon=True)
        self.number, self.session, self.port = number, session, port
        self.work, self.accepted, self.problems = work, accepted, problems
        self.chooser, self.conflicts = random.Random(number), 0

    def run(self) -> None:
        while True:
            try:
                edit, edition = self.work.pop()
            except IndexError:
                return
            try:
                self.edit(f"word{edit}", edition)
            except (OSError, RuntimeError, http.client.HTTPException, KeyError) as error:
                self.problems.append(f"{type(error).__name__}: {error}")

    def edit(self, word: str, edition: int) -> None:
        status, page = self.ask("GET", edition)
        field = self.chooser.choice(WORDS)
        values = Form(page).values
        values[field] = self.with_word(values[field], word)
        for _ in range(60):
            status, page = self.ask("POST", edition, values)
            if status == 302:
                self.accepted.append((edition, word))
                return
            if status != 200:
                raise RuntimeError(f"{status} {page[:300]}")
            self.conflicts += 1
            values = self.both(Form(page), field, word)
        raise RuntimeError("60 conflicts after one another")

    def both(self, form: Form, field: str, word: str) -> dict[str, str]:
        """What the form holds now, with the words of both."""
        values = form.values
        if not form.theirs:
            raise RuntimeError("refused without a conflict")
        values[field] = self.with_word(form.theirs[0], word)
        return values

    def with_word(self, text: str, word: str) -> str:
        lines = text.replace("\r\n", "\n").split("\n")
        places = [at for at, line in enumerate(lines) if line.strip()] or [0]
        place = self.chooser.choice(places)
        lines[place] = f"{lines[place]} {word}"
        return "\n".join(lines)

    def ask(self, method: str, edition: int, values: dict[str, str] | None = None) -> tuple[int, str]:
        path = f"/admin/releases/edition/{edition}/change/"
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={'a' * 32}", "Host": "127.0.0.1"}
        body = None
        if values is not None:
            body = urllib.parse.urlencode({**values, "csrfmiddlewaretoken": "a" * 32, "_continue": "1"})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()


def prepare(editors: int, releases: int) -> tuple[list[str], list[int]]:
    """(sessions, editions) of a fresh newsroom."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.core.management import call_command

    from releases.models.session import SessionStore
    from tests.factories import make_agency, make_edition, make_member

    call_command("migrate", verbosity=0)
    agency = make_agency()
    sessions: list[str] = []
    for number in range(editors):
        user = make_member(agency, role="writer", username=f"editor-{number}")
        store = SessionStore()
        store[SESSION_KEY], store[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
        store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        store.save()
        sessions.append(str(store.session_key))
    body = "\n\n".join(f"{number}. Paragraph {number}." for number in range(1, 11))
    editions = [
        make_edition(
            title="A title",
            summary="A summary",
            contacts="A contact",
            body=body,
            annexes=[
                (
                    f"/files/{number}/{name}.pdf",
                    f"%PDF-1.4 {number}{name}".encode(),
                    f"Annex {name}",
                    "A title",
                )
                for name in "AB"
            ],
        ).pk
        for number in range(releases)
    ]
    return sessions, editions


def serve(port: int, log: IO[str]) -> subprocess.Popen[bytes]:
    arguments = [
        "-b",
        f"127.0.0.1:{port}",
        "-k",
        "gthread",
        "--workers",
        "2",
        "--threads",
        "8",
        "--timeout",
        "120",
    ]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *arguments, "pressroom.wsgi"], cwd=ROOT, stderr=log, stdout=log
    )
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server
        time.sleep(0.1)
    raise SystemExit("The server did not start.")


def compete(sessions: list[str], work: list[Edit], port: int, log: str) -> tuple[list[Word], list[str], int]:
    """(accepted, problems, how often somebody was asked) once all the work is done."""
    accepted: list[Word] = []
    problems: list[str] = []
    with Path(log).open("w") as stream:
        server = serve(port, stream)
        people = [
            Editor(number, session, port, work, accepted, problems) for number, session in enumerate(sessions)
        ]
        for one in people:
            one.start()
        for one in people:
            one.join()
        server.terminate()
        server.wait()
    return accepted, problems, sum(one.conflicts for one in people)


def judge(editions: list[int], accepted: list[Word], problems: list[str], log: str) -> Iterator[str]:
    """Sentences about what is wrong."""
    from releases.models import Edition, LedgerEntry

    yield from problems
    told = Path(log).read_text(errors="replace")
    for words in ("database is locked", "Traceback", "deadlock"):
        if words in told:
            yield f"The server's log says “{words}” {told.count(words)} times."
    typed: dict[int, set[str]] = collections.defaultdict(set)
    for edition, word in accepted:
        typed[edition].add(word)
    for row in Edition.objects.filter(pk__in=editions):
        yield from judge_words(row, typed[row.pk])
        yield from judge_history(row, len(typed[row.pk]))
    if LedgerEntry.objects.broken():
        yield "The ledger's chain is broken."


def judge_words(edition: Any, typed: set[str]) -> Iterator[str]:
    """Each accepted word is there once, and no other."""
    parts = [edition.title, edition.summary, edition.body, edition.contacts]
    parts += [annex.title for annex in edition.annexes.all()]
    found = collections.Counter(word for part in parts for word in part.split() if word.startswith("word"))
    if set(found) != typed or any(number != 1 for number in found.values()):
        lost, extra = typed - set(found), set(found) - typed
        yield f"Edition {edition.pk}: lost {sorted(lost)}, never accepted {sorted(extra)}, {found.most_common(1)}."


def judge_history(edition: Any, accepted: int) -> Iterator[str]:
    """Each save starts from what the one before it left, and the last left what is there."""
    from releases.models import LedgerEntry
    from releases.services.editions.digests import digest_edition

    saves = list(LedgerEntry.objects.filter(edition=edition.pk, verb=LedgerEntry.Verb.SAVE).order_by("pk"))
    starts, ends = [save.before for save in saves], [save.after for save in saves]
    if starts[1:] != ends[:-1] or (ends and ends[-1] != digest_edition(edition)):
        yield f"Edition {edition.pk}: its saves are no chain."
    if len(saves) != accepted:
        yield f"Edition {edition.pk}: {len(saves)} saves in the ledger, {accepted} accepted."


def print_tracebacks(log: str) -> None:
    """Each traceback of the server once, with how often it came."""
    lines = Path(log).read_text(errors="replace").splitlines()
    found: collections.Counter[str] = collections.Counter()
    current: list[str] | None = None
    for line in [*lines, ""]:
        if line.startswith("Traceback"):
            current = [line]
        elif current is not None and line.startswith(" "):
            current.append(line)
        elif current is not None:
            found["\n".join([*current, line])] += 1
            current = None
    for text, times in found.most_common():
        print(f"{times} times:\n{text}")


def main() -> None:
    reader = argparse.ArgumentParser()
    for name, number in (("editors", 50), ("edits", 1000), ("releases", 20), ("port", 8160)):
        reader.add_argument(f"--{name}", type=int, default=number)
    asked = reader.parse_args()
    with set_up_django() as folder:
        from django.db import connection

        sessions, editions = prepare(asked.editors, asked.releases)
        vendor = connection.vendor
        connection.close()
        chooser = random.Random(1)
        work = [(edit, chooser.choice(editions)) for edit in range(asked.edits)]
        log, begun = f"{folder}/server.log", time.monotonic()
        accepted, problems, asks = compete(sessions, work, asked.port, log)
        took = time.monotonic() - begun
        found = list(judge(editions, accepted, problems, log))
        print(
            f"{vendor}: {asked.editors} editors, {len(accepted)} of {asked.edits} edits accepted on {asked.releases}"
            f" releases in {took:.0f} s; {asks} times an editor was asked; problems: {len(found)}"
        )
        for sentence in found[:20]:
            print(sentence)
        print_tracebacks(log)
        sys.exit(bool(found))


if __name__ == "__main__":
    main()
