import codecs
import csv
import datetime as dt
import html
import io
import json
import re

import pytest
from django.utils import timezone

from releases.models import (
    Agreement,
    AgreementEvent,
    AgreementText,
    Edition,
    Mention,
    Party,
    PartyAction,
    Relation,
    Signatory,
)
from releases.services.agreements.register import find_problems
from tests.factories import NOON, make_agency, make_live
from tests.markup import tidy

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


def test_a_release_that_tells_an_event_is_about_the_agreement(client, pact):
    release = make_live(permalink="/news/sea/", title="In force").release
    other = make_live(permalink="/news/more/", title="More of the sea").release
    Mention.objects.create(agreement=pact, release=other)
    assert "About" not in text(client.get("/news/sea/"))
    pact.events.filter(kind="entry-into-force").update(release=release)
    page = text(client.get("/news/sea/"))
    assert "About Agreement on the Sea (this release: entered into force) In force" in page
    assert "On the same agreement More of the sea" in page
    (item,) = client.get("/api/releases?permalink=/news/sea/").json()["items"]
    assert item["agreements"] == [
        {"slug": "sea", "title": "Agreement on the Sea", "event": "entry-into-force"}
    ]
    assert "In force" in [one["title"] for one in client.get("/agreements/sea/data.json").json()["releases"]]
    assert "2 releases" in text(client.get("/releases/?agreement=sea"))


def test_a_day_in_the_past_is_shown_as_it_was(client, pact):
    shown = text(client.get("/agreements/sea/?as-at=2021-12-15"))
    assert "Concluded" in shown and "stood on 15 December 2021" in shown
    assert "A. Tan" not in shown and "21 November 2022 Signed (later than this day)" in shown
    assert "is not a date" in text(client.get("/agreements/sea/?as-at=yesterday"))


def test_a_partys_action_is_public_with_its_release_or_from_its_own_instant(client, pact):
    release = make_live(title="A ratification").release
    party = pact.parties.first()
    for kind, facts in (
        ("ratification", {}),
        ("approval", {"release": release}),
        ("accession", {"public_from": NOON}),
        ("withdrawal", {"public_from": "2999-01-01T00:00:00+08:00"}),
    ):
        PartyAction.objects.create(party=party, kind=kind, action_on="2022-12-01", **facts)
    shown = text(client.get("/agreements/sea/"))
    assert "Approval 1 December 2022" in shown and "Accession 1 December 2022" in shown
    assert "Ratification" not in shown and "Withdrawal" not in shown


def test_who_signed_is_shown_though_no_party_is_recorded(client, pact):
    Signatory.objects.create(agreement=pact, person="Dr Anna Lim")
    assert "Signed Dr Anna Lim" in text(client.get("/agreements/sea/"))


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


@pytest.mark.parametrize(
    "body",
    ["<h2>SEAP</h2>", '<p><a href="/x/">The SEAP</a></p>', "<pre><code>SEAP</code></pre>", "<p>SEAPs</p>"],
)
def test_headings_links_and_code_are_left_as_they_are(client, pact, body):
    make_live(permalink="/a/", body_html=body)
    assert b'class="agreement"' not in client.get("/a/").content


def test_former_titles_lead_to_the_dossier_too_and_are_explained(client, pact):
    Agreement.objects.filter(pk=pact.pk).update(former_titles=["Pact of the Shore"])
    make_live(permalink="/a/", body_html="<p>The Pact of the Shore, or SEAP</p>")
    shown = client.get("/a/").content.decode()
    assert 'Pact of the Shore<span class="vh"> (Agreement on the Sea)</span></a>, or SEAP' in shown
    assert "Pact of the Shore" in Edition.objects.live(timezone.now()).get().body_html


def test_an_acronym_that_two_share_leads_nowhere(client, pact):
    other = Agreement.objects.create(
        slug="other", title="Another", acronyms=["SEAP"], instrument_type="treaty"
    )
    AgreementEvent.objects.create(agreement=other, kind="signed", date=NOON.date(), public_from=NOON)
    make_live(permalink="/a/", body_html="<p>The SEAP</p>")
    assert b'class="agreement"' not in client.get("/a/").content
    assert "SEAP is also the acronym of Another." in find_problems(pact, Agreement.objects.all())
    assert not any("SEAP" in problem for problem in find_problems(pact, Agreement.objects.none()))


def test_pages_of_the_register_follow_each_other_under_the_same_filters(client):
    for number in range(45):
        kind = "treaty" if number % 2 else "memorandum"
        one = Agreement.objects.create(slug=f"a-{number:02}", title=f"Pact {number:02}", instrument_type=kind)
        AgreementEvent.objects.create(agreement=one, kind="signed", date=NOON.date(), public_from=NOON)
    for path, expected in (
        ("/agreements/", range(45)),
        ("/agreements/?type=treaty", range(1, 45, 2)),
        ("/agreements/?after=none", range(45)),
    ):
        seen, sizes = [], []
        while path:
            page = client.get(path).content.decode()
            found = re.findall(r'href="/agreements/(a-\d+)/"', page)
            seen, sizes = seen + found, [*sizes, len(found)]
            following = re.search(r'rel="next"\s+href="([^"]+)"', page)
            path = html.unescape(following[1]) if following else ""
        assert seen == [f"a-{number:02}" for number in expected]
        assert all(size == 20 for size in sizes[:-1])


def test_the_register_filters_and_goes_to_a_spreadsheet(client, pact):
    Agreement.objects.filter(pk=pact.pk).update(title="=Agreement")
    assert "1 agreement" in text(
        client.get("/agreements/?party=Singapore&status=in-force&year=2022&type=treaty")
    )
    assert "No agreements match" in text(client.get("/agreements/?party=Singapore&status=signed"))
    assert (
        b'href="/agreements/register.csv?party=Singapore"'
        in client.get("/agreements/?party=Singapore").content
    )
    assert len(client.get("/agreements/register.csv?status=signed").content.decode().splitlines()) == 1
    rows = list(
        csv.DictReader(
            io.StringIO(client.get("/agreements/register.csv?year=2022").content.decode("utf-8-sig"))
        )
    )
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


def test_the_data_and_the_page_tell_texts_actions_and_terms(client, pact):
    edition = make_live(annexes=[("/files/sea text.pdf", b"%PDF-1 the text")])
    blob = edition.annexes.get().blob
    AgreementText.objects.create(agreement=pact, kind="authentic", language="ko", blob=blob)
    PartyAction.objects.create(
        party=pact.parties.first(),
        kind="ratification",
        action_on="2022-12-01",
        effective_on="2023-01-14",
        public_from=NOON,
    )
    facts = {"contact": "sea@example.org", "duration": "Five years", "expires_on": dt.date(2027, 11, 20)}
    Agreement.objects.filter(pk=pact.pk).update(**facts)
    item = client.get("/agreements/sea/data.json").json()
    assert item["texts"] == [
        {
            "kind": "authentic",
            "language": "ko",
            "path": "/files/sea text.pdf",
            "media_type": blob.media_type,
            "sha256": blob.pk,
        }
    ]
    assert item["party_actions"] == [
        {
            "party": "Singapore",
            "kind": "ratification",
            "action_on": "2022-12-01",
            "effective_on": "2023-01-14",
            "statement": "",
            "source": "",
            "source_url": "",
        }
    ]
    assert (item["contact"], item["duration"], item["expires_on"]) == (
        "sea@example.org",
        "Five years",
        "2027-11-20",
    )
    page = client.get("/agreements/sea/")
    assert f'title="{blob.pk}"' in page.content.decode() and blob.pk[:12] in text(page)
    assert "Expires 20 November 2027" in text(page)


def test_what_signing_settles_is_told_with_the_signing(client, pact):
    facts = {
        "duration": "Five years",
        "renewal": "By notes",
        "expires_on": "2027-11-20",
        "registration": "No. 1",
        "depositary": "Oslo",
    }
    Agreement.objects.filter(pk=pact.pk).update(**facts)
    for day, is_told in (("2022-11-20", False), ("2022-11-21", True)):
        item = client.get(f"/agreements/sea/data.json?as-at={day}").json()
        assert {name: item[name] for name in facts} == (
            facts if is_told else {name: None if name == "expires_on" else "" for name in facts}
        )
    AgreementEvent.objects.create(agreement=pact, kind="registered", date="2023-06-01")
    assert client.get("/agreements/sea/data.json").json()["registration"] == ""


def test_a_party_that_accedes_is_named_when_its_accession_is_public(client, pact):
    chile = Party.objects.create(agreement=pact, country="CL", position=3)
    accession = PartyAction.objects.create(party=chile, kind="accession", action_on="2023-02-01")
    assert "Chile" not in text(client.get("/agreements/")) + text(client.get("/agreements/sea/"))
    PartyAction.objects.filter(pk=accession.pk).update(public_from=NOON)
    assert "Chile" in text(client.get("/agreements/")) and "Chile" in text(client.get("/agreements/sea/"))


def test_an_agency_is_a_party_under_its_name_of_the_day_of_signing(client, pact):
    agency = make_agency("fish", "Fish Board")
    agency.names.create(name="Sea Board", valid_from="2023-06-01")
    Party.objects.create(agreement=pact, kind="agency", agency=agency, position=3)
    assert "Singapore, South Korea, Fish Board" in text(client.get("/agreements/sea/"))
    AgreementEvent.objects.filter(kind="signed").update(date="2023-07-01")
    assert "South Korea, Sea Board" in text(client.get("/agreements/sea/"))
    assert client.get("/agreements/sea/data.json").json()["parties"][2] == "Sea Board"


@pytest.mark.parametrize("path", ["/agreements/sea/", "/agreements/sea/data.json"])
def test_who_asks_for_a_day_to_come_learns_no_name_to_come(client, pact, path):
    today = timezone.localdate()
    agency = make_agency("fish", "Fish Board")
    agency.names.create(name="Sea Board", valid_from=today + DAY)
    Agreement.objects.filter(pk=pact.pk).update(lead_agency=agency)
    party = Party.objects.create(agreement=pact, kind="agency", agency=agency, position=3)
    Signatory.objects.create(agreement=pact, party=party, person="B. Lim")
    PartyAction.objects.create(party=party, kind="notification", action_on=today + 2 * DAY, public_from=NOON)
    AgreementEvent.objects.filter(kind="signed").update(date=today + 2 * DAY)
    shown = text(client.get(f"{path}?as-at={today + 9 * DAY}"))
    assert "Fish Board" in shown and "B. Lim" in shown and "Sea Board" not in shown


def test_parties_are_those_of_the_day(client, pact):
    for country, kind, on, effective in (
        ("CL", "accession", "2024-02-01", "2024-04-01"),
        ("NO", "withdrawal", "2024-02-01", None),
    ):
        party = Party.objects.create(agreement=pact, country=country, position=3)
        PartyAction.objects.create(
            party=party, kind=kind, action_on=on, effective_on=effective, public_from=NOON
        )

    def parties(day):
        item = client.get(f"/agreements/sea/data.json?as-at={day}").json()
        return item["parties"][2:], item["former_parties"]

    assert parties("2024-01-31") == (["Norway"], [])
    assert parties("2024-03-31") == ([], [{"party": "Norway", "until": "2024-02-01"}])
    assert parties("2024-04-01") == (["Chile"], [{"party": "Norway", "until": "2024-02-01"}])
    assert "Former parties Norway (until 1 February 2024)" in text(client.get("/agreements/sea/"))
    assert "1 agreement" in text(client.get("/agreements/?party=Chile"))
    assert "No agreements match" in text(client.get("/agreements/?party=Norway"))


def test_a_fact_from_elsewhere_tells_its_source(client, pact):
    register = {"source": "Treaty Series No. 7", "source_url": "https://treaties.example.org/7"}
    pact.events.filter(kind="signed").update(**register)
    pact.events.filter(kind="concluded").update(source="Gazette of 2021")
    party = pact.parties.first()
    PartyAction.objects.create(
        party=party,
        kind="ratification",
        action_on="2022-12-01",
        public_from=NOON,
        source_url="https://www.depositary.example.org/list",
    )
    page = client.get("/agreements/sea/")
    shown = text(page)
    assert 'href="https://treaties.example.org/7" rel="noopener noreferrer">Treaty Series No. 7</a>' in tidy(
        page
    )
    assert "Source: Gazette of 2021" in shown and "Source: www.depositary.example.org" in shown
    item = client.get("/agreements/sea/data.json").json()
    signed = next(event for event in item["events"] if event["kind"] == "signed")
    assert {name: signed[name] for name in register} == register
    assert item["party_actions"][0]["source_url"] == "https://www.depositary.example.org/list"


def calendar(client):
    """The lines of the calendar, unfolded as RFC 5545 (3.1) says, each as (name, value)."""
    raw = client.get("/agreements/sea/calendar.ics").content
    assert raw.endswith(b"\r\n") and all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
    lines = re.sub(rb"\r\n[ \t]", b"", raw).decode().split("\r\n")[:-1]
    assert all(re.match(r"[A-Z-]+(?:;[A-Z-]+=[^:]+)?:", line) for line in lines)
    return [tuple(line.split(":", 1)) for line in lines]


def test_a_date_that_moves_stays_the_same_entry_of_a_calendar(client, pact):
    event = AgreementEvent.objects.create(agreement=pact, kind="amended", date="2999-01-14", public_from=NOON)
    Agreement.objects.filter(pk=pact.pk).update(expires_on="2999-12-31")
    before = calendar(client)
    AgreementEvent.objects.filter(pk=event.pk).update(date="2999-02-20")
    after = calendar(client)
    uids = [value for name, value in before if name == "UID"]
    assert len(set(uids)) == 2 and uids == [value for name, value in after if name == "UID"]
    assert ("DTSTART;VALUE=DATE", "29990220") in after and ("DTSTART;VALUE=DATE", "29990114") not in after


def test_any_words_make_a_valid_calendar(client, pact):
    place = "“Café, Straße; \\ Zürich”\r\nBEGIN:VEVENT\x07" + "海" * 60
    AgreementEvent.objects.create(
        agreement=pact, kind="amended", date="2999-01-14", place=place, public_from=NOON
    )
    told = calendar(client)
    assert [value for name, value in told if name == "BEGIN"].count("VEVENT") == 1
    (location,) = [value for name, value in told if name == "LOCATION"]
    assert location == r"“Café\, Straße\; \\ Zürich”\nBEGIN:VEVENT " + "海" * 60


def test_a_calendar_without_dates_to_come_still_holds_a_component(client, pact):
    told = calendar(client)
    assert [value for name, value in told if name == "BEGIN"] == ["VCALENDAR", "VTIMEZONE", "STANDARD"]


@pytest.mark.parametrize("typed", ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", " =1", "＝1"])
def test_no_cell_of_the_spreadsheet_is_a_formula(client, pact, typed):
    Agreement.objects.filter(pk=pact.pk).update(title=typed)
    body = client.get("/agreements/register.csv").content.decode("utf-8-sig")
    assert next(csv.DictReader(io.StringIO(body, newline="")))["title"] == f"'{typed}"


def test_a_spreadsheet_reads_the_letters_of_every_language(client, pact):
    Agreement.objects.filter(pk=pact.pk).update(title="Accord de pêche 渔业")
    content = client.get("/agreements/register.csv").content
    assert content.startswith(codecs.BOM_UTF8) and "pêche 渔业" in content.decode()


def test_its_coming_dates_are_a_calendar(client, pact):
    assert "BEGIN:VEVENT" not in client.get("/agreements/sea/calendar.ics").content.decode()
    assert "iCalendar" not in text(client.get("/agreements/sea/"))
    AgreementEvent.objects.create(agreement=pact, kind="amended", date="2999-01-14", public_from=NOON)
    Agreement.objects.filter(pk=pact.pk).update(expires_on="2999-12-31")
    assert "iCalendar" in text(client.get("/agreements/sea/"))
    lines = client.get("/agreements/sea/calendar.ics").content.decode().split("\r\n")
    assert (lines[0], lines[-2]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert "DTSTART;VALUE=DATE:29990114" in lines and "SUMMARY:Agreement on the Sea: Amended" in lines
    assert "SUMMARY:Agreement on the Sea: Expires" in lines and "20230114" not in "".join(lines)
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
    assert find_problems(pact, Agreement.objects.all()) == []
    AgreementEvent.objects.create(agreement=pact, kind="terminated", date="2020-01-01")
    other = Agreement.objects.create(slug="mou", title="MOU", instrument_type="memorandum-of-understanding")
    Relation.objects.create(agreement=pact, kind="implements", other=other)
    Relation.objects.create(agreement=other, kind="supersedes", other=pact)
    Party.objects.create(agreement=pact, kind="agency", name="singapore")
    pact.binding = "non-binding"
    PartyAction.objects.create(party=pact.parties.first(), kind="ratification", action_on="2023-01-01")
    found = find_problems(pact, Agreement.objects.all())
    assert "Its relations lead back to itself." in found
    assert "Singapore is a party twice." in found
    assert "An agreement that does not bind has no ratifications." in found
    assert any("before signed" in problem for problem in found)
