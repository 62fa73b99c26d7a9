"""A store that has lost bytes: the same import brings them back, although nothing has changed on the old
site."""

import hashlib
import shutil

import pytest
from django.utils import timezone

from releases.models import Annex, Blob, Illustration, SiteFile
from releases.services.files.storage import store_bytes
from tests.sites import PDF

PICTURE = b"\x89PNG\r\n\x1a\n picture"


@pytest.fixture
def imported(old_site):
    old_site.write("files/a.pdf", PDF)
    old_site.write("images/b.png", PICTURE)
    old_site.write("files/unused.pdf", PDF + b" that no post uses")
    old_site.post("2024-03-01-a.md", body="[Annex A](/files/a.pdf) ![](/images/b.png)\n")
    old_site.post("2024-03-02-b.md", body="[Annex A](/files/a.pdf)\n")
    assert (old_site.load().restored, old_site.load().restored) == ([], [])
    return old_site


def stored():
    return [
        row.blob for model in (Annex, Illustration, SiteFile) for row in model.objects.select_related("blob")
    ]


def all_whole():
    return all(hashlib.sha256(blob.file.read_bytes()).hexdigest() == blob.pk for blob in stored())


def test_an_emptied_store_is_filled_again_and_told(imported, media, client):
    shutil.rmtree(media)
    report = imported.load()
    assert [row["path"] for row in report.restored] == ["/files/a.pdf", "/images/b.png", "/files/unused.pdf"]
    assert (report.created, report.updated, report.unchanged, report.lost) == (0, 0, 2, [])
    assert "3 files whose bytes were missing here or cut short" in report.summary()
    assert all_whole()
    assert b"".join(client.get("/files/a.pdf").streaming_content) == PDF
    assert imported.load().restored == []


@pytest.mark.parametrize("harm", ["deleted", "cut short", "a folder is gone"])
def test_one_file_that_was_harmed_comes_back(imported, harm):
    file = Annex.objects.first().blob.file
    if harm == "cut short":
        file.write_bytes(PDF[:-1])
    elif harm == "deleted":
        file.unlink()
    else:
        shutil.rmtree(file.parent)
    assert [row["path"] for row in imported.load().restored] == ["/files/a.pdf"]
    assert all_whole()


def test_a_dry_run_tells_what_would_come_back_and_writes_nothing(imported, media):
    shutil.rmtree(media)
    assert len(imported.load(dry_run=True).restored) == 3
    assert not media.exists()


def test_one_post_brings_back_its_own_files(imported, media):
    shutil.rmtree(media)
    report = imported.load(source="news/press-releases/_posts/2024-03-02-b.md")
    assert [row["path"] for row in report.restored] == ["/files/a.pdf"]
    assert len(report.lost) == 2


def test_what_the_site_does_not_hold_is_told_as_lost(imported):
    blob = store_bytes(PDF + b" of an editor", "a.pdf")
    blob.file.unlink()
    imported.write("files/a.pdf", PDF + b" changed")
    before = Annex.objects.first().blob
    before.file.unlink()
    report = imported.load()
    assert (report.updated, report.restored) == (2, [])
    assert [row["sha256"] for row in report.lost] == sorted([before.pk, blob.pk])
    assert (
        "2 stored files are missing or cut short, and this copy does not hold their bytes" in report.summary()
    )


def test_a_new_post_with_bytes_that_were_lost_brings_them_back_too(imported, media):
    shutil.rmtree(media)
    imported.post("2024-03-03-c.md", body="[Annex A](/files/a.pdf)\n")
    report = imported.load()
    assert (report.created, len(report.restored)) == (1, 3)
    assert all_whole()


def test_what_came_back_is_read_again(imported):
    # the worker may have found nothing to read, and its picture of the first page may be lost as well
    Blob.objects.update(inspected_at=timezone.now(), problem="It could not be read; the file may be damaged.")
    Annex.objects.first().blob.file.unlink()
    imported.load()
    assert list(Blob.objects.filter(inspected_at=None)) == [Annex.objects.first().blob]
