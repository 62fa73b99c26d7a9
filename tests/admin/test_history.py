from django.urls import reverse

from releases.models import LedgerEntry
from releases.templatetags.ledger_tags import DID
from tests.factories import make_agency, make_edition, make_member


def test_a_history_that_is_posted_to_is_shown(client, transactional_db):
    """Outside a transaction, in which no row can be locked."""
    edition = make_edition()
    client.force_login(make_member(make_agency(), is_superuser=True))
    for row in (edition, make_agency(), edition.release):
        url = reverse(f"admin:releases_{row._meta.model_name}_history", args=[row.pk])
        assert client.post(url, follow=True).status_code == 200


def test_each_step_that_is_recorded_has_words():
    assert set(LedgerEntry.Verb) == set(DID)
