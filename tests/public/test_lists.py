import datetime as dt
import json
import re
from functools import cache

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from releases.models import Agency, Agreement, Edition
from releases.public import lists
from releases.services.editions import listings
from releases.services.publishing import approval, takedown
from releases.services.search import candidates, facets, index_blob, results
from releases.services.website import lists as website_lists
from tests.factories import (
    NOON,
    SINGAPORE,
    make_agency,
    make_blob,
    make_edition,
    make_live,
    make_many,
    make_next,
    make_scheduled,
    make_section,
    make_user,
)
from tests.markup import tidy

pytestmark = pytest.mark.django_db


def text(response):
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


@pytest.fixture
def newsroom():
    mti, imda = make_agency(), make_agency("imda", "Infocomm Media Development Authority", "IMDA")
    first = make_live(
        title="Joint herring",
        permalink="/a/",
        issuers=[mti, imda],
        release_date=dt.date(2023, 1, 13),
        body_html="<p>Fish</p>",
        annexes=[("/files/a b.pdf", b"%PDF-1 a", "Annex A", "Figures")],
    )
    make_live(
        title="Alone",
        permalink="/b/",
        issuers=[imda],
        release_date=dt.date(2024, 2, 1),
        body_html="<p>Cod</p>",
    )
    return first


def test_a_list_is_made_of_words_filters_and_chips(client, newsroom):
    assert "2 releases" in text(client.get("/releases/"))
    shown = text(client.get("/releases/?q=fish&agency=mti"))
    assert "1 release for “fish”" in shown and "Remove Agency: Ministry of Trade and Industry" in shown
    assert "MTI, IMDA · 1 annex" in shown


def test_the_chart_of_an_agency_is_left_out_where_it_would_show_nothing_or_one_bar(client, newsroom):
    today = timezone.localdate()
    board = make_agency("new", "New board", "NB")
    make_live(issuers=[board], release_date=today)
    assert "Releases per month" not in text(client.get("/agencies/new/"))
    make_live(issuers=[board], release_date=today - dt.timedelta(days=40))
    assert "Releases per month" in text(client.get("/agencies/new/"))
    make_live(issuers=[make_agency("old", "Old board", "OB")], release_date=today - dt.timedelta(days=800))
    assert "Releases per month" not in text(client.get("/agencies/old/"))


def test_a_list_says_where_it_ranks_and_counts_only_the_newest(client, monkeypatch):
    for module in (candidates, facets, lists):
        monkeypatch.setattr(module, "MOST_FOUND", 1)
    monkeypatch.setattr(candidates, "_keys_statement", candidates._keys_statement.__wrapped__)
    for _ in range(2):
        make_live(body_html="<p>fish</p>")
    shown = text(client.get("/releases/?q=fish"))
    assert "More than 1 releases for “fish”" in shown and "are of the newest 1. To find older" in shown


def test_nothing_found_helps_on(client, newsroom):
    shown = text(client.get("/releases/?q=herrink"))
    assert "No release has “herrink”. These are for the nearest spelling." in shown and "1 release" in shown
    assert "Without year 1999 : 1 release" in text(client.get("/releases/?q=cod&year=1999"))
    assert "No release has: haddock." in text(client.get("/releases/?q=cod+haddock"))


@pytest.mark.parametrize(
    "query", ["before=abc", "year=x", "agency=<b>", "q=%00", "q=" + "x" * 5000, "sort=up", "page=abc"]
)
def test_bad_input_is_no_error(client, newsroom, query):
    response = client.get(f"/releases/?{query}")
    assert response.status_code == 200 and b"<b>" not in response.content


def test_an_old_address_wins_over_a_page_of_ours(client):
    make_live(permalink="/agencies/", title="An old page")
    assert "An old page" in text(client.get("/agencies/"))


def test_an_agency_has_its_numbers_partners_and_names(client, newsroom):
    shown = text(client.get("/agencies/imda/"))
    assert "Infocomm Media Development Authority (IMDA)" in shown
    assert "2 releases since 2023, 1 issued jointly." in shown and "MTI (1)" in shown
    assert client.get("/agencies/none/").status_code == 404
    Agency.objects.create(slug="silent")
    assert client.get("/agencies/silent/").status_code == 404


def test_an_agency_without_public_releases_takes_the_queries_of_none(client, django_assert_num_queries):
    make_agency("secret", "Ministry of Secrets", "MOS")
    with CaptureQueriesContext(connection) as captured:
        client.get("/agencies/none/")
    with django_assert_num_queries(len(captured)):
        assert client.get("/agencies/secret/").status_code == 404


def test_a_successor_is_named_from_its_day_on_and_linked_where_it_has_a_page(client, newsroom):
    heir = make_agency("sea", "Sea Board", "SEAB")
    Agency.objects.filter(slug="imda").update(
        successor=heir, succeeded_on=timezone.localdate() + dt.timedelta(1)
    )
    assert "SEAB" not in text(client.get("/agencies/imda/")) + text(client.get("/agencies/"))
    Agency.objects.filter(slug="imda").update(succeeded_on=timezone.localdate())
    page = client.get("/agencies/imda/")
    assert "taken over by Sea Board ." in text(page) and b"/agencies/sea/" not in page.content
    make_live(issuers=[heir])
    assert b'<a lang="en" href="/agencies/sea/">Sea Board</a>' in client.get("/agencies/imda/").content


@pytest.mark.parametrize(
    "path", ["/", "/agencies/", "/agencies/sea/", "/agencies/mti/", "/releases/", "/feeds/"]
)
def test_an_agency_that_has_no_name_yet_goes_by_its_acronym(client, newsroom, path):
    heir = make_agency("sea", "Sea Board", "SEAB")
    make_live(issuers=[make_agency(), heir])
    heir.names.update(valid_from=timezone.localdate() + dt.timedelta(1), name="Ocean Board")
    page = client.get(path).content.decode()
    assert "SEAB" in page and "Ocean Board" not in page and not re.search(r"\bNone\b", page)


def test_an_agency_lists_the_agreements_that_its_editions_name(client):
    edition = make_edition()
    edition.agreements.add(Agreement.objects.create(slug="pact", title="The pact"))
    approval.approve(edition, approver=make_user(), at=NOON)
    assert "The pact" in text(client.get("/agencies/mti/"))


def test_the_agencies_are_listed_with_whom_they_issue(client, newsroom):
    shown = text(client.get("/agencies/"))
    assert "Infocomm Media Development Authority (IMDA) 2 1 February 2024" in shown
    assert re.search(r"Who issues with whom .* (?:IMDA, MTI|MTI, IMDA): 1 ", shown)


def test_the_matrix_leads_to_what_two_agencies_issued_together(client, newsroom):
    page = client.get("/agencies/").content.decode()
    cell = re.search(r'href="(/releases/\?agency=(?:mti|imda)&amp;with=(?:mti|imda))"', page)[1]
    shown = text(client.get(cell.replace("&amp;", "&")))
    assert "1 release" in shown and "Joint herring" in shown and "Alone" not in shown
    assert re.search("Remove Jointly with: (?:Ministry of Trade|Infocomm Media)", shown)
    assert 'href="/releases/?agency=mti"' in page and 'href="/releases/?agency=imda"' in page


def test_the_archive_speaks_each_readers_language_and_counts_a_new_release(client, newsroom):
    def read(language="en"):
        return text(client.get("/archive/", headers={"accept-language": language}))

    assert "Releases by year and month" in read()
    assert "Siaran mengikut tahun dan bulan" in read("ms")
    assert "February 2023:" not in read()
    make_live(title="Later herring", release_date=dt.date(2023, 2, 1))
    assert "February 2023: 1" in read()


def test_the_archive_counts_months_and_leads_to_them(client, newsroom):
    assert b'href="/archive/2023/1/"' in client.get("/archive/").content
    assert "Joint herring" in text(client.get("/archive/2023/1/")) and "Alone" not in text(
        client.get("/archive/2023/")
    )
    for path in (
        "/archive/2022/",
        "/archive/2023/2/",
        "/archive/2023/13/",
        "/archive/99999/",
        "/archive/2023/?before=x",
    ):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/news/press-releases/", "/releases/", "/releases/?sort=oldest", "/archive/1965/"]
)
def test_releases_of_1965_have_a_next_page(client, path):
    day = dt.datetime(1965, 8, 9, tzinfo=SINGAPORE)
    make_many(25, release_date=day.date(), live_from=day)
    page = tidy(client.get(path))
    onward = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")
    assert client.get(onward if onward.startswith("/") else path + onward).content.count(b"<h3>") == 5


@pytest.mark.parametrize(
    "position",
    ["20240101-1_0-1", "20240101-+1-1", "20240101-1-٣", "20240101-1-0", "20240101--1-", "20241301-1-1"],
)
def test_what_is_no_position_is_none(client, position):
    make_live()
    assert client.get(f"/news/press-releases/?before={position}").status_code == 404


def test_an_annex_can_be_read_as_a_page(client, newsroom):
    blob = newsroom.annexes.get().blob
    blob.text, blob.pages = "First\fSecond <b>page</b>", 2
    blob.save()
    index_blob(blob)
    shown = tidy(client.get(f"/annexes/{blob.pk}/"))
    assert '<h2 id="page-2">Page 2</h2>' in shown and "&lt;b&gt;" in shown and blob.pk in shown
    assert client.get(f"/annexes/{'0' * 64}/").status_code == 404
    hidden = make_blob(b"%PDF-1 nobody's")
    assert client.get(f"/annexes/{hidden.pk}/").status_code == 404
    assert client.get(f"/annexes/{hidden.pk}/thumbnail.webp").status_code == 404


def test_updates_and_their_comparison_are_public(client, newsroom):
    draft = make_next(
        newsroom, at=timezone.now(), body_html="<p>Fish and chips</p>", change_note="Chips were missing."
    )
    approval.approve(draft, approver=make_user(), at=timezone.now())
    page = text(client.get("/a/"))
    assert "Corrected" in page and "Chips were missing." in page
    assert "Correction" in text(client.get(f"/releases/{newsroom.release_id}/history/"))
    compared = client.get(f"/releases/{newsroom.release_id}/changes/2/")
    assert "changed" in text(compared)
    assert "added:</span> and chips" in tidy(compared)
    assert tidy(compared).count("Singapore time") == 1
    for path in (
        f"/releases/{newsroom.release_id}/changes/1/",
        "/releases/999/history/",
        "/releases/999/changes/2/",
    ):
        assert client.get(path).status_code == 404


def test_a_withdrawn_release_is_in_no_list_or_feed(client, newsroom):
    takedown.withdraw(newsroom.release, actor=make_user(), reason="Wrong", at=NOON)
    for path in (
        "/releases/",
        "/releases/?q=herring",
        "/releases/feed.atom",
        "/releases/feed.json",
        "/archive/2024/",
        "/agencies/",
    ):
        assert b"Joint herring" not in client.get(path).content
    assert b"/a/" not in client.get("/sitemap.xml").content


def test_a_release_describes_itself_to_machines(client, newsroom):
    page = client.get("/a/").content.decode()
    block = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])
    assert (block["@type"], block["headline"]) == ("NewsArticle", "Joint herring")
    assert [agency["alternateName"] for agency in block["author"]] == ["MTI", "IMDA"]
    assert block["datePublished"] == NOON.isoformat()
    assert None not in block.values() and "" not in block.values()
    assert block["associatedMedia"][0]["contentUrl"] == "http://testserver/files/a%20b.pdf"
    assert '<meta property="og:title" content="Joint herring">' in page


def test_text_in_the_data_block_cannot_end_it(client):
    make_live(permalink="/x/", title="</script><script>alert(1)</script>")
    assert client.get("/x/").content.count(b"<script") == 1


def test_a_section_is_found_by_its_folder(client):
    make_live(section=make_section("/news/speeches/", "Speeches", "speech"), title="A talk")
    assert "A talk" in text(client.get("/releases/?section=news/speeches"))


def test_the_home_page_leads_everywhere(client, newsroom, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        page = client.get("/").content.decode()
    for path in (
        "/releases/",
        "/agencies/",
        "/archive/",
        "/feeds/",
        "/accessibility/",
        "/a/",
    ):
        assert f'href="{path}"' in page
    assert "/agreements/" not in page


def test_home_and_a_room_list_only_sections_with_something_to_read(client, django_assert_max_num_queries):
    """A section whose first release is still to come, or whose only one is withdrawn, appears with its
    release."""
    now = timezone.now()
    room, empty = make_section("/news/", "Newsroom"), make_section("/empty/", "Empty room")
    for title, at in (("Speeches", now), ("Replies", now + dt.timedelta(hours=1)), ("Notices", now)):
        section = make_section(f"/news/{title.lower()}/", title, parent=room)
        make_scheduled(section=section, live_from=at, at=now, permalink=f"/{title}/")
    make_section("/empty/below/", "Nothing below", parent=empty)
    notice = Edition.objects.get(address__path="/Notices/").release
    takedown.withdraw(notice, actor=make_user(), reason="It was wrong.", at=timezone.now())
    with django_assert_max_num_queries(8):
        home = text(client.get("/"))
    below = text(client.get("/news/"))
    assert "Newsroom" in home and "Speeches" in home and "Speeches" in below
    for title in ("Replies", "Notices", "Empty room", "Nothing below"):
        assert title not in home and title not in below
    assert client.get("/empty/").status_code == 200


def test_the_budget_of_a_release_page_holds(client, newsroom):
    with CaptureQueriesContext(connection) as captured:
        client.get("/a/")
    assert len(captured) <= 12


def test_a_kind_that_only_hidden_releases_have_is_no_filter_and_counts_nothing(client):
    make_live(title="A talk", kind="speech")
    make_live(title="Later", kind="notice", at=timezone.now() + dt.timedelta(days=1))
    make_edition(title="Draft", kind="factsheet")
    gone = make_live(title="Gone", kind="statement")
    takedown.remove(gone.release, actor=make_user(), reason="Wrong", at=NOON)
    page = client.get("/releases/").content.decode()
    assert 'value="speech"' in page and "· Speech" in " ".join(page.split())
    for kind in ("notice", "factsheet", "statement"):
        assert f'value="{kind}"' not in page
        assert "0 releases" in client.get(f"/releases/?kind={kind}").content.decode()
    assert "A talk" in client.get("/releases/?kind=speech").content.decode()
    assert "A talk" in client.get("/releases/?kind=Speech").content.decode()


def walk(client, path, word):
    """The titles of all pages from `path` on, as the link `word` leads, and the last page's address."""
    pages = []
    while path:
        page = tidy(client.get(path))
        pages.append(re.findall(r"<h3><a[^>]*>([^<]*)</a>", page))
        last, found = path, re.search(rf'rel="{word}" href="([^"]*)"', page)
        path = found and found[1].replace("&amp;", "&")
    return pages, last


@pytest.mark.parametrize(
    "path",
    [
        "/releases/",
        "/releases/?sort=oldest",
        "/releases/?agency=few",
        "/releases/?q=fish",
        "/news/press-releases/",
        "/archive/2024/",
    ],
)
def test_the_pages_of_a_list_lead_back_as_they_led_on(client, monkeypatch, path):
    """Also where those of the agency are far between others."""
    monkeypatch.setattr(listings, "LATEST_COUNT", 8)
    for module, name in ((results, "_dated_statements"), (website_lists, "_statements")):
        monkeypatch.setattr(module, name, cache(getattr(module, name).__wrapped__))
    few = make_agency("few", "Few", "FEW")
    for number in range(45):
        issuers = [few] if number < 24 or number > 41 else [make_agency()]
        make_live(
            title=f"Fish {number}",
            issuers=issuers,
            body_html="<p>fish</p>",
            release_date=dt.date(2024, 1, 1 + number // 2),
        )
    onward, last = walk(client, path, "next")
    back, first = walk(client, last, "prev")
    assert len(onward) > 1 and first == path
    assert back == onward[::-1] and len({title for page in onward for title in page}) == sum(map(len, onward))


def test_a_later_page_says_of_which_days_it_tells(client):
    for number in range(45):
        make_live(title="Fish", body_html="<p>fish</p>", release_date=dt.date(2024, 3, 1 + number // 2))
    for path in ("/releases/", "/news/press-releases/", "/archive/2024/3/"):
        _, last = walk(client, path, "next")
        assert "Releases from 1 March 2024 to 3 March 2024" in text(client.get(last)), path
        assert "Releases from" not in text(client.get(path))
    assert "Results 41 to 45" in text(client.get(walk(client, "/releases/?q=fish", "next")[1]))


def test_several_agencies_and_days_are_chosen_and_taken_back_one_by_one(client, newsroom):
    make_live(title="Third", permalink="/c/", issuers=[make_agency("csa", "Cyber Agency", "CSA")])
    page = client.get("/releases/?agency=mti&agency=csa&from=13/1/2023&to=Feb+2024")
    assert (
        "1 release" in text(page)
        and "Joint herring" in text(page)
        and "First day: 13 January 2023" in text(page)
    )
    shown = page.content.decode()
    kept = "from=2023-01-13&amp;to=2024-02-29"
    assert (
        f'href="/releases/?agency=csa&amp;{kept}"' in shown
        and f'href="/releases/?agency=mti&amp;{kept}"' in shown
    )
    assert 'href="/releases/?agency=mti&amp;agency=csa&amp;from=2023-01-13"' in shown
    assert f'href="/releases/feed.atom?agency=mti&amp;agency=csa&amp;{kept}"' in shown
    assert 'value="13/1/2023"' in shown and 'value="29/2/2024"' in shown
    ticked = re.findall(r'value="([^"]*)"\s+form="site-search"\s+checked', shown)
    assert ticked == ["mti", "csa"] and "Alone" not in text(page)


@pytest.mark.parametrize("typed", ["31 Juny", "<b>31</b>/6/2024", "\x00", "9" * 300, "99/99/9999"])
def test_what_is_no_date_is_told_beside_the_list_without_it(client, newsroom, typed):
    page = client.get("/releases/", {"to": typed})
    told = "was left out, because it is not a date" in text(page)
    assert "2 releases" in text(page) and b"<b>" not in page.content
    assert told == ('aria-describedby="site-day-help site-to-problem"' in page.content.decode())
    assert told == (typed != "\x00") == (client.get("/releases/feed.atom", {"to": typed}).status_code == 404)


def test_a_feed_of_days_to_come_waits_for_them(client, newsroom):
    assert client.get("/releases/feed.json?agency=mti&from=2098").json()["items"] == []


def test_the_section_is_a_filter_only_where_it_says_more_than_the_kind(client, newsroom):
    assert 'name="section"' not in client.get("/releases/").content.decode()
    assert 'name="section"' in client.get("/releases/?section=news/press-releases").content.decode()
    make_live(section=make_section("/news/speeches/", "Speeches", "speech"), kind="press-release")
    assert 'name="section"' in client.get("/releases/").content.decode()
