"""States x visitors x surfaces: nothing of a release that is not public is in any byte of any answer.

All hidden states lie in one newsroom, and every word of a release carries its state's name. The surfaces come
from the URL resolver: a URL without a row here fails the test. What does not reach the visibility of a
release is combined instead of multiplied: other spellings of an address take turns through the ways of
asking, and who is signed in asks for each page once. `MATRIX=full` asks for everything in every way by
everybody. On PostgreSQL, where only the queries are others, nobody who is signed in asks, and nobody in
another way than a plain GET.
"""

import datetime as dt
import hashlib
import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from releases.models import (
    Address,
    Agency,
    AgencyContact,
    Agreement,
    AgreementEvent,
    Blob,
    Boilerplate,
    Membership,
    Party,
    Redirect,
)
from releases.services.publishing import approval, takedown
from tests.delivery.asking import StoredHandler
from tests.factories import make_agency, make_edition, make_live, make_next, make_section, make_user
from tests.sites import CONFIG, SiteFolder

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
FULL = os.environ.get("MATRIX") == "full"
PLAIN = connection.vendor == "postgresql" and not FULL
PLACES = "title slug summary body html contact note link annexlabel annextitle annexname annexbytes imagename imagebytes alt event agreement pact".split()


class Canaries:
    """A word for every place in which a release could leak, and the fields of an edition that hold them."""

    def __init__(self, name):
        self.name = name
        self.words = {place: f"canary{name}{place}" for place in PLACES}
        self.permalink = f"/news/press-releases/{self.words['slug']}/"
        self.pact = f"/agreements/{self.words['pact']}/"
        self.annex = f"/files/{self.words['annexname']}.pdf"
        self.image = f"/images/{self.words['imagename']}.png"
        self.addresses = [self.permalink, self.annex, self.image]

    def fields(self):
        word = self.words
        return {
            "permalink": self.permalink,
            "title": word["title"],
            "summary": word["summary"],
            "body": word["body"],
            "body_html": f"<p>{word['html']}</p>",
            "contacts": word["contact"],
            "change_note": word["note"],
            "link_url": f"https://example.org/{word['link']}",
            "annexes": [
                (
                    self.annex,
                    b"%PDF-1.4 " + word["annexbytes"].encode(),
                    word["annexlabel"],
                    word["annextitle"],
                )
            ],
            "images": [(self.image, b"\x89PNG\r\n\x1a\n" + word["imagebytes"].encode())],
        }

    def seen_in(self, content):
        return {place for place, word in self.words.items() if word in content}


def add_event(edition, canaries):
    """An agreement that nobody knows of before the release that tells of its signing."""
    agreement = Agreement.objects.create(
        slug=canaries.words["pact"],
        title=canaries.words["agreement"],
        instrument_type="treaty",
    )
    Party.objects.create(agreement=agreement, country="SG")
    edition.agreements.add(agreement)
    AgreementEvent.objects.create(
        agreement=agreement,
        kind="signed",
        date=edition.release_date,
        note=canaries.words["event"],
        release=edition.release,
    )


def with_state(state):
    def make(now, name):
        canaries = Canaries(name)
        add_event(make_edition(state=state, **canaries.fields()), canaries)
        return canaries

    return make


def hidden_import(now, name):
    canaries = Canaries(name)
    make_edition(origin="import", **canaries.fields())
    return canaries


def scheduled(now, name):
    canaries = Canaries(name)
    edition = make_edition(**canaries.fields())
    add_event(edition, canaries)
    approval.approve(edition, approver=make_user(), at=now, live_from=now + HOUR)
    return canaries


def next_edition(now, name, *, approved):
    """A public release whose next edition is not public: its new permalink, words and files are canaries."""
    canaries = Canaries(name)
    live = make_live(permalink=f"/news/press-releases/public-{name}/", at=now - HOUR)
    draft = make_next(live, author=make_user(), at=now)
    replacement = make_edition(**canaries.fields())
    for files in ("annexes", "illustrations"):
        getattr(draft, files).all().delete()
        getattr(replacement, files).update(edition=draft)
    Address.objects.filter(pk=replacement.address_id).update(release=draft.release_id)
    values = {
        key: getattr(replacement, key)
        for key in ("title", "summary", "body", "body_html", "contacts", "change_note", "link_url")
    }
    address = replacement.address_id
    replacement.delete()
    type(draft).objects.filter(pk=draft.pk).update(address=address, **values)
    if approved:
        approval.approve(draft, approver=make_user(), at=now, live_from=now + HOUR)
    return canaries


def unscheduled(now, name):
    canaries = scheduled(now, name)
    edition = Address.objects.at(canaries.permalink).get().release.editions.get()
    approval.unschedule_edition(edition, actor=make_user(), at=now)
    return canaries


def removed(now, name):
    canaries = Canaries(name)
    edition = make_live(at=now - HOUR, **canaries.fields())
    takedown.remove(edition.release, actor=make_user(), reason="A reason", at=now)
    return canaries


def of_old_site(now, name, *, settings="", hours=-1):
    """A post that an import brought in, with its files and an address that led to it."""
    canaries = Canaries(name)
    word, instant = canaries.words, now + hours * HOUR
    with TemporaryDirectory() as folder:
        site = SiteFolder(Path(folder))
        site.write("_config.yml", CONFIG + settings)
        site.write(canaries.annex[1:], canaries.fields()["annexes"][0][1])
        site.write(canaries.image[1:], canaries.fields()["images"][0][1])
        site.post(
            f"{instant:%Y-%m-%d}-{word['slug']}.md",
            f"{word['body']} {word['html']} [{word['annexlabel']} {word['annextitle']}]({canaries.annex})"
            f" ![{word['alt']}]({canaries.image})\n",
            permalink=canaries.permalink,
            title=word["title"],
            description=word["summary"],
            external=f"https://example.org/{word['link']}",
            date=f"'{instant.isoformat()}'",
            redirect_from=f"/old/{word['slug']}/",
            pressroom=f"{{contacts: {word['contact']}}}",
        )
        report = site.load(at=now)
    assert (len(report.kept_back), len(report.scheduled)) == ((1, 0) if settings else (0, 1))
    canaries.addresses.append(f"/old/{word['slug']}/")
    return canaries


HIDDEN_BY_DEFAULTS = "defaults: [{scope: {path: news}, values: {published: false}}]\n"
HIDDEN = {
    "draft": with_state("draft"),
    "submitted": with_state("submitted"),
    "rejected": with_state("rejected"),
    "hiddenimport": hidden_import,
    "scheduled": scheduled,
    "unscheduled": unscheduled,
    "newerdraft": lambda now, name: next_edition(now, name, approved=False),
    "newerscheduled": lambda now, name: next_edition(now, name, approved=True),
    "removed": removed,
    "keptback": lambda now, name: of_old_site(now, name, settings=HIDDEN_BY_DEFAULTS),
    "oldscheduled": lambda now, name: of_old_site(now, name, hours=1),
}


BEFORE_THEIR_TIME = "draft scheduled newerdraft newerscheduled hiddenimport keptback oldscheduled".split()


def spellings(path):
    yield path
    yield path.rstrip("/")
    yield path.upper()
    yield path.rstrip("/") + "/index.html"
    yield path.rstrip("/") + ".html"
    yield "/" + path
    yield path.replace("canary", "%63anary")
    yield path + "?x=1"


def shared_surfaces():
    """(URL name, path) of every page that tells of many releases, or of none."""
    for path in (
        "/news/press-releases/",
        "/news/",
        "/news/press-releases/?before=29990101-1-1",
        "/nothing/",
    ):
        yield "page", path
    yield "home", "/"
    yield "agreements", "/agreements/"
    yield "agreements", "/agreements/?status=signed&party=Singapore"
    yield "agreements-csv", "/agreements/register.csv"
    yield "releases", "/releases/?q=releas"
    yield "releases", "/releases/?agency=mti&year=2024&annex=yes"
    yield "releases", "/releases/?kind=press-release"
    yield "releases", "/releases/?agency=mti&agency=imda&from=2023&to=2098-01-01"
    yield "feed-atom", "/releases/feed.atom"
    yield "feed-json", "/releases/feed.json?agency=mti"
    yield "feed-json", "/releases/feed.json?agency=mti&agency=imda&from=2023"
    for name in (
        "agencies",
        "archive",
        "feeds",
        "open-data",
        "accessibility",
        "about",
        "contact",
        "privacy",
        "terms",
    ):
        yield name, f"/{name}/"
    yield "agency", "/agencies/mti/"
    yield "archive-year", "/archive/2024/"
    yield "archive-month", "/archive/2024/3/"
    yield "robots", "/robots.txt"
    yield "security", "/.well-known/security.txt"
    yield "opensearch", "/opensearch.xml"
    yield "stylesheet", f"/style/{'0' * 16}.css"
    yield "favicon", "/favicon.ico"
    yield "sitemap-index", "/sitemap.xml"
    yield "sitemap-news", "/sitemap-news.xml"
    yield "sitemap-pages", "/sitemap-pages.xml"
    yield "sitemap", "/sitemap-2024-03.xml"
    for query in ("", "?section=/news/press-releases/", "?agency=mti", "?before=29990101-1-1"):
        yield "api:releases", f"/api/releases{query}"
    yield "api:openapi-json", "/api/openapi.json"
    yield "api:agencies", "/api/agencies"
    yield "api:agreements", "/api/agreements"
    yield "api-without-slash", "/api"
    yield "api:releases", "/api/releases?from=2023&to=2098-01-01"
    yield "api:releases", "/api/releases?agency=mti&agency=mci"
    for name in ("api-index", "api:api-root"):  # which the first one stands before
        yield name, "/api/"
    yield "metrics", "/api/metrics"
    yield "healthz", "/healthz"
    yield "readyz", "/readyz"
    for path in ("/", "/login/", "/releases/edition/", "/releases/release/", "/releases/annex/", "/jsi18n/"):
        yield "admin", f"/admin{path}"
    yield "admin", "/admin/autocomplete/"
    for path in ("login/", "2fa/", "sessions/", "email/"):
        yield "accounts", f"/accounts/{path}"
    yield "admin", "/admin/x/"
    yield "rehearsal", "/admin/rehearsal/"
    yield "accounts", "/accounts/invitation/MQ/set-password/"
    yield "preview", f"/accounts/preview/{'x' * 43}/"
    yield "markdownx_markdownify", "/admin/markdownx/markdownify/"
    yield "markdownx_upload", "/admin/markdownx/upload/"


def own_surfaces(canaries):
    """(URL name, path) of what can be asked for by what one release holds, besides its addresses."""
    word = canaries.words
    files = canaries.fields()
    sha256, picture = (hashlib.sha256(files[kind][0][1]).hexdigest() for kind in ("annexes", "images"))
    release = getattr(Address.objects.at(canaries.permalink).first(), "release_id", None) or 1
    yield "page", f"/to-{canaries.name}"
    yield "agreement", canaries.pact
    yield "agreement", f"{canaries.pact}?as-at=2030-01-01"
    yield "agreement-data", f"{canaries.pact}data.json"
    yield "agreement-calendar", f"{canaries.pact}calendar.ics"
    for place in ("title", "body", "annextitle", "annexbytes", "agreement"):
        yield "releases", f"/releases/?q={word[place]}"
    yield "releases", f"/releases/?q={word['title'][:-1]}x"
    yield "releases", f"/releases/?q={word['body']}+{word['title'][:-1]}&year=2024&agency=mti"
    yield "releases", f"/releases/?agreement={word['pact']}"
    yield "feed-atom", f"/releases/feed.atom?q={word['title']}"
    yield "feed-atom", f"/releases/feed.atom?agreement={word['pact']}"
    yield "feed-json", f"/releases/feed.json?q={word['annextitle']}&before=1:29990101-1-1"
    yield "language", f"/language/zh-hans/?next={canaries.permalink}"
    yield "annex", f"/annexes/{sha256}/"
    yield "file", f"/annexes/{sha256}/file"
    yield "file", f"/annexes/{picture}/file"
    yield "thumbnail", f"/annexes/{sha256}/thumbnail.webp"
    copy = Blob(sha256=picture).copy(480)
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_bytes(files["images"][0][1])
    yield "picture", f"/annexes/{picture}/480.webp"
    yield "newsroom-picture", f"/newsroom/{picture}.png"
    yield "history", f"/releases/{release}/history/"
    for number in (1, 2):
        yield "comparison", f"/releases/{release}/changes/{number}/"
    yield "api:releases", f"/api/releases?permalink={canaries.permalink}"
    yield "api-not-found", f"/api/releases/{word['slug']}"
    yield "rehearsal", f"/admin/rehearsal/?at=2999-01-01T00:00&path={canaries.permalink}"
    yield "preview", f"/accounts/preview/{word['slug']}/"
    for token in ("x" * 43, word["slug"]):
        yield "preview-file", f"/accounts/preview/{token}/{sha256}/"


DESK = {"admin", "markdownx_markdownify", "markdownx_upload", "rehearsal"}
WAYS = [
    ("get", {}),
    ("head", {}),
    ("options", {}),
    ("post", {}),
    ("get", {"Range": "bytes=0-99"}),
    ("get", {"If-None-Match": "*"}),
    ("get", {"Accept": "application/json"}),
    ("get", {"Accept": "text/markdown"}),
]
OWN_WAYS = [("get", {}), ("get", {"Accept": "application/json"})]
GET = ("get", {})


def asked_ways(name):
    """All ways for files and what is stored under an address; pages of ours look at nothing but the query."""
    return WAYS if name in ("page", "home", "file") or ":" in name else OWN_WAYS


def spelled(path, turn):
    """(path, method, headers): an address as it is in every way, its other spellings in one way each, by
    turns."""
    for place, spelling in enumerate(spellings(path)):
        for number, way in enumerate(WAYS):
            if FULL or place == 0 or number == (place + turn) % len(WAYS):
                yield spelling, *way


def url_names(resolver=None, namespace=""):
    """Every named URL of the site; the desk counts as one, and its accounts, since who is no editor gets nothing
    of them."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace == "admin":
                yield "admin"
            elif str(pattern.pattern) == "accounts/":
                yield "accounts"
            else:
                yield from url_names(pattern, f"{pattern.namespace}:" if pattern.namespace else namespace)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"


def content(response):
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode("utf-8", "replace") + "\n".join(f"{name}: {value}" for name, value in response.items())


STORED = "anonymous, through the store"
VISITORS = ["anonymous", STORED]
if not PLAIN:
    VISITORS += ["reader with an account", "staff without rights", "editor on the public site"]


@pytest.fixture(params=VISITORS)
def visitor(request, client):
    client.name = request.param
    if request.param == STORED:
        client.handler = StoredHandler()
    elif request.param != "anonymous":
        user = make_user(is_staff=request.param != "reader with an account")
        if request.param == "editor on the public site":
            Membership.objects.create(user=user, agency=make_agency(), role="approver")
        client.force_login(user)
    return client


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def hidden(now):
    """One newsroom with a public release, and one of every state that is not public: its canaries by
    state."""
    room = make_section("/news/", "News")
    make_section("/news/press-releases/", "Press releases", parent=room)
    make_agency()
    make_live(permalink="/news/press-releases/public/", title="A public release", at=now - HOUR)
    return {state: make(now, state) for state, make in HIDDEN.items()}


def is_thorough(visitor):
    return FULL or (visitor.name == "anonymous" and not PLAIN)


def first_of_each(surfaces):
    """One path for each URL name; of the desk, which counts as one, all."""
    rows = list(surfaces)
    first = dict(reversed(rows))
    return [(name, path) for name, path in rows if name in DESK or path == first[name]]


def asked(visitor, hidden):
    """(path, method, headers) of everything that this visitor asks for."""
    for surfaces in (shared_surfaces(), *map(own_surfaces, hidden.values())):
        rows = surfaces if FULL or visitor.name == "anonymous" else first_of_each(surfaces)
        for name, path in rows:
            if visitor.name != "editor on the public site" or name not in DESK:
                for way in asked_ways(name) if is_thorough(visitor) else [GET]:
                    yield path, *way
    for turn, canaries in enumerate(hidden.values()):
        for path in canaries.addresses:
            yield from spelled(path, turn) if is_thorough(visitor) else [(path, *GET)]


def test_every_url_has_a_row():
    rows = {name for name, _ in [*shared_surfaces(), *own_surfaces(Canaries("x"))]}
    assert set(url_names()) == rows


def test_nothing_of_a_hidden_release_is_in_any_answer(hidden, visitor, now):
    for state, canaries in hidden.items():
        release = Address.objects.at(canaries.permalink).get().release
        redirect = Address.objects.create(path=f"/to-{state}", kind="redirect")
        Redirect.objects.create(address=redirect, release=release, valid_from=now - HOUR)
    for path, method, headers in asked(visitor, hidden):
        response = getattr(visitor, method)(path, headers=headers)
        answer = content(response)
        for state, canaries in hidden.items():
            assert canaries.seen_in(answer) <= echoed(path, canaries), (state, method, path, headers)
        assert response.status_code < 500


def echoed(path, canaries):
    """What the visitor typed into the address may come back in a redirect's or an error's own words."""
    return canaries.seen_in(path.replace("%63", "c").lower())


def test_an_address_before_its_time_answers_exactly_as_one_that_never_existed(hidden, visitor):
    for turn, state in enumerate(BEFORE_THEIR_TIME):
        canaries = hidden[state]
        paths = [*canaries.addresses, canaries.pact, f"{canaries.pact}data.json"]
        for place, path in enumerate(paths):
            never = path.replace("canary", "nobody")
            if is_thorough(visitor):
                asked = zip(spelled(path, turn + place), spelled(never, turn + place), strict=True)
            else:
                asked = [((path, *GET), (never, *GET))]
            for pair in asked:
                before, missing = (
                    getattr(visitor, method)(one, headers=headers) for one, method, headers in pair
                )
                assert before.status_code == missing.status_code, pair
                assert content(before) == content(missing), pair


def test_nothing_of_a_contact_beyond_its_days_or_of_a_standing_text_is_in_any_answer(hidden, client, now):
    mti, today = Agency.objects.get(slug="mti"), timezone.localdate(now)
    days = {
        "early": (today + dt.timedelta(1), None),
        "late": (None, today - dt.timedelta(1)),
        "now": (today, today),
    }
    for name, (first, last) in days.items():
        AgencyContact.objects.create(
            agency=mti,
            name=f"desk{name}name",
            phone=f"desk{name}phone",
            email=f"desk{name}@example.org",
            hours=f"desk{name}hours",
            valid_from=first,
            valid_until=last,
        )
    Boilerplate.objects.create(agency=mti, title="desktextheading", text="desktextwords")
    public = "/news/press-releases/public/"
    asked = [path for name, path in shared_surfaces() if name not in DESK]
    answers = [content(client.get(path)) for path in [*asked, public]]
    answers += [
        content(client.get(public, headers={"Accept": kind}))
        for kind in ("application/json", "text/markdown")
    ]
    told = "\n".join(answers)
    assert [word for word in ("deskearly", "desklate", "desktext") if word in told] == []
    assert all(f"desknow{part}" in told for part in ("name", "phone", "@example.org", "hours"))


def test_the_same_canaries_do_show_once_the_release_is_public(now, client):
    """The matrix would pass with pages that show nothing: a public release shows every one of its words."""
    make_section("/news/press-releases/", "Press releases", parent=make_section("/news/", "News"))
    canaries = Canaries("public")
    edition = make_edition(**canaries.fields())
    add_event(edition, canaries)
    approval.approve(edition, approver=make_user(), at=now - HOUR)
    asked = [(path, *way) for path in canaries.addresses for way in WAYS]
    asked += [(path, *GET) for _, path in [*shared_surfaces(), *own_surfaces(canaries)]]
    seen = set()
    for path, method, headers in asked:
        seen |= canaries.seen_in(content(getattr(client, method)(path, headers=headers)))
    assert set(PLACES) - seen == {"alt"}
