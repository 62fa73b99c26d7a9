# ruff: noqa: PLC0415 (Django is imported once its settings are known)
"""That no page is stale and none is early, while readers ask for all of them.

    python benchmarks/fresh.py [--checks 200] [--embargoes 10] [--releases 300] [--readers 8] [--reads 500]
    python benchmarks/fresh.py --checks 1000 --embargoes 50    # the long proof
    python tests/with_postgres.py python benchmarks/fresh.py

Makes a sample newsroom in a folder of its own, starts the server with two processes, and lets readers ask for every
kind of page without end. Then each check writes something that is public (a correction, a withdrawal, a name, a
title, an event, a redirect, a fact of a file), and asks the server for a page, which must be, byte for byte, what
Django says without a store: every kind of page after every kind of write, in an order that is drawn, until all were
had, and anew. Readers get `--reads` answers between two writes. An embargo is a release that is approved for an
instant to come: before it every answer must be 404, and every request that begins after it must get the release.

Prints stale, early and late answers, the share of the readers' answers that came from the store, and the delay of
the first answer after a write. Exits with 1 for one stale, early or late answer, one error, or less than nine of ten
answers from the store.
"""

import argparse
import datetime as dt
import http.client
import itertools
import json
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.newsroom import fill, list_pages, make_folder  # noqa: E402 (its folder is known above)
from benchmarks.servers import Server, start_gunicorn  # noqa: E402

LEAD = 2.0  # seconds from an approval to the instant of its embargo
WORKERS = 2
LEAST_HITS = 0.9


class Readers:
    """Threads that ask for every page by turns until `stop`; what was no page is counted."""

    def __init__(self, port: int, paths: list[str], number: int) -> None:
        self.port, self.paths = port, paths
        self.ended = threading.Event()
        self.statuses: Counter[int] = Counter()
        self.answered = threading.Condition()
        self.threads = [threading.Thread(target=self._read, args=(place,)) for place in range(number)]
        for thread in self.threads:
            thread.start()

    def _read(self, place: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        for path in itertools.cycle(self.paths[place:] + self.paths[:place]):
            if self.ended.is_set():
                return
            connection.request("GET", quote(path, safe="/?&=%"), headers={"Accept-Encoding": "gzip"})
            response = connection.getresponse()
            response.read()
            with self.answered:
                self.statuses[response.status] += 1
                self.answered.notify()

    def wait_for(self, number: int) -> None:
        """Until they have got so many answers more."""
        with self.answered:
            wanted = self.statuses.total() + number
            self.answered.wait_for(lambda: self.statuses.total() >= wanted)

    def stop(self) -> None:
        self.ended.set()
        for thread in self.threads:
            thread.join()


class Newsroom:
    """The newsroom that the server serves, changed from here by the services that its desk calls."""

    def __init__(self) -> None:
        self.pages = list_pages()
        from django.contrib.auth.models import User
        from django.utils import timezone

        from releases.models import Agreement, Edition

        self.author, self.approver = (
            User.objects.get_or_create(username=name)[0] for name in ("fresh-author", "fresh-approver")
        )
        live = Edition.objects.listed(timezone.now()).select_related("address", "release")
        self.release = live.get(address__path=self.pages["release"]).release
        self.agreement = Agreement.objects.first() or Agreement.objects.create(
            slug="fresh-pact", title="Pact"
        )
        self.pages |= {
            "history": f"/releases/{self.release.pk}/history/",
            "year": f"/archive/{live[0].release_date.year}/",
            "moved": "/fresh-moved/",
        }
        self.number = 0
        self.writes: list[tuple[str, Callable[[], Any]]] = [
            ("correction", self.correct),
            ("withdrawal", self.withdraw_or_restore),
            ("name", self.rename_agency),
            ("title", self.rename_section),
            ("event", self.add_event),
            ("redirect", self.redirect),
            ("file", self.change_file),
        ]

    @property
    def mark(self) -> str:
        return f"Fresh {self.number}"

    def approve(self, draft: Any, live_from: dt.datetime | None = None) -> None:
        from django.utils import timezone

        from releases.services.publishing import approval, review

        for agency in review.uncleared_agencies(draft):
            review.record_clearance(draft, agency=agency, actor=self.approver, at=timezone.now())
        approval.approve(draft, approver=self.approver, at=timezone.now(), live_from=live_from)

    def correct(self) -> None:
        from dataclasses import replace

        from django.utils import timezone

        from releases.services.editing.draft_writer import read_draft
        from releases.services.editing.drafts import save_draft
        from releases.services.publishing.new_editions import start_next_edition

        now = timezone.now()
        last = self.release.editions.order_by("number").last()
        draft = start_next_edition(last, author=self.author, at=now)
        stored = read_draft(draft.pk)
        values = replace(
            stored.values, title=self.mark, change_class="update", change_note="The title.", body_html=None
        )
        save_draft(draft, values, base=stored.edition.lock_version, actor=self.author, at=now)
        draft.refresh_from_db()
        self.approve(draft)

    def withdraw_or_restore(self) -> None:
        from django.utils import timezone

        from releases.services.accounts import consent
        from releases.services.publishing import review, takedown

        now = timezone.now()
        if absence := self.release.absences.at(now).first():
            edition = takedown.public_edition(self.release, now)
            for debt in consent.find_return_debts(edition, absence.since):
                review.agree_to_return(edition, agency=debt.agency, actor=self.author, at=now)
            takedown.restore(self.release, actor=self.author, at=now)
        else:
            takedown.withdraw(self.release, actor=self.approver, reason=self.mark, at=now)

    def rename_agency(self) -> None:
        from releases.models import AgencyName, Issuer

        agency = Issuer.objects.filter(edition__release=self.release)[0].agency_id
        AgencyName.objects.filter(agency=agency).update(name=self.mark)

    def rename_section(self) -> None:
        from releases.models import Section

        Section.objects.filter(pk=self.release.section_id).update(title=self.mark)

    def add_event(self) -> None:
        from django.utils import timezone

        from releases.models import AgreementEvent

        day = dt.date(1990, 1, 1) + dt.timedelta(days=self.number)
        AgreementEvent.objects.create(
            agreement=self.agreement, kind="signed", date=day, place=self.mark, public_from=timezone.now()
        )

    def redirect(self) -> None:
        from django.utils import timezone

        from releases.models import Address, Redirect

        address, _ = Address.objects.get_or_create(path="/fresh-moved/", kind="redirect")
        target = {"target": f"/releases/?q={self.number}", "valid_from": timezone.now()}
        Redirect.objects.update_or_create(address=address, defaults=target)

    def change_file(self) -> None:
        from releases.models import Blob

        Blob.objects.filter(annexes__edition__release=self.release).update(pages=self.number + 1)

    def embargo(self, instant: dt.datetime) -> str:
        """The address of a new release that is approved for `instant`."""
        from django.utils import timezone

        from releases.models import Address, Edition, Issuer, Release

        release = Release.objects.create(section_id=self.release.section_id)
        path = f"/fresh/embargo-{release.pk}/"
        address = Address.objects.create(path=path, kind="release", release=release)
        draft = Edition.objects.create(
            release=release,
            address=address,
            title=f"Embargo {release.pk}",
            body="A figure.",
            body_html="<p>A figure.</p>",
            release_date=timezone.localdate(),
            author=self.author,
        )
        issuer = Issuer.objects.filter(edition__release=self.release)[0]
        Issuer.objects.create(edition=draft, position=1, agency=issuer.agency, name=issuer.name)
        self.approve(draft, instant)
        return path


class Django:
    """The same pages without a store and without facts that were found out before."""

    def __init__(self, host: str) -> None:
        from django.core.handlers.wsgi import WSGIHandler
        from django.test import RequestFactory

        self.handler, self.factory, self.host = WSGIHandler(), RequestFactory(), host

    def ask(self, path: str) -> tuple[int, bytes]:
        from releases.services.editions.facts import forget_facts

        forget_facts()
        statuses: list[str] = []
        environ = self.factory.get(path, headers={"host": self.host}).environ
        response = self.handler(environ, lambda status, headers: statuses.append(status))
        try:
            return int(statuses[0][:3]), b"".join(response)
        finally:
            response.close()


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--checks", type=int, default=200)
    parser.add_argument("--embargoes", type=int, default=10)
    parser.add_argument("--releases", type=int, default=300)
    parser.add_argument("--readers", type=int, default=8)
    parser.add_argument("--reads", type=int, default=500, help="answers to readers between two writes")
    parser.add_argument("--asgi", action="store_true", help="stored pages by the event loop")
    options = parser.parse_args()
    with make_folder():
        fill(None, options.releases)
        newsroom = Newsroom()
        name = "asgi" if options.asgi else "application"
        server = start_gunicorn(f"benchmarks.peers.counting:{name}", {}, workers=WORKERS)
        try:
            return prove(newsroom, server, options)
        finally:
            server.stop()


def prove(newsroom: Newsroom, server: Server, options: argparse.Namespace) -> int:
    django = Django(f"127.0.0.1:{server.port}")
    read = [path for name, path in newsroom.pages.items() if name not in ("annex", "moved")]
    for path in read:
        get(server.port, path)
    before = read_counts(server)
    readers = Readers(server.port, read, options.readers)
    try:
        stale, delays = check_writes(newsroom, server, django, readers, options)
        early, late = check_embargoes(newsroom, server, options.embargoes)
    finally:
        readers.stop()
    counts = {name: count - before[name] for name, count in read_counts(server).items()}
    errors = sum(number for status, number in readers.statuses.items() if status >= 500)
    hits = 1 - counts["django"] / counts["store"]
    print(
        f"{options.checks} writes: {stale} stale; first answer {median(delays) * 1000:.0f} ms in the median"
    )
    print(f"{options.embargoes} embargoes: {early} answers early, {late} late")
    print(f"{sum(readers.statuses.values())} answers to readers: {hits:.1%} from the store, {errors} errors")
    return 1 if stale or early or late or errors or hits < LEAST_HITS else 0


def get(port: int, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", quote(path, safe="/?&=%"))
    response = connection.getresponse()
    return response.status, response.read()


def read_counts(server: Server) -> Counter[str]:
    """Of all processes of the server together."""
    found: dict[int, Counter[str]] = {}
    while len(found) < WORKERS:
        counts = Counter(json.loads(get(server.port, "/-/counts")[1]))
        found[counts.pop("process")] = counts
    return sum(found.values(), Counter())


def check_writes(
    newsroom: Newsroom, server: Server, django: Django, readers: Readers, options: argparse.Namespace
) -> tuple[int, list[float]]:
    """(stale answers, seconds of the first answer after each write)."""
    pairs = list(itertools.product(newsroom.writes, newsroom.pages.items()))
    random.Random(options.checks).shuffle(pairs)  # noqa: S311 (the same each time)
    stale, delays = 0, []
    for newsroom.number, pair in zip(range(1, options.checks + 1), itertools.cycle(pairs), strict=False):
        (name, write), (page, path) = pair
        write()
        begun = time.perf_counter()
        answer = get(server.port, path)
        delays.append(time.perf_counter() - begun)
        if answer != django.ask(path):
            stale += 1
            print(f"STALE: {page} ({path}) after a {name}, write {newsroom.number}")
        if newsroom.number % 50 == 0:
            print(f"  {newsroom.number} of {options.checks} writes", file=sys.stderr)
        readers.wait_for(options.reads)
    return stale, delays


def check_embargoes(newsroom: Newsroom, server: Server, number: int) -> tuple[int, int]:
    """(early, late) answers."""
    early = late = 0
    for _ in range(number):
        instant = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=LEAD)
        path = newsroom.embargo(instant)
        while True:
            begun = dt.datetime.now(dt.UTC)
            status, _ = get(server.port, path)
            if status == 200 and dt.datetime.now(dt.UTC) < instant:
                early += 1
            if status != 200 and begun >= instant:
                late += 1
            if begun > instant + dt.timedelta(seconds=LEAD / 4):
                break
    return early, late


if __name__ == "__main__":
    sys.exit(main())
