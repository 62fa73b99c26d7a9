"""A disk that is full, or a database that is away, costs nobody a word, and says what it is."""

import errno
import html
import os
import re
import sqlite3

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.urls import reverse

from releases.admin import failures
from releases.models import Edition
from releases.services.files import storage
from tests.admin.browsing import sent
from tests.factories import make_agency, make_edition, make_member

pytestmark = pytest.mark.django_db
WORDS = 'Fish "are" fewer <now>.\r\n\r\nA second paragraph.'
HIDDEN = re.compile(r'<input\s+type="hidden"\s+name="([^"]*)"\s+value="([^"]*)"\s*>')


@pytest.fixture
def form(client):
    """The form of a draft as its writer has it open: its address and what it sends."""
    client.raise_request_exception = False
    edition = make_edition()
    client.force_login(make_member(make_agency()))
    address = reverse("admin:releases_edition_change", args=[edition.pk])
    return address, sent(client.get(address), body=WORDS)


def fail(monkeypatch, error):
    def stop(*arguments, **options):
        raise error

    monkeypatch.setattr("releases.admin.base.resubmission.remember_save", stop)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OperationalError("database or disk is full"), failures.FULL),
        (OperationalError('could not extend file "base/1": No space left on device'), failures.FULL),
        (OperationalError("attempt to write a readonly database"), failures.READ_ONLY),
        (OperationalError("server closed the connection unexpectedly"), failures.AWAY),
        (OSError(errno.EROFS, os.strerror(errno.EROFS)), failures.READ_ONLY),
        (RuntimeError("a secret of the code"), failures.UNKNOWN),
    ],
)
def test_everything_typed_comes_back_and_is_saved_when_it_is_sent_again(
    client, form, monkeypatch, error, words
):
    address, values = form
    with monkeypatch.context() as broken:
        fail(broken, error)
        answer = client.post(address, values)
    page = answer.content.decode()
    assert answer.status_code == (500 if words == failures.UNKNOWN else 503)
    assert words in html.unescape(page) and "Nothing of this was saved" in page and "secret" not in page
    again = {}
    for name, value in HIDDEN.findall(page):
        again.setdefault(html.unescape(name), []).append(html.unescape(value))
    assert f'action="{address}"' in page
    assert client.post(address, again).status_code == 302
    assert Edition.objects.get().body == WORDS.replace("\r\n", "\n")


def test_a_full_disk_takes_no_half_of_a_file_and_names_those_to_choose_again(client, form, monkeypatch):
    address, values = form

    def fill(file, write):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(file))

    monkeypatch.setattr(storage, "place_bytes", fill)
    file = SimpleUploadedFile("plan.pdf", b"%PDF-1.4 plan")
    answer = client.post(address, {**values, "new_annexes": file})
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 503 and failures.FULL in page
    assert "Choose them again once the form is back: plan.pdf" in page and WORDS in page
    assert Edition.objects.get().body != WORDS and not Edition.objects.get().annexes.exists()


def test_a_password_is_not_sent_back(client, monkeypatch):
    client.raise_request_exception = False

    def stop(*arguments):
        raise OperationalError("the database system is shutting down")

    monkeypatch.setattr("releases.admin.accounts.adapters.login_throttle.is_allowed", stop)
    answer = client.post(reverse("account_login"), {"login": "anna", "password": "open sesame, please"})
    assert answer.status_code == 503 and failures.AWAY in html.unescape(answer.content.decode())
    assert b"sesame" not in answer.content


def test_the_words_of_a_full_disk_are_those_that_sqlite_uses(tmp_path):
    database = sqlite3.connect(tmp_path / "small.sqlite3")
    database.execute("CREATE TABLE one (text)")
    database.execute("PRAGMA max_page_count = 3")
    with pytest.raises(sqlite3.OperationalError) as found:
        database.execute("INSERT INTO one VALUES (?)", ["x" * 100_000])
    assert failures.describe_failure(OperationalError(str(found.value))) == failures.FULL
