import datetime as dt
import errno
import re
from html import unescape
from urllib.parse import parse_qs

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from releases.models import Address, AgencyContact, Annex, Newsroom, PageText, Redirect, Release
from releases.services.publishing import approval, takedown
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
from tests.markup import tidy

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def queries(client, path, status=200):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == status
    return len(captured)


def many_agencies(number):
    return [make_agency(f"agency-{n}", f"Agency number {n}", f"A{n}") for n in range(number)]


def test_a_short_address_for_a_hidden_release_takes_the_queries_of_none(client):
    hidden = make_scheduled(live_from=timezone.now() + HOUR)
    short = Address.objects.create(path="/budget", kind="redirect")
    Redirect.objects.create(address=short, release=hidden.release, valid_from=NOON)
    assert queries(client, "/budget", 404) == queries(client, "/nothing", 404)


def test_a_release_page_shows_title_date_issuers_body_and_annexes(client):
    issuers = [make_agency(), make_agency("imda", "Infocomm Media Development Authority", "IMDA")]
    make_live(
        permalink="/news/a/",
        title="Rates & <rules>",
        issuers=issuers,
        release_date=dt.date(2023, 1, 13),
        body_html="<p>One <em>paragraph</em>.</p>",
        annexes=[("/files/a b.pdf", b"%PDF-1" * 400, "Annex A", "Key features")],
    )
    page = tidy(client.get("/news/a/"))
    assert page.count("<h1>Rates &amp; &lt;rules&gt;</h1>") == 1
    assert "Joint press release" in page
    assert "Ministry of Trade and Industry, Infocomm Media Development Authority" in page
    assert '<time datetime="2023-01-13">13 January 2023</time>' in page
    assert re.search(r'<div class="release-body">\s*<p id="g1">One <em>paragraph</em>.</p>\s*</div>', page)
    assert '<a href="/files/a%20b.pdf">Annex A: Key features</a>' in page
    assert "PDF · 2 KB" in page
    assert '<link rel="canonical" href="http://localhost:8000/news/a/">' in page


def test_previous_and_next_stay_in_the_section_and_in_order(client):
    other = make_section("/news/speeches/", "Speeches")
    day = dt.date(2024, 3, 1)
    for number, section in enumerate([None, None, None, other]):
        make_live(
            permalink=f"/r/{number}/",
            title=f"Number {number}",
            section=section,
            release_date=day + dt.timedelta(days=number),
        )
    page = tidy(client.get("/r/1/"))
    assert re.search(r'rel="prev" href="/r/0/"', page)
    assert re.search(r'rel="next" href="/r/2/"', page)
    assert 'rel="next"' not in tidy(client.get("/r/2/"))


def test_a_release_leads_to_others_of_its_lead_agency(client):
    lead = make_agency("imda", "Infocomm Media Development Authority", "IMDA")
    for number, issuers in enumerate([[lead], [lead, make_agency()], [make_agency(), lead]]):
        make_live(permalink=f"/r/{number}/", title=f"Number {number}", issuers=issuers)
    page = tidy(client.get("/r/0/"))
    more = page[page.index("Latest from IMDA") :].split("</ul>")[0]
    assert "Number 1" in more and "Number 2" not in more and "Number 0" not in more


def test_a_long_text_begins_with_its_contents(client):
    make_live(permalink="/r/", body_html='<h2 id="a">A &amp; b</h2><h2 id="c">C</h2><h3 id="d">D</h3>')
    page = tidy(client.get("/r/"))
    assert '<a href="#a">A &amp; b</a>' in page and '<li class="h3"><a href="#d">D</a>' in page


def test_more_than_twenty_annexes_are_folded(client):
    files = [(f"/files/{number}.pdf", b"%PDF-1.4", f"Annex {number}", "A") for number in range(23)]
    make_live(permalink="/r/", annexes=files[:20])
    make_live(permalink="/s/", annexes=files)
    assert "more annex" not in tidy(client.get("/r/"))
    page = tidy(client.get("/s/"))
    shown, folded = page.split("Show 3 more annexes")
    assert (shown.count("<h3>"), folded.count("<h3>")) == (20, 3) and "Annexes (23)" in page


def test_the_heading_of_the_latest_releases_has_the_name_of_today(client):
    agency = make_agency("mci", "Ministry of Communications", "MCI")
    for number in (1, 2):
        make_live(permalink=f"/r/{number}/", issuers=[agency])
    agency.names.create(name="Ministry of Digital Development", acronym="MDDI", valid_from="2024-07-08")
    agency.names.create(name="A name to come", acronym="SOON", valid_from="2999-01-01")
    page = tidy(client.get("/r/1/"))
    assert "Latest from MDDI" in page and "Ministry of Communications" in page and "SOON" not in page


def test_a_release_tells_how_to_cite_a_paragraph(client):
    make_live(permalink="/r/", body_html="<ol><li>One</li></ol>")
    make_live(permalink="/s/", body_html="<p>One</p>")
    assert '<a href="#p1">#p1</a>' in tidy(client.get("/r/"))
    assert "To cite a paragraph" not in tidy(client.get("/s/"))


def test_a_link_to_a_file_that_nobody_has_says_so(client):
    files = [("/files/a b.pdf", b"%PDF-1.4", "Annex A", "A")]
    body = '<p><a href="/files/a%20b.pdf">A</a> <a href="/files/lost.pdf">Lost</a> <a href="/files/c.pdf">C</a></p>'
    make_live(permalink="/r/", body_html=body, annexes=files)
    make_live(permalink="/s/", annexes=[("/files/c.pdf", b"%PDF-1.4 c", "Annex C", "C")])
    page = tidy(client.get("/r/"))
    assert 'href="/files/a%20b.pdf">A</a>' in page and 'href="/files/c.pdf">C</a>' in page
    assert "/files/lost.pdf" not in page and "Lost <span" in page and "(file not available)" in page


def test_an_annex_without_text_tells_how_to_get_another_format(client):
    make_live(permalink="/r/", annexes=[("/files/a.pdf", b"%PDF-1.4", "Annex A", "A")])
    assert "Request another format" in tidy(client.get("/r/"))
    PageText.objects.create(blob=Annex.objects.get().blob, number=1, text="Words")
    assert "Request another format" not in tidy(client.get("/r/"))


def test_another_format_is_asked_for_at_an_address_that_somebody_reads(client):
    mti, imda = make_agency(), make_agency("imda", "Infocomm", "IMDA")
    make_live(
        permalink="/r/", issuers=[mti, imda], annexes=[("/files/a b.pdf", b"%PDF-1.4", "Annex A", "Q & A")]
    )
    assert "mailto:" not in tidy(client.get("/r/")) and "Ask the agency" in tidy(client.get("/r/"))
    assert "http://localhost:8000/files/a%20b.pdf</span>" in tidy(client.get("/r/")), "What to name."
    Newsroom.objects.create(pk=1, phone="6123 4567")
    assert 'Ask the newsroom for another format: <a href="/contact/">' in tidy(client.get("/r/"))
    AgencyContact.objects.create(agency=imda, name="Media", phone="6123 9999")
    assert '<a href="/agencies/imda/#site-contacts" lang="en">Infocomm</a>' in tidy(client.get("/r/"))
    Newsroom.objects.update(email="room@example.gov")
    assert "mailto:room@example.gov?" in tidy(client.get("/r/"))
    for slug in ("imda", "mti"):
        AgencyContact.objects.create(
            agency=make_agency(slug, slug, slug), name="Media", email=f"{slug}@example.gov"
        )
        assert f"mailto:{slug}@example.gov?" in tidy(client.get("/r/"))
    AgencyContact.objects.filter(email="mti@example.gov").update(valid_until="2024-01-01")
    (address,) = re.findall(r'href="mailto:([^"]*)"', client.get("/r/").content.decode())
    to, _, query = unescape(address).partition("?")
    asked = parse_qs(query)
    assert (to, asked["subject"]) == ("imda@example.gov", ["Another format of Annex A: Q & A"])
    assert "http://testserver/files/a%20b.pdf\r\nhttp://testserver/r/" in asked["body"][0]


def test_a_release_that_went_live_at_a_time_tells_it_with_its_zone(client):
    make_live(permalink="/news/a/", release_date=NOON.date())
    page = tidy(client.get("/news/a/"))
    assert '<time datetime="2024-03-01T12:00:00+08:00">1 March 2024, 12.00 p.m. Singapore time</time>' in page


def test_translations_lead_to_each_other_and_themselves(client):
    """hreflang counts only where both pages say it."""
    english = make_live(permalink="/en/", title="English")
    chinese = make_live(permalink="/zh/", title="中文", language="zh-Hans")
    Release.objects.filter(pk=chinese.release_id).update(translation_group=english.release.translation_group)
    for path in ("/en/", "/zh/"):
        page = tidy(client.get(path))
        assert '<link rel="alternate" hreflang="en" href="http://localhost:8000/en/">' in page
        assert '<link rel="alternate" hreflang="zh-Hans" href="http://localhost:8000/zh/">' in page


@pytest.mark.parametrize("number", [1, 30])
def test_a_release_page_takes_the_same_queries_whatever_its_length(client, number):
    make_live(
        permalink="/news/a/",
        issuers=many_agencies(number),
        annexes=[(f"/files/{n}.pdf", b"%PDF" + bytes([n])) for n in range(number)],
    )
    assert queries(client, "/news/a/") <= 12


@pytest.mark.parametrize("number", [1, 3, 30])
def test_lists_take_few_queries(client, number):
    """A section one less where it fills a page. One is for what stands around it, as above."""
    for _ in range(number):
        make_live(issuers=many_agencies(2), annexes=[("/files/a.pdf", b"%PDF-1")])
    assert queries(client, "/") == 6


def test_a_section_lists_its_releases_newest_first_with_all_issuers(client):
    day = dt.date(2024, 3, 1)
    make_live(title="Older", release_date=day, annexes=[("/files/a.pdf", b"%PDF-1")])
    make_live(title="Newer", release_date=day + dt.timedelta(days=1), issuers=many_agencies(3))
    make_live(title="A speech", section=make_section("/news/speeches/", "Speeches"))
    page = tidy(client.get("/news/press-releases/"))
    assert re.findall(r"<h3><a [^>]*>([^<]*)", page) == ["Newer", "Older"]
    assert "A0, A1, A2" in page
    assert "1 annex" in page


def test_a_withdrawn_release_shows_why_and_leaves_the_lists(client):
    edition = make_live(permalink="/news/a/", title="A mistaken figure")
    takedown.withdraw(edition.release, actor=make_user(), reason="The figures were wrong.", at=NOON + HOUR)
    page = tidy(client.get("/news/a/"))
    assert "This release was withdrawn on 1 March 2024, 1.00 p.m. Singapore time" in page
    assert "The figures were wrong." in page
    assert "A mistaken figure" not in tidy(client.get("/news/press-releases/"))


def test_a_removed_release_is_gone(client):
    edition = make_live(permalink="/news/a/")
    takedown.remove(edition.release, actor=make_user(), reason="Why", at=NOON + HOUR)
    response = client.get("/news/a/")
    assert response.status_code == 410
    assert "No longer published" in tidy(response)


def test_a_corrected_release_says_when_and_what(client):
    draft = make_next(make_live(permalink="/news/a/"), author=make_user(), at=NOON)
    draft.change_note = "Corrected the sum in paragraph 2."
    draft.save()
    approval.approve(draft, approver=make_user(), at=NOON + HOUR)
    page = tidy(client.get("/news/a/"))
    assert "Last updated" in page
    assert "1 March 2024, 1.00 p.m. Singapore time</time>: Corrected the sum in paragraph 2." in page


def test_a_link_only_release_is_a_page_that_leads_on(client):
    make_live(
        permalink="/news/a.html", form="link", link_url="https://www.example.org/story", body="", body_html=""
    )
    response = client.get("/news/a.html")
    assert response.status_code == 200
    assert '<a href="https://www.example.org/story">Read it on www.example.org</a>' in tidy(response)


def test_a_file_only_release_without_its_file_says_so(client):
    make_live(form="file", permalink="/lost/", body="", body_html="", annexes=[("/files/a.pdf", b"%PDF-1")])
    assert "is missing here" not in tidy(client.get("/lost/"))
    make_edition(
        form="file",
        permalink="/none/",
        body="",
        body_html="",
        issuers=[],
        origin="import",
        state="approved",
        digest="0" * 64,
        live_from=NOON,
        first_live_at=NOON,
    )
    assert "The file of this release is missing here." in tidy(client.get("/none/"))


def test_a_file_only_release_is_a_page_with_its_file(client):
    make_live(
        permalink="/news/a.html",
        form="file",
        body="",
        body_html="",
        annexes=[("/files/a.pdf", b"%PDF-1", "", "The release")],
    )
    page = tidy(client.get("/news/a.html"))
    assert "Read the release" in page
    assert '<a href="/files/a.pdf">The release</a>' in page


def test_a_release_is_given_as_json_or_markdown_where_that_is_asked_for(client):
    make_live(permalink="/news/a/", title="A title", body="1. *One*")
    as_json = client.get("/news/a/", headers={"Accept": "application/json"})
    as_markdown = client.get("/news/a/", headers={"Accept": "text/markdown"})
    assert as_json.json()["title"] == "A title"
    assert as_markdown["Content-Type"] == "text/markdown; charset=utf-8"
    assert as_markdown.content.decode() == (
        "# A title\n\n1 March 2024\\\nMinistry of Trade and Industry\\\n<http://testserver/news/a/>\n\n1. *One*"
    )
    assert "Accept" in as_json["Vary"]
    assert "<h1>A title</h1>" in tidy(client.get("/news/a/", headers={"Accept": "text/html,*/*;q=0.8"}))


def test_another_spelling_redirects_once_and_keeps_the_query(client):
    make_live(permalink="/News/a & b/")
    response = client.get("/news/A & b?x=1")
    assert (response.status_code, response["Location"]) == (301, "/News/a%20&%20b/?x=1")
    assert client.get("/News/a & b/").status_code == 200


def test_hidden_answers_byte_for_byte_as_what_never_was(client):
    make_scheduled(
        permalink="/news/secret/",
        live_from=timezone.now() + HOUR,
        at=timezone.now(),
        annexes=[("/files/secret.pdf", b"%PDF-1")],
    )
    make_edition(permalink="/news/draft/")
    never = client.get("/news/never/")
    assert never.status_code == 404
    for path in ("/news/secret/", "/news/secret", "/news/draft/", "/files/secret.pdf", "/NEWS/SECRET/"):
        for headers in ({}, {"Range": "bytes=0-1"}, {"If-None-Match": "*"}, {"Accept": "application/json"}):
            response = client.get(path, headers=headers)
            assert (response.status_code, response.content, dict(response.headers)) == (
                404,
                never.content,
                dict(never.headers),
            )


def test_hidden_takes_as_many_queries_as_what_never_was(client):
    make_scheduled(
        permalink="/news/secret/",
        live_from=timezone.now() + HOUR,
        at=timezone.now(),
        annexes=[("/files/secret.pdf", b"%PDF-1")],
    )
    taken = {
        path: queries(client, path, 404)
        for path in ("/news/secret/", "/files/secret.pdf", "/FILES/secret.PDF", "/files/never.pdf")
    }
    assert len(set(taken.values())) == 1


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_pages_are_only_read(client, method):
    make_live(permalink="/news/a/")
    for path in ("/", "/news/a/", "/news/nothing/"):
        assert getattr(client, method)(path).status_code == 405


def test_every_page_has_the_policy_and_its_language(client):
    make_live(permalink="/news/a/", language="ms")
    response = client.get("/news/a/")
    assert '<html lang="ms">' in tidy(response)
    for path, status in (("/", 200), ("/news/a/", 200), ("/nothing", 404)):
        response = client.get(path)
        assert response.status_code == status
        assert response["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")


def test_empty_lists_say_so(client):
    assert "There are no releases yet." in tidy(client.get("/"))
    make_section()
    assert "There are no releases here." in tidy(client.get("/news/press-releases/"))


def test_the_health_checks_answer(client):
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ok", "database": True, "store": True}


def test_a_store_that_is_missing_or_takes_no_byte_is_not_ready(client, settings, tmp_path, monkeypatch):
    def refuse(*arguments, **options):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("releases.public.health.tempfile.TemporaryFile", refuse)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["store"], answer.json()["database"]) == (503, False, True)
    monkeypatch.undo()
    settings.MEDIA_ROOT = tmp_path / "nowhere"
    assert client.get("/readyz").status_code == 503


@pytest.mark.parametrize(
    "body",
    [
        "<p>Fish are fewer.</p>",
        "<h2>A heading</h2>\n<p>Fish are fewer.</p>",
        "<p><strong>BOLD WORDS</strong></p>\n<p><em>Jointly issued by the A and the B</em></p>\n<p>Fish are fewer.</p>",
        "<p>A title. Fish are fewer.</p>",
    ],
)
def test_a_list_shows_how_a_text_begins_below_its_heads(client, body):
    make_live(title="A title", body_html=body)
    assert re.findall(r"<p>([^<]*)</p>", tidy(client.get("/news/press-releases/"))) == ["Fish are fewer."]


def test_a_page_without_a_summary_is_described_by_how_its_text_begins(client):
    make_live(permalink="/a/", body_html="<p>Mr Speaker, Sir,</p>\n<p>Fish are fewer.</p>")
    make_live(permalink="/b/", summary="On fish.", body_html="<p>Fish are fewer.</p>")
    for address, words in (("/a/", "Fish are fewer."), ("/b/", "On fish.")):
        page = client.get(address).content.decode()
        assert f'<meta name="description" content="{words}">' in page
        assert f'<meta property="og:description" content="{words}">' in page
        assert f'"description": "{words}"' in page or f'"description":"{words}"' in page


def test_a_text_of_heads_alone_is_shown_as_it_is(client):
    make_live(body_html="<h2>Only a heading</h2>")
    assert "<p>Only a heading</p>" in tidy(client.get("/news/press-releases/"))


def test_what_is_gone_tells_since_when_and_why(client):
    edition = make_live(permalink="/a/", title="Secret", annexes=[("/files/a.pdf", b"%PDF-1")])
    takedown.remove(edition.release, actor=make_user(), reason="It named a person.", at=NOON)
    for path in ("/a/", "/files/a.pdf"):
        response = client.get(path)
        page = response.content.decode()
        assert response.status_code == 410 and "Secret" not in page
        assert "removed on 1 March 2024, 12.00 p.m. Singapore time" in page and "It named a person." in page


def test_a_withdrawn_release_says_so_as_data_too(client):
    edition = make_live(permalink="/news/a/", body="A figure.")
    takedown.withdraw(edition.release, actor=make_user(), reason="The figures\nwere wrong.", at=NOON + HOUR)
    item = client.get("/news/a/", headers={"Accept": "application/json"}).json()
    assert item["withdrawn"] == {"since": "2024-03-01T13:00:00+08:00", "reason": "The figures\nwere wrong."}
    assert client.get("/api/releases?permalink=/news/a/").json()["items"] == [item]
    assert (
        client.get("/news/a/", headers={"Accept": "text/markdown"})
        .content.decode()
        .endswith(
            "<http://testserver/news/a/>\n\n> **This release was withdrawn on 1 March 2024, 1.00 p.m. Singapore time**\n>\n"
            "> The figures\n> were wrong.\n\nA figure."
        )
    )


def test_an_address_on_the_web_that_cannot_be_read_is_shown_as_it_is(client):
    make_live(permalink="/news/a/", form="link", link_url="https://[x")
    assert 'href="https://[x"' in tidy(client.get("/news/a/"))


@pytest.mark.parametrize(
    "target, asked, leads_to",
    [
        ("/:splat", "/old//evil.example/x", "/evil.example/x"),
        ("/:splat", "/old/a b", "/a%20b"),
        ("/releases/?q=tax", "/old/x", "/releases/?q=tax"),
        ("/releases/?q=tax#top", "/old/x?year=2024", "/releases/?q=tax&year=2024#top"),
        ("https://www.example.org/:splat", "/old//x?y=1", "https://www.example.org//x?y=1"),
    ],
)
def test_a_redirect_leads_where_its_target_says_and_nowhere_else(client, target, asked, leads_to):
    address = Address.objects.create(path="/old/*", kind="redirect")
    Redirect.objects.create(address=address, target=target, valid_from=NOON)
    response = client.get(asked)
    assert (response.status_code, response["Location"]) == (301, leads_to)


@pytest.mark.parametrize(
    "path, status",
    [
        (f"/releases/{'9' * 30}/history/", 404),
        (f"/releases/1/changes/{'9' * 30}/", 404),
        ("/releases/?year=0000", 200),
        ("/releases/?agency=%00&language=%00", 200),
        ("/api/releases?agency=%00&section=%00&permalink=%00", 200),
        ("/sitemap-0000-01.xml", 404),
    ],
)
def test_what_can_be_no_value_finds_nothing(client, path, status):
    assert client.get(path).status_code == status
