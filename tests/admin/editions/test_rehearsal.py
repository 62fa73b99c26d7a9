import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from releases.models import AgencyName, Agreement, AgreementEvent, Party, PartyAction
from releases.services.publishing import approval
from releases.templatetags.desk_tags import weekday_datetime
from tests.factories import (
    make_agency,
    make_live,
    make_member,
    make_next,
    make_scheduled,
    make_section,
    make_user,
)
from tests.markup import tidy
from tests.services.website.test_resolver import make_redirect

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
PATHS = [
    "/",
    "/news/coming/",
    "/news/press-releases/",
    "/releases/",
    "/releases/?q=coming",
    "/agencies/mti/",
    "/releases/feed.atom",
    "/sitemap.xml",
    "/files/a.pdf",
    "/news/nothing/",
    "/archive/",
]


@pytest.fixture
def coming():
    now = timezone.localtime().replace(second=0, microsecond=0)
    make_section()
    make_live(title="Public already", at=now - HOUR)
    return make_scheduled(
        live_from=now + HOUR,
        at=now,
        title="Coming soon",
        permalink="/news/coming/",
        annexes=[("/files/a.pdf", b"%PDF-1")],
    )


def whole(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.parametrize("path", PATHS)
def test_it_shows_the_bytes_that_the_public_will_get_then(client, coming, path, monkeypatch):
    client.force_login(make_member(make_agency()))
    at = timezone.localtime(coming.live_from + HOUR)
    rehearsed = client.get("/admin/rehearsal/", {"at": f"{at:%Y-%m-%dT%H:%M}", "path": path})
    monkeypatch.setattr(timezone, "now", lambda: at)
    public = Client().get(path)
    assert (rehearsed.status_code, whole(rehearsed)) == (public.status_code, whole(public))
    assert rehearsed["Cache-Control"] == "private, no-store"


def test_before_the_time_it_shows_what_the_public_has_now(client, coming):
    client.force_login(make_member(make_agency()))
    at = timezone.localtime(coming.live_from - HOUR / 2)
    response = client.get("/admin/rehearsal/", {"at": f"{at:%Y-%m-%dT%H:%M}", "path": "/news/coming/"})
    assert response.status_code == 404


def test_another_agencys_release_is_not_rehearsed(client, coming):
    client.force_login(make_member(make_agency("imda", "Infocomm Media Development Authority", "IMDA")))
    at = timezone.localtime(coming.live_from + HOUR)
    page = client.get("/admin/rehearsal/", {"at": f"{at:%Y-%m-%dT%H:%M}", "path": "/"}).content.decode()
    assert "A release that is not yours" in page
    assert "Coming soon" not in page


def listed(client, at):
    return tidy(client.get("/admin/rehearsal/", {"at": f"{timezone.localtime(at):%Y-%m-%dT%H:%M}"}))


def test_first_it_lists_what_changes_until_then_with_time_and_zone(client, coming):
    client.force_login(make_member(make_agency()))
    agreement = Agreement.objects.create(slug="pact")
    AgreementEvent.objects.create(
        agreement=agreement, kind="signed", date=dt.date(2024, 3, 1), release=coming.release
    )
    AgreementEvent.objects.create(
        agreement=agreement,
        kind="registered",
        date=dt.date(2024, 4, 1),
        public_from=coming.live_from + 2 * HOUR,
    )
    path = make_redirect("/old/", "/news/coming/", valid_from=coming.live_from + HOUR)
    page = listed(client, coming.live_from + 3 * HOUR)
    order = [
        "Coming soon</a> becomes public",
        "becomes known: Signed 1 March 2024",
        path.address.path,
        "Registered 1 April",
    ]
    assert [page.index(words) for words in order] == sorted(page.index(words) for words in order)
    assert page.count(weekday_datetime(coming.live_from)) == 2
    assert "path=/news/coming/" in page


def test_it_lists_what_parties_did_as_it_becomes_known(client, coming):
    """With the release that tells of it, or at an instant of its own; nothing that was known, nothing that
    stays hidden."""
    client.force_login(make_member(make_agency()))
    pact = Agreement.objects.create(slug="pact", title="Harbour Pact")
    AgreementEvent.objects.create(
        agreement=pact, kind="signed", date=dt.date(2024, 3, 1), public_from=coming.live_from - 2 * HOUR
    )
    party = Party.objects.create(agreement=pact, country="KR")
    moments = {
        "ratification": {"release": coming.release},
        "notification": {"public_from": coming.live_from + HOUR},
        "signature": {"public_from": coming.live_from - 2 * HOUR},
        "denunciation": {},
    }
    for kind, told in moments.items():
        PartyAction.objects.create(party=party, kind=kind, action_on=dt.date(2024, 3, 5), **told)
    page = listed(client, coming.live_from + 2 * HOUR)
    told = "Ratification 5 March", "Notification of completion 5 March"
    first, second = (page.index(f"South Korea, {words}") for words in told)
    assert page.rindex(weekday_datetime(coming.live_from), 0, first) and first < second
    assert "path=/agreements/pact/" in page
    assert "Signature 5 March" not in page and "Denunciation" not in page and "Signed" not in page


def test_it_lists_what_a_signing_brings_with_it(client, coming):
    """Parties, signatories, terms and where it then stands; with the release, however often it is asked."""
    client.force_login(make_member(make_agency()))
    pact = Agreement.objects.create(
        slug="pact", title="Harbour Pact", depositary="The master", duration="5 years"
    )
    AgreementEvent.objects.create(
        agreement=pact, kind="signed", date=dt.date(2024, 3, 1), release=coming.release
    )
    party = Party.objects.create(agreement=pact, country="KR")
    pact.signatories.create(party=party, person="Ms Kim")
    page = listed(client, coming.live_from + HOUR)
    told = page[page.index("Harbour Pact</a> becomes known") :]
    for fact in (
        "Signed for South Korea: Ms Kim",
        "Duration: 5 years",
        "Depositary: The master",
        "Parties: South Korea",
        "Status: Signed",
    ):
        assert fact in told
    assert page.count("Harbour Pact</a>") == 1


def test_it_lists_the_days_that_change_where_an_agreement_stands(client):
    """Of any release's agreement that is public by then: its status and its parties follow the day."""
    client.force_login(make_member(make_agency()))
    now, today = timezone.now(), timezone.localdate()
    pact = Agreement.objects.create(slug="pact", title="Harbour Pact")
    event = {"agreement": pact, "release": make_live(at=now - HOUR).release}
    for days, kind in ((0, "signed"), (2, "entry-into-force"), (9, "terminated")):
        AgreementEvent.objects.create(kind=kind, date=today + dt.timedelta(days=days), **event)
    party = Party.objects.create(agreement=pact, country="KR")
    PartyAction.objects.create(
        party=party,
        kind="withdrawal",
        action_on=today,
        effective_on=today + dt.timedelta(days=1),
        release=event["release"],
    )
    page = listed(client, now + dt.timedelta(days=3))
    begins = timezone.make_aware(dt.datetime.combine(today + dt.timedelta(days=2), dt.time.min))
    assert f"<strong>{weekday_datetime(begins)}</strong>" in page
    assert "Harbour Pact</a> reaches the day: Entered into force" in page
    assert "reaches the day: South Korea, Withdrawal" in page
    assert "Terminated" not in page and "Signed" not in page


def test_it_lists_new_names_of_agencies(client):
    agency = make_agency()
    client.force_login(make_member(agency))
    today = timezone.localdate()
    for days, name in ((2, "Ministry of Trade"), (9, "Ministry of Later")):
        AgencyName.objects.create(
            agency=agency, name=name, acronym="MOT", valid_from=today + dt.timedelta(days=days)
        )
    page = listed(client, timezone.now() + dt.timedelta(days=3))
    assert "Ministry of Trade and Industry (MTI)</a> is called Ministry of Trade (MOT) from then on." in page
    assert "path=/agencies/mti/" in page and "Ministry of Later" not in page


def test_it_lists_nothing_that_comes_later(client, coming):
    client.force_login(make_member(make_agency()))
    page = listed(client, coming.live_from - HOUR / 2)
    assert "Nothing changes until then." in page and "Coming soon" not in page


def test_a_correction_is_listed_as_what_it_is(client):
    client.force_login(make_member(make_agency()))
    now = timezone.now()
    draft = make_next(make_live(title="The text", at=now - HOUR), at=now)
    approval.approve(draft, approver=make_user(), at=now, live_from=now + HOUR)
    assert "The text</a> is replaced by edition 2." in listed(client, now + 2 * HOUR)


def test_what_another_agency_has_coming_is_not_listed(client, coming):
    client.force_login(make_member(make_agency("imda", "Infocomm Media Development Authority", "IMDA")))
    page = listed(client, coming.live_from + HOUR)
    assert "A release that is not yours" in page and "Coming soon" not in page


@pytest.mark.parametrize(
    "at, reason", [("yesterday", "Type the day"), ("2020-01-01T00:00", "a future date and time")]
)
def test_a_time_that_cannot_be_is_told(client, coming, at, reason):
    client.force_login(make_member(make_agency()))
    assert reason in client.get("/admin/rehearsal/", {"at": at, "path": "/"}).content.decode()


@pytest.mark.parametrize("kind", ["event", "action"])
def test_what_becomes_known_of_an_agreement_of_others_is_not_told(client, kind):
    now = timezone.now()
    pact = Agreement.objects.create(slug="pact", title="A pact", lead_agency=make_agency())
    party = Party.objects.create(agreement=pact, country="SG")
    if kind == "event":
        AgreementEvent.objects.create(agreement=pact, kind="signed", date=now.date(), public_from=now + HOUR)
    else:
        PartyAction.objects.create(
            party=party, kind="signature", action_on=now.date(), public_from=now + HOUR
        )
    at = {"at": f"{timezone.localtime(now + 2 * HOUR):%Y-%m-%dT%H:%M}"}
    for agency, seen in ((make_agency(), True), (make_agency("imda", "An authority", "IMDA"), False)):
        client.force_login(make_member(agency, username=agency.slug))
        page = client.get("/admin/rehearsal/", at).content.decode()
        assert ("A pact" in page, "something of an agreement that is not" in page) == (seen, not seen)
        assert (b"A pact" in whole(client.get("/admin/rehearsal/", {**at, "path": "/agreements/"}))) is (
            seen and kind == "event"
        )
