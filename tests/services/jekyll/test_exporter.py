"""What the way back writes of releases that were written, removed or erased here; untouched posts are in
tests/commands."""

import datetime as dt
import tempfile
from pathlib import Path

import pytest

from releases.content.jekyll.extension import Away
from releases.content.jekyll.layout import read_front_matter
from releases.content.jekyll.post import parse_post
from releases.content.jekyll.record import FOLDER
from releases.models import Address, Annex, Edition, Redirect, Release, Section, SitePage
from releases.services.jekyll.exporter import export_site
from releases.services.publishing import approval, erasure, takedown
from tests.factories import (
    NOON,
    make_agency,
    make_blob,
    make_live,
    make_next,
    make_scheduled,
    make_section,
    make_user,
)

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(hours=1)


@pytest.fixture
def export(tmp_path):
    """What an export has but for records, which Jekyll does not build, and pages of categories."""

    def run(at=LATER):
        out = Path(tempfile.mkdtemp(dir=tmp_path))
        export_site(out, at=at, progress=lambda rows, title: rows)
        return {
            path.relative_to(out).as_posix(): path.read_bytes()
            for path in out.rglob("*")
            if path.is_file() and path.name != "index.html" and FOLDER not in path.parts
        }

    return run


def test_the_page_of_a_category_comes_out_as_it_came_until_it_says_something_else(old_site, tmp_path):
    page = (
        b"---\r\nlayout: resources-alt # ours\r\ntitle: Speeches\r\npermalink: /said/\r\n---\r\n<p>Mine</p>"
    )
    old_site.write("news/speeches/index.html", page)
    old_site.post(category="news/speeches")
    old_site.load()

    def exported(name):
        export_site(tmp_path / name, at=LATER, progress=lambda rows, title: rows)
        return (tmp_path / name / "news/speeches/index.html").read_bytes()

    assert exported("first") == page
    assert (tmp_path / "first/_config.yml").read_bytes() == (old_site.root / "_config.yml").read_bytes()
    Section.objects.filter(folder="news/speeches").update(title="What was said")
    told = read_front_matter(exported("second"))
    assert (told["title"], told["permalink"]) == ("What was said", "/said/")


def test_no_page_from_outside_the_folder_is_kept(old_site, tmp_path):
    secret = tmp_path / "secret.yml"
    secret.write_text("title: A secret")
    (old_site.root / "_config.yml").unlink()
    (old_site.root / "_config.yml").symlink_to(secret)
    old_site.post()
    old_site.load()
    assert not SitePage.objects.exists()


def test_two_releases_that_end_in_the_same_word_are_two_posts(export):
    make_section("/news/")
    for permalink in ("/news/a/statement/", "/news/b/statement/"):
        make_live(permalink=permalink, section=make_section("/news/"))
    posts = [parse_post(data, path) for path, data in export().items()]
    assert sorted(post.permalink for post in posts) == ["/news/a/statement/", "/news/b/statement/"]


def test_a_permalink_that_is_longer_than_a_file_name_may_be_comes_out(export):
    permalink = f"/news/{'全球数字能力排名' * 30}/"
    make_live(permalink=permalink)
    [(path, data)] = export().items()
    assert parse_post(data, path).permalink == permalink


def test_what_was_removed_is_not_published_over_there(export):
    edition = make_live(permalink="/news/taken/", body="Kept\n")
    takedown.remove(edition.release, actor=make_user(), reason="An order", at=NOON)
    files = export()
    assert files.pop("_redirects") == b"/news/taken/ / 410\n"
    [(path, data)] = files.items()
    post = parse_post(data, path)
    assert (post.published, post.body) == (False, "Kept\n")


def test_nothing_of_an_erased_release_comes_out(export):
    edition = make_live(permalink="/news/erased/", annexes=[("/files/own.pdf", b"%PDF-1.4 own")])
    erasure.erase_release(edition.release, actor=make_user(), reason="An order", at=NOON)
    assert export() == {"_redirects": b"/news/erased/ / 410\n"}


def test_nothing_of_an_edition_to_come_comes_out_over_the_one_that_is_public(export):
    """Neither a draft's exchanged file, nor the words of an edition that is approved for tomorrow."""
    live = make_live(
        permalink="/news/a/", body="Public\n", annexes=[("/files/a.pdf", b"%PDF-1.4 public", "Annex A", "A")]
    )
    draft = make_next(live, body="Tomorrow\n")
    Annex.objects.filter(edition=draft).update(blob=make_blob(b"%PDF-1.4 tomorrow"))
    as_drafted = export()
    approval.approve(draft, approver=make_user(), at=NOON, live_from=LATER + dt.timedelta(days=1))
    for files in (as_drafted, export()):
        assert files["files/a.pdf"] == b"%PDF-1.4 public"
        assert b"Public" in files["news/press-releases/_posts/2024-03-01-a.md"]


def test_an_annex_that_a_later_edition_dropped_is_not_served_again(export):
    live = make_live(annexes=[("/files/wrong.pdf", b"%PDF-1.4 wrong")])
    draft = make_next(live)
    draft.annexes.all().delete()
    approval.approve(draft, approver=make_user(), at=LATER)
    assert not any(b"wrong" in data for data in export().values())


def test_a_release_that_waits_for_its_hour_is_not_published_by_its_day(export):
    make_scheduled(
        live_from=LATER + dt.timedelta(hours=5),
        release_date=NOON.date(),
        annexes=[("/files/a.pdf", b"%PDF-1.4 early")],
    )
    files = export()
    assert files.pop("_files/a.pdf") == b"%PDF-1.4 early"
    [(path, data)] = files.items()
    assert not parse_post(data, path).published


def test_an_earlier_address_and_a_redirect_to_a_release_come_out_once_they_count(export):
    live = make_live(permalink="/news/first/")
    draft = make_next(live)
    address = Address.objects.create(path="/news/second/", kind="release", release=live.release)
    Edition.objects.filter(pk=draft.pk).update(address=address)
    approval.approve(Edition.objects.get(pk=draft.pk), approver=make_user(), at=LATER)
    for path, since in (("/short now", NOON), ("/short-later", LATER + dt.timedelta(days=1))):
        redirect = Address.objects.create(path=path, kind="redirect")
        Redirect.objects.create(address=redirect, release=live.release, valid_from=since)
    assert export()["_redirects"] == b"/news/first/ /news/second/ 301\n/short%20now /news/second/ 301\n"


@pytest.mark.parametrize("published", ["true", "false"])
def test_what_people_did_with_a_post_before_it_was_public_comes_out(old_site, export, published):
    """Their words in an unpublished post; and a post that they took back from its day is not published on
    it."""
    old_site.post("2031-01-01-a.md", "As it came.\n", published=published)
    old_site.load()
    edition = Edition.objects.get()
    if published == "true":
        edition = approval.unschedule_edition(edition, actor=make_user(), at=NOON)
    Edition.objects.filter(pk=edition.pk).update(body="As people have it.\n", lock_version=1)
    data = export()["news/press-releases/_posts/2031-01-01-a.md"]
    post = parse_post(data, "2031-01-01-a.md")
    assert (post.published, post.body) == (False, "As people have it.\n")


def test_what_jekyll_has_no_word_for_goes_with_the_post(export):
    board = make_agency("imda", "Infocomm Media Development Authority", "IMDA")
    edition = make_live(
        form="file",
        kind="statement",
        issuers=[make_agency(), board],
        contacts="Ms Tan\n6123 4567",
        language="zh-Hans",
        annexes=[
            ("/files/plan.pdf", b"%PDF-1.4 plan", "Annex B", "The plan"),
            ("/files/a.pdf", b"%PDF-1.4 a", "Annex A", ""),
        ],
    )
    takedown.withdraw(edition.release, actor=make_user(), reason="It was wrong.", at=NOON)
    path, data = next(pair for pair in export().items() if pair[0].endswith(".md"))
    post = parse_post(data, path)
    extras = post.extras
    assert (post.form, post.language, extras.issuers) == ("file", "zh-Hans", ("mti", "imda"))
    assert [(one.label, one.title, one.path) for one in extras.annexes] == [
        ("Annex B", "The plan", "/files/plan.pdf"),
        ("Annex A", "", "/files/a.pdf"),
    ]
    assert (extras.contacts, extras.kind) == ("Ms Tan\n6123 4567", "statement")
    assert extras.away == Away("withdrawn", NOON, "It was wrong.")


def test_a_release_that_was_moved_to_another_section_comes_out_there_with_all_that_its_post_said(
    old_site, export
):
    old_site.post("2024-03-01-a.md", layout="post", tags="[ships, ports]")
    old_site.load()
    Release.objects.update(section=make_section("/news/speeches/", "Speeches"))
    [(path, data)] = [pair for pair in export().items() if pair[0].endswith(".md")]
    assert path == "news/speeches/_posts/2024-03-01-a.md"
    assert b"- ships" in data
