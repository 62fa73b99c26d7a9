"""What the signing of a known agreement settles is in no answer before the release that tells of it is
public."""

import datetime as dt

import pytest
from django.utils import timezone

from releases.models import Agreement, AgreementEvent, AgreementText, Party, PartyAction, Signatory
from releases.services.publishing import approval, takedown
from tests.factories import make_edition, make_user

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
PLACES = "note place person office duration renewal registration depositary statement tongue newcomer source link".split()
EXPIRY = ("2871-03-04", "4 March 2871", "28710304")
PATHS = [
    "/agreements/talks/",
    "/agreements/talks/?as-at=2030-01-01",
    "/agreements/talks/data.json",
    "/agreements/talks/data.json?as-at=2030-01-01",
    "/agreements/talks/calendar.ics",
    "/agreements/",
    "/agreements/?status=signed",
    "/agreements/?year=2024",
    "/agreements/register.csv",
    "/agreements/register.csv?status=signed",
    "/",
    "/releases/?agreement=talks",
    "/api/releases",
    "/sitemap.xml",
]


def canary(place):
    return f"canary{place}"


def add_agreement(edition):
    """Its talks are public; its signing, text, terms and a newcomer wait for the edition's release."""
    agreement = Agreement.objects.create(
        slug="talks",
        title="Talks",
        duration=canary("duration"),
        renewal=canary("renewal"),
        registration=canary("registration"),
        depositary=canary("depositary"),
        expires_on=EXPIRY[0],
    )
    party = Party.objects.create(agreement=agreement, country="SG")
    newcomer = Party.objects.create(agreement=agreement, kind="organisation", name=canary("newcomer"))
    Signatory.objects.create(
        agreement=agreement, party=party, person=canary("person"), office=canary("office")
    )
    known = {"agreement": agreement, "date": edition.release_date}
    AgreementEvent.objects.create(kind="concluded", public_from=timezone.now() - HOUR, **known)
    AgreementEvent.objects.create(
        kind="signed",
        note=canary("note"),
        place=canary("place"),
        release=edition.release,
        source=canary("source"),
        source_url=f"https://example.org/{canary('link')}",
        **known,
    )
    leaver = Party.objects.create(agreement=agreement, country="NO")
    for actor, kind in ((party, "ratification"), (newcomer, "accession"), (leaver, "withdrawal")):
        PartyAction.objects.create(
            party=actor,
            kind=kind,
            action_on=edition.release_date,
            statement=canary("statement"),
            release=edition.release,
            source=canary("source"),
            source_url=f"https://example.org/{canary('link')}",
        )
    for annex in edition.annexes.all():
        AgreementText.objects.create(agreement=agreement, language=canary("tongue"), blob=annex.blob)
    return agreement


def make(**facts):
    edition = make_edition(annexes=[("/files/text.pdf", b"%PDF-1.4 text")], **facts)
    add_agreement(edition)
    return edition


def scheduled(now):
    edition = make()
    approval.approve(edition, approver=make_user(), at=now, live_from=now + HOUR)
    return edition


def removed(now):
    edition = make()
    approval.approve(edition, approver=make_user(), at=now - HOUR)
    takedown.remove(edition.release, actor=make_user(), reason="A reason", at=now)
    return edition


HIDDEN = {
    "draft": lambda now: make(),
    "submitted": lambda now: make(state="submitted"),
    "rejected": lambda now: make(state="rejected"),
    "scheduled": scheduled,
    "removed": removed,
}


def seen(client):
    """The places whose words are in an answer, and the paths that gave them."""
    found = set()
    for path in PATHS:
        body = client.get(path).content.decode()
        found |= {(place, path) for place in PLACES if canary(place) in body}
        found |= {("expiry", path) for day in EXPIRY if day in body}
        found |= {
            ("status", path)
            for word in ('"status": "signed"', ",Signed,", 'class="tag signed"')
            if word in body
        }
        found |= {("leaver", path) for word in ("Former parties", '"party": "Norway"') if word in body}
        if "/agreements/" in path and "status=" not in path and "year=" not in path and "ics" not in path:
            found |= set() if "Norway" in body else {("leaver", path)}
    return found


@pytest.mark.parametrize("state", HIDDEN)
def test_nothing_that_a_hidden_signing_settles_is_in_any_answer(client, state):
    HIDDEN[state](timezone.now())
    assert client.get("/agreements/talks/").status_code == 200
    assert seen(client) == set()


def test_all_of_it_shows_once_the_release_is_public(client):
    approval.approve(make(), approver=make_user(), at=timezone.now() - HOUR)
    found = seen(client)
    assert {place for place, _ in found} == {*PLACES, "expiry", "status", "leaver"}
    assert {path for place, path in found if place == "expiry"} >= {
        "/agreements/talks/",
        "/agreements/talks/data.json",
        "/agreements/talks/calendar.ics",
    }
