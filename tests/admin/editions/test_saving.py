"""What a save of a draft asks of the database: as much for ten annexes as for two."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from releases.services.editions import digests
from tests.admin.browsing import sent
from tests.factories import make_agency, make_edition, make_member

pytestmark = pytest.mark.django_db
MOST_QUERIES = 60


def draft(client, number):
    others = [make_agency(name, f"Agency {name}", name.upper()) for name in ("imda", "csa")]
    annexes = [
        (f"/files/{one}.pdf", f"%PDF-1.4 {one}".encode(), f"Annex {one}", "A") for one in range(number)
    ]
    edition = make_edition(body="1. One.", issuers=[make_agency(), *others], annexes=annexes)
    client.force_login(make_member(make_agency(), role="writer"))
    return reverse("admin:releases_edition_change", args=[edition.pk])


@pytest.mark.parametrize("number", [2, 10])
def test_a_save_asks_little_of_the_database(client, number):
    url = draft(client, number)
    form = sent(client.get(url), title="Another title", body="1. One.\n\n2. Two.")
    with CaptureQueriesContext(connection) as queries:
        assert client.post(url, form).status_code == 302
    assert len(queries) <= MOST_QUERIES, [query["sql"][:200] for query in queries]


def test_a_save_takes_the_digest_before_and_after_it(client, monkeypatch):
    url, taken = draft(client, 2), []
    form = sent(client.get(url), title="Another title")
    whole = digests.typed_values
    monkeypatch.setattr(
        digests, "typed_values", lambda edition: taken.append(edition.title) or whole(edition)
    )
    assert client.post(url, form).status_code == 302
    assert len(taken) == 2 and taken[1] == "Another title"
