"""How posts become releases, the first time and again."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from releases.models import Absence, Edition, LedgerEntry, Release, Section, SiteFile, SitePage, Source
from releases.services.editions.digests import digest_edition, digest_site
from releases.services.jekyll.importer import import_site
from releases.services.publishing import approval
from tests.factories import make_next, make_user
from tests.sites import AT, PDF

LATER = AT + dt.timedelta(days=1)


def only_edition():
    return Edition.objects.select_related("address", "release__section").get()


def titles(at=LATER):
    return sorted(Edition.objects.live(at).values_list("title", flat=True))


def test_a_post_becomes_a_release_that_is_live_from_its_date(old_site):
    file = old_site.post(title="A title", date="2023-01-13", description="In short", body="1. *One*\n")
    report = old_site.load()
    edition = only_edition()
    assert (report.posts, report.created, report.failed) == (1, 1, [])
    assert (edition.title, edition.summary, edition.address.path) == (
        "A title",
        "In short",
        "/news/press-releases/a/",
    )
    assert edition.live_from == dt.datetime(2023, 1, 13, tzinfo=ZoneInfo("Asia/Singapore"))
    assert edition.body_html == "<ol>\n<li><em>One</em></li>\n</ol>\n"
    assert (edition.state, edition.origin, edition.digest) == ("approved", "import", digest_edition(edition))
    assert bytes(Source.objects.get().content) == file.read_bytes()
    assert edition.release.section.folder == "news/press-releases"


def test_every_category_becomes_a_section_at_its_old_path_with_its_own_name(old_site):
    old_site.write("news/index.html", "---\nlayout: resources\ntitle: News\n---\n")
    old_site.write("news/---speeches/index.html", "---\nlayout: resources-alt\ntitle: Speeches\n---\n")
    old_site.write("news/replies/index.html", "---\ntitle: News\nbreadcrumb: Replies\n---\n")
    for category in ("news/---speeches", "news/replies", "news/Press-Releases", "alone"):
        old_site.post(category=category)
    old_site.load()
    found = {section.address.path: (section.title, section.kind) for section in Section.objects.all()}
    assert found == {
        "/news/": ("News", "release"),
        "/news/---speeches/": ("Speeches", "speech"),
        "/news/replies/": ("Replies", "forum-reply"),
        "/news/Press-Releases/": ("Press releases", "press-release"),
        "/alone/": ("Alone", "release"),
    }


def test_posts_at_the_root_have_a_section_too(old_site):
    old_site.write("_posts/2024-03-01-a.md", "---\ntitle: At the root\n---\n")
    old_site.load()
    edition = only_edition()
    assert (edition.address.path, edition.release.section.address.path) == ("/a.html", "/releases/")


def test_a_future_post_is_scheduled_and_an_unpublished_one_is_a_draft(old_site):
    old_site.post("2030-01-15-later.md", title="Later")
    old_site.post("2024-01-15-hidden.md", title="Hidden", published="false")
    old_site.load()
    assert titles() == []
    assert titles(dt.datetime(2030, 1, 15, tzinfo=ZoneInfo("Asia/Singapore"))) == ["Later"]
    assert Edition.objects.get(title="Hidden").state == "draft"


def test_file_and_link_posts_are_releases(old_site):
    old_site.write("files/report.pdf", PDF)
    old_site.post(
        "2024-03-01-file-report.md", "", title="The report", permalink=None, file_url="/files/report.pdf"
    )
    old_site.post(
        "2024-03-01-link-story.md", "", title="A story", permalink=None, external="https://else.example/x"
    )
    report = old_site.load()
    file, link = Edition.objects.select_related("release", "address").order_by("title").reverse()
    assert (file.release.form, file.address.path) == ("file", "/news/press-releases/file-report.html")
    assert [(annex.title, annex.address.path) for annex in file.annexes.all()] == [
        ("The report", "/files/report.pdf")
    ]
    assert (link.release.form, link.link_url) == ("link", "https://else.example/x")
    assert (report.annex_links, report.annex_links_resolved) == (1, 1)


def test_a_second_run_changes_nothing(old_site):
    old_site.write("files/a.pdf", PDF)
    old_site.write("files/unused.pdf", PDF + b"2")
    old_site.write("_redirects", "/old /news/press-releases/a/ 301\n")
    old_site.post(body="[Annex A](/files/a.pdf)\n")
    old_site.load()
    before = (digest_site(), LedgerEntry.objects.count(), Edition.objects.count())
    report = old_site.load(at=LATER)
    assert (report.created, report.updated, report.unchanged) == (0, 0, 1)
    assert (digest_site(), LedgerEntry.objects.count(), Edition.objects.count()) == before


def test_a_dry_run_writes_nothing_and_tells_the_same(old_site, media):
    old_site.write("files/a.pdf", PDF)
    old_site.post(body="[Annex A](/files/a.pdf) [gone](/files/gone.pdf)\n")
    dry = old_site.load(dry_run=True)
    assert not any(
        model.objects.exists() for model in (Release, Edition, Section, SitePage, Source, LedgerEntry)
    )
    assert list(media.iterdir()) == []
    wet = old_site.load()
    assert vars(dry) == vars(wet)


def test_a_changed_post_becomes_the_next_edition_live_from_the_import(old_site):
    old_site.post(title="Before")
    old_site.load()
    old_site.post(title="After")
    report = old_site.load(at=LATER)
    first, second = Edition.objects.order_by("number")
    assert (report.updated, report.created) == (1, 0)
    assert (first.live_until, second.live_from, second.based_on, second.number) == (LATER, LATER, first, 2)
    assert second.first_live_at == first.live_from
    assert (titles(LATER - dt.timedelta(seconds=1)), titles(LATER)) == (["Before"], ["After"])


def test_changed_bytes_of_a_file_make_a_new_edition_too(old_site):
    old_site.write("files/a.pdf", PDF)
    old_site.post(body="[Annex A](/files/a.pdf)\n")
    old_site.load()
    old_site.write("files/a.pdf", PDF + b" corrected")
    assert old_site.load(at=LATER).updated == 1
    sizes = [edition.annexes.get().blob.size for edition in Edition.objects.order_by("number")]
    assert sizes == [len(PDF), len(PDF) + 10]


def test_a_changed_post_that_nobody_saw_yet_takes_its_own_place(old_site):
    old_site.post("2030-01-15-later.md", title="Before")
    old_site.post("2024-01-15-hidden.md", title="Draft before", published="false")
    old_site.load()
    old_site.post("2030-01-15-later.md", title="After", date="2031-02-01")
    old_site.post("2024-01-15-hidden.md", title="Draft after", published="false")
    old_site.load(at=LATER)
    later, draft = Edition.objects.order_by("-title").reverse()
    assert (later.title, later.number, later.based_on) == ("After", 1, None)
    assert later.live_from == dt.datetime(2031, 2, 1, tzinfo=ZoneInfo("Asia/Singapore"))
    assert (draft.title, draft.number, draft.state) == ("Draft after", 1, "draft")


def test_a_draft_that_is_published_on_the_old_site_is_published_here(old_site):
    old_site.post(title="Hidden", published="false")
    old_site.load()
    old_site.post(title="Shown")
    old_site.load(at=LATER)
    assert titles(LATER) == ["Shown"]
    assert titles(LATER - dt.timedelta(seconds=1)) == []


def test_peoples_newer_edition_stays_and_the_changed_post_is_a_draft(old_site):
    old_site.post(title="Imported")
    old_site.load()
    draft = make_next(only_edition(), author=make_user(), at=AT)
    Edition.objects.filter(pk=draft.pk).update(title="Corrected by people")
    approval.approve(draft, approver=make_user(), at=AT + dt.timedelta(hours=1))
    old_site.post(title="Changed over there")
    report = old_site.load(at=LATER)
    assert [row["post"] for row in report.conflicts] == ["news/press-releases/_posts/2024-03-01-a.md"]
    assert titles() == ["Corrected by people"]
    assert Edition.objects.get(title="Changed over there").state == "draft"
    assert old_site.load(at=LATER).unchanged == 1


def test_a_post_that_changes_again_does_not_go_over_peoples_newer_edition_either(old_site):
    old_site.post(title="Old")
    old_site.load()
    with_people = make_next(only_edition(), title="By people")
    approval.approve(with_people, approver=make_user(), at=AT)
    for title in ("From the old site", "From the old site, again"):
        old_site.post(title=title)
        report = old_site.load(at=LATER)
        assert (len(report.conflicts), titles(LATER)) == (1, ["By people"])
    drafts = Edition.objects.filter(state="draft")
    assert [draft.title for draft in drafts] == ["From the old site, again"]


def test_what_people_took_back_before_it_was_public_is_not_published_by_a_changed_post(old_site):
    old_site.post(name="2030-02-01-a.md", title="Embargoed")
    old_site.load()
    approval.unschedule_edition(only_edition(), actor=make_user(), at=AT)
    old_site.post(name="2030-02-01-a.md", title="Embargoed, mended")
    report = old_site.load(at=LATER)
    assert (len(report.conflicts), titles(dt.datetime(2031, 1, 1, tzinfo=dt.UTC))) == (1, [])


def test_a_post_that_is_hidden_over_there_is_reported_and_stays(old_site):
    old_site.post()
    old_site.load()
    old_site.post(published="false")
    report = old_site.load(at=LATER)
    assert len(report.conflicts) == 1
    assert titles() == ["A title"]


def test_a_vanished_post_stays_and_is_told(old_site):
    file = old_site.post()
    old_site.post("2024-03-02-b.md")
    old_site.load()
    file.unlink()
    report = old_site.load(at=LATER)
    assert [row["path"] for row in report.gone] == ["news/press-releases/_posts/2024-03-01-a.md"]
    assert titles() == ["A title", "A title"]
    assert not Absence.objects.exists()


def test_the_same_permalink_under_another_file_name_is_the_same_release(old_site):
    old_site.post("2024-03-01-a.md", permalink="/news/stays/").unlink()
    old_site.post("2024-03-01-old-name.md", permalink="/news/stays/", title="Before")
    old_site.load()
    (old_site.root / "news/press-releases/_posts/2024-03-01-old-name.md").unlink()
    old_site.post("2024-03-02-new-name.md", permalink="/news/stays/", title="After")
    report = old_site.load(at=LATER)
    assert (report.created, report.updated, report.gone) == (0, 1, [])
    assert (Release.objects.count(), titles()) == (1, ["After"])


def test_a_changed_permalink_keeps_the_old_address_as_a_way_to_the_new(old_site, client):
    old_site.post(permalink="/news/old/")
    old_site.load()
    old_site.post(permalink="/news/new/")
    old_site.load(at=LATER)
    assert Release.objects.count() == 1
    assert client.get("/news/old/")["Location"] == "/news/new/"
    assert client.get("/news/new/").status_code == 200


def test_of_posts_that_claim_one_address_the_newest_keeps_it_and_the_rest_are_found_elsewhere(old_site):
    for day in ("2009-05-01", "2021-06-01", "2021-06-01"):
        name = f"{day}-{Source.objects.count()}{len(list(old_site.root.rglob('*.md')))}.md"
        old_site.post(name, permalink="/news/appointment/", title=name[:-3])
    report = old_site.load()
    paths = {edition.title: edition.address.path for edition in Edition.objects.select_related("address")}
    assert sorted(paths.values()) == [
        "/news/appointment-2009-05-01/",
        "/news/appointment-2021-06-01/",
        "/news/appointment/",
    ]
    assert paths[max(paths)] == "/news/appointment/"
    (shared,) = report.shared_urls
    assert (shared["url"], len(shared["posts"]), shared["kept"].count(max(paths))) == (
        "/news/appointment/",
        3,
        1,
    )
    assert sorted(shared["alternatives"].values()) == sorted(set(paths.values()) - {"/news/appointment/"})
    assert old_site.load(at=LATER).unchanged == 3


def test_who_has_an_address_keeps_it_when_a_newer_post_claims_it(old_site):
    old_site.post("2020-01-01-first.md", permalink="/news/x/", title="First")
    old_site.load()
    old_site.post("2025-01-01-second.md", permalink="/news/x/", title="Second")
    report = old_site.load(at=LATER)
    assert (report.created, report.unchanged) == (1, 1)
    assert Edition.objects.get(title="First").address.path == "/news/x/"
    assert Edition.objects.get(title="Second").address.path == "/news/x-2025-01-01/"


def test_one_post_alone_brings_its_files(old_site):
    old_site.write("files/a.pdf", PDF)
    old_site.write("files/unused.pdf", PDF + b"2")
    old_site.post(body="[Annex A](/files/a.pdf)\n")
    old_site.post("2024-03-02-other.md")
    report = old_site.load(source="news/press-releases/_posts/2024-03-01-a.md")
    assert (report.posts, report.created, report.site_files, report.gone) == (1, 1, [], [])
    assert only_edition().annexes.count() == 1


@pytest.mark.parametrize("body", ["<div>" * 20_000, "> " * 20_000, "[" * 50_000, "- " * 20_000])
def test_a_body_that_is_too_much_is_kept_as_text(old_site, body):
    old_site.post(body=f"Before {body} words")
    report = old_site.load()
    assert report.created == 1
    assert only_edition().body.startswith("Before ")
    assert "words" in only_edition().body_html


def test_the_sites_own_style_of_permalinks_counts(old_site):
    old_site.write("_config.yml", "title: Ministry of Law\npermalink: /:categories/:year/:title/\n")
    old_site.post(permalink=None)
    old_site.load()
    assert only_edition().address.path == "/news/press-releases/2024/a/"


@pytest.mark.parametrize(
    "front, body, category, site, language",
    [
        ({}, "各位来宾，大家好。\n", "", "", "zh-Hans"),
        ({"lang": "en-SG"}, "各位来宾，大家好。\n", "ms", "ta", "en-SG"),
        ({"language": "ms"}, "Selamat pagi.\n", "", "", "ms"),
        ({"lang": "English, mostly"}, "Body.\n", "", "ms_MY", "ms-MY"),
        ({}, "Selamat pagi.\n", "ms", "en-sg", "ms"),
        ({}, "Body.\n", "", "", "en"),
    ],
)
def test_a_post_has_its_own_language_else_that_of_its_letters_its_category_or_its_site(
    old_site, front, body, category, site, language
):
    old_site.write("_config.yml", f"title: News\nlang: {site}\n")
    old_site.write("news/press-releases/index.html", f"---\ntitle: News\nlang: {category}\n---\n")
    old_site.post(body=body, **front)
    old_site.load()
    assert Edition.objects.get().language == language


def test_a_post_at_the_root_has_the_language_of_the_page_there(old_site):
    old_site.write("index.html", "---\ntitle: Utama\nlang: ms\n---\n")
    old_site.write("_posts/2024-03-01-a.md", "---\ntitle: Selamat pagi\n---\n")
    old_site.load()
    assert Edition.objects.get().language == "ms"


def test_a_post_is_read_once_and_what_happens_to_it_meanwhile_changes_nothing(old_site):
    """Neither what comes in of it, nor which files wait for it."""
    post = old_site.post("2099-03-01-a.md", title="As it was read", body="See /files/x.pdf.\n")
    old_site.write("files/x.pdf", PDF)
    content = post.read_bytes()

    def change_posts(rows, title):
        if title == "Importing":
            post.write_text("---\ntitle: Changed\n---\n")
        return rows

    import_site(old_site.root, at=AT, dry_run=False, progress=change_posts)
    assert (only_edition().title, bytes(Source.objects.get().content)) == ("As it was read", content)
    assert SiteFile.objects.get().live_from > AT
