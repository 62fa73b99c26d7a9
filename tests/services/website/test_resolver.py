import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from releases.models import Address, Edition, Redirect, SiteFile
from releases.services.publishing import approval, takedown
from releases.services.website.resolver import (
    File,
    Gone,
    Missing,
    Moved,
    ReleasePage,
    SectionPage,
    reachable_paths,
    resolve,
)
from tests.factories import (
    NOON,
    make_blob,
    make_edition,
    make_file_address,
    make_live,
    make_next,
    make_scheduled,
    make_section,
    make_user,
)

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
LATER = NOON + HOUR


def make_redirect(path, target="", release=None, valid_from=NOON):
    address = Address.objects.create(path=path, kind="redirect")
    return Redirect.objects.create(address=address, target=target, release=release, valid_from=valid_from)


@pytest.mark.parametrize(
    "permalink",
    [
        "/news/a-release/",
        "/at-the-root/",
        "/News/Upper-Case/",
        "/news/with space/",
        "/news/law & order's (2nd): a+b, c@d/",
        "/news/no-final-slash",
        "/news/ends-in.md",
        "/news/ends-in.html",
        "/news/全球廉洁榜/",
        "/https:/www.example.org/news/a",
        "/" + "long-" * 190 + "x/",
    ],
)
def test_a_release_answers_at_its_permalink_as_written(permalink):
    edition = make_live(permalink=permalink)
    assert resolve(permalink, LATER) == ReleasePage(edition.pk)


@pytest.mark.parametrize(
    "spelling",
    [
        "/news/a-Release",
        "/NEWS/A-RELEASE/",
        "/news//a-release/",
        "/news/a%2Drelease/",
        "/news/a-release/index.html",
    ],
)
def test_another_spelling_moves_once_to_the_address(spelling):
    make_live(permalink="/news/a-release/")
    assert resolve(spelling, LATER) == Moved("/news/a-release/")


def test_an_exact_address_wins_over_another_spelling():
    lower, upper = make_live(permalink="/news/a/"), make_live(permalink="/news/A/")
    assert resolve("/news/a/", LATER) == ReleasePage(lower.pk)
    assert resolve("/news/A/", LATER) == ReleasePage(upper.pk)


def test_composed_and_decomposed_letters_are_one_spelling():
    make_live(permalink="/news/caf\u00e9/")
    assert resolve("/news/cafe\u0301/", LATER) == Moved("/news/caf\u00e9/")


@pytest.mark.parametrize(
    "path", ["/news/hidden/", "/news/hidden", "/NEWS/hidden/", "/files/hidden.pdf", "/FILES/hidden.pdf"]
)
def test_what_is_hidden_answers_as_what_never_was(path):
    make_scheduled(permalink="/news/hidden/", live_from=LATER, annexes=[("/files/hidden.pdf", b"%PDF-1")])
    assert resolve(path, LATER - dt.timedelta(milliseconds=1)) == Missing()
    assert resolve(path, LATER) != Missing()


def test_what_is_hidden_costs_the_queries_of_what_never_was():
    make_scheduled(permalink="/news/hidden/", live_from=LATER, annexes=[("/files/hidden.pdf", b"%PDF-1")])
    asked = {}
    for path in ("/nothing", "/news/hidden/", "/NEWS/hidden", "/files/hidden.pdf", "/FILES/hidden.pdf"):
        with CaptureQueriesContext(connection) as queries:
            assert resolve(path, NOON, evenly=True) == Missing()
        asked[path] = len(queries)
    assert set(asked.values()) == {3}


def test_a_draft_is_missing():
    make_edition(permalink="/news/draft/")
    assert resolve("/news/draft/", LATER) == Missing()


@pytest.mark.parametrize(
    "path", ["/nothing", "/a\x00b", "/" + "x" * 5000, "/%00", "/\ud800".encode("utf-8", "replace").decode()]
)
def test_a_path_that_nobody_has_is_missing(path):
    assert resolve(path, NOON) == Missing()


def test_an_old_permalink_leads_to_the_new_one_from_the_new_editions_instant():
    first = make_live(permalink="/news/old/")
    draft = make_next(first, author=make_user(), at=NOON)
    draft.address = Address.objects.create(path="/news/new/", kind="release", release=first.release)
    draft.save()
    second = approval.approve(draft, approver=make_user(), at=NOON, live_from=LATER)
    before = LATER - dt.timedelta(seconds=1)
    assert [resolve(path, before) for path in ("/news/old/", "/news/new/")] == [
        ReleasePage(first.pk),
        Missing(),
    ]
    assert [resolve(path, LATER) for path in ("/news/old/", "/news/new/")] == [
        Moved("/news/new/"),
        ReleasePage(second.pk),
    ]


def test_a_removed_release_and_its_files_are_gone():
    edition = make_live(
        permalink="/news/a/", annexes=[("/files/a.pdf", b"%PDF-1"), ("/files/b.pdf", b"%PDF-2")]
    )
    other = make_live(annexes=[("/files/b.pdf", b"%PDF-2")])
    takedown.remove(edition.release, actor=make_user(), reason="Why", at=LATER)
    for path in ("/news/a/", "/news/A", "/files/a.pdf"):
        assert resolve(path, LATER) == Gone(LATER, "Why")
    assert resolve("/files/b.pdf", LATER).page == other.address.path


def test_a_removed_release_that_was_never_public_is_missing():
    edition = make_scheduled(permalink="/news/a/", live_from=LATER)
    assert resolve("/news/a/", NOON) == Missing()
    takedown.remove(edition.release, actor=make_user(), reason="Why", at=LATER)
    assert resolve("/news/a/", NOON) == Missing()


def test_a_withdrawn_release_keeps_its_page_and_files():
    edition = make_live(permalink="/news/a/", annexes=[("/files/a.pdf", b"%PDF-1")])
    takedown.withdraw(edition.release, actor=make_user(), reason="Why", at=LATER)
    assert resolve("/news/a/", LATER) == ReleasePage(edition.pk)
    assert isinstance(resolve("/files/a.pdf", LATER), File)


def test_a_path_serves_the_bytes_of_the_edition_that_is_live_now():
    first = make_live(annexes=[("/files/a.pdf", b"%PDF-1 old")])
    draft = make_next(first, author=make_user(), at=NOON)
    draft.annexes.update(blob=make_blob(b"%PDF-1 new"))
    approval.approve(draft, approver=make_user(), at=NOON, live_from=LATER)
    served = [resolve("/files/a.pdf", at).sha256 for at in (LATER - dt.timedelta(seconds=1), LATER)]
    assert served == [make_blob(b"%PDF-1 old").pk, make_blob(b"%PDF-1 new").pk]


def test_a_file_that_no_post_uses_keeps_its_address():
    blob = make_blob(b"%PDF-1 x")
    SiteFile.objects.create(address=make_file_address("/files/Old File.pdf"), blob=blob, live_from=NOON)
    expected = File("/files/Old File.pdf", blob.pk, blob.size, "application/pdf", "")
    assert resolve("/files/Old File.pdf", NOON) == expected
    assert resolve("/files/old%20file.pdf", NOON) == Moved("/files/Old File.pdf")


def test_a_file_of_the_old_site_is_served_in_its_own_interval():
    file = SiteFile.objects.create(
        address=make_file_address("/files/a.pdf"), blob=make_blob(b"%PDF-1"), live_from=NOON, live_until=LATER
    )
    times = [NOON - HOUR, NOON, LATER]
    assert [isinstance(resolve("/files/a.pdf", at), File) for at in times] == [False, True, False]
    SiteFile.objects.filter(pk=file.pk).update(live_until=None)
    assert isinstance(resolve("/files/a.pdf", LATER), File)


@pytest.mark.parametrize("newer", ["site file", "annex"])
@pytest.mark.parametrize("bytes_of_newer", [b"%PDF-1", b"%PDF-2"])
def test_what_came_last_to_a_path_is_served_there_and_no_file_of_another(newer, bytes_of_newer):
    bytes_of_older = ({b"%PDF-1", b"%PDF-2"} - {bytes_of_newer}).pop()
    for kind, content, at in [
        ("annex" if newer == "site file" else "site file", bytes_of_older, NOON),
        (newer, bytes_of_newer, LATER),
    ]:
        if kind == "annex":
            make_live(annexes=[("/files/a.pdf", content)], at=at)
        else:
            SiteFile.objects.create(
                address=make_file_address("/files/a.pdf"), blob=make_blob(content), live_from=at
            )
    SiteFile.objects.create(
        address=make_file_address("/files/b.pdf"), blob=make_blob(b"%PDF-3"), live_from=LATER
    )
    served = [resolve("/files/a.pdf", at).sha256 for at in (NOON, LATER)]
    assert served == [make_blob(bytes_of_older).pk, make_blob(bytes_of_newer).pk]


def test_a_section_answers_at_its_path():
    section = make_section("/media/--speeches/", "Speeches")
    assert resolve("/media/--speeches/", NOON) == SectionPage(section, "/media/--speeches/")
    assert resolve("/media/--speeches", NOON) == Moved("/media/--speeches/")


def test_redirects_lead_on_from_their_day():
    release = make_live(permalink="/news/a/").release
    make_redirect("/old", "/news/a/", valid_from=LATER)
    make_redirect("/to-release", release=release)
    make_redirect("/away", "https://www.example.org/x")
    make_redirect("/gone")
    assert resolve("/old", NOON) == Missing()
    assert resolve("/old", LATER) == Moved("/news/a/")
    assert resolve("/OLD/", LATER) == Moved("/news/a/")
    assert resolve("/to-release", LATER) == Moved("/news/a/")
    assert resolve("/away", LATER) == Moved("https://www.example.org/x")
    assert resolve("/gone", LATER) == Gone()


def test_a_redirect_to_a_hidden_release_is_missing():
    make_redirect("/short", release=make_scheduled(live_from=LATER).release)
    assert resolve("/short", NOON) == Missing()


def test_redirects_that_follow_each_other_are_one_hop(settings):
    settings.SITE_URL = "https://news.example"
    page = make_live(permalink="/news/a/")
    make_redirect("/one", "/two#p3")
    make_redirect("/two", "https://news.example/three/")
    make_redirect("/three/", "/FOUR/")
    make_redirect("/four/", release=page.release)
    make_redirect("/elsewhere", "/out?a=b")
    make_redirect("/out", "https://www.example.org/x")
    make_redirect("/was-here", "/gone")
    make_redirect("/gone")
    make_redirect("/ours", "/agencies/")
    assert resolve("/one", NOON) == Moved("/news/a/#p3")
    assert resolve("/elsewhere", NOON) == Moved("https://www.example.org/x?a=b")
    assert resolve("/was-here", NOON) == Moved("/gone")
    assert resolve("/ours", NOON) == Moved("/agencies/")
    make_redirect("/asks", "/asks-too?a=b")
    make_redirect("/asks-too", "/agencies/?q=x")
    assert resolve("/asks", NOON) == Moved("/agencies/?q=x")


def test_a_star_and_an_old_permalink_are_passed_in_one_hop():
    edition = make_live(permalink="/news/before/")
    draft = make_next(edition)
    draft.address = Address.objects.create(path="/news/after/", kind="release", release=edition.release)
    draft.save()
    approval.approve(draft, approver=make_user(), at=LATER)
    make_redirect("/content/*", "/news/:splat")
    assert resolve("/content/before/", NOON) == Moved("/news/before/")
    assert resolve("/content/before/", LATER) == Moved("/news/after/")


@pytest.mark.parametrize("path", ["/content", "/content/"])
def test_a_folder_that_moved_leads_to_the_new_one_with_or_without_its_slash(path):
    make_redirect("/content/*", "/news/:splat")
    assert resolve(path, NOON) == Moved("/news/")


def test_a_hop_that_starts_later_is_not_taken_early():
    make_redirect("/one", "/two")
    make_redirect("/two", "/news/secret-plan/", valid_from=LATER)
    make_scheduled(permalink="/news/secret-plan/", live_from=LATER)
    make_redirect("/three", "/news/secret-plan/")
    assert [resolve(path, NOON) for path in ("/one", "/two", "/three")] == [Missing()] * 3
    assert [resolve(path, LATER) for path in ("/one", "/two", "/three")] == [Moved("/news/secret-plan/")] * 3


@pytest.mark.parametrize("length", [1, 2, 5])
def test_a_circle_leads_nowhere(length):
    for number in range(length):
        make_redirect(f"/{number}", f"/{(number + 1) % length}")
    make_redirect("/in", "/0")
    assert resolve("/0", NOON) == resolve("/in", NOON) == Missing()


def test_a_star_stands_for_everything_below_and_the_nearest_wins():
    make_redirect("/content/*", "https://www.example.org/:splat")
    make_redirect("/content/news/*", "/news/:splat")
    page = make_live(permalink="/content/kept/")
    assert resolve("/content/a/b.html", LATER) == Moved("https://www.example.org/a/b.html")
    assert resolve("/content/news/x/", LATER) == Moved("/news/x/")
    assert resolve("/content/news/", LATER) == Moved("/news/")
    assert resolve("/content/kept/", LATER) == ReleasePage(page.pk)


def test_a_chain_of_redirects_is_followed_for_twenty_hops():
    make_live(permalink="/news/a/")
    for number in range(25):
        make_redirect(f"/{number}", f"/{number + 1}")
    make_redirect("/25", "/news/a/")
    assert resolve("/6", NOON) == Moved("/news/a/")
    assert resolve("/5", NOON) == resolve("/0", NOON) == Missing()


def test_a_redirect_to_the_site_itself_leads_there(settings):
    settings.SITE_URL = "https://news.example"
    make_redirect("/home", "https://news.example")
    assert resolve("/home", NOON) == Moved("https://news.example")


def test_of_two_releases_with_one_file_the_newer_is_its_page():
    make_live(permalink="/news/first/", annexes=[("/files/a.pdf", b"%PDF-1")])
    make_live(permalink="/news/second/", annexes=[("/files/a.pdf", b"%PDF-1")], at=LATER)
    assert [resolve("/files/a.pdf", at).page for at in (NOON, LATER)] == ["/news/first/", "/news/second/"]


@pytest.mark.parametrize("files", ["annexes", "images"])
def test_a_file_is_gone_with_the_removed_release_that_showed_it_and_with_no_other(files):
    public, other = (make_live(**{files: [(f"/files/{name}", b"bytes")]}) for name in ("a", "b"))
    draft = make_next(public)
    getattr(draft, "illustrations" if files == "images" else files).update(
        address=make_file_address("/files/c")
    )
    takedown.withdraw(other.release, actor=make_user(), reason="Withdrawn", at=LATER)
    assert isinstance(resolve("/files/b", LATER), File)
    takedown.remove(public.release, actor=make_user(), reason="Why", at=LATER)
    assert resolve("/files/a", LATER) == Gone(LATER, "Why")
    assert isinstance(resolve("/files/b", LATER), File)
    assert resolve("/files/c", LATER) == Missing()
    takedown.restore(public.release, actor=make_user(), at=LATER + HOUR)
    assert isinstance(resolve("/files/a", LATER + HOUR), File)


def test_a_file_of_an_edition_that_was_replaced_is_missing_even_while_its_release_is_withdrawn():
    first = make_live(annexes=[("/files/a.pdf", b"%PDF-1")])
    draft = make_next(first)
    draft.annexes.all().delete()
    approval.approve(draft, approver=make_user(), at=LATER)
    takedown.withdraw(first.release, actor=make_user(), reason="Why", at=LATER + HOUR)
    assert resolve("/files/a.pdf", LATER + HOUR) == Missing()
    takedown.remove(first.release, actor=make_user(), reason="Why", at=LATER + 2 * HOUR)
    takedown.restore(first.release, actor=make_user(), at=LATER + 3 * HOUR)
    answers = [resolve("/files/a.pdf", LATER + number * HOUR) for number in (2, 3)]
    assert answers == [Gone(LATER + 2 * HOUR, "Why"), Missing()]


def test_a_permalink_that_was_only_written_is_missing_when_another_one_went_live():
    edition = make_live(permalink="/news/public/")
    Address.objects.create(path="/news/working-title/", kind="release", release=edition.release)
    assert resolve("/news/working-title/", LATER) == Missing()
    takedown.remove(edition.release, actor=make_user(), reason="Why", at=LATER)
    assert resolve("/news/working-title/", LATER) == Missing()


def test_the_removal_of_one_release_says_nothing_of_others():
    make_live(permalink="/news/kept/")
    removed, hidden = make_live(permalink="/news/removed/"), make_edition(permalink="/news/draft/")
    takedown.remove(removed.release, actor=make_user(), reason="Why", at=LATER)
    make_redirect("/to-draft", release=hidden.release)
    make_redirect("/to-removed", release=removed.release)
    assert isinstance(resolve("/news/kept/", LATER), ReleasePage)
    assert resolve("/news/draft/", LATER) == resolve("/to-draft", LATER) == Missing()
    assert resolve("/to-removed", LATER) == Missing()
    takedown.restore(removed.release, actor=make_user(), at=LATER + HOUR)
    assert isinstance(resolve("/news/removed/", LATER + HOUR), ReleasePage)


def test_a_reader_finds_something_where_a_page_a_file_or_a_redirect_leads():
    live = make_live(
        permalink="/news/live/", annexes=[("/files/a.pdf", b"%PDF-1")], images=[("/images/a.png", b"png")]
    )
    removed = make_live(permalink="/news/removed/", annexes=[("/files/removed.pdf", b"%PDF-2")])
    takedown.remove(removed.release, actor=make_user(), reason="Why", at=NOON)
    hidden = make_scheduled(
        permalink="/news/hidden/", live_from=LATER, annexes=[("/files/hidden.pdf", b"%PDF-3")]
    )
    SiteFile.objects.create(address=make_file_address("/files/old.pdf"), blob=make_blob(), live_from=NOON)
    make_section("/media/", "Media")
    make_redirect("/to-live", release=live.release)
    make_redirect("/to-hidden", release=hidden.release)
    make_redirect("/away", "https://www.example.org/")
    make_redirect("/at-once", "/elsewhere", valid_from=NOON)
    make_redirect("/later", "/elsewhere", valid_from=LATER)
    make_redirect("/gone")
    make_redirect("/below/*", "/news/:splat")
    Address.objects.create(path="/leads-nowhere", kind="redirect")
    found = {
        "/news/live/",
        "/NEWS/live",
        "/files/a.pdf",
        "/images/a.png",
        "/files/old.pdf",
        "/media/",
        "/to-live",
        "/away",
        "/at-once",
        "/below/x",
    }
    later = {"/news/hidden/", "/files/hidden.pdf", "/to-hidden", "/later"}
    never = {
        "/news/removed/",
        "/files/removed.pdf",
        "/gone",
        "/leads-nowhere",
        "/nothing",
        "/" + "x" * 5000,
        "/a\x00b",
    }
    assert reachable_paths(found | later | never, NOON) == found
    assert reachable_paths(found | later | never, LATER) == found | later
    assert reachable_paths([], NOON) == set()


def test_a_release_without_a_live_edition_is_gone_only_while_it_is_removed():
    """Not while it is withdrawn, nor since it was removed once, nor while another one is."""
    edition, other = make_live(permalink="/news/a/"), make_live()
    release = edition.release
    takedown.remove(release, actor=make_user(), reason="Why", at=LATER)
    takedown.restore(release, actor=make_user(), at=LATER + HOUR)
    takedown.withdraw(release, actor=make_user(), reason="Why", at=LATER + 2 * HOUR)
    takedown.remove(other.release, actor=make_user(), reason="Why", at=LATER + 2 * HOUR)
    Edition.objects.filter(pk=edition.pk).update(live_until=LATER + 2 * HOUR)
    at = [NOON, LATER, LATER + HOUR, LATER + 2 * HOUR]
    page = ReleasePage(edition.pk)
    assert [resolve("/news/a/", one) for one in at] == [page, Gone(LATER, "Why"), page, Missing()]


def test_a_file_of_two_removed_releases_is_gone_since_the_last_removal():
    first, second = (make_live(annexes=[("/files/a.pdf", b"%PDF-1")]) for _ in range(2))
    takedown.remove(second.release, actor=make_user(), reason="Before", at=LATER)
    takedown.remove(first.release, actor=make_user(), reason="After", at=LATER + HOUR)
    assert resolve("/files/a.pdf", LATER + HOUR) == Gone(LATER + HOUR, "After")


def test_no_path_below_a_star_is_its_other_spelling():
    make_redirect("/content/*", "/news/:splat")
    make_redirect("/CONTENT/A/*", "/other/:splat")
    assert resolve("/content/a/b", NOON) == Moved("/news/a/b")
    assert resolve("/content/*", NOON) == Moved("/news/")
