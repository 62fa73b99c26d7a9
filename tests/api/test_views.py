import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from releases.models import Agreement, AgreementEvent
from releases.services.publishing import approval
from tests.factories import (
    NOON,
    make_agency,
    make_edition,
    make_live,
    make_scheduled,
    make_section,
    make_user,
)

pytestmark = pytest.mark.django_db


def items(client, **query):
    return client.get("/api/releases", query).json()["items"]


def test_one_release_by_its_permalink(client):
    issuers = [make_agency(), make_agency("imda", "Infocomm Media Development Authority", "IMDA")]
    edition = make_live(
        permalink="/News/a b/",
        title="A title",
        summary="In short",
        body="*One*",
        body_html="<p><em>One</em></p>",
        issuers=issuers,
        annexes=[("/files/a.pdf", b"%PDF-1", "Annex A", "Key features")],
        release_date=dt.date(2023, 1, 13),
    )
    sha256 = edition.annexes.get().blob_id
    assert items(client, permalink="/News/a b/") == [
        {
            "permalink": "/News/a b/",
            "url": "http://testserver/News/a%20b/",
            "title": "A title",
            "summary": "In short",
            "date": "2023-01-13",
            "kind": "press-release",
            "form": "text",
            "section": "Press releases",
            "language": "en",
            "issuers": [
                {"name": "Ministry of Trade and Industry", "acronym": "MTI", "role": "lead"},
                {"name": "Infocomm Media Development Authority", "acronym": "IMDA", "role": "joint"},
            ],
            "annexes": [
                {
                    "label": "Annex A",
                    "title": "Key features",
                    "path": "/files/a.pdf",
                    "media_type": "application/pdf",
                    "size": 6,
                    "sha256": sha256,
                    "pages": None,
                    "url": "http://testserver/files/a.pdf",
                }
            ],
            "agreements": [],
            "editions": [{"number": 1, "live_from": "2024-03-01T12:00:00+08:00", "change_note": ""}],
            "link": "",
            "withdrawn": None,
            "body_markdown": "*One*",
            "body_html": "<p><em>One</em></p>",
        }
    ]


def test_agreements_tell_the_event_that_the_release_announces(client):
    agreement = Agreement.objects.create(slug="ksdpa", title="A digital agreement", instrument_type="treaty")
    edition = make_edition(permalink="/a/")
    edition.agreements.add(agreement)
    AgreementEvent.objects.create(
        agreement=agreement, kind="signed", date=NOON.date(), release=edition.release
    )
    approval.approve(edition, approver=make_user(), at=NOON)
    expected = [{"slug": "ksdpa", "title": "A digital agreement", "event": "signed"}]
    assert items(client, permalink="/a/")[0]["agreements"] == expected


def test_hidden_releases_are_not_told(client):
    make_edition(permalink="/draft/")
    make_scheduled(permalink="/later/", live_from=dt.datetime(2999, 1, 1, tzinfo=dt.UTC))
    assert items(client) == items(client, permalink="/draft/") == items(client, permalink="/later/") == []


def test_a_list_has_texts_where_they_are_asked_for(client):
    make_live(permalink="/a/", body="*One*")
    assert not {"body_markdown", "body_html"} & set(items(client)[0])
    assert (
        items(client, body="yes")[0]["body_markdown"]
        == "*One*"
        == items(client, permalink="/a/")[0]["body_markdown"]
    )


@pytest.mark.parametrize(
    "query, said",
    [
        (
            {"q": "scam"},
            "no parameter “q”. Use: permalink, section, agency, kind, from, to, before, limit, body.",
        ),
        ({"limit": "0"}, "from 1 to 100"),
        ({"limit": "101"}, "from 1 to 100"),
        ({"limit": "0000000019999"}, "from 1 to 100"),
        ({"limit": "two"}, "from 1 to 100"),
        ({"kind": "speach"}, "Use one of: press-release, "),
        ({"body": "no"}, "can only be yes"),
        ({"before": "x"}, "no such position"),
    ],
)
def test_a_mistyped_question_is_told_what_can_be_asked(client, query, said):
    response = client.get("/api/releases", query)
    assert response.status_code == 400 and said in response.json()["detail"]


def test_kinds_and_the_length_of_a_page_can_be_chosen(client):
    for kind in ("press-release", "speech", "speech"):
        make_live(title=kind, kind=kind)
    assert [item["kind"] for item in items(client, kind="speech")] == ["speech", "speech"]
    assert len(items(client, limit="2")) == 2


def test_agencies_and_agreements_are_listed_with_their_addresses(client):
    pact = Agreement.objects.create(slug="pact", title="The pact", instrument_type="treaty")
    Agreement.objects.create(slug="secret", title="Secret", instrument_type="treaty")
    AgreementEvent.objects.create(agreement=pact, kind="signed", date="2024-03-01", public_from=NOON)
    make_live(release_date=dt.date(2024, 3, 1))
    make_agency("none", "Without a release", "NONE")
    (agency,) = client.get("/api/agencies").json()["items"]
    assert agency == {
        "slug": "mti",
        "url": "http://testserver/agencies/mti/",
        "name": "Ministry of Trade and Industry",
        "acronym": "MTI",
        "kind": "other",
        "active": True,
        "releases": 1,
        "latest": "2024-03-01",
    }
    (agreement,) = client.get("/api/agreements").json()["items"]
    assert (agreement["slug"], agreement["status"], agreement["signed_on"]) == (
        "pact",
        "signed",
        "2024-03-01",
    )
    assert client.get(agreement["data"]).json()["slug"] == "pact"
    assert client.get("/api/agencies?page=2").status_code == 400


def test_the_first_page_leads_to_the_others_and_to_a_page_for_people(client):
    places = client.get("/api/").json()
    assert {client.get(place).status_code for place in places.values()} == {200}
    make_live(permalink="/a b/")
    page = client.get("/open-data/").content.decode()
    assert "http://localhost:8000/a%20b/</pre>" in page and 'href="/api/releases"' in page


def test_filters_by_section_and_agency(client):
    agency = make_agency("nea", "National Environment Agency", "NEA")
    make_live(title="By MTI")
    make_live(title="By NEA", issuers=[agency])
    make_live(title="A speech", section=make_section("/news/speeches/", "Speeches"))
    assert [item["title"] for item in items(client, agency="nea")] == ["By NEA"]
    assert [item["title"] for item in items(client, section="/news/speeches/")] == ["A speech"]
    assert items(client, agency="nobody") == []


def test_what_any_of_several_agencies_issued_is_told_once(client):
    both = [make_agency("mti", "Trade", "MTI"), make_agency("imda", "Media", "IMDA")]
    make_live(title="Joint", issuers=both, release_date=dt.date(2024, 1, 3))
    make_live(title="One", issuers=both[1:], release_date=dt.date(2024, 1, 2))
    make_live(
        title="Other", issuers=[make_agency("csa", "Security", "CSA")], release_date=dt.date(2024, 1, 1)
    )
    assert [one["title"] for one in items(client, agency=["mti", "imda", "mti"])] == ["Joint", "One"]
    assert [one["title"] for one in items(client, agency="")] == ["Joint", "One", "Other"]
    refused = client.get("/api/releases", {"agency": [str(number) for number in range(11)]})
    assert refused.status_code == 400 and "10 times" in refused.json()["detail"]


def test_a_page_has_twenty_and_the_position_of_the_next(client):
    for number in range(25):
        make_live(title=f"{number}")
    first = client.get("/api/releases").json()
    second = client.get("/api/releases", {"before": first["older"]}).json()
    titles = [item["title"] for item in first["items"] + second["items"]]
    assert (len(first["items"]), len(second["items"]), second["older"]) == (20, 5, "")
    assert titles == [f"{number}" for number in range(24, -1, -1)]


@pytest.mark.parametrize("number", [1, 15])
def test_the_list_takes_one_query(client, number):
    for _ in range(number):
        make_live(annexes=[("/files/a.pdf", b"%PDF-1"), ("/files/b.pdf", b"%PDF-2")])
    with CaptureQueriesContext(connection) as captured:
        assert len(items(client)) == number
    assert len(captured) == 1


def test_bad_questions_get_an_answer_in_json(client):
    assert client.get("/api/releases", {"before": "x"}).status_code == 400
    assert client.get("/api/nothing").json() == {"detail": "Not found."}
    assert client.get("/api/releases", {"permalink": "a\x00b"}).json()["items"] == []
    assert client.post("/api/releases").status_code == 405


@pytest.mark.parametrize("path", ["/api/releases", "/api/releases?before=x", "/api/nothing"])
def test_caches_ask_again_each_time(client, path):
    assert client.get(path)["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/api/", "/api/releases", "/api/agencies", "/api/agreements"])
def test_what_can_only_be_read_says_so_in_json(client, path):
    make_live()
    for method in ("post", "put", "patch", "delete", "options"):
        refused = getattr(client, method)(path)
        assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD")
        assert refused.json() == {"detail": "This address can only be read. Use GET."}
    assert client.head(path).status_code == 200


def test_the_address_without_its_slash_leads_on(client):
    reply = client.get("/api")
    assert (reply.status_code, reply["Location"]) == (301, "/api/")


def test_releases_between_two_days(client):
    for month in (1, 2, 3):
        make_live(title=str(month), release_date=dt.date(2024, month, 28))
    assert [one["title"] for one in items(client, **{"from": "2024-02"})] == ["3", "2"]
    assert [one["title"] for one in items(client, **{"from": "28/1/2024", "to": "2024-02"})] == ["2", "1"]
    refused = client.get("/api/releases?to=2024-02-30")
    assert refused.status_code == 400 and "“to” is a day such as 2024-12-31" in refused.json()["detail"]
