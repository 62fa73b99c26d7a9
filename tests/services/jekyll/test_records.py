"""An export keeps the record: what comes back from it is the newsroom that it was taken of."""

import dataclasses
import datetime as dt
import json

import pytest

from releases.content.jekyll.record import EditionRecord, locate_record
from releases.models import Absence, Address, Annex, Edition, LedgerEntry, Redirect, SitePage
from releases.services.editing.draft_writer import TYPED
from releases.services.editions.digests import digest_site
from releases.services.jekyll.exporter import NotHidden, export_site
from releases.services.jekyll.importer import import_site
from releases.services.publishing import approval, takedown
from tests.factories import (
    NOON,
    make_agency,
    make_blob,
    make_edition,
    make_live,
    make_next,
    make_scheduled,
    make_user,
)
from tests.sites import AT, load_agencies
from tests.stories.emptying import empty_newsroom

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
SECRET = {"body": "SECRET words.\n", "body_html": "<p>SECRET words.</p>\n"}
POST = "news/press-releases/_posts/2024-03-01-a.md"


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


@pytest.fixture
def bring_back(out, settings, tmp_path):
    """Import the export into a newsroom that was emptied; or once more."""

    def bring_back(*, into_empty=True, agencies=False):
        if into_empty:
            empty_newsroom()
            if agencies:
                load_agencies()
            settings.MEDIA_ROOT = tmp_path / "another store"
            settings.MEDIA_ROOT.mkdir()
        return import_site(out, at=AT, dry_run=False, progress=all_rows)

    return bring_back


def all_rows(rows, title):
    return rows


def read_files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def correct(old_site):
    """An imported release with a correction, another annex at the same address, and a draft that moves it."""
    edition = Edition.objects.get(address__path__endswith="/edited/")
    second = make_next(edition)
    Annex.objects.filter(edition=second).update(blob=make_blob(b"%PDF-1.4 of the second edition"))
    approval.approve(second, approver=make_user(), at=AT - DAY)
    third = make_next(second, change_class="update", change_note="SECRET note", **SECRET)
    moved = Address.objects.create(path="/news/moved/", kind="release", release=edition.release)
    Edition.objects.filter(pk=third.pk).update(address=moved, awaited="Annex B: Map", wanted_from=AT + DAY)


def write_at_the_desk():
    """Withdrawn twice, with a short address; to come; a draft that somebody sent back."""
    edition = make_live(permalink="/news/withdrawn/", issuers=[make_agency(), make_agency("imda")])
    release = edition.release
    Absence.objects.create(
        release=release, kind="withdrawn", since=NOON, until=AT - 9 * DAY, reason="In error"
    )
    takedown.withdraw(release, actor=make_user(), reason="It is out of date.", at=AT - HOUR)
    short = Address.objects.create(path="/short", kind="redirect")
    Redirect.objects.create(address=short, release=release, valid_from=NOON)
    annexes = [("/files/plan.pdf", b"%PDF-1.4 SECRET", "Annex A", "Plan")]
    make_scheduled(permalink="/news/tomorrow/", live_from=AT + DAY, annexes=annexes, **SECRET)
    make_edition(
        permalink="/news/draft/", state="rejected", rejection="SECRET reason", author=make_user(), **SECRET
    )


def fill_newsroom(old_site):
    """With all that a post has no word for."""
    old_site.post("2024-03-01-untouched.md", "As it came.\n")
    old_site.post("2024-03-02-edited.md", "[Annex A](/files/a.pdf) with a figure.\n")
    old_site.post("2024-03-03-gone.md", "An error.\n")
    old_site.post("2024-03-04-later.md", "As it was.\n")
    old_site.write("files/a.pdf", b"%PDF-1.4 of the first edition")
    old_site.load(at=AT - 9 * DAY)
    old_site.post("2024-03-04-later.md", "As the old site changed it.\n")
    old_site.load(at=AT - 8 * DAY)
    correct(old_site)
    gone = Edition.objects.get(address__path__endswith="/gone/").release
    takedown.remove(gone, actor=make_user(), reason="SECRET order", at=AT - HOUR)
    write_at_the_desk()


def test_a_newsroom_comes_back_with_all_that_a_post_has_no_word_for(old_site, out, bring_back, tmp_path):
    fill_newsroom(old_site)
    before, number = digest_site(), Edition.objects.count()
    export_site(out, at=AT, progress=all_rows)
    report = bring_back(agencies=True)
    told = (report.failed, report.warnings[1:], report.absent_bytes, report.conflicts)
    assert told == ([], [], [], []) and all(not row["problem"] for row in report.redirects)
    assert (digest_site(), Edition.objects.count()) == (before, number)

    second = Edition.objects.get(change_note="A figure was wrong.")
    first, third = second.based_on, Edition.objects.get(based_on=second)
    assert (first.live_until, second.live_from, second.change_class) == (AT - DAY, AT - DAY, "correction")
    assert first.annexes.get().blob.file.read_bytes() == b"%PDF-1.4 of the first edition"
    assert (third.awaited, third.wanted_from, third.origin) == ("Annex B: Map", AT + DAY, "desk")
    assert Redirect.objects.get(address__path="/short").release_id
    assert Edition.objects.get(state="rejected").rejection == "SECRET reason"
    assert [row["path"].rpartition("/")[2] for row in report.scheduled] == ["2024-03-01-tomorrow.md"]

    export_site(tmp_path / "again", at=AT, progress=all_rows)
    assert read_files(tmp_path / "again") == read_files(out)
    entries = LedgerEntry.objects.count()
    again = bring_back(into_empty=False)
    assert (again.created, again.updated, again.unchanged) == (0, 0, report.posts)
    assert (digest_site(), LedgerEntry.objects.count()) == (before, entries)


def test_what_is_not_public_lies_where_jekyll_builds_nothing(old_site, out):
    fill_newsroom(old_site)
    export_site(out, at=AT, progress=all_rows)
    shown = {
        path: data
        for path, data in read_files(out).items()
        if not path.startswith(("_files/", "_pressroom/"))
    }
    assert [
        path for path, data in shown.items() if b"SECRET" in data and b"published: false" not in data
    ] == []
    assert not any(b"%PDF-1.4 of the first" in data for data in shown.values())
    assert b"As it was" not in b"".join(shown.values())


@pytest.mark.parametrize(
    "setting",
    [
        "include: [_pressroom]",
        "include: ['_*']",
        "include: [/_files/a.pdf]",
        "collections: {files: {output: true}}",
    ],
)
def test_no_export_that_the_settings_of_the_old_site_would_publish(out, setting):
    SitePage.objects.create(path="_config.yml", content=setting.encode())
    with pytest.raises(NotHidden):
        export_site(out, at=AT, progress=all_rows)
    assert not out.exists()


def test_a_post_that_changes_after_its_release_came_back_is_told_and_doubles_nothing(out, bring_back):
    make_live(permalink="/news/a/")
    export_site(out, at=AT, progress=all_rows)
    bring_back()
    before = digest_site()
    with (out / POST).open("a") as post:
        post.write("More.\n")
    report = bring_back(into_empty=False)
    assert [row["post"] for row in report.conflicts] == [POST]
    assert digest_site() == before


def test_an_export_changes_nothing_in_the_newsroom_that_it_came_from(out, bring_back):
    make_live(permalink="/news/a/")
    export_site(out, at=AT, progress=all_rows)
    before = digest_site()
    report = bring_back(into_empty=False)
    assert [row["post"] for row in report.conflicts] == [POST]
    assert not any("record" in row["reason"] for row in report.warnings)
    assert (report.failed, report.created, digest_site()) == ([], 0, before)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda record: record["editions"][0].update(link_url="javascript:alert(1)"),
        lambda record: record["editions"][0].update(state="public"),
        lambda record: record["editions"][0].update(live_from=None),
        lambda record: record["editions"][0].update(permalink="/admin/"),
        lambda record: record["editions"][0].update(body="\x00"),
        lambda record: record["editions"][0]["annexes"][0].update(sha256="../../secret"),
        lambda record: record["absences"].append({"kind": "removed", "since": "2024-03-01", "reason": ""}),
        lambda record: record.update(editions=[]),
        lambda record: record.update(translation_group=7),
    ],
)
def test_a_record_that_is_none_costs_no_more_than_itself(out, bring_back, spoil):
    make_live(permalink="/news/a/", annexes=[("/files/a.pdf", b"%PDF-1.4", "Annex A", "")])
    export_site(out, at=AT, progress=all_rows)
    record = json.loads((out / locate_record(POST)).read_text())
    spoil(record)
    (out / locate_record(POST)).write_text(json.dumps(record))
    report = bring_back()
    assert (report.created, report.failed) == (1, [])
    assert [row["post"] for row in report.warnings if "record" in row["reason"]] == [POST]
    edition = Edition.objects.get()
    assert (edition.origin, edition.permalink, edition.state) == ("import", "/news/a/", "approved")


def test_each_typed_field_of_an_edition_is_in_its_record():
    assert set(TYPED) <= {field.name for field in dataclasses.fields(EditionRecord)}
