import logging

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from releases.models import Annex, Blob, ContentVersion, Edition, SiteFile
from releases.services.accounts.permissions import Authority
from releases.services.desk.dashboard import build_dashboard
from releases.services.editing import checks, draft_files
from releases.services.editions.transitions import ActionRefused
from releases.services.files import virus_scans
from releases.services.files.storage import store_bytes
from releases.services.publishing import approval
from tests.admin.browsing import sent
from tests.clamd import MARK, serve_protocol
from tests.factories import (
    make_agency,
    make_blob,
    make_edition,
    make_file_address,
    make_live,
    make_member,
    make_section,
    make_user,
)
from tests.services.files.test_virus_scanner import free_port

pytestmark = pytest.mark.django_db
PATH = "/files/annex.pdf"
Scan = Blob.Scan


@pytest.fixture
def scanner(settings):
    with serve_protocol() as (url, server):
        settings.CLAMD_URL = url
        yield server


@pytest.fixture
def away(settings):
    settings.CLAMD_URL = f"tcp://127.0.0.1:{free_port()}"


def state(blob):
    return Blob.objects.values_list("scan", "scan_finding").get(pk=blob.pk)


def with_annex(scan, data=b"%PDF-1.4 one", **finding):
    edition = make_edition(annexes=[(PATH, data, "Annex A", "Its name")])
    Blob.objects.update(scan=scan, **finding)
    return Edition.objects.get(pk=edition.pk)


def blocking(edition):
    return [check.words for check in checks.blocking(edition) if check.field in ("annexes", "body")]


def test_without_a_scanner_no_file_waits():
    assert store_bytes(b"a", "a.txt").scan == Scan.UNKNOWN
    assert virus_scans.explain_hold(store_bytes(b"a", "a.txt"), "a.txt") == ""


def test_a_file_waits_from_the_moment_it_is_stored_and_is_scanned_once(scanner):
    blob = store_bytes(b"words", "a.txt")
    assert state(blob) == (Scan.WAITING, "")
    assert virus_scans.scan_files()
    assert state(blob) == (Scan.CLEAN, "")
    assert store_bytes(b"words", "a.txt").scan == Scan.CLEAN
    assert virus_scans.scan_files()
    assert scanner.seen == [b"words"]


def test_what_is_infected_is_named_and_logged(scanner, caplog):
    blob = store_bytes(b"words " + MARK, "a.txt")
    with caplog.at_level(logging.ERROR):
        virus_scans.scan_files()
    assert state(blob) == (Scan.INFECTED, "Test.Signature")
    assert "Test.Signature" in caplog.text


def test_files_from_before_the_scanner_are_scanned_behind_those_that_wait_and_served_meanwhile(
    scanner, client
):
    make_live(annexes=[(PATH, b"%PDF-1.4 old")])
    store_bytes(b"new", "a.txt")
    assert client.get(PATH).status_code == 200
    virus_scans.scan_files()
    assert scanner.seen == [b"new", b"%PDF-1.4 old"]
    assert client.get(PATH).status_code == 200


def test_an_old_file_that_is_found_to_be_infected_is_taken_away_from_readers(scanner, client):
    make_live(annexes=[(PATH, b"%PDF-1.4 " + MARK)])
    before = read_version()
    assert client.get(PATH).status_code == 200
    virus_scans.scan_files()
    assert client.get(PATH).status_code == 404
    assert read_version() != before


def read_version():
    """On PostgreSQL the triggers wait for the end of the transaction."""
    connection.check_constraints()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT set_config('pressroom.raised_in', '', true)")
    return ContentVersion.objects.get().version


@pytest.mark.parametrize("scan", [Scan.WAITING, Scan.INFECTED])
def test_nobody_gets_the_bytes_of_a_file_that_is_held(client, scan):
    live = make_live(annexes=[(PATH, b"%PDF-1.4 one")], images=[("/images/a.png", b"picture")])
    blob = make_blob(b"%PDF-1.4 site file")
    SiteFile.objects.create(
        address=make_file_address("/files/other.pdf"), blob=blob, live_from=live.live_from
    )
    keys = [
        blob.pk,
        *live.annexes.values_list("blob", flat=True),
        *live.illustrations.values_list("blob", flat=True),
    ]
    paths = [PATH, "/images/a.png", "/files/other.pdf", *(f"/annexes/{key}/" for key in keys)]
    paths += [f"/annexes/{key}/file" for key in keys]
    before = {path: client.get(path).status_code for path in paths}
    Blob.objects.update(scan=scan)
    assert [before[path] for path in paths[:3]] == [200, 200, 200]
    assert {client.get(path).status_code for path in paths} == {404}
    member = make_member(live.issuers.get().agency)
    client.force_login(member)
    for key in keys:
        address = reverse("admin:releases_edition_file", args=[live.pk, key])
        assert client.get(address).status_code == 404
    assert draft_files.own_files(live) == {}


def test_a_release_with_a_file_that_waits_cannot_be_published(scanner):
    edition = with_annex(Scan.WAITING)
    words = "Annex A: Its name waits for the virus scanner; until then nobody can open or publish it."
    assert blocking(edition) == [words]
    with pytest.raises(ActionRefused, match="waits for the virus scanner"):
        approval.approve(edition, approver=make_user(), at=timezone.now())
    virus_scans.scan_files()
    edition = Edition.objects.get(pk=edition.pk)
    assert blocking(edition) == []
    approval.approve(edition, approver=make_user(), at=timezone.now())
    assert Annex.objects.live(timezone.now()).exists()


def test_a_release_with_a_harmful_file_cannot_be_published_and_the_editor_is_told_what_to_do(scanner):
    edition = with_annex(Scan.WAITING, b"%PDF-1.4 " + MARK)
    virus_scans.scan_files()
    words = "Annex A: Its name holds harmful code (Test.Signature). Take it out, and attach a clean copy if you have one."
    assert blocking(Edition.objects.get(pk=edition.pk)) == [words]


def test_a_picture_of_the_text_waits_too(scanner):
    edition = make_edition(body="![A](/images/2026/a.png)", images=[("/images/2026/a.png", b"picture")])
    Blob.objects.update(scan=Scan.WAITING)
    edition = Edition.objects.get(pk=edition.pk)
    assert any(
        words.startswith("The picture a.png waits for the virus scanner") for words in blocking(edition)
    )


def test_a_scanner_that_is_away_holds_and_is_asked_again(away, settings):
    edition = with_annex(Scan.WAITING)
    assert not virus_scans.scan_files()
    edition = Edition.objects.get(pk=edition.pk)
    [words] = blocking(edition)
    assert "It does not answer" in words and "asked again every half minute" in words
    with serve_protocol(port=int(settings.CLAMD_URL.rpartition(":")[2])) as (_, server):
        assert virus_scans.scan_files()
    assert len(server.seen) == 1
    assert blocking(Edition.objects.get(pk=edition.pk)) == []


def test_administrators_are_told_that_the_scanner_is_away(away, client):
    chief = make_member(make_agency(), role="administrator")
    with_annex(Scan.WAITING)
    virus_scans.scan_files()
    assert build_dashboard(Authority(chief, timezone.now())).scanner_trouble.startswith("It does not answer")
    client.force_login(chief)
    assert "Files wait for the virus scanner" in client.get("/admin/").content.decode()


def test_one_file_that_it_does_not_take_keeps_no_other(scanner):
    scanner.most = 100
    large, small = store_bytes(b"x" * 1_000_000, "a.txt"), store_bytes(b"small", "b.txt")
    assert not virus_scans.scan_files()
    assert (state(small)[0], state(large)[0]) == (Scan.CLEAN, Scan.WAITING)
    assert "size limit exceeded" in virus_scans.find_trouble()


def test_a_file_whose_bytes_are_lost_stays_held(scanner):
    blob = store_bytes(b"lost", "a.txt")
    blob.file.unlink()
    assert not virus_scans.scan_files()
    assert state(blob)[0] == Scan.WAITING


def test_whoever_switches_the_scanner_off_lets_waiting_files_go_and_keeps_harmful_ones(settings):
    waiting, harmful = make_blob(b"a", scan=Scan.WAITING), make_blob(b"b", scan=Scan.INFECTED)
    with virus_scans.keep_scanning():
        pass
    assert (state(waiting)[0], state(harmful)[0]) == (Scan.UNKNOWN, Scan.INFECTED)


def test_a_harmful_file_is_refused_when_it_is_attached_again(scanner, client):
    data = b"%PDF-1.4 " + MARK
    store_bytes(data, "a.pdf")
    virus_scans.scan_files()
    client.force_login(make_member(make_agency(), role="writer"))
    add = reverse("admin:releases_edition_add")
    typed = {
        "title": "Kept title",
        "body": "Words.",
        "section": make_section().pk,
        "issuers-0-agency": make_agency().pk,
    }
    files = {"new_annexes": [SimpleUploadedFile("a.pdf", data)]}
    answer = client.post(add, sent(client.get(add), **typed, **files))
    assert "a.pdf holds harmful code (Test.Signature)." in answer.content.decode()
    assert "Kept title" in answer.content.decode() and not Edition.objects.exists()
