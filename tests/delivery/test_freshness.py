"""Through the store every page is what it would be without one: after every change, and across every
instant."""

import datetime as dt
import threading

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, connections, transaction
from django.utils import timezone

from releases import models
from releases.delivery import versions
from releases.delivery.asgi import ASGIApplication
from releases.delivery.store import ResponseStore
from releases.models import (
    Address,
    AgencyName,
    Agreement,
    AgreementEvent,
    Blob,
    Edition,
    Mention,
    Party,
    Redirect,
    Section,
)
from releases.services.accounts import consent
from releases.services.editions import facts
from releases.services.publishing import approval, erasure, review, takedown
from releases.services.search.indexing import index_blob
from tests.delivery.asking import ask, find_in_loop
from tests.factories import (
    NOON,
    cleared,
    make_agency,
    make_blob,
    make_edition,
    make_file_address,
    make_live,
    make_many,
    make_next,
    make_user,
    save,
)
from tests.public.test_embargo_matrix import url_names

pytestmark = pytest.mark.usefixtures("transactional_db")
HOUR = dt.timedelta(hours=1)
BEGUN = NOON + 10 * HOUR
SHOWN_ON = {
    "a release is approved": ("/", "/news/waiting/"),
    "a redirect begins": ("/old/",),
    "an agency has another name": ("/agencies/mti/",),
    "a section has another title": ("/news/press-releases/",),
    "an agreement has another title": ("/agreements/pact/",),
    "an event is added": ("/agreements/pact/",),
    "an event becomes public": ("/agreements/pact/",),
    "a file has been read": ("/releases/?q=herrng",),
    "a file of the old site comes": ("/robots-of-old.txt",),
    "many releases come in": ("/", "/agencies/mti/"),
    "an embargo lifts": ("/", "/news/waiting/"),
}
"""Where a change shows; without a row here on the page of the release."""
NEVER_STORED = {
    "annex": "is sent to where the file's release is",
    "file": "is a file",
    "thumbnail": "is a file",
    "picture": "is a file",
    "newsroom-picture": "is a file",
    "favicon": "leads to a file",
    "stylesheet": "has the digest of its bytes in its address",
    "language": "is kept in a cookie",
    "preview": "is one person's",
    "preview-file": "is one person's",
    "accounts": "are of who signs in",
    "sitemap-news": "tells of two days, which move with every instant",
    "healthz": "is asked for to see whether the server is there",
    "readyz": "is asked for to see whether the database is there",
    "metrics": "is for the operator",
    "api-not-found": "is nothing",
    "api-without-slash": "leads to the address with one",
    "admin": "is the desk",
    "markdownx_markdownify": "is the desk",
    "markdownx_upload": "is the desk",
    "rehearsal": "is the desk",
}


class Newsroom:
    """One with something on every page; `store` answers beside `django`, both at `now`."""

    def __init__(self, monkeypatch):
        self.now = BEGUN
        monkeypatch.setattr(timezone, "now", lambda: self.now)
        self.agency = make_agency()
        self.partner = make_agency("mfa", "Ministry of Foreign Affairs", "MFA")
        self.pact = Agreement.objects.create(slug="pact", title="Herring Pact", instrument_type="treaty")
        Party.objects.create(agreement=self.pact, kind="state", country="SG")
        self.edition = make_live(
            permalink="/news/herring/",
            title="Herring quota",
            issuers=[self.agency, self.partner],
            annexes=[("/files/a.pdf", b"%PDF-1")],
            images=[("/images/a.png", b"\x89PNG\r\n\x1a\n")],
            body_html='<p><img src="/images/a.png" alt="Herring"></p>',
        )
        Blob.objects.update(picture_width=900, picture_height=600)
        self.release = self.edition.release
        Mention.objects.create(agreement=self.pact, release=self.release)
        self.next = approval.approve(
            make_next(self.edition, body="More."), approver=make_user(), at=NOON + HOUR
        )
        self.other = make_live(permalink="/news/other/", title="Another quota", issuers=[self.agency])
        texts = dict.fromkeys(("about", "contact", "privacy", "terms"), "Words.")
        models.Newsroom.objects.create(pk=1, security_contact="security@example.org", **texts)
        self.waiting = cleared(
            make_edition(permalink="/news/waiting/", title="Salmon quota", issuers=[self.agency])
        )
        self.django = WSGIHandler()
        read = versions.read_version_in_transaction
        if connection.vendor == "postgresql":
            read = versions.version_reader()
        self.store = ResponseStore(self.counted, read, 50_000_000, clock=lambda: self.now)
        self.loop = ASGIApplication(self.store)
        self.renders = 0

    def counted(self, environ, start_response):
        self.renders += 1
        return self.django(environ, start_response)

    def pages(self):
        """(URL name, address, headers) of every kind of page."""
        yield "home", "/", {}
        yield "page", "/news/herring/", {}
        yield "page", "/news/herring/", {"accept": "application/json"}
        yield "page", "/news/herring/", {"accept": "text/markdown"}
        yield "page", "/news/herring/", {"accept_language": "ms"}
        yield "page", "/news/other/", {}
        yield "page", "/news/waiting/", {}
        yield "page", "/old/", {}
        yield "page", "/files/a.pdf", {}
        yield "page", "/robots-of-old.txt", {}
        yield "page", "/news/press-releases/", {}
        yield "releases", "/releases/", {}
        yield "releases", "/releases/?agency=mti&year=2024", {}
        yield "releases", "/releases/?q=quota", {}
        yield "releases", "/releases/?q=herrng", {}
        yield "feed-atom", "/releases/feed.atom", {}
        yield "feed-json", "/releases/feed.json?agency=mti", {}
        yield "history", f"/releases/{self.release.pk}/history/", {}
        yield "comparison", f"/releases/{self.release.pk}/changes/2/", {}
        yield "agencies", "/agencies/", {}
        yield "agency", "/agencies/mti/", {}
        yield "agreements", "/agreements/", {}
        yield "agreements-csv", "/agreements/register.csv", {}
        yield "agreement", "/agreements/pact/", {}
        yield "agreement-data", "/agreements/pact/data.json", {}
        yield "agreement-calendar", "/agreements/pact/calendar.ics", {}
        yield "archive", "/archive/", {}
        yield "archive-year", "/archive/2024/", {}
        yield "archive-month", "/archive/2024/3/", {}
        yield "feeds", "/feeds/", {}
        yield "accessibility", "/accessibility/", {}
        yield "open-data", "/open-data/", {}
        for name in ("about", "contact", "privacy", "terms"):
            yield name, f"/{name}/", {}
        yield "security", "/.well-known/security.txt", {}
        yield "opensearch", "/opensearch.xml", {}
        yield "robots", "/robots.txt", {}
        yield "sitemap-index", "/sitemap.xml", {}
        yield "sitemap-pages", "/sitemap-pages.xml", {}
        yield "sitemap", "/sitemap-2024-03.xml", {}
        yield "api:releases", "/api/releases?agency=mti", {}
        yield "api:openapi-json", "/api/openapi.json", {}
        yield "api:agencies", "/api/agencies", {}
        yield "api:agreements", "/api/agreements", {}
        for name in ("api-index", "api:api-root"):  # which the first one stands before
            yield name, "/api/", {}

    def pages_of(self, change):
        return [("page", path, {}) for path in SHOWN_ON.get(change, ("/news/herring/",))]

    def ask_all(self, pages=None):
        self.seen = [ask(self.store, path, **headers) for _, path, headers in pages or self.pages()]
        return self.seen

    def differing(self, pages=None):
        """The addresses whose answer from the store is not what Django says now."""
        return [(path, headers) for _, path, headers in pages or self.pages() if self.differs(path, headers)]

    def differs(self, path, headers):
        """Whether the store gives what Django would not, to a WSGI server or to an event loop."""
        at_once = find_in_loop(self.loop, path, **headers)
        right = self.ask_django(path, headers)
        stored = ask(self.store, path, **headers)
        return shown(stored) != shown(right) or at_once not in (None, right.body)

    def ask_django(self, path, headers):
        """What is public now, by nothing that was found out before."""
        facts.forget_facts()
        return ask(self.django, path, **headers)


def shown(reply):
    return reply.status, reply.body, reply.headers.get("content-type"), reply.headers.get("location")


@pytest.fixture
def newsroom(monkeypatch):
    return Newsroom(monkeypatch)


def test_every_kind_of_page_is_asked_for(newsroom):
    asked = {name for name, _, _ in newsroom.pages()}
    assert asked | set(NEVER_STORED) == set(url_names())
    assert not asked & set(NEVER_STORED)


def test_every_page_is_made_once_until_something_changes(newsroom):
    newsroom.ask_all()
    made = newsroom.renders
    save(newsroom.waiting, body="Other words.")
    newsroom.ask_all()
    again = [
        path for _, path, headers in newsroom.pages() if ask(newsroom.django, path, **headers).status != 200
    ]
    assert again == ["/news/waiting/", "/old/", "/robots-of-old.txt"]
    assert newsroom.renders - made == len(again) + 1  # and the file
    at_once = [find_in_loop(newsroom.loop, path, **headers) for _, path, headers in newsroom.pages()]
    assert at_once.count(None) == len(again) + 1
    assert newsroom.differing() == []


def change_row(model, **values):
    model.objects.update(**values)


def remove(newsroom):
    takedown.remove(newsroom.release, actor=make_user(), reason="Wrong.", at=newsroom.now)


def erase(newsroom):
    remove(newsroom)
    actor = make_user(is_superuser=True)
    erasure.erase_release(newsroom.release, actor=actor, reason="Law.", at=newsroom.now)


def restore(newsroom):
    takedown.withdraw(newsroom.release, actor=make_user(), reason="Wrong.", at=newsroom.now)
    newsroom.ask_all(newsroom.pages_of("a release is back"))
    newsroom.now += HOUR
    edition = takedown.public_edition(newsroom.release, newsroom.now)
    for stake in consent.find_stakes(edition)[1:]:
        review.agree_to_return(edition, agency=stake.agency, actor=make_user(), at=newsroom.now)
    takedown.restore(newsroom.release, actor=make_user(), at=newsroom.now)


def redirect(newsroom):
    address = Address.objects.create(path="/old/", kind="redirect")
    Redirect.objects.create(address=address, release=newsroom.release, valid_from=newsroom.now)


def approve_next(newsroom):
    draft = make_next(newsroom.next, title="Herring quota, corrected", body="Less.")
    approval.approve(draft, approver=make_user(), at=newsroom.now)


def make_picture():
    blob = make_blob(b"\x89PNG\r\n\x1a\nlogo", "image/png")
    change_row(Blob, picture_width=9, picture_height=9)
    return blob


CHANGES = {
    "a release is approved": lambda room: approval.approve(room.waiting, approver=make_user(), at=room.now),
    "a release is corrected": approve_next,
    "a release is withdrawn": lambda room: takedown.withdraw(
        room.release, actor=make_user(), reason="Wrong.", at=room.now
    ),
    "a release is back": restore,
    "a release is removed": remove,
    "a release is erased": erase,
    "a redirect begins": redirect,
    "an agency has another name": lambda room: change_row(AgencyName, name="Ministry of Tin", acronym="MT"),
    "a section has another title": lambda room: change_row(Section, title="Speeches"),
    "an agreement has another title": lambda room: change_row(Agreement, title="Sprat Pact"),
    "an event is added": lambda room: AgreementEvent.objects.create(
        agreement=room.pact, kind="signed", date=NOON.date(), release=room.release
    ),
    "a file has been read": lambda room: index_blob(
        Blob(pk=room.edition.annexes.get().blob_id, text="herrng")
    ),
    "a file is known to have pages": lambda room: change_row(Blob, pages=12),
    "a picture has copies": lambda room: change_row(Blob, copy_widths="480"),
    "a file of the old site comes": lambda room: make_file_address("/robots-of-old.txt").site_files.create(
        blob=make_blob(b"plain", "text/plain"), live_from=room.now
    ),
    "texts are rendered anew": lambda room: change_row(Edition, body_html="<p>Anew</p>"),
    "the newsroom says another thing": lambda room: change_row(models.Newsroom, name="Tides"),
    "the newsroom has a logo": lambda room: change_row(models.Newsroom, logo=make_picture()),
    "many releases come in": lambda room: make_many(30),
}


@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_pages_are_as_without_a_store(newsroom, change):
    pages = newsroom.pages_of(change)
    newsroom.ask_all(pages)
    CHANGES[change](newsroom)
    before = newsroom.seen
    assert newsroom.differing(pages) == []
    assert newsroom.ask_all(pages) != before


def test_after_many_changes_every_page_is_as_without_a_store(newsroom):
    newsroom.ask_all()
    for change in (
        "a release is approved",
        "an agency has another name",
        "an event is added",
        "a redirect begins",
    ):
        CHANGES[change](newsroom)
    assert newsroom.differing() == []


@pytest.mark.parametrize("path", ["/", "/news/herring/", "/releases/?q=quota", "/agencies/mti/"])
def test_a_render_that_a_change_overtakes_is_given_to_nobody_else(newsroom, path):
    """The change is committed after Django has read everything and before the store has the bytes."""
    plain = newsroom.django

    def answer(environ, start_response):
        response = plain(environ, start_response)
        approve_next(newsroom)
        return response

    newsroom.django = answer
    before = ask(newsroom.store, path)
    newsroom.django = plain
    assert newsroom.differing([("page", path, {})]) == []
    assert ask(newsroom.store, path).body != before.body


INSTANTS = {
    "an embargo lifts": lambda room, at: approval.approve(
        room.waiting, approver=make_user(), at=room.now, live_from=at
    ),
    "a correction comes": lambda room, at: approval.approve(
        make_next(room.next, body="Less."), approver=make_user(), at=room.now, live_from=at
    ),
    "a redirect begins": lambda room, at: Redirect.objects.create(
        address=Address.objects.create(path="/old/", kind="redirect"), release=room.release, valid_from=at
    ),
    "an event becomes public": lambda room, at: AgreementEvent.objects.create(
        agreement=room.pact, kind="signed", date=NOON.date(), public_from=at
    ),
    "a file of the old site comes": lambda room, at: make_file_address(
        "/robots-of-old.txt"
    ).site_files.create(blob=make_blob(b"plain", "text/plain"), live_from=at),
}


@pytest.mark.parametrize("instant", INSTANTS)
def test_nothing_comes_early_and_nothing_late(newsroom, instant):
    at = newsroom.now + HOUR / 2
    pages = newsroom.pages_of(instant)
    newsroom.ask_all(pages)
    INSTANTS[instant](newsroom, at)
    seen = []
    for newsroom.now in (at - dt.timedelta(microseconds=1), at):
        assert newsroom.differing(pages) == []
        seen.append(newsroom.ask_all(pages))
    assert seen[0] != seen[1]


def test_a_day_that_begins_is_a_boundary(newsroom):
    AgencyName.objects.create(
        agency=newsroom.agency, name="Ministry of Tin", valid_from=newsroom.now.date() + dt.timedelta(days=1)
    )
    newsroom.ask_all()
    newsroom.now = newsroom.now.replace(hour=0, minute=0) + dt.timedelta(days=1)
    assert newsroom.differing(newsroom.pages_of("an agency has another name")) == []


def test_what_is_written_and_not_committed_shows_nowhere_and_a_rollback_leaves_the_store(newsroom):
    ask(newsroom.store, "/news/press-releases/")
    made = newsroom.renders
    with transaction.atomic():
        Section.objects.update(title="Speeches")
        if connection.vendor == "postgresql":
            assert (
                b"Speeches"
                not in in_another_thread(lambda: ask(newsroom.store, "/news/press-releases/")).body
            )
        transaction.set_rollback(True)
    ask(newsroom.store, "/news/press-releases/")
    assert newsroom.renders == made


def in_another_thread(function):
    found = []

    def run():
        found.append(function())
        connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)
    return found[0]


def test_two_servers_on_one_database_are_both_fresh(newsroom):
    other = Newsroom.__new__(Newsroom)
    other.__dict__.update(newsroom.__dict__)
    other.store = ResponseStore(
        newsroom.counted, newsroom.store._read_version, 50_000_000, clock=lambda: newsroom.now
    )
    pages = newsroom.pages_of("a release is approved")
    for room in (newsroom, other):
        room.ask_all(pages)
    approval.approve(newsroom.waiting, approver=make_user(), at=newsroom.now)
    assert newsroom.differing(pages) == other.differing(pages) == []


def test_the_version_is_read_beside_django(newsroom, tmp_path, monkeypatch):
    """On SQLite from the file, on PostgreSQL on a connection that comes back after it broke."""
    if connection.vendor == "sqlite":
        connection.cursor().execute(f"VACUUM INTO '{tmp_path / 'copy.sqlite3'}'")
        monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "copy.sqlite3"))
    read = versions.version_reader()
    assert read() == versions.read_version_in_transaction() != ""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                " AND datname = current_database()"
            )
        assert read() == versions.read_version_in_transaction()


def test_a_database_that_is_away_or_migrating_stores_nothing(newsroom, tmp_path, monkeypatch):
    if connection.vendor == "postgresql":
        monkeypatch.setitem(connection.settings_dict, "NAME", "nowhere")
        monkeypatch.setattr(connection, "get_connection_params", lambda: {"dbname": "nowhere"})
    else:
        monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "empty.sqlite3"))
    assert versions.version_reader()() == ""


def test_a_save_at_the_desk_costs_no_reader_a_page(newsroom):
    ask(newsroom.store, "/")
    made = newsroom.renders
    for number in range(20):
        save(newsroom.waiting, body=f"Words {number}.")
    ask(newsroom.store, "/")
    assert newsroom.renders == made
