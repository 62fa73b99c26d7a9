import pytest
from django.urls import reverse

from releases.models import Agreement
from tests.factories import make_agency, make_edition, make_live, make_member

pytestmark = pytest.mark.django_db
TARGETS, CLIPBOARD = "admin:releases_edition_link_targets", "admin:releases_edition_clipboard"


@pytest.fixture
def agency(client):
    agency = make_agency()
    client.force_login(make_member(agency, role="writer"))
    return agency


def find(client, **query):
    answer = client.get(reverse(TARGETS), query)
    return [(one["kind"], one["title"], one["address"]) for one in answer.json()["targets"]]


def test_links_lead_to_whatever_this_person_may_see(client, agency):
    make_live(title="Harbour news", permalink="/news/press-releases/harbour-news/")
    Agreement.objects.create(slug="harbour", title="Harbour Pact")
    other = make_agency("port", "Harbour Board", "HB")
    make_edition(title="Harbour secret", issuers=[other])
    make_edition(
        title="Mine", issuers=[agency], annexes=[("/files/2033/x y.pdf", b"%PDF", "Annex A", "Harbour map")]
    )
    found = find(client, q="harbour")
    assert ("Annex", "Annex A: Harbour map", "/files/2033/x%20y.pdf") in found
    assert ("Release", "Harbour news", "/news/press-releases/harbour-news/") in found
    assert ("Agency", "Harbour Board", "/agencies/port/") in found
    assert "Harbour secret" not in str(found)
    client.force_login(make_member(other, role="writer"))
    found = find(client, q="harbour")
    assert "Harbour secret" in str(found) and "Harbour map" not in str(found)


def test_without_words_the_annexes_of_the_release_are_offered(client, agency):
    edition = make_edition(issuers=[agency], annexes=[("/files/a.pdf", b"%PDF", "Annex A", "Map")])
    make_edition(issuers=[agency], annexes=[("/files/b.pdf", b"%PDF b", "Annex A", "Other")])
    assert find(client, edition=edition.pk) == [("Annex", "Annex A: Map", "/files/a.pdf")]
    assert find(client, edition="x") == find(client) == []


def test_a_piece_of_a_clipboard_comes_back_as_markdown(client, agency):
    html = "<p>It <b>opens</b> at <a href='https://example.org/'>A*STAR</a><img src='https://example.org/x.png' alt='Map'></p>"
    answer = client.post(reverse(CLIPBOARD), {"html": html})
    assert answer.json() == {
        "markdown": "It **opens** at [A\\*STAR](https://example.org/)\n",
        "left_out": ["Picture: Map"],
    }
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("html", ["", "<div>" * 80 + "x"])
def test_what_cannot_be_read_comes_back_in_words(client, agency, html):
    answer = client.post(reverse(CLIPBOARD), {"html": html})
    assert answer.status_code == 400 and answer.json()["error"].endswith(
        "plain text instead." if html else "plain text."
    )
