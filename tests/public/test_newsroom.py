"""What the newsroom says of itself: at the top and the foot of every page, and on pages of its own."""

import datetime as dt
from xml.etree import ElementTree as ET

import pytest
from django.urls import reverse

from releases.models import LedgerEntry, Newsroom
from releases.services.website.newsroom import find_frame
from tests.admin.browsing import sent
from tests.factories import NOON, make_agency, make_live, make_member, make_scheduled
from tests.markup import tidy

pytestmark = pytest.mark.django_db
SAID = {
    "name": "Ministry of Tides",
    "line": "News of the sea & the shore",
    "email": "press@tides.example",
    "phone": "+65 6123 4567",
    "about": "We *measure* tides.<script>alert(1)</script>",
    "terms": "Reuse it.",
    "licence": "Open Licence 1.0",
    "licence_url": "https://licence.example/1.0",
    "official_note": "An official website of Atlantis",
    "security_contact": "security@tides.example",
    "footer_links": "Careers at sea https://careers.example/\nArchive of old /archive/",
}


def test_nothing_has_to_be_said(client, settings):
    settings.SITE_NAME = "Press Room"
    page = tidy(client.get("/"))
    assert 'href="/">Press Room</a>' in page and "official" not in page
    for path in ("about", "contact", "privacy", "terms", ".well-known/security.txt"):
        assert client.get(f"/{path}/" if "." not in path else f"/{path}").status_code == 404
        assert f'href="/{path}/"' not in page


def test_what_is_said_stands_on_every_page_and_on_pages_of_its_own(client):
    Newsroom.objects.create(pk=1, **SAID)
    page = tidy(client.get("/"))
    for words in (
        'href="/">Ministry of Tides</a>',
        "News of the sea &amp; the shore</p>",
        "An official website of Atlantis",
        '<a href="https://careers.example/">Careers at sea</a>',
        '<a href="/archive/">Archive of old</a>',
        '<a rel="license" href="https://licence.example/1.0">Open Licence 1.0</a>',
        '<a href="/about/">About</a>',
        '<a href="/contact/">Contact</a>',
        '<a href="/terms/">Terms of use</a>',
    ):
        assert words in page, words
    assert 'href="/privacy/"' not in page and client.get("/privacy/").status_code == 404
    about = tidy(client.get("/about/"))
    assert "<em>measure</em>" in about and "<script" not in about
    contact = tidy(client.get("/contact/"))
    assert 'href="mailto:press@tides.example"' in contact and 'href="tel:+6561234567"' in contact


def test_a_page_of_the_old_site_wins(client):
    Newsroom.objects.create(pk=1, **SAID)
    make_live(permalink="/about/", title="What the old site said")
    assert "What the old site said" in tidy(client.get("/about/"))


def test_the_menu_leads_to_nothing_that_is_empty():
    later = NOON + dt.timedelta(hours=1)
    make_scheduled(live_from=later)
    assert not find_frame(NOON).has_releases and find_frame(later).has_releases
    assert not find_frame(later).has_agreements


def test_a_hole_in_security_is_reported_to_who_wants_to_know(client):
    Newsroom.objects.create(pk=1, **SAID)
    told = client.get("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in told.content.decode().splitlines())
    assert told["Content-Type"] == "text/plain; charset=utf-8"
    assert fields["Contact"] == "mailto:security@tides.example"
    expires = dt.datetime.fromisoformat(fields["Expires"])
    assert dt.timedelta(170) < expires - dt.datetime.now(dt.UTC) < dt.timedelta(365)


def test_a_browser_searches_from_its_address_bar(client):
    Newsroom.objects.create(pk=1, **SAID)
    assert 'type="application/opensearchdescription+xml"' in tidy(client.get("/"))
    root = ET.fromstring(client.get("/opensearch.xml").content)
    names = {element.tag.partition("}")[2]: element for element in root}
    assert names["ShortName"].text == "Ministry of Tide"
    assert names["Url"].get("template") == "http://testserver/releases/?q={searchTerms}"
    assert client.get("/favicon.ico")["Location"].endswith("favicon.ico")


def test_an_administrator_of_the_owner_says_it_and_the_ledger_keeps_who(client, settings):
    owner, settings.SITE_AGENCY = make_agency(), "mti"
    page = reverse("admin:releases_newsroom_changelist")
    client.force_login(make_member(make_agency("imda", "An authority", "IMDA"), role="administrator"))
    foreign = client.get(page, follow=True)
    assert 'name="_save"' not in foreign.content.decode()
    assert client.post(foreign.redirect_chain[-1][0], {"name": "Theirs"}).status_code == 403
    client.force_login(make_member(owner, role="administrator"))
    form = client.get(page, follow=True)
    lines = "Careers https://careers.example/\nNo address"
    wrong = client.post(form.redirect_chain[-1][0], sent(form, footer_links=lines, name="Tides"))
    assert "“No address” needs words and then an address" in wrong.content.decode()
    client.post(form.redirect_chain[-1][0], sent(form, footer_links=lines.split("\n")[0], name="Tides"))
    assert Newsroom.objects.get().name == "Tides"
    assert "Careers" in tidy(client.get("/"))
    assert LedgerEntry.objects.filter(subject="newsroom Tides").exists()
