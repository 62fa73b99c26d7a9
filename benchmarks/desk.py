# ruff: noqa: PLC0415 (Django is imported once its settings are known; a view of its own is what it compares with)
"""What the forms of the desk and the two pages that most readers see cost: queries, and CPU against that of a
plain view.

    python benchmarks/desk.py [--tree .] [--runs 5]

An approver of one agency opens the form of a draft and that of an agreement and saves the draft; a reader
gets the page of a release that nobody has asked for before, and the first page. One agency, one agreement and
a few releases in a SQLite database of its own, made by the factories of the tests; --tree is the checkout
that is measured, so that one script measures two commits. For each request: how many queries, how many of
these word for word repeat an earlier one, the longest statement in bytes, milliseconds of CPU of this process
(the median of the runs, after one to warm up), and that as a multiple of a view of Django that touches
neither database nor middleware, taken in the same run, which is what to compare between two runs.
"""

import argparse
import gc
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PLAIN = 200  # a single plain view is too quick for the clock


@dataclass
class Cost:
    """Of one kind of request: the statements of one, and seconds of CPU of each."""

    name: str
    statements: list[tuple[str, str]]
    seconds: list[float]

    def row(self, unit: float) -> str:
        repeats = len(self.statements) - len(set(self.statements))
        longest = max((len(sql.encode()) for sql, _ in self.statements), default=0)
        median = statistics.median(self.seconds)
        return f"{self.name:28}{len(self.statements):8}{repeats:8}{longest:9}{median * 1000:9.1f}{median / unit:9.0f}"


class Statements(list[tuple[str, str]]):
    """The statements that a connection executes, each with its values, since only with the same ones it is a
    repetition."""

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.append((sql, repr(params)))
        return execute(sql, params, many, context)


def measure(name: str, prepare: Callable[[], Callable[[], Any]], status: int, runs: int) -> Cost:
    """`prepare` makes what one request needs and gives the request itself, which alone is measured."""
    from django.db import connection

    prepare()()
    statements, asked = Statements(), prepare()
    with connection.execute_wrapper(statements):
        response = asked()
    if response.status_code != status:
        sys.exit(f"{name} answers {response.status_code}.")
    seconds = []
    for _ in range(runs):
        asked = prepare()
        gc.collect()
        started = time.process_time()
        asked()
        seconds.append(time.process_time() - started)
    return Cost(name, statements, seconds)


def plain(runs: int) -> float:
    """Seconds of CPU of a view that does nothing: the median of the runs."""
    from django.http import HttpResponse
    from django.test import Client, override_settings
    from django.urls import path

    class Urls:
        urlpatterns = [path("plain/", lambda request: HttpResponse("plain"))]

    seconds = []
    with override_settings(ROOT_URLCONF=Urls, MIDDLEWARE=[]):
        client = Client(headers={"host": "127.0.0.1"})
        for _ in range(runs + 1):
            started = time.process_time()
            for _ in range(PLAIN):
                client.get("/plain/")
            seconds.append((time.process_time() - started) / PLAIN)
    return statistics.median(seconds[1:])


def costs(runs: int) -> Iterator[Cost]:
    from django.test import Client
    from django.urls import reverse

    from releases.models import Agreement, Mention
    from tests.admin.browsing import sent
    from tests.factories import NOON, make_agency, make_edition, make_live, make_member, make_user

    agency = make_agency()
    desk, reader = Client(headers={"host": "127.0.0.1"}), Client(headers={"host": "127.0.0.1"})
    desk.force_login(make_member(agency))
    draft = make_edition(issuers=[agency], author=make_user())
    live = [make_live(issuers=[agency], at=NOON) for _ in range(runs + 2)]
    agreement = Agreement.objects.create(slug="pact", title="A pact", lead_agency=agency)
    Mention.objects.create(agreement=agreement, release=live[0].release)
    form = reverse("admin:releases_edition_change", args=[draft.pk])
    record = reverse("admin:releases_agreement_change", args=[agreement.pk])
    unseen, number = iter(live), iter(range(1000))

    def save() -> Callable[[], Any]:
        values = sent(desk.get(form), title=f"Title {next(number)}")
        return lambda: desk.post(form, values)

    def open_unseen() -> Callable[[], Any]:
        page = next(unseen).permalink
        return lambda: reader.get(page)

    yield measure("draft form", lambda: lambda: desk.get(form), 200, runs)
    yield measure("agreement form", lambda: lambda: desk.get(record), 200, runs)
    yield measure("save of a draft", save, 302, runs)
    yield measure("release page, cold", open_unseen, 200, runs)
    yield measure("home", lambda: lambda: reader.get("/"), 200, runs)


@contextmanager
def newsroom(tree: Path) -> Iterator[None]:
    """Django on an empty database, with what the tests need to look into a response."""
    sys.path.insert(0, str(tree))
    os.chdir(tree)
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DATA_DIR": folder,
            "MEDIA_ROOT": f"{folder}/media",
            "DEBUG": "false",
            "LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "pressroom.settings",
            "DATABASE_URL": f"sqlite:///{folder}/costs.sqlite3",
        }
        import django

        django.setup()
        from django.core.management import call_command
        from django.test.utils import setup_test_environment

        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        setup_test_environment()
        yield


def main() -> None:
    reader = argparse.ArgumentParser()
    reader.add_argument("--tree", type=Path, default=ROOT)
    reader.add_argument("--runs", type=int, default=5)
    given = reader.parse_args()
    with newsroom(given.tree.resolve()):
        found = list(costs(given.runs))
        unit = plain(given.runs)
        print(f"{'':28}{'queries':>8}{'repeats':>8}{'longest':>9}{'CPU ms':>9}{'× plain':>9}")
        for cost in found:
            print(cost.row(unit))
        print(f"{'a plain view':28}{'':25}{unit * 1000:9.2f}")


if __name__ == "__main__":
    main()
