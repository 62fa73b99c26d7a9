import datetime as dt

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import connection
from django.urls import reverse

from releases.models import Annex, Blob, Edition, LedgerEntry, Release
from releases.services.editions.transitions import ActionRefused
from releases.services.publishing import erasure, takedown
from tests.factories import NOON, make_agency, make_live, make_member, make_user
from tests.services.website.test_resolver import make_redirect

pytestmark = pytest.mark.django_db


def test_text_and_bytes_go_and_the_address_says_gone(client, django_capture_on_commit_callbacks):
    shared = b"%PDF-1.4 shared"
    make_live(annexes=[("/files/kept.pdf", shared)])
    edition = make_live(
        title="Erase me", body="Precious", body_html="<p>Precious</p>", permalink="/news/erase/",
        annexes=[("/files/gone.pdf", b"%PDF-1.4 own"), ("/files/kept.pdf", shared)],
    )  # fmt: skip
    named = [edition, edition.release, make_redirect("/short/", release=edition.release)]
    for row in named:
        LogEntry.objects.log_actions(make_user().pk, [row], CHANGE, "Changed title.")
    own = edition.annexes.get(address__path="/files/gone.pdf").blob
    with django_capture_on_commit_callbacks(execute=True):
        erasure.erase_release(
            edition.release, actor=make_user(is_superuser=True), reason="Order of the court", at=NOON
        )
    stored = Edition.objects.get(pk=edition.pk)
    assert (stored.title, stored.body, stored.body_html, stored.annexes.count()) == ("Erased", "", "", 0)
    assert not Blob.objects.filter(pk=own.pk).exists() and not own.file.exists()
    assert Annex.objects.get().blob.file.exists()
    assert not LogEntry.objects.exists()
    assert client.get("/news/erase/").status_code == 410
    assert client.get("/files/gone.pdf").status_code == 404
    assert client.get("/files/kept.pdf").status_code == 200
    entry = LedgerEntry.objects.get(verb="erase")
    assert entry.note["reason"] == "Order of the court" and entry.before == edition.digest
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM releases_edition_words WHERE rowid = %s", [edition.pk])
        assert cursor.fetchone() == (0,)


def test_no_entry_of_the_ledger_holds_the_title_of_what_was_erased():
    release = make_live(title="Erase me").release
    times = [NOON + dt.timedelta(hours=hour) for hour in range(1, 4)]
    takedown.withdraw(release, actor=make_user(), reason="Wrong", at=times[0])
    takedown.restore(release, actor=make_user(), at=times[1])
    erasure.erase_release(
        release, actor=make_user(is_superuser=True), reason="Order of the court", at=times[2]
    )
    entries = LedgerEntry.objects.all()
    assert [entry.verb for entry in entries] == ["approve", "withdrawn", "restore", "erase"]
    assert not any("Erase me" in f"{entry.subject} {entry.note}" for entry in entries)


def test_it_needs_a_reason_and_a_superuser(client):
    edition = make_live()
    with pytest.raises(ActionRefused, match="Give the reason"):
        erasure.erase_release(edition.release, actor=make_user(), reason=" ", at=NOON)
    client.force_login(make_member(make_agency()))
    client.post(reverse("admin:releases_edition_do", args=[edition.pk, "erase"]), {"reason": "x"})
    assert Release.objects.get().editions.get().erased_at is None
