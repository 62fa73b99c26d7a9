"""Files that are attached at the desk, through embargo, correction, withdrawal, return and erasure."""

import hashlib

import pytest

from releases.models import Blob, LedgerEntry, PageText
from releases.services.files.inspection import inspect_file
from releases.services.search import engine
from tests.admin.editions.test_markdown import picture
from tests.factories import make_agency, make_section
from tests.stories.newsroom import HOUR, release_at

PERMALINK = "/news/press-releases/plan/"
TEXT = b"BT /F1 12 Tf 20 100 Td (Porpoises and ferries) Tj ET"
PDF = (
    b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length %d>>stream\n%s\nendstream endobj\n5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%%%EOF" % (len(TEXT), TEXT)
)
TABLE = b"year,ferries\n2031,12\n"
SHA256 = hashlib.sha256(PDF).hexdigest()


@pytest.fixture
def desk(newsroom):
    make_section()
    return newsroom.writer(make_agency())


@pytest.fixture
def chief(newsroom):
    return newsroom.approver(make_agency())


def attached(newsroom, desk, chief):
    """A release with a PDF, a picture and a table, read by the worker and approved for the next hour."""
    draft = desk.write("A plan for ferries", "1. One.", permalink=PERMALINK)
    files = {"annex a - plan.pdf": PDF, "annex b - map.png": picture(), "annex c - table.csv": TABLE}
    desk.attach(draft, **files)
    for blob in Blob.objects.filter(media_type__in=["application/pdf", "image/png"]):
        inspect_file(blob)
    desk.do("submit", draft)
    chief.publish(draft, at=newsroom.now + HOUR)
    return draft, {annex.title: annex.address.path for annex in draft.annexes.all()}


def seen(newsroom, paths):
    """(page, API, files by title, page and thumbnail of the PDF, search) as a reader gets them."""
    own = [newsroom.status(path) for path in (f"/annexes/{SHA256}/", f"/annexes/{SHA256}/thumbnail.webp")]
    item = newsroom.item(PERMALINK)
    annexes = [annex["title"] for annex in item["annexes"]] if item else None
    files = {title: newsroom.status(path) for title, path in paths.items()}
    return newsroom.status(PERMALINK), annexes, files, own, newsroom.finds("porpoises")


def everywhere(newsroom):
    return newsroom.listed(PERMALINK)


def all_are(status, paths):
    return dict.fromkeys(paths, status)


def test_attached_files_are_read_hidden_found_dropped_withdrawn_restored_and_erased(
    newsroom, desk, chief, django_capture_on_commit_callbacks
):
    draft, paths = attached(newsroom, desk, chief)
    assert set(paths) == {"Plan", "Map", "Table"}
    assert seen(newsroom, paths) == (404, None, all_are(404, paths), [404, 404], set())
    assert everywhere(newsroom) == set()

    newsroom.wait(HOUR)
    shown = (200, ["Plan", "Map", "Table"], all_are(200, paths), [200, 200], {PERMALINK})
    assert seen(newsroom, paths) == shown
    assert everywhere(newsroom) == {"home", "list", "atom", "json", "map", "api"}
    assert newsroom.bytes_at(paths["Plan"]) == PDF and newsroom.bytes_at(paths["Table"]) == TABLE

    release = release_at(PERMALINK)
    chief.do("withdraw", draft, reason="The plan is being read again.")
    assert seen(newsroom, paths) == (*shown[:-1], set())
    assert everywhere(newsroom) == set() and "The plan is being read again." in newsroom.read(PERMALINK)
    newsroom.wait(HOUR)
    newsroom.approver(make_agency()).do("restore", draft)
    assert seen(newsroom, paths) == shown

    following = desk.begin_next(release)
    desk.save(
        following, change_class="correction", change_note="The plan is dropped.", **{"annexes-0-DELETE": "on"}
    )
    desk.do("submit", following)
    newsroom.wait(HOUR)
    chief.publish(following)
    dropped = all_are(200, paths) | {"Plan": 404}
    assert seen(newsroom, paths) == (200, ["Map", "Table"], dropped, [404, 404], set())
    history = newsroom.read(f"/releases/{release.pk}/history/")
    assert "The plan is dropped." in history
    assert "Plan" in newsroom.read(f"/releases/{release.pk}/changes/2/")

    newsroom.wait(HOUR)
    plan, thumbnail = Blob.objects.get(pk=SHA256).file, Blob.objects.get(pk=SHA256).thumbnail
    assert plan.exists() and thumbnail.exists()
    pages = set(PageText.objects.values_list("pk", flat=True))
    with django_capture_on_commit_callbacks(execute=True):
        newsroom.by_two("erase", following, reason="An order of the court.")
    assert seen(newsroom, paths) == (410, None, all_are(404, paths), [404, 404], set())
    assert everywhere(newsroom) == set()
    assert newsroom.status(f"/releases/{release.pk}/history/") == 404
    assert not (plan.exists() or thumbnail.exists() or Blob.objects.exists() or PageText.objects.exists())
    assert not pages & engine.indexed_ids(engine.PAGES) and not engine.indexed_ids(engine.EDITIONS)
    told = [f"{entry.subject} {entry.note}" for entry in LedgerEntry.objects.filter(release=release)]
    assert LedgerEntry.objects.filter(release=release).last().verb == "erase"
    assert not any("ferries" in words or "dropped" in words for words in told)
