"""A disk that is really full, and a server that is killed while somebody's browser saves: no word is lost.

    python benchmarks/faults.py --what disk       # as root, who may mount a small disk (tmpfs)
    python benchmarks/faults.py --what browser    # in a real Chromium

    disk      the disk of the database, that of the files, then one for both (and for temporary files) is filled to its last
              byte while a form is open. The save is answered by 503 with a sentence about the disk and all that was typed;
              /readyz says 503, readers' pages go on. Once there is room the same page is sent again and is saved,
              by the same server. SQLite: a full PostgreSQL is tried by its words, in tests/admin/test_failures.py
    browser   the server gets SIGKILL with a save under way, and is started again. What the browser kept and, in a browser that
              kept nothing, what the server kept give back everything typed

Exits with 1 otherwise.
"""

import argparse
import contextlib
import html
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import editing  # noqa: E402 (its folder is known above)
from benchmarks.newsroom import report_problems  # noqa: E402

PORT = 8163
TEXT = "A paragraph that somebody typed.\n\n" * 7000
BODY = TEXT[:20_000]
TITLE = "A title that somebody typed"
HIDDEN = re.compile(r'<input\s+type="hidden"\s+name="([^"]*)"\s+value="([^"]*)"\s*>')
OWN = ("csrfmiddlewaretoken", "_continue")
BOUNDARY = "a-line-that-is-in-no-part"
FULL = "The server's disk is full."
PATIENCE = 120_000  # milliseconds; the machine may have other work
KEPT = "Unsaved changes, kept for you"
FILLED = "title => document.querySelector('#id_title').value === title"
SEND = "document.querySelector('#edition_form').requestSubmit(document.querySelector('[name=_continue]'))"
Pairs = list[tuple[str, str]]


class Answer(NamedTuple):
    status: int
    page: str

    @property
    def words(self) -> str:
        return html.unescape(self.page).replace("\r\n", "\n")


class Writer:
    """Somebody with a session, at the form of an edition."""

    def __init__(self, session: str, edition: int) -> None:
        self.session, self.cookie = session, f"sessionid={session}; csrftoken={'a' * 32}"
        self.path = f"/admin/releases/edition/{edition}/change/"

    def ask(self, path: str, pairs: Pairs | None = None, file: bytes = b"") -> Answer:
        headers = {"Cookie": self.cookie, "Host": "127.0.0.1"}
        body = None
        if pairs is not None:
            headers["Content-Type"] = f"multipart/form-data; boundary={BOUNDARY}"
            body = build_body([*pairs, ("csrfmiddlewaretoken", "a" * 32), ("_continue", "1")], file)
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=120)
        connection.request("GET" if pairs is None else "POST", path, body, headers)
        answer = connection.getresponse()
        found = Answer(answer.status, answer.read().decode())
        connection.close()
        return found


def build_body(pairs: Pairs, file: bytes) -> bytes:
    """What a browser sends of a form with a file."""
    parts = [f'form-data; name="{name}"\r\n\r\n{value}'.encode() for name, value in pairs]
    if file:
        parts.append(b'form-data; name="new_annexes"; filename="plan.pdf"\r\n\r\n' + file)
    mark = f"--{BOUNDARY}".encode()
    return b"".join(mark + b"\r\nContent-Disposition: " + part + b"\r\n" for part in parts) + mark + b"--\r\n"


def fill(folder: Path) -> Path:
    """Take what is free below `folder`, to the last byte; returns the file that has it."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as stream:
        for size in (1 << 20, 1 << 12, 1):
            with contextlib.suppress(OSError):
                while True:
                    stream.write(b"x" * size)
    return filler


def try_disk(writer: Writer, full: Path, has_file: bool) -> list[str]:
    """Sentences about what is wrong."""
    values = editing.Form(writer.ask(writer.path).page).values
    typed = [*{**values, "title": TITLE, "body": TEXT}.items()]
    file = b"%PDF-1.4 plan" + os.urandom(300_000) if has_file else b""
    filler = fill(full)
    refused = writer.ask(writer.path, typed, file)
    meanwhile = {path: writer.ask(path).status for path in ("/readyz", "/")}
    filler.unlink()
    ready = writer.ask("/readyz").status
    held = ((html.unescape(name), html.unescape(value)) for name, value in HIDDEN.findall(refused.page))
    fields = [pair for pair in held if pair[0] not in OWN]
    again = writer.ask(writer.path, fields, file)
    saved = writer.ask(writer.path)
    asked = "Choose them again once the form is back: plan.pdf"
    must = {
        f"The save was answered by {describe(refused)}": (refused.status == 503 and FULL in refused.words),
        "What was typed is not in the answer.": has_typed(refused),
        "The file that has to be chosen again is not named.": not file or asked in refused.words,
        f"While the disk was full: {meanwhile}": meanwhile == {"/readyz": 503, "/": 200},
        f"/readyz was answered by {ready} once there was room.": ready == 200,
        f"What came back, sent again once there was room, was answered by {describe(again)}": again.status
        == 302,
        "What was sent again is not saved.": has_typed(saved) and (not file or "plan.pdf" in saved.page),
    }
    return [sentence for sentence, is_so in must.items() if not is_so]


def describe(answer: Answer) -> str:
    """What it was, and the errors that its form shows."""
    told = re.findall(r'class="(?:error-summary|errorlist)[^>]*>(.*?)</(?:div|ul)>', answer.page, re.DOTALL)
    return f"{answer.status}: {' '.join(re.sub('<[^>]*>', ' ', ' '.join(told)).split())[:300]}"


def has_typed(answer: Answer) -> bool:
    return TITLE in answer.words and TEXT.strip() in answer.words


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    """A disk of that size at `folder`, which is empty."""
    options = ["-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    subprocess.run(["mount", *options], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@contextlib.contextmanager
def served(log: IO[str]) -> Iterator["subprocess.Popen[bytes]"]:
    server = editing.serve(PORT, log)
    try:
        yield server
    finally:
        server.terminate()
        server.wait()


def make_newsroom(folder: Path) -> Writer:
    """A newsroom with one release, its database and files below `folder`."""
    place(folder / "data", folder / "media")
    import django  # noqa: PLC0415 (settings read the environment)

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    [session], [edition] = editing.prepare(1, 1)
    call_command("collectstatic", verbosity=0, interactive=False)
    connection.close()
    return Writer(session, edition)


def place(data: Path, media: Path) -> None:
    """Have what is started from here on keep its database and its files there."""
    for folder in (data, media):
        folder.mkdir(parents=True, exist_ok=True)
    os.environ |= {"DATA_DIR": str(data), "MEDIA_ROOT": str(media)}


def drill_disks(folder: Path) -> Iterator[str]:
    writer = make_newsroom(folder / "seed")
    scenes = {
        "database": ("small/data", "media", False),
        "files": ("data", "small/media", True),
        "both": ("small/data", "small/media", True),
    }
    for name, (data, media, has_file) in scenes.items():
        small = folder / name / "small"
        small.mkdir(parents=True)
        with small_disk(small, 64), (folder / f"{name}.log").open("w") as log:
            os.environ["TMPDIR"] = str(small if name == "both" else folder)
            for own, target in (("data", data), ("media", media)):
                shutil.copytree(folder / "seed" / own, folder / name / target)
            place(folder / name / data, folder / name / media)
            with served(log) as server:
                found = [f"{name}: {sentence}" for sentence in try_disk(writer, small, has_file)]
                if server.poll() is not None:
                    found.append(f"{name}: the server ended.")
            print(f"  {name}: {len(found)} problems", flush=True)
            yield from found


def check_given_back(page: Any, whose: str) -> Iterator[str]:
    """`page` is a Page of Playwright that shows the form."""
    page.click("text=Restore what I typed")
    page.wait_for_function(FILLED, arg=TITLE)  # what the server kept is asked for first
    for field, typed in (("#id_title", TITLE), ("#id_body", BODY)):
        if page.input_value(field).strip() != typed.strip():
            yield f"{whose} did not give back {field}: {page.input_value(field)[:80]!r}"


def kill_in_mid_save(page: Any, server: "subprocess.Popen[bytes]") -> None:
    """The server stands still while the browser sends the form, so that the save is under way for sure."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    for stop in (signal.SIGSTOP, signal.SIGKILL):
        for pid in [server.pid, *map(int, children)]:
            os.kill(pid, stop)
        if stop == signal.SIGSTOP:
            page.evaluate(SEND)
            time.sleep(0.5)
    server.wait()
    while is_served():  # its workers end a moment later
        time.sleep(0.1)


def is_served() -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", PORT)) == 0


def drill_browser(folder: Path) -> Iterator[str]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 (for one of two drills)

    site = os.environ["SITE_URL"] = f"http://localhost:{PORT}"  # another port than its own is refused
    writer = make_newsroom(folder)
    session = {"name": "sessionid", "value": writer.session, "url": site}
    with sync_playwright() as playwright, (folder / "log").open("w") as log:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        own, other = browser.new_context(), browser.new_context()
        for context in (own, other):
            context.set_default_timeout(PATIENCE)
            context.add_cookies([session])
        page = own.new_page()
        with served(log) as server:
            page.goto(site + writer.path)
            page.fill("#id_title", TITLE)
            page.fill("#id_body", BODY)
            page.wait_for_function("words => document.body.innerText.includes(words)", arg=KEPT)
            kill_in_mid_save(page, server)
        begun = time.monotonic()
        with served(log):
            for context, whose in ((own, "The browser"), (other, "The server")):
                tab = context.new_page()
                tab.goto(site + writer.path)
                yield from check_given_back(tab, whose)
            print(f"  all was back {time.monotonic() - begun:.1f} s after the kill")
        browser.close()


def main() -> None:
    reader = argparse.ArgumentParser()
    reader.add_argument("--what", choices=("disk", "browser"), required=True)
    asked = reader.parse_args()
    os.environ.pop("DATABASE_URL", None)
    os.environ |= {"DEBUG": "false", "DJANGO_SETTINGS_MODULE": "pressroom.settings", "LOG_LEVEL": "ERROR"}
    with tempfile.TemporaryDirectory() as folder:
        drill = drill_disks if asked.what == "disk" else drill_browser
        found = list(drill(Path(folder)))
        report_problems(found)


if __name__ == "__main__":
    main()
