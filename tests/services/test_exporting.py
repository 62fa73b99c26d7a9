"""What the way back writes of releases that were written, removed or erased here; untouched posts are in tests/commands."""

import datetime as dt

import pytest

from releases.content.posts import parse_post
from releases.models import Section, SitePage
from releases.services import erasing, publishing
from releases.services.exporting import export_site
from releases.services.importing.site import front_matter_in
from tests.factories import NOON, make_live, make_section, make_user

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(hours=1)


@pytest.fixture
def export(tmp_path):
    def run(at=LATER):
        export_site(tmp_path / "out", at=at, progress=lambda rows, title: rows)
        return {
            path.relative_to(tmp_path / "out").as_posix(): path.read_bytes()
            for path in (tmp_path / "out").rglob("*")
            if path.is_file() and path.name != "index.html"
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
    told = front_matter_in(exported("second"))
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
    publishing.remove(edition.release, actor=make_user(), reason="An order", at=NOON)
    files = export()
    assert files.pop("_redirects") == b"/news/taken/ / 410\n"
    [(path, data)] = files.items()
    post = parse_post(data, path)
    assert (post.published, post.body) == (False, "Kept\n")


def test_nothing_of_an_erased_release_comes_out(export):
    edition = make_live(permalink="/news/erased/", annexes=[("/files/own.pdf", b"%PDF-1.4 own")])
    erasing.erase(edition.release, actor=make_user(), reason="An order", at=NOON)
    assert export() == {"_redirects": b"/news/erased/ / 410\n"}
