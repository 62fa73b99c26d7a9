"""A database that takes nothing more in the middle of a save, by its own refusal, costs nobody a word."""

import html

import pytest
from django.db import connection
from django.urls import reverse

from releases.admin import failures
from releases.models import Edition
from tests.admin.browsing import sent
from tests.factories import make_agency, make_edition, make_member

pytestmark = pytest.mark.usefixtures("transactional_db")
LONG = ("A long text. " * 20_000).strip()
READ_ONLY = {
    "sqlite": ("PRAGMA query_only = 1", "PRAGMA query_only = 0"),
    "postgresql": ("SET default_transaction_read_only = on", "SET default_transaction_read_only = off"),
}
# So few pages that it may not grow beyond those that it has.
FULL = READ_ONLY | {"sqlite": ("PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1000000")}


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (FULL, {"sqlite": failures.FULL, "postgresql": failures.READ_ONLY}),
        (READ_ONLY, dict.fromkeys(READ_ONLY, failures.READ_ONLY)),
    ],
    ids=["full", "read-only"],
)
def test_the_form_comes_back_with_the_whole_text_and_is_saved_later(client, fault, words):
    client.raise_request_exception = False
    edition = make_edition()
    client.force_login(make_member(make_agency()))
    address = reverse("admin:releases_edition_change", args=[edition.pk])
    values = sent(client.get(address), body=LONG)
    breaks, mends = fault[connection.vendor]
    run(breaks)
    try:
        answer = client.post(address, values)
    finally:
        run(mends)
    page = html.unescape(answer.content.decode())
    assert (answer.status_code, words[connection.vendor] in page, LONG in page) == (503, True, True)
    assert Edition.objects.get().body == edition.body
    assert client.post(address, values).status_code == 302
    assert Edition.objects.get().body == LONG
