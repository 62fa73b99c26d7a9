"""The data blocks of pages say only what schema.org's vocabulary knows, of the types for which it knows
it."""

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from django.utils import timezone

from releases.models import Agreement, AgreementEvent, AgreementText, Mention, Party
from releases.services.publishing import approval, takedown
from tests.factories import (
    make_agency,
    make_live,
    make_next,
    make_section,
    make_user,
)

pytestmark = pytest.mark.django_db
VOCABULARY = json.loads((Path(__file__).parents[1] / "schema_org.json").read_text())
DATES = ("datePublished", "dateModified", "expires")
ADDRESSES = ("url", "contentUrl", "item", "@id")


def kinds(name):
    """A type and all that it is a kind of."""
    return {name}.union(*map(kinds, VOCABULARY["types"][name][0]))


def problems(block):
    name = block.get("@type")
    if name not in VOCABULARY["types"]:
        return [f"no type {name}"]
    known = {word for kind in kinds(name) for word in VOCABULARY["types"][kind][1].split()}
    found = [f"{name} has no {key}" for key in block if not key.startswith("@") and key not in known]
    for key, value in block.items():
        for one in value if isinstance(value, list) else [value]:
            found += _nested(key, one) if isinstance(one, dict) else _plain(key, one)
    return found


def _nested(key, block):
    allowed = VOCABULARY["values"].get(key, [])
    right = block.get("@type") in VOCABULARY["types"] and kinds(block["@type"]) & set(allowed)
    return problems(block) if right else [f"{key} takes no {block.get('@type')}"]


def _plain(key, value):
    if value in (None, "", []):
        return [f"{key} is empty"]
    if key in DATES and not (
        re.fullmatch(r"\d{4}-\d\d-\d\d", value) or dt.datetime.fromisoformat(value).tzinfo
    ):
        return [f"{key} is {value}"]
    return [f"{key} is {value}"] if key in ADDRESSES and not value.startswith("http://testserver/") else []


def block_of(client, path):
    page = client.get(path).content.decode()
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    return json.loads(text)


@pytest.fixture
def newsroom():
    """A joint release on an agreement, corrected, translated, with an annex; the agreement has a text."""
    section = make_section("/news/press/", "Press", parent=make_section("/news/", "News"))
    mti, none = make_agency(), make_agency("office", "Office without an acronym", "")
    english = make_live(
        section=section,
        permalink="/en/",
        title="Title",
        summary="Summary",
        issuers=[mti, none],
        annexes=[("/files/a b.pdf", b"%PDF-1 a", "Annex A", "")],
    )
    other = make_live(permalink="/中/", title="标题", language="zh-Hans")
    type(other.release).objects.filter(pk=other.release_id).update(
        translation_group=english.release.translation_group
    )
    pact = Agreement.objects.create(slug="pact", title="Pact", acronyms=["PCT"], instrument_type="treaty")
    Party.objects.create(agreement=pact, country="SG")
    Mention.objects.create(agreement=pact, release=english.release)
    AgreementEvent.objects.create(
        agreement=pact, kind="signed", date=dt.date(2024, 3, 1), release=english.release
    )
    AgreementText.objects.create(agreement=pact, blob=english.annexes.get().blob)
    draft = make_next(english, at=timezone.now(), change_note="A figure was wrong.")
    return approval.approve(draft, approver=make_user(), at=timezone.now())


@pytest.mark.parametrize(
    "path", ["/", "/en/", "/中/", "/agreements/pact/", "/releases/?q=title", "/news/press/", "/agencies/mti/"]
)
def test_every_property_is_one_of_its_type(client, newsroom, path):
    block = block_of(client, path)
    assert block["@context"] == "https://schema.org"
    assert problems(block) == []


SHARED = ("description", "og:description", "og:type", "og:title", "og:url", "og:site_name", "twitter:card")


@pytest.mark.parametrize(
    "path", ["/", "/en/", "/releases/", "/releases/?q=title", "/news/press/", "/agencies/mti/"]
)
def test_a_link_to_a_page_can_be_shown_with_what_it_is(client, newsroom, path):
    page = client.get(path, headers={"Host": "localhost"}).content.decode()
    told = dict(re.findall(r'<meta\s+(?:name|property)="([^"]*)"\s+content="([^"]*)"', page))
    assert [name for name in SHARED if not told.get(name)] == []
    (canonical,) = re.findall(r'<link\s+rel="canonical"\s+href="([^"]*)"', page)
    assert canonical == told["og:url"] == f"http://localhost:8000{path}"


def test_a_release_is_shared_with_its_first_picture(client):
    make_live(
        permalink="/r/", body_html='<p><img src="/images/a%20b.png" alt="A"><img src="/c.png" alt="C"></p>'
    )
    page = client.get("/r/").content.decode()
    assert '<meta property="og:image" content="http://localhost:8000/images/a%20b.png">' in page
    assert 'content="summary_large_image"' in page


def test_a_release_says_who_what_when_and_where_it_stands(client, newsroom):
    block = block_of(client, "/en/")
    assert [agency["name"] for agency in block["author"]] == [
        "Ministry of Trade and Industry",
        "Office without an acronym",
    ]
    assert block["publisher"]["url"] == "http://testserver/agencies/mti/"
    assert (block["version"], block["correction"]) == (2, "A figure was wrong.")
    assert block["workTranslation"][0]["inLanguage"] == "zh-Hans"
    crumbs = block["mainEntityOfPage"]["breadcrumb"]["itemListElement"]
    assert [(one["position"], one["name"]) for one in crumbs] == [(1, "Home"), (2, "News"), (3, "Press")]
    assert "creativeWorkStatus" not in block
    takedown.withdraw(newsroom.release, actor=make_user(), reason="Wrong", at=timezone.now())
    assert block_of(client, "/en/")["creativeWorkStatus"] == "Withdrawn"


@pytest.mark.parametrize(
    "wrong",
    [
        {"@type": "NewsArticle", "headLine": "GOV.UK writes it so"},
        {"@type": "NewsArticle", "sha256": "of a MediaObject"},
        {"@type": "PressRelease"},
        {"@type": "NewsArticle", "author": {"@type": "MediaObject"}},
        {"@type": "NewsArticle", "author": [{"@type": "GovernmentOrganization", "headline": "x"}]},
        {"@type": "NewsArticle", "datePublished": "2024-03-01T12:00:00"},
        {"@type": "NewsArticle", "url": "/a/"},
        {"@type": "NewsArticle", "description": ""},
    ],
)
def test_what_the_vocabulary_does_not_know_is_noticed(wrong):
    assert problems(wrong)
