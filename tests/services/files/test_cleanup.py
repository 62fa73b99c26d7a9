"""Bytes that nothing refers to go; whatever somebody needs, or has just brought, stays with all its bytes."""

import datetime as dt
import os
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from django.db import connection, transaction
from django.utils import timezone

from releases.models import (
    Address,
    Agreement,
    AgreementText,
    Annex,
    Blob,
    Illustration,
    Newsroom,
    PageText,
    SiteFile,
    Upload,
)
from releases.services.editing import drafts
from releases.services.files import cleanup, inspection
from releases.services.files.storage import is_whole, renew_blobs, store_bytes
from releases.services.publishing import erasure
from releases.services.search import index_blob
from tests.factories import NOON, make_edition, make_file_address, make_live, make_user

DATA = b"%PDF-1.4 of a draft that was discarded"
LONG_AGO = dt.timedelta(days=9)


def aged(blob):
    """As if it had been brought nine days ago."""
    Blob.objects.filter(pk=blob.pk).update(stored_at=timezone.now() - LONG_AGO)
    then = (timezone.now() - LONG_AGO).timestamp()
    os.utime(blob.file, (then, then))
    return blob


def old(data=DATA):
    return aged(store_bytes(data, "a.pdf"))


def pruned():
    return list(cleanup.prune_files(timezone.now()))


def uploaded(blob, path="/images/2026/1f0c/a.png"):
    return Upload.objects.create(address=make_file_address(path), blob=blob)


@pytest.fixture
def kept(db):
    """A file that an edition needs, so that the store is this database's."""
    return old(b"%PDF-1.4 kept"), make_live(annexes=[("/files/kept.pdf", b"%PDF-1.4 kept")])


@pytest.mark.usefixtures("kept")
def test_the_bytes_of_a_discarded_draft_go_with_all_that_was_read_from_them():
    edition = make_edition(annexes=[("/files/a.pdf", DATA)])
    blob = aged(edition.annexes.get().blob)
    blob.text = "Secret words"
    index_blob(blob)
    blob.thumbnail.parent.mkdir(parents=True)
    blob.thumbnail.write_bytes(b"picture")
    blob.copy(480).parent.mkdir(parents=True)
    blob.copy(480).write_bytes(b"copy")
    assert pruned() == []
    drafts.discard(edition)
    assert pruned() == [blob]
    assert not any(made.exists() for made in (blob.file, blob.thumbnail, blob.copy(480)))
    assert not Blob.objects.filter(pk=blob.pk).exists() and not PageText.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM releases_page_words")
        assert cursor.fetchone() == (0,)


def annex(blob):
    edition = make_edition()
    Annex.objects.create(
        edition=edition, position=1, title="A", address=make_file_address("/a.pdf"), blob=blob
    )


def picture(blob):
    upload = uploaded(blob)
    Illustration.objects.create(edition=make_edition(), address=upload.address, blob=blob)


def site_file(blob):
    SiteFile.objects.create(address=make_file_address("/files/x.pdf"), blob=blob, live_from=NOON)


def agreement_text(blob):
    AgreementText.objects.create(agreement=Agreement.objects.create(slug="a", title="A"), blob=blob)


@pytest.mark.parametrize("needed_by", [annex, picture, site_file, agreement_text])
@pytest.mark.usefixtures("kept")
def test_what_anything_refers_to_stays(needed_by):
    blob = old()
    needed_by(blob)
    assert pruned() == []
    assert is_whole(blob)


@pytest.mark.usefixtures("kept")
def test_nothing_that_refers_to_stored_files_is_forgotten():
    asked = str(cleanup.unused_blobs(timezone.now()).query)
    tables = {relation.related_model._meta.db_table for relation in Blob._meta.related_objects}
    assert {table for table in tables if f'"{table}"' not in asked} == {
        "releases_upload",  # an edition that shows the picture has it as an illustration
        "releases_pagetext",  # what was read from it
    }


@pytest.mark.usefixtures("kept")
def test_a_picture_that_no_edition_shows_goes_with_its_address():
    blob = old(b"picture")
    upload = uploaded(blob)
    assert pruned() == [blob]
    assert not Upload.objects.exists() and not Address.objects.filter(pk=upload.address_id).exists()


@pytest.mark.parametrize("days, number", [(1, 0), (7, 0), (9, 1)])
@pytest.mark.usefixtures("kept")
def test_what_a_form_may_still_name_stays(days, number):
    blob = store_bytes(DATA, "a.pdf")
    assert len(list(cleanup.prune_files(timezone.now() + dt.timedelta(days=days)))) == number
    assert is_whole(blob) == (not number)


@pytest.mark.parametrize(
    "bring", [lambda blob: store_bytes(DATA, "a.pdf"), lambda blob: renew_blobs([blob.pk])]
)
@pytest.mark.usefixtures("kept")
def test_what_is_brought_or_named_again_stays(bring):
    blob = old()
    bring(blob)
    assert pruned() == []
    assert is_whole(blob)


@pytest.mark.parametrize("moment", ["_forget_unused", "delete_bytes"])
@pytest.mark.usefixtures("kept")
def test_what_is_brought_while_it_is_removed_has_its_row_and_its_bytes(monkeypatch, moment):
    blob, step = old(), getattr(cleanup, moment)

    def brought_just_before(*arguments):
        store_bytes(DATA, "a.pdf")
        return step(*arguments)

    monkeypatch.setattr(cleanup, moment, brought_just_before)
    pruned()
    assert Blob.objects.filter(pk=blob.pk).exists()
    assert is_whole(blob)


@pytest.mark.usefixtures("kept")
def test_files_that_belong_to_nothing_go_when_they_are_old():
    store_bytes(b"another", "b.txt")
    blob = store_bytes(DATA, "a.pdf")
    Blob.objects.filter(pk=blob.pk).delete()
    cut_short = blob.file.with_name("tmp1f0c")
    cut_short.write_bytes(b"half")
    assert pruned() == []
    for file in (blob.file, cut_short):
        os.utime(file, (0, 0))
    assert sorted(pruned()) == sorted([blob.file, cut_short])
    assert not blob.file.exists() and not cut_short.exists()


@pytest.mark.django_db
def test_a_store_of_another_database_is_left_alone():
    blobs = [old(DATA + bytes([number])) for number in range(3)]
    Blob.objects.filter(pk__in=[blob.pk for blob in blobs[:2]]).delete()
    with pytest.raises(
        cleanup.NotItsStore, match="2 files that this database does not know, and 1 that it knows"
    ):
        pruned()
    assert all(blob.file.exists() for blob in blobs)


@pytest.mark.usefixtures("kept")
def test_erased_bytes_that_somebody_brings_again_meanwhile_stay(django_capture_on_commit_callbacks):
    edition = make_live(permalink="/news/erase/", annexes=[("/files/gone.pdf", DATA)])
    with django_capture_on_commit_callbacks(execute=True):
        erasure.erase_release(
            edition.release, actor=make_user(is_superuser=True), reason="Order of the court", at=NOON
        )
        blob = store_bytes(DATA, "a.pdf")
    assert is_whole(blob)


@pytest.mark.django_db
def test_what_was_erased_while_it_was_read_does_not_come_back(monkeypatch):
    blob = store_bytes(DATA, "a.pdf")

    def erased(blob):
        Blob.objects.filter(pk=blob.pk).delete()
        return {"text": "Secret words", "thumbnail": "00", "copies": {"480": "00"}}

    monkeypatch.setattr(inspection, "_read_in_child", erased)
    inspection.inspect_file(blob)
    assert not Blob.objects.exists() and not blob.thumbnail.exists() and not blob.copy(480).exists()


@pytest.mark.postgres
def test_bringing_and_removing_wait_for_each_other(django_db_setup, django_db_blocker, media):
    """As processes do; outside a test's own transaction, so it tidies up itself."""
    with django_db_blocker.unblock(), ThreadPoolExecutor(1) as pool:
        try:
            blob = store_bytes(DATA, "a.pdf")
            Blob.objects.filter(pk=blob.pk).delete()
            with transaction.atomic():
                store_bytes(DATA, "a.pdf")
                removal = pool.submit(drop_and_close, blob.pk)
                assert wait([removal], timeout=0.5).not_done
            removal.result(timeout=20)
            assert is_whole(blob)
        finally:
            Blob.objects.all().delete()
            connection.close()


def drop_and_close(sha256):
    cleanup.delete_bytes(sha256)
    connection.close()


@pytest.mark.usefixtures("kept")
def test_a_picture_of_the_newsroom_stays_until_another_takes_its_place():
    logo, dark, social = (old(b"\x89PNG\r\n\x1a\n" + name) for name in (b"logo", b"dark", b"social"))
    newsroom = Newsroom.objects.create(pk=1, logo=logo, logo_dark=dark, social_picture=social)
    assert pruned() == [] and all(map(is_whole, (logo, dark, social)))
    newsroom.logo = newsroom.logo_dark
    newsroom.save()
    assert pruned() == [logo] and not logo.file.exists() and is_whole(dark)
