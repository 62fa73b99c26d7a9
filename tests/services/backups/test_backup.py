"""What a backup holds comes back whole, and what can't come back is told before anything is written."""

import datetime as dt
import json
import shutil
from threading import Thread

import pytest
from django.db import connection

from releases.models import Agency, Blob, Edition, LedgerEntry, Mail, Release, Session
from releases.services.backups import databases
from releases.services.backups.backup import find_damage, list_sets, make_backup
from releases.services.backups.manifest import BackupError
from releases.services.backups.restore import restore_backup
from releases.services.editions.digests import digest_site
from releases.services.files.storage import place_bytes
from releases.services.publishing import takedown
from tests.factories import NOON, make_agency, make_edition, make_live, make_user

pytestmark = pytest.mark.usefixtures("transactional_db")
HOUR = dt.timedelta(hours=1)


def quiet(rows, title):
    return rows


def back_up(folder, at=NOON, **options):
    return make_backup(folder, at=at, progress=quiet, **options)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "backups"


@pytest.fixture
def start_anew(emptied, media):
    """Another machine: no row, no file."""

    def start():
        emptied.restore()
        shutil.rmtree(media)
        media.mkdir()

    return start


def make_newsroom():
    make_live(title="Published", annexes=[("/files/a.pdf", b"%PDF-1.4 a")])
    withdrawn = make_live(title="Withdrawn", annexes=[("/files/b.pdf", b"%PDF-1.4 b")])
    takedown.withdraw(withdrawn.release, actor=make_user(), reason="Sent by mistake.", at=NOON + HOUR)
    draft = make_edition(title="Unfinished", images=[("/images/c.png", b"\x89PNG c")])
    picture = draft.illustrations.get().blob
    picture.copy_widths = "480"
    picture.save()
    place_bytes(picture.copy(480), lambda copy: copy.write(b"copy"))


def test_a_newsroom_comes_back_as_it_was_on_an_empty_machine(folder, start_anew):
    make_newsroom()
    Session.objects.create(session_key="open", session_data="", expire_date=NOON + 9 * HOUR)
    Mail.objects.post(Mail.Kind.PASSWORD, [make_user(email="anna@ministry.example")], at=NOON)
    before = digest_site(), LedgerEntry.objects.latest("pk").digest
    titles = set(Edition.objects.values_list("title", flat=True))
    made = back_up(folder)
    start_anew()
    assert not Release.objects.exists()
    restored = restore_backup(folder, progress=quiet)
    assert restored.problems == [] and made.manifest.left_out == []
    assert (digest_site(), LedgerEntry.objects.latest("pk").digest) == before
    assert set(Edition.objects.values_list("title", flat=True)) == titles
    assert all(blob.file.read_bytes().startswith((b"%PDF", b"\x89PNG")) for blob in Blob.objects.all())
    assert not Session.objects.exists(), "who was shut out meanwhile would be signed in again"
    assert not Mail.objects.waiting().exists(), "a drill would send to people, and a restore would send twice"
    assert Mail.objects.get().problem.startswith("It waited when the backup was made")
    make_live(title="Written after the restore")


def test_a_backup_holds_one_instant_though_others_write_meanwhile(folder, monkeypatch, start_anew):
    make_newsroom()
    before = Edition.objects.count()

    def write_first(*arguments):
        if connection.vendor == "postgresql":  # SQLite in memory has one writer, the one that copies
            write = Thread(target=lambda: (make_agency("late"), connection.close()))
            write.start()
            write.join()
        return copy(*arguments)

    copy = databases.copy_database
    monkeypatch.setattr("releases.services.backups.backup.copy_database", write_first)
    back_up(folder)
    start_anew()
    assert restore_backup(folder, progress=quiet).problems == []
    assert Edition.objects.count() == before
    assert not Agency.objects.filter(slug="late").exists()


def test_each_file_is_stored_once_and_goes_with_the_last_set_that_names_it(folder):
    first = make_edition(annexes=[("/files/a.pdf", b"%PDF-1.4 a")])
    gone = first.annexes.get().blob
    back_up(folder)
    first.annexes.all().delete()
    Blob.objects.filter(pk=gone.pk).delete()
    make_live(annexes=[("/files/b.pdf", b"%PDF-1.4 b")])
    back_up(folder, NOON + HOUR)
    copies = {path.name for path in (folder / "files").glob("*/*")}
    assert gone.pk in copies and len(copies) == 2
    back_up(folder, NOON + 2 * HOUR, keep=1)
    assert {path.name for path in (folder / "files").glob("*/*")} == copies - {gone.pk}
    assert [one.name for one in list_sets(folder)] == ["2024-03-01T06-00-00Z"]


def test_a_file_that_is_not_whole_is_named_and_the_rest_is_there(folder, start_anew):
    make_live(annexes=[("/files/a.pdf", b"%PDF-1.4 a")])
    damaged = make_live(annexes=[("/files/b.pdf", b"%PDF-1.4 b")]).annexes.get().blob
    lost = make_live(annexes=[("/files/c.pdf", b"%PDF-1.4 c")]).annexes.get().blob
    damaged.file.write_bytes(b"%PDF-1.4 B")
    lost.file.unlink()
    made = back_up(folder)
    assert sorted(made.manifest.left_out) == sorted(
        [
            f"{damaged.file} has other bytes than were stored.",
            f"{lost.file} can't be read: No such file or directory.",
        ]
    )
    start_anew()
    problems = restore_backup(folder, progress=quiet).problems
    assert len(problems) == 2 and all(blob.pk in " ".join(problems) for blob in (damaged, lost))


def test_a_backup_whose_bytes_have_changed_is_found_and_told(folder, start_anew):
    make_live(annexes=[("/files/a.pdf", b"%PDF-1.4 a")])
    made = back_up(folder)
    assert list(find_damage(folder, quiet)) == []
    (copied,) = (folder / "files").glob("*/*")
    copied.write_bytes(b"%PDF-1.4 A")
    with (made.folder / "database").open("r+b") as stream:
        stream.seek(600)
        stream.write(b"x" * 40)
    assert len(list(find_damage(folder, quiet))) == 2
    start_anew()
    with pytest.raises(BackupError, match="other bytes than were written"):
        restore_backup(folder, progress=quiet)
    assert not Release.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"engine": "oracle"}, "Set DATABASE_URL to an empty database of the same kind"),
        ({"migrations": {"releases": "9999_of_tomorrow"}}, "Install that version, restore, then update"),
        ({"engine": None, "unknown": 1}, "can't be read"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_is_written(folder, changes, words):
    make_agency()
    made = back_up(folder)
    stated = made.folder / "manifest.json"
    stated.write_text(json.dumps(json.loads(stated.read_text()) | changes))
    with pytest.raises(BackupError, match=words):
        restore_backup(folder, progress=quiet)


def test_a_database_in_use_is_left_alone(folder):
    make_newsroom()
    back_up(folder)
    before = digest_site()
    with pytest.raises(BackupError, match="in use"):
        restore_backup(folder, progress=quiet)
    assert digest_site() == before


def test_two_backups_at_once_and_a_place_without_any_are_told_in_words(folder, tmp_path):
    def back_up_again(rows, title):
        with pytest.raises(BackupError, match="under way"):
            back_up(folder, NOON + HOUR)
        return rows

    make_backup(folder, at=NOON, progress=back_up_again)
    assert len(list_sets(folder)) == 1
    with pytest.raises(BackupError, match="holds no backup"):
        restore_backup(tmp_path / "nowhere", progress=quiet)
    with pytest.raises(BackupError, match=r"There is no set yesterday. There are: 2024-03-01T04-00-00Z"):
        restore_backup(folder, name="yesterday", progress=quiet)
