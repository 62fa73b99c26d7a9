"""An old site moves in, people work on it, the old site goes on changing, and all of it moves on to another
newsroom."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from releases.models import Address, Agency, Edition
from releases.services.editions.digests import digest_site
from releases.services.jekyll.exporter import export_site
from tests.sites import SiteFolder, load_agencies
from tests.stories.emptying import empty_newsroom
from tests.stories.newsroom import DAY, HOUR, release_at

STATEMENT, FERRY, LIST, NAMES = (
    f"/news/press-releases/{name}/" for name in ("statement", "ferry", "list", "names")
)
QUIET, COMING, HIDDEN = (f"/news/press-releases/{name}/" for name in ("quiet", "coming", "hidden"))
FILES = {
    "files/plan.pdf": b"%PDF-1.4 the plan",
    "files/map.pdf": b"%PDF-1.4 a map that two releases share",
    "files/list.pdf": b"%PDF-1.4 the list that was removed",
    "files/names.pdf": b"%PDF-1.4 the names that were erased",
    "files/coming.pdf": b"%PDF-1.4 what comes next year",
    "files/hidden.pdf": b"%PDF-1.4 of a draft",
    "files/unused.pdf": b"%PDF-1.4 no post uses it",
}


@pytest.fixture
def old(newsroom, old_site):
    """The old site, as it came in yesterday."""
    old_site.post(
        "2031-02-03-statement.md",
        "Jointly by the Ministry of Law.\n\n[Annex A](/files/plan.pdf) [Annex B](/files/map.pdf)\n",
        title="Statement",
    )
    old_site.post(
        "2031-02-04-ferry.md", "1. Ferries leave at 8.\n\n[Annex A](/files/map.pdf)\n", title="Ferry times"
    )
    old_site.post("2031-02-05-list.md", "The list.\n\n[Annex A](/files/list.pdf)\n", title="List of shops")
    old_site.post(
        "2031-02-06-names.md",
        "Ada Lovelace.\n\n[Annex A](/files/names.pdf) [Annex B](/files/map.pdf)\n",
        title="Names of winners",
    )
    old_site.post(
        "2031-02-07-quiet.md", "全球数字能力排名。\r\n\r\nNobody touches it.\r\n", title='"Quiet: a post"'
    )
    old_site.post("2032-01-01-coming.md", "Next year.\n\n[Annex A](/files/coming.pdf)\n", title="Coming")
    old_site.post(
        "2031-02-08-hidden.md", "Draft.\n\n[Annex A](/files/hidden.pdf)\n", title="Hidden", published="false"
    )
    for path, data in FILES.items():
        old_site.write(path, data)
    old_site.write("_redirects", "/old-home /news/press-releases/quiet/ 301\n/lost / 410\n")
    old_site.load(at=newsroom.now - DAY)
    return old_site


@pytest.fixture
def desk(newsroom, old):
    return newsroom.writer(Agency.objects.get(slug="minlaw"))


@pytest.fixture
def chief(newsroom, old):
    return newsroom.approver(Agency.objects.get(slug="minlaw"))


def correct_the_statement(newsroom, desk, chief):
    """A new edition with another plan at the same address and a further annex, public in an hour."""
    draft = desk.begin_next(release_at(STATEMENT))
    desk.save(
        draft,
        body=draft.body + "\nA figure was put right.\n",
        change_class="correction",
        change_note="A figure was wrong.",
        **{"annexes-0-file": SimpleUploadedFile("plan.pdf", b"%PDF-1.4 the plan, put right")},
        new_annexes=[SimpleUploadedFile("annex c - figures.pdf", b"%PDF-1.4 figures")],
    )
    desk.do("submit", draft)
    chief.publish(draft, at=newsroom.now + HOUR)
    return draft


def take_away(newsroom, chief):
    """Ferry is withdrawn, the list removed, the names erased."""
    chief.do("withdraw", at(newsroom, FERRY), reason="The times were wrong.")
    newsroom.by_two("remove", at(newsroom, LIST), reason="An order of the court.")
    newsroom.by_two("erase", at(newsroom, NAMES), reason="A person asked for it.")


def change_the_old_site(old):
    """It knows nothing of the newsroom: a post changes, a file too, one comes, and two are gone whose files
    stay."""
    old.post("2031-02-07-quiet.md", "全球数字能力排名。\n\nSomebody touched it.\n", title='"Quiet: a post"')
    old.post("2031-03-01-new.md", "A new one.\n\n[Annex A](/files/new.pdf)\n", title="New")
    old.write("files/new.pdf", b"%PDF-1.4 new")
    old.write("files/plan.pdf", b"%PDF-1.4 the plan as the old site has it now")
    for name in ("2031-02-05-list.md", "2031-02-06-names.md"):
        (old.root / "news/press-releases/_posts" / name).unlink()


def move(newsroom, tmp_path, settings, name):
    """Export, and import the export into an empty newsroom. Returns the files of the export."""
    folder = tmp_path / name
    export_site(folder, at=newsroom.now, progress=lambda rows, title: rows)
    empty_newsroom()
    settings.MEDIA_ROOT = tmp_path / f"media of {name}"
    settings.MEDIA_ROOT.mkdir()
    load_agencies()
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    report = SiteFolder.__new__(SiteFolder)
    report.root = folder
    assert report.load(at=newsroom.now).failed == []
    return files


def portrait(newsroom, paths):
    """What readers get: each address with its answer, each release with its words, files and issuers."""
    seen = {}
    for path in sorted(paths):
        answer = newsroom.get(path)
        item = newsroom.item(path) or {}
        told = {
            key: item.get(key)
            for key in ("title", "date", "language", "issuers", "annexes", "body_markdown", "withdrawn")
        }
        data = newsroom.bytes_at(path) if path.startswith("/files/") else b""
        seen[path] = (answer.status_code, answer.headers.get("Location", ""), data, told)
    return seen


def at(newsroom, permalink):
    return release_at(permalink).editions.live(newsroom.now).get()


def addresses():
    return set(Address.objects.exclude(kind="section").values_list("path", flat=True))


def test_a_site_moves_in_is_worked_on_changes_and_moves_on(newsroom, old, desk, chief, tmp_path, settings):
    correct_the_statement(newsroom, desk, chief)
    take_away(newsroom, chief)
    assert newsroom.bytes_at("/files/plan.pdf") == b"%PDF-1.4 the plan"
    newsroom.wait(2 * HOUR)
    assert newsroom.bytes_at("/files/plan.pdf") == b"%PDF-1.4 the plan, put right"
    assert "A figure was put right." in newsroom.read(STATEMENT)

    change_the_old_site(old)
    report = old.load(at=newsroom.now)
    assert (report.created, report.updated, report.failed) == (1, 2, [])
    assert [row["post"] for row in report.conflicts] == ["news/press-releases/_posts/2031-02-03-statement.md"]
    first = digest_site()
    newsroom.wait(HOUR)
    report = old.load(at=newsroom.now)
    assert (report.created, report.updated, report.unchanged, digest_site()) == (0, 0, 6, first)

    assert newsroom.bytes_at("/files/plan.pdf") == b"%PDF-1.4 the plan, put right"
    assert "A figure was put right." in newsroom.read(STATEMENT)
    assert "Somebody touched it." in newsroom.read(QUIET)
    assert (newsroom.status(LIST), newsroom.status(NAMES)) == (410, 410)
    assert newsroom.bytes_at("/files/list.pdf") == newsroom.bytes_at("/files/names.pdf") == b""
    assert newsroom.bytes_at("/files/map.pdf") == FILES["files/map.pdf"]

    paths = addresses()
    before = portrait(newsroom, paths)
    files = move(newsroom, tmp_path, settings, "first")
    public = [data for path, data in files.items() if not path.startswith("_pressroom/")]
    assert b"%PDF-1.4 the plan" not in public
    assert FILES["files/names.pdf"] not in files.values()
    assert not any(b"Ada Lovelace" in data for data in files.values())
    for path in ("files/list.pdf", "files/coming.pdf", "files/hidden.pdf"):
        assert path not in files and files[f"_{path}"] == FILES[path]
    after = portrait(newsroom, paths)
    assert {path: (before[path], after[path]) for path in paths if before[path] != after[path]} == {}
    assert Edition.objects.filter(state="approved", live_from__gt=newsroom.now).count() == 1
    again = move(newsroom, tmp_path, settings, "second")
    assert {path: (data, again.get(path)) for path, data in files.items() if data != again.get(path)} == {}
    assert files == again
