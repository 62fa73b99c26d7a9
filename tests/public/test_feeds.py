import datetime as dt
import re
from xml.etree import ElementTree as ET

import pytest
from django.utils import timezone

from releases.content.markdown import render
from releases.models import Agreement, Mention
from releases.services.publishing import approval, takedown
from releases.services.publishing.erasure import erase_release
from tests.factories import (
    NOON,
    make_agency,
    make_edition,
    make_live,
    make_next,
    make_scheduled,
    make_section,
    make_user,
)
from tests.validity import (
    ATOM,
    NEWS,
    SITEMAP,
    TAG,
    atom_problems,
    json_feed_problems,
    sitemap_problems,
)

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
FILTERS = [
    "",
    "?agency=mti",
    "?section=news/press-releases",
    "?agreement=pact",
    "?q=herring",
    "?kind=Press+release&year=2024",
    "?language=zh-Hans",
    "?annex=yes",
    "?q=nothing-at-all",
]


@pytest.fixture
def newsroom():
    """Whatever a feed may stumble over: joint issuers, odd paths, markup and control characters, Chinese,
    corrections."""
    mti, imda = make_agency(), make_agency("imda", "Infocomm Media Development Authority", "IMDA")
    make_section(parent=make_section("/news/", "News"))
    herring = make_live(
        title="Joint <herring> & cod\x0b",
        permalink="/a b/'&:/",
        issuers=[mti, imda],
        summary="Fish & <b>chips</b>",
        release_date=dt.date(2024, 2, 29),
        annexes=[("/files/a b.pdf", b"%PDF-1 a", "Annex A", "Figures & <facts>")],
    )
    make_edition(
        title="数字经济",
        permalink="/新闻/",
        language="zh-Hans",
        body_html="<p>发展 𝒜</p>",
        issuers=[],
        origin="import",
        state="approved",
        digest="0" * 64,
        live_from=NOON,
        first_live_at=NOON,
    )
    fresh = make_live(title="Fresh & new", at=timezone.now() - HOUR, release_date=timezone.localdate())
    pact = Agreement.objects.create(slug="pact", title="The pact", instrument_type="treaty")
    Mention.objects.create(agreement=pact, release=herring.release)
    draft = make_next(fresh, at=timezone.now(), title="Fresher", change_note="A word was missing.")
    return approval.approve(draft, approver=make_user(), at=timezone.now())


def atom(client, path="/releases/feed.atom", **asked):
    response = client.get(path, asked)
    assert response.status_code == 200
    assert atom_problems(response.content) == []
    return ET.fromstring(response.content)


def links(part):
    return {link.get("rel"): link.get("href") for link in part.findall(f"{ATOM}link")}


@pytest.mark.parametrize("asked", FILTERS)
def test_every_feed_is_valid(client, newsroom, asked):
    response = client.get(f"/releases/feed.atom{asked}")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert atom_problems(response.content) == []
    response = client.get(f"/releases/feed.json{asked}")
    assert response["Content-Type"] == "application/feed+json; charset=utf-8"
    assert json_feed_problems(response.json()) == []


def test_an_entry_tells_who_issued_what_and_when(client, newsroom):
    entries = atom(client, agency="imda").findall(f"{ATOM}entry")
    (entry,) = entries
    assert entry.findtext(f"{ATOM}title") == "Joint <herring> & cod"
    assert entry.findtext(f"{ATOM}summary") == "Fish & <b>chips</b>"
    names = [author.findtext(f"{ATOM}name") for author in entry.findall(f"{ATOM}author")]
    assert names == ["Ministry of Trade and Industry", "Infocomm Media Development Authority"]
    assert links(entry) == {
        "alternate": "http://testserver/a%20b/'&:/",
        "enclosure": "http://testserver/files/a%20b.pdf",
    }
    (item,) = client.get("/releases/feed.json?agency=imda").json()["items"]
    assert item["id"] == entry.findtext(f"{ATOM}id")
    assert item["attachments"][0]["title"] == "Annex A: Figures & <facts>"


def test_a_feed_has_the_whole_text_with_whole_addresses(client):
    body = (
        '<p>See <a href="/files/a%20b.pdf">A</a>, <a href="#fn:1">1</a>, <a href="https://example.org/">O</a></p>'
        '<p><img src="/c.png" alt="C"></p><iframe src="https://www.youtube-nocookie.com/embed/abc"></iframe>'
    )
    make_live(permalink="/a b/", body_html=body)
    make_live(
        permalink="/f/",
        title="A link",
        form="link",
        link_url="https://example.org/",
        body_html="",
        lead_text="",
    )
    file, text = atom(client).findall(f"{ATOM}entry")
    assert file.find(f"{ATOM}content") is None and text.find(f"{ATOM}content").get("type") == "html"
    told, item = client.get("/releases/feed.json").json()["items"]
    assert json_feed_problems(client.get("/releases/feed.json").json()) == []
    assert told["content_text"] == "A link" and "content_text" not in item
    assert item["content_html"] == text.findtext(f"{ATOM}content")
    for address in ("/files/a%20b.pdf", "/a%20b/#fn:1", "/c.png"):
        assert f'"http://testserver{address}"' in item["content_html"]
    assert "<iframe" not in item["content_html"] and 'href="https://example.org/"' in item["content_html"]
    assert item["image"] == "http://testserver/c.png"


@pytest.mark.parametrize(
    ("target", "address"), [("//[x", "//%5Bx"), ("//elsewhere.example/", "//elsewhere.example/")]
)
def test_no_link_of_a_text_spoils_the_feed(client, target, address):
    body = f'[here]({target}) <img src="//[x" alt="A">'
    make_live(body=body, body_html=render(body))
    told = client.get("/releases/feed.json").json()["items"][0]["content_html"]
    assert f'<a href="https:{address}"' in told
    assert client.get("/releases/feed.atom").status_code == 200


@pytest.mark.parametrize(
    "wrong",
    ["kind=speach", "agency=nosuch", "section=news/x", "year=20x4", "language=fr", "kind=speach&agency=mti"],
)
def test_a_feed_of_a_mistyped_value_is_none(client, newsroom, wrong):
    for path in ("/releases/feed.atom", "/releases/feed.json"):
        assert client.get(f"{path}?{wrong}").status_code == 404
        assert client.get(f"{path}?agency=mti&language=zh-Hans&q=nothing").status_code == 200


def test_days_in_feeds_and_maps_are_those_of_the_newsroom(client):
    evening = dt.datetime(2024, 5, 8, 17, tzinfo=dt.UTC)
    make_live(at=evening, release_date=dt.date(2024, 5, 9))
    (item,) = client.get("/releases/feed.json").json()["items"]
    assert item["date_published"] == "2024-05-09T01:00:00+08:00"
    assert atom(client).findtext(f"{ATOM}updated") == "2024-05-09T01:00:00+08:00"
    assert b"2024-05-09T01:00:00+08:00</lastmod>" in client.get("/sitemap-2024-05.xml").content


@pytest.mark.parametrize(
    "path, asked",
    [
        ("/agencies/mti/", "agency=mti"),
        ("/news/press-releases/", "section=news%2Fpress-releases"),
        ("/releases/?q=herring", "q=herring"),
        ("/agreements/pact/", "agreement=pact"),
    ],
)
def test_a_page_of_releases_can_be_followed(client, newsroom, path, asked):
    page = client.get(path).content.decode()
    for kind in ("atom", "json"):
        assert f'href="/releases/feed.{kind}?{asked}"' in page


def test_an_id_stays_when_the_release_moves(client, settings):
    settings.SITE_URL = "https://press.example.sg"
    first = make_live(permalink="/新/a b/", release_date=dt.date(2024, 3, 1))
    wanted = "tag:press.example.sg,2024-03-01:/%E6%96%B0/a%20b/"
    assert atom(client).findtext(f"{ATOM}entry/{ATOM}id") == wanted and TAG.fullmatch(wanted)
    draft = make_next(first, at=timezone.now())
    moved = make_edition(permalink="/b/", release=first.release, number=9)
    type(draft).objects.filter(pk=draft.pk).update(address=moved.address)
    type(moved).objects.filter(pk=moved.pk).delete()
    draft.refresh_from_db()
    approval.approve(draft, approver=make_user(), at=timezone.now())
    entry = atom(client).find(f"{ATOM}entry")
    assert links(entry)["alternate"] == "http://testserver/b/"
    assert entry.findtext(f"{ATOM}id") == wanted
    assert entry.findtext(f"{ATOM}updated") > entry.findtext(f"{ATOM}published")


def test_the_pages_of_a_feed_hold_every_release_once(client):
    for number in range(65):
        make_live(title=f"Herring {number}", release_date=dt.date(2024, 1, 1) + dt.timedelta(number // 2))
    seen, page, ids = [], "/releases/feed.atom?q=herring", set()
    while page:
        feed = atom(client, page)
        seen += [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
        ids.add(feed.findtext(f"{ATOM}id"))
        found = links(feed)
        assert found["first"] == "http://testserver/releases/feed.atom?q=herring"
        page = found.get("next", "").removeprefix("http://testserver")
    assert len(seen) == len(set(seen)) == 65 and len(ids) == 1
    items, page = [], "/releases/feed.json?q=herring"
    while page:
        feed = client.get(page).json()
        assert json_feed_problems(feed) == []
        items += [item["id"] for item in feed["items"]]
        page = feed.get("next_url", "").removeprefix("http://testserver")
    assert items == seen
    assert client.get("/releases/feed.atom?before=x").status_code == 404


def test_a_feed_is_called_by_names_and_betrays_none(client, newsroom):
    make_agency("secret", "Ministry of Secrets", "MOS")
    Agreement.objects.create(slug="secret", title="Secret pact", instrument_type="treaty")
    titles = {
        asked: atom(client, f"/releases/feed.atom{asked}").findtext(f"{ATOM}title") for asked in FILTERS[:5]
    }
    assert list(titles.values()) == [
        "Press Room",
        "Press Room: Ministry of Trade and Industry",
        "Press Room: Press releases",
        "Press Room: The pact",
        "Press Room: herring",
    ]
    for asked in ("agency=secret", "agreement=secret"):
        assert client.get(f"/releases/feed.atom?{asked}").status_code == 404
        assert b"Ministry of Secrets" not in client.get(f"/releases/feed.atom?{asked}").content
        assert b"Secret pact" not in client.get(f"/releases/feed.json?{asked}").content


@pytest.mark.parametrize(
    "path", ["/releases/feed.atom", "/releases/feed.json", "/sitemap.xml", "/sitemap-2024-02.xml"]
)
def test_a_reader_that_has_it_gets_304(client, newsroom, path):
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    if "Last-Modified" in first:
        assert client.get(path, headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    make_live(title="Newer", at=timezone.now() + HOUR * 0, release_date=dt.date(2024, 2, 1))
    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_withdrawal_is_news_for_who_asks_by_time(client, newsroom):
    make_live(title="Wrong", at=NOON)
    old = client.get("/releases/feed.atom?year=2024")
    withdrawn = make_live(title="Gone", at=NOON).release
    takedown.withdraw(withdrawn, actor=make_user(), reason="Wrong", at=timezone.now())
    new = client.get("/releases/feed.atom?year=2024", headers={"If-Modified-Since": old["Last-Modified"]})
    assert new.status_code == 200 and b"Gone" not in new.content


def test_what_becomes_of_a_draft_changes_no_feed(client):
    make_live()
    asked = client.get("/releases/feed.atom")
    erase_release(make_edition().release, actor=make_user(), reason="Not ours", at=timezone.now())
    assert client.get("/releases/feed.atom").headers == asked.headers


def test_nothing_to_come_changes_a_feed_before_its_time(client, newsroom):
    paths = [
        "/releases/feed.atom",
        "/releases/feed.json",
        "/sitemap.xml",
        "/sitemap-pages.xml",
        "/sitemap-news.xml",
        "/feeds/",
    ]
    before = {path: client.get(path).content for path in paths}
    make_scheduled(
        title="Zeppelin",
        live_from=timezone.now() + HOUR,
        issuers=[make_agency("moz", "Ministry of Zeppelins", "MOZ")],
        release_date=dt.date(2031, 1, 1),
    )
    assert {path: client.get(path).content for path in paths} == before
    assert client.get("/sitemap-2031-01.xml").status_code == 404


def test_the_page_of_feeds_leads_to_every_feed(client, newsroom):
    page = client.get("/feeds/").content.decode()
    for asked in (
        "agency=mti",
        "agency=imda",
        "section=news%2Fpress-releases",
        "agreement=pact",
        "language=zh-Hans",
    ):
        for kind in ("atom", "json"):
            assert f'href="/releases/feed.{kind}?{asked}"' in page
    assert "Simplified Chinese" in page
    for target in set(re.findall(r'href="(/releases/feed[^"]+)"', page)):
        assert client.get(target.replace("&amp;", "&")).status_code == 200


def test_every_sitemap_is_valid(client, newsroom):
    index = client.get("/sitemap.xml").content
    assert sitemap_problems(index, host="testserver") == []
    named = [entry.findtext(f"{SITEMAP}loc") for entry in ET.fromstring(index)]
    today = timezone.localdate()
    assert named == [
        f"http://testserver/sitemap-{name}.xml" for name in ("pages", f"{today:%Y-%m}", "2024-03", "2024-02")
    ]
    found = []
    for place in named:
        document = client.get(place.removeprefix("http://testserver")).content
        assert sitemap_problems(document, host="testserver") == []
        found += [entry.findtext(f"{SITEMAP}loc") for entry in ET.fromstring(document)]
    assert len(found) == len(set(found))
    for path in ("a%20b/'&:/", "%E6%96%B0%E9%97%BB/", "agencies/mti/", "agreements/pact/", "news/", ""):
        assert f"http://testserver/{path}" in found
    for path in found:
        assert client.get(path.removeprefix("http://testserver")).status_code == 200
    assert (
        client.get("/sitemap-2024-13.xml").status_code
        == client.get("/sitemap-0000-01.xml").status_code
        == 404
    )


def test_the_news_sitemap_holds_two_days(client, newsroom):
    make_live(title="新", language="zh-Hans", at=timezone.now() - HOUR, release_date=timezone.localdate())
    document = client.get("/sitemap-news.xml").content
    assert sitemap_problems(document, host="testserver", now=timezone.now()) == []
    told = [
        (news.findtext(f"{NEWS}title"), news.findtext(f"{NEWS}publication/{NEWS}language"))
        for news in ET.fromstring(document).iter(f"{NEWS}news")
    ]
    assert told == [("新", "zh-cn"), ("Fresher", "en")]


def test_an_empty_newsroom_has_valid_feeds_and_sitemaps(client):
    assert len(atom(client).findall(f"{ATOM}entry")) == 0
    assert client.get("/releases/feed.atom").content == client.get("/releases/feed.atom").content
    assert json_feed_problems(client.get("/releases/feed.json").json()) == []
    for path in ("/sitemap.xml", "/sitemap-pages.xml", "/sitemap-news.xml"):
        assert sitemap_problems(client.get(path).content, host="testserver", now=timezone.now()) == []
    assert b"Sitemap: http://testserver/sitemap.xml" in client.get("/robots.txt").content


def test_an_address_that_no_sitemap_can_hold_is_left_out(client):
    make_live(permalink=f"/{'新' * 300}/")
    make_live(permalink="/short/")
    document = client.get("/sitemap-2024-03.xml").content
    assert sitemap_problems(document, host="testserver") == []
    assert b"/short/" in document and document.count(b"<loc>") == 1
