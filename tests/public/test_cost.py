"""What a reader's page costs the database does not grow with the archive: counted by plans and steps, not by
time."""

import datetime as dt
import re
from functools import cache

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from releases.models import Address, Agreement, Mention, Redirect
from releases.services.editions import listings
from releases.services.editions.statements import Statement
from releases.services.feeds import catalogue
from releases.services.search import results
from releases.services.search.filters import Filters
from releases.services.website import lists, release_page
from tests.factories import NOON, make_agency, make_live, make_many

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
PATHS = {
    "a release": ("/news/a/", 200),
    "another spelling": ("/NEWS/A", 301),
    "an old address": ("/old/", 301),
    "a file": ("/files/a.pdf", 200),
    "nothing": ("/nothing/here/", 404),
}

LISTS = {
    "all": lambda at: lists.list_releases(at),
    "of an agency": lambda at: results.search(at, Filters.read({"agency": "mti", "year": "2024"})),
    "with a word": lambda at: results.search(at, Filters.read({"q": "herring"})),
    "of the API": lambda at: catalogue.list_releases(at, {}, ""),
    "of the API, of an agency": lambda at: catalogue.list_releases(at, {"agency": ["mti"]}, ""),
    "of the API, of agencies": lambda at: catalogue.list_releases(at, {"agency": ["mti", "mci"]}, ""),
}


@pytest.fixture
def newsroom():
    """A release with all that its page can show, between others of its section and agency."""
    ministry = make_agency()
    pact = Agreement.objects.create(slug="pact", title="Pact", instrument_type="treaty")
    for days in (-1, 1):
        near = make_live(
            release_date=NOON.date() + days * DAY, title="Herring quota again", issuers=[ministry]
        )
        Mention.objects.create(agreement=pact, release=near.release)
    release = make_live(
        permalink="/news/a/",
        title="Herring quota",
        release_date=NOON.date(),
        issuers=[ministry],
        annexes=[("/files/a.pdf", b"%PDF-1")],
    ).release
    Mention.objects.create(agreement=pact, release=release)
    address = Address.objects.create(path="/old/", kind="redirect")
    Redirect.objects.create(address=address, release=release, valid_from=NOON)


def fill(number):
    """So many older ones, and as many newer ones."""
    for days in (-30, 30):
        make_many(number, release_date=NOON.date() + days * DAY)


@pytest.mark.parametrize("kind", PATHS)
def test_no_statement_of_a_page_reads_all_editions(client, newsroom, kind):
    path, status = PATHS[kind]
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == status
    assert captured.captured_queries
    for query in captured.captured_queries:
        if query["sql"].startswith(("SELECT", "WITH")):
            assert scans(query["sql"]) == [], query["sql"]


@pytest.mark.parametrize("kind", LISTS)
def test_no_statement_of_a_list_reads_what_it_does_not_show(newsroom, kind):
    """But in the order of lists, until there is enough."""
    with CaptureQueriesContext(connection) as captured:
        assert LISTS[kind](NOON + DAY).editions
    for query in captured.captured_queries:
        read = [line for line in scans(query["sql"]) if "edition_listed_newest_first" not in line]
        assert read == [], query["sql"]


def scans(sql):
    """Lines of the plan that read a table from end to end, even where others are cheaper, but absences and
    agreements."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}")
            pattern = r"Seq Scan on releases_(?!absence|agreement)"
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            absences = re.findall(r'"releases_(?:absence|agreement)" (\w+)', sql)
            few = "|".join(
                [
                    *absences,
                    "releases_agreement",
                    "CONSTANT ROW",
                    "_row",
                    "JSON_EACH",
                    "candidate",
                    "releases_(?:edition|page)_words",
                    "newer",
                    "older",
                    "hit",
                    "listed",
                    "shared",
                    "found",
                ]
            )
            pattern = rf"^SCAN (?!(?:{few})\b)"
        return [row[-1] for row in cursor.fetchall() if re.search(pattern, row[-1])]


@pytest.mark.parametrize("kind", PATHS)
def test_a_page_takes_as_many_steps_in_an_archive_ten_times_as_large(client, newsroom, monkeypatch, kind):
    monkeypatch.setattr(release_page, "LATEST_COUNT", 20)
    monkeypatch.setattr(
        release_page, "FROM_LEAD_AMONG_LATEST", Statement(release_page._from_lead_among_latest_rows)
    )
    path, _ = PATHS[kind]
    fill(30)
    few = steps(lambda: client.get(path))
    fill(300)
    assert few > 0 and steps(lambda: client.get(path)) <= 1.05 * few


def test_the_list_of_an_agency_takes_as_many_steps_in_an_archive_ten_times_as_large(newsroom, monkeypatch):
    monkeypatch.setattr(listings, "LATEST_COUNT", 20)
    monkeypatch.setattr(results, "_dated_statements", cache(results._dated_statements.__wrapped__))
    make_live(issuers=[make_agency("fish", "Fisheries", "FA")], release_date=NOON.date() - 99 * DAY)

    def ask(slug="mti"):
        return len(results.search(NOON + DAY, Filters.read({"agency": slug})).editions)

    fill(30)
    few = steps(ask)
    fill(300)
    assert few > 0 and steps(ask) <= 1.05 * few
    assert (ask(), ask("fish")) == (20, 1)


def test_from_the_agency_are_its_newest_though_many_others_are_newer(client, monkeypatch):
    monkeypatch.setattr(release_page, "LATEST_COUNT", 20)
    monkeypatch.setattr(
        release_page, "FROM_LEAD_AMONG_LATEST", Statement(release_page._from_lead_among_latest_rows)
    )
    fisheries = make_agency("fish", "Fisheries", "FA")
    for number in range(20):
        make_live(title=f"Number {number}", issuers=[fisheries], release_date=NOON.date() + number * DAY)
    edition = make_live(issuers=[fisheries], release_date=NOON.date() - DAY)
    expected = ["Number 19", "Number 18", "Number 17"]
    for _ in range(2):
        view = release_page.find_release_page(edition.pk, NOON + DAY)
        assert [link.title for link in view.from_lead] == expected
        fill(30)


def steps(ask):
    """Of SQLite's machine, for what was asked for before; PostgreSQL, which counts none, its statements."""
    ask()
    taken = []
    with CaptureQueriesContext(connection) as captured:
        if connection.vendor == "sqlite":
            connection.connection.set_progress_handler(lambda: taken.append(1), 1)
        ask()
        if connection.vendor == "sqlite":
            connection.connection.set_progress_handler(None, 0)
    return sum(taken) or len(captured)
