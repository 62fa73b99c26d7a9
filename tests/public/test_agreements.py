import csv
import datetime as dt
import io
import json
import re

import pytest

from releases.models import Agreement, AgreementEvent, Mention, Party, PartyAction, Relation, Signatory
from releases.services.agreements import problems
from tests.factories import NOON, make_live

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def pact():
    agreement = Agreement.objects.create(
        slug="sea",
        title="Agreement on the Sea",
        acronyms=["SEAP"],
        instrument_type="treaty",
        binding="binding",
    )
    singapore = Party.objects.create(agreement=agreement, country="SG")
    Party.objects.create(agreement=agreement, country="KR", position=2)
    Signatory.objects.create(agreement=agreement, party=singapore, person="A. Tan", office="Minister")
    for kind, date in (
        ("concluded", "2021-12-15"),
        ("signed", "2022-11-21"),
        ("entry-into-force", "2023-01-14"),
    ):
        AgreementEvent.objects.create(
            agreement=agreement, kind=kind, date=date, public_from=f"{date}T00:00:00+08:00"
        )
    return agreement


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


def test_the_dossier_tells_status_parties_and_dates(client, pact):
    shown = text(client.get("/agreements/sea/"))
    for words in ("In force", "Singapore, South Korea", "21 November 2022 Signed", "A. Tan, Minister"):
        assert words in shown


def test_a_day_in_the_past_is_shown_as_it_was(client, pact):
    shown = text(client.get("/agreements/sea/?as-at=2021-12-15"))
    assert "Concluded" in shown and "stood on 15 December 2021" in shown
    assert "A. Tan" not in shown and "21 November 2022 Signed (later than this day)" in shown
    assert "is not a date" in text(client.get("/agreements/sea/?as-at=yesterday"))


def test_the_dossier_lists_the_releases_that_are_about_it(client, pact):
    release = make_live(title="A signing", body="The Agreement on the Sea").release
    assert "A signing" not in text(client.get("/agreements/sea/"))
    Mention.objects.create(agreement=pact, release=release)
    assert "A signing" in text(client.get("/agreements/sea/"))


def test_the_first_mention_on_a_release_leads_to_the_dossier(client, pact):
    edition = make_live(permalink="/a/", body_html="<p>The SEAP and the SEAP</p>")
    assert client.get("/a/").content.count(b'href="/agreements/sea/"') == 1
    Mention.objects.create(agreement=pact, release=edition.release)
    assert client.get("/a/").content.count(b'href="/agreements/sea/"') == 2


def test_an_acronym_that_two_share_leads_nowhere(client, pact):
    other = Agreement.objects.create(
        slug="other", title="Another", acronyms=["SEAP"], instrument_type="treaty"
    )
    AgreementEvent.objects.create(agreement=other, kind="signed", date=NOON.date(), public_from=NOON)
    make_live(permalink="/a/", body_html="<p>The SEAP</p>")
    assert b'class="agreement"' not in client.get("/a/").content
    assert "SEAP is also the acronym of Another." in problems(pact)


def test_the_register_filters_and_goes_to_a_spreadsheet(client, pact):
    Agreement.objects.filter(pk=pact.pk).update(title="=Agreement")
    assert "1 agreement" in text(
        client.get("/agreements/?party=Singapore&status=in-force&year=2022&type=treaty")
    )
    assert "No agreements match" in text(client.get("/agreements/?party=Singapore&status=signed"))
    rows = list(csv.DictReader(io.StringIO(client.get("/agreements/register.csv").content.decode())))
    assert [(row["title"], row["status"], row["signed"]) for row in rows] == [
        ("'=Agreement", "In force", "2022-11-21")
    ]


def test_the_record_is_data_too(client, pact):
    item = client.get("/agreements/sea/data.json?as-at=2022-11-20").json()
    assert (item["status"], item["parties"]) == ("concluded", ["Singapore", "South Korea"])
    block = re.search(
        rb'<script type="application/ld\+json">(.*?)</script>', client.get("/agreements/sea/").content
    )
    assert json.loads(block[1])["legislationLegalForce"] == "https://schema.org/InForce"


def test_its_dates_are_a_calendar(client, pact):
    lines = client.get("/agreements/sea/calendar.ics").content.decode().split("\r\n")
    assert (lines[0], lines[-2]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert (
        "DTSTART;VALUE=DATE:20230114" in lines and "SUMMARY:Agreement on the Sea: Entered into force" in lines
    )
    assert max(len(line.encode()) for line in lines) <= 75


def test_a_status_of_which_nothing_is_public_is_not_guessed(client):
    bare = Agreement.objects.create(slug="bare", title="Bare", instrument_type="treaty")
    assert client.get("/agreements/bare/").status_code == 404
    Mention.objects.create(agreement=bare, release=make_live().release)
    assert "Not recorded" in text(client.get("/agreements/bare/"))


def test_a_release_at_the_same_address_wins(client, pact):
    make_live(permalink="/agreements/sea/", title="An old post")
    assert "An old post" in text(client.get("/agreements/sea/"))


@pytest.mark.parametrize(
    "path", ["/agreements/none/", "/agreements/none/data.json", "/agreements/none/calendar.ics"]
)
def test_what_is_not_there_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_a_record_that_contradicts_itself_is_told(pact):
    assert problems(pact) == []
    AgreementEvent.objects.create(agreement=pact, kind="terminated", date="2020-01-01")
    other = Agreement.objects.create(slug="mou", title="MOU", instrument_type="memorandum-of-understanding")
    Relation.objects.create(agreement=pact, kind="implements", other=other)
    Relation.objects.create(agreement=other, kind="supersedes", other=pact)
    Party.objects.create(agreement=pact, kind="agency", name="singapore")
    pact.binding = "non-binding"
    PartyAction.objects.create(party=pact.parties.first(), kind="ratification", action_on="2023-01-01")
    found = problems(pact)
    assert "Its relations lead back to itself." in found
    assert "Singapore is a party twice." in found
    assert "An agreement that does not bind has no ratifications." in found
    assert any("before signed" in problem for problem in found)
