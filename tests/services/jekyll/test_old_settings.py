"""What the old site's builder would have built of it: what it kept back, scheduled, sent on or left
behind."""

import datetime as dt
from urllib.parse import quote

import pytest

from releases.models import Annex, Edition, Redirect, Section, SiteFile
from releases.services.jekyll.exporter import export_site
from releases.services.jekyll.importer import NotASite, UnknownCollection
from releases.services.jekyll.report_page import format_page
from tests.sites import AT, CONFIG, PDF


def configure(old_site, more):
    old_site.write("_config.yml", CONFIG + more)


def statuses(client, *paths):
    return [client.get(path).status_code for path in paths]


@pytest.fixture
def kept_back(old_site):
    """A site with every way of keeping something back, and a file of each."""
    configure(
        old_site,
        "exclude: [old, '*.tmp.pdf']\ninclude: [_pages]\n"
        "defaults:\n"
        "  - {scope: {path: hidden, type: posts}, values: {published: false}}\n"
        "  - {scope: {path: files/secret}, values: {published: false}}\n",
    )
    for folder in ("old", "_attic", "hidden", "~tmp", "#x", "news/old-drafts~"):
        old_site.post(category=folder, permalink=f"/{folder.strip('~#_')}/", title=folder)
    old_site.write("news/_drafts/an-idea.md", "---\ntitle: An idea\n---\n[A](/files/idea.pdf)\n")
    old_site.post(
        "2024-03-02-b.md", category="news", body="[A](/files/_own.pdf) [B](/old/a.pdf) ![](/i/x.png)"
    )
    for path in ("files/idea.pdf", "old/a.pdf", "files/secret/a.pdf", "files/_own.pdf", "files/a.tmp.pdf"):
        old_site.write(path, PDF + path.encode())
    old_site.write("_pages/plan.pdf", PDF)
    return old_site


def test_what_was_not_built_is_a_draft_and_its_files_are_hidden(kept_back, client):
    report = kept_back.load()
    live = set(Edition.objects.live(AT).values_list("title", flat=True))
    assert live == {"A title"} and Edition.objects.filter(state="draft").count() == 7
    told = {row["path"]: row["reason"] for row in report.kept_back}
    folders = {path.split("/_")[0] for path in told if path.endswith(".md")}
    assert folders == {"old", "_attic", "hidden", "~tmp", "#x", "news", "news/old-drafts~"}
    assert told["hidden/_posts/2024-03-01-a.md"] == "defaults in _config.yml say published: false."
    assert told["old/_posts/2024-03-01-a.md"] == "exclude in _config.yml names old."
    assert told["news/_drafts/an-idea.md"] == "It lies among the drafts (_drafts)."
    hidden = ["files/idea.pdf", "old/a.pdf", "files/secret/a.pdf", "files/_own.pdf", "files/a.tmp.pdf"]
    assert set(hidden) - set(told) == {"files/idea.pdf"}
    assert statuses(client, *(f"/{path}" for path in hidden)) == [404] * 5
    assert statuses(client, "/_pages/plan.pdf", "/hidden/", "/attic/") == [200, 404, 404]
    assert {section.title for section in Section.objects.exclude(folder="news")} == {"Releases"}
    assert [row["target"] for row in report.unresolved] == ["/files/_own.pdf", "/old/a.pdf"]


def test_a_draft_may_use_a_file_that_was_not_built_and_no_public_post_may(old_site, client):
    configure(old_site, "exclude: [old]\n")
    old_site.write("old/a.pdf", PDF)
    old_site.post(category="old", body="[A](/old/a.pdf)", permalink="/old/b/")
    old_site.load()
    assert Annex.objects.get().edition.state == "draft"
    assert statuses(client, "/old/a.pdf", "/old/b/") == [404, 404]


def test_a_post_that_was_shown_keeps_its_address_before_a_newer_one_that_was_not(old_site):
    old_site.post("2024-03-01-a.md", permalink="/shared/", title="Shown")
    old_site.post("2024-03-02-b.md", permalink="/shared/", title="Hidden", published="false")
    report = old_site.load()
    assert Edition.objects.live(AT).get(address__path="/shared/").title == "Shown"
    assert report.shared_urls[0]["kept"].endswith("2024-03-01-a.md")


def test_a_post_that_the_settings_no_longer_keep_back_becomes_public(old_site, client):
    configure(old_site, "defaults: [{scope: {path: news}, values: {published: false}}]\n")
    old_site.post()
    assert len(old_site.load().kept_back) == 1
    configure(old_site, "")
    assert old_site.load(at=AT + dt.timedelta(hours=1)).updated == 1
    assert client.get("/news/press-releases/a/").status_code == 200


def test_an_hour_of_the_front_matter_is_the_instant_of_page_and_files(old_site):
    configure(old_site, "")
    old_site.write("files/rate.pdf", PDF)
    old_site.write("files/named.pdf", PDF)
    old_site.post(
        "2026-01-05-rate.md", date="2026-01-05 23:30:00 +0800", body="[A](/files/rate.pdf) /files/named.pdf"
    )
    report = old_site.load()
    hour = dt.datetime(2026, 1, 5, 23, 30, tzinfo=AT.tzinfo)
    assert report.scheduled == [
        {"path": "news/press-releases/_posts/2026-01-05-rate.md", "at": "2026-01-05T23:30:00+08:00"}
    ]
    assert [edition.live_from for edition in Edition.objects.all()] == [hour]
    assert [file.live_from for file in SiteFile.objects.all()] == [hour]


def test_with_future_true_nothing_waits(old_site):
    configure(old_site, "future: true\n")
    old_site.post("2026-03-01-a.md")
    report = old_site.load()
    edition = Edition.objects.live(AT).get()
    assert (edition.release_date, edition.live_from, report.scheduled) == (dt.date(2026, 3, 1), AT, [])


@pytest.mark.parametrize(
    "date, shown",
    [
        ("2024-03-01", "1 March 2024"),
        ("2024-03-01 00:00:00 -0500", "1 March 2024"),
        ("2024-03-01 09:30:00 -0500", "1 March 2024, 10.30 p.m. Singapore time"),
    ],
)
def test_only_an_hour_that_somebody_wrote_is_shown(old_site, client, date, shown):
    old_site.write("_config.yml", CONFIG.replace("Asia/Singapore", "America/New_York"))
    old_site.post(date=date)
    old_site.load()
    page = client.get("/news/press-releases/a/").content.decode()
    assert f">{shown}</time>" in page and "12.00" not in page


def test_old_addresses_of_posts_and_feeds_lead_to_ours_in_one_hop(old_site, client):
    configure(
        old_site, "plugins: [jekyll-feed]\nfeed: {path: atom/all.xml, categories: [press-releases, other]}\n"
    )
    old_site.post(redirect_from="['/old/a.html', 2022/a/, 'https://www.news.example/b']")
    old_site.post("2999-03-01-later.md", redirect_from="/old/later/")
    old_site.post("2024-03-02-hidden.md", redirect_from="/old/hidden/", published="false")
    old_site.post("2024-03-03-c.md", redirect_from="/news/press-releases/a/")
    report = old_site.load()
    for path in ("/old/a.html", "/2022/a/", "/b"):
        assert client.get(path)["Location"] == "/news/press-releases/a/"
    assert client.get("/atom/all.xml")["Location"] == "/releases/feed.atom"
    assert client.get("/feed/press-releases.xml")["Location"].endswith("?section=news/press-releases")
    assert client.get("/feed/press-releases.xml", follow=True).status_code == 200
    assert statuses(client, "/old/later/", "/old/hidden/") == [404, 404]
    assert {row["rule"].split()[0]: row["problem"] for row in report.redirects if row["problem"]} == {
        "/old/hidden/": "Its post is kept back; add the redirect when you publish the release.",
        "/news/press-releases/a/": "A release has this address.",
    }
    later = Redirect.objects.get(address__path="/old/later/")
    assert later.valid_from == dt.datetime(2999, 3, 1, tzinfo=AT.tzinfo)
    assert old_site.load(at=AT + dt.timedelta(hours=1)).unchanged == 4
    assert Redirect.objects.count() == 7


def test_a_post_at_the_address_of_a_redirect_or_section_comes_in_beside_it(old_site, client):
    old_site.post(redirect_from="/old/")
    old_site.load()
    old_site.post("2024-03-02-b.md", permalink="/old/")
    old_site.post("2024-03-03-c.md", permalink="/news/press-releases/")
    report = old_site.load(at=AT + dt.timedelta(hours=1))
    assert (report.failed, report.created, len(report.shared_urls)) == ([], 2, 2)
    assert statuses(client, "/old/", "/old-2024-03-02/", "/news/press-releases-2024-03-03/") == [
        301,
        200,
        200,
    ]


@pytest.mark.parametrize(
    "name", ["C# b.pdf", "What?.pdf", "a{2}.pdf", "<b>.pdf", "a\\b.pdf", "\u202eb.pdf", "a\nb.pdf", " b.pdf "]
)
def test_a_file_keeps_its_encoded_address_whatever_its_name(old_site, client, name):
    old_site.write(f"files/{name}", PDF)
    old_site.post(body=f"[Annex](/files/{quote(name)})")
    report = old_site.load()
    answer = client.get(f"/files/{quote(name)}")
    assert (report.failed, report.annex_links_resolved, answer.status_code) == ([], 1, 200)
    assert b"".join(answer.streaming_content) == PDF
    assert f'href="/files/{quote(name)}' in client.get("/news/press-releases/a/").content.decode()


def test_settings_that_cannot_be_read_stop_the_import_where_they_decide_what_is_public(old_site):
    configure(old_site, "exclude: [news\n")
    old_site.post()
    with pytest.raises(NotASite, match=r"exclude in _config.yml can't be read"):
        old_site.load()
    configure(old_site, "#" * 2_000_000)
    with pytest.raises(NotASite, match=r"_config.yml can't be read: it is too large"):
        old_site.load()
    assert not Edition.objects.exists()


def test_without_settings_the_address_is_jekylls_own_and_told(old_site):
    (old_site.root / "_config.yml").unlink()
    old_site.post(permalink=None)
    report = old_site.load()
    assert Edition.objects.get().address.path == "/news/press-releases/2024/03/01/a.html"
    assert "There is no _config.yml in the folder" in report.warnings[0]["reason"]


def test_what_stays_behind_is_named(old_site):
    configure(
        old_site,
        "collections_dir: content\ncollections: {reports: {output: true}, notes: {output: false}}\n"
        "plugins: [jekyll-archives, jekyll-feed]\npaginate: 5\nbaseurl: /press\n",
    )
    for path in ("about.md", "content/_reports/annual.md", "content/_notes/inside.md", "_attic/old.md"):
        old_site.write(path, "---\ntitle: A page\n---\nText.\n")
    old_site.write("README.md", "No page.\n")
    old_site.write("content/_reports/data.pdf", PDF)
    old_site.post(category="content/news", tags="[a]", layout="post")
    report = old_site.load()
    assert [row["path"] for row in report.pages] == ["about.md"]
    assert [row["path"] for row in report.documents] == ["content/_reports/annual.md"]
    assert [row["path"] for row in report.site_files] == ["/reports/data.pdf"]
    assert [row["key"] for row in report.not_honoured] == [
        "baseurl",
        "paginate",
        "plugins: jekyll-archives",
        "layout",
        "tags",
    ]
    assert "1 page of collections stays behind" in report.summary()
    page = format_page(report)
    assert "<h2>1 page of collections stays behind" in page and "<td>content/_reports/annual.md</td>" in page


def test_collections_that_are_asked_for_are_sections_at_jekylls_addresses(old_site, client, tmp_path):
    old_site.write(
        "_config.yml",
        "timezone: Asia/Singapore\n"
        "collections:\n"
        "  reports: {output: true}\n"
        "  notes: {output: true, permalink: '/n/:year/:title/'}\n"
        "  inside: {output: false}\n"
        "defaults: [{scope: {path: _reports/old, type: reports}, values: {published: false}}]\n",
    )
    old_site.post()
    front = {
        "_reports/2024/annual.md": "date: 2024-05-06 09:00",
        "_reports/own.md": "permalink: /own/\ndate: 2024-05-06",
        "_reports/old/a.md": "date: 2024-05-06",
        "_notes/2024-07-08-on-ferries.md": "title: On ferries",
        "_notes/to-come.md": "date: 2090-01-02",
        "_inside/a.md": "title: Not shown",
    }
    for path, told in front.items():
        old_site.write(path, f"---\n{told}\n---\n[A](/reports/a.pdf)\n")
    old_site.write("_reports/a.pdf", PDF)
    old_site.write("_reports/as-it-is.md", "No front matter.\n")
    report = old_site.load(collections=["reports", "notes"])
    live = dict(Edition.objects.live(AT).values_list("address__path", "release__section__address__path"))
    assert live == {
        "/news/press-releases/a/": "/news/press-releases/",
        "/reports/2024/annual.html": "/reports/",
        "/own/": "/reports/",
        "/n/2024/on-ferries/": "/notes/",
    }
    assert [row["path"] for row in report.kept_back] == ["_reports/old/a.md"]
    assert (report.sections["/reports/"]["posts"], report.documents) == (3, [])
    assert [row["path"] for row in report.scheduled] == ["_notes/to-come.md"]
    export_site(tmp_path / "out", at=AT, progress=lambda rows, title: rows)
    for path in front.keys() - {"_inside/a.md"}:
        assert (tmp_path / "out" / path).read_bytes() == (old_site.root / path).read_bytes()
    assert [row["path"] for row in old_site.load().gone] == sorted(front.keys() - {"_inside/a.md"})


def test_a_collection_that_the_old_site_did_not_show_is_none_to_ask_for(old_site):
    old_site.post()
    configure(old_site, "")
    with pytest.raises(UnknownCollection, match=r"no collection inside .* shows: cos"):
        old_site.load(collections=["inside"])
