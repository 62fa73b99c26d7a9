import pytest
from django.urls import reverse

from releases.models import LedgerEntry
from releases.templatetags.ledger_tags import DID
from tests.admin.browsing import sent
from tests.factories import make_agency, make_edition, make_member, make_section


def test_a_history_that_is_posted_to_is_shown(client, transactional_db):
    """Outside a transaction, in which no row can be locked."""
    edition = make_edition()
    client.force_login(make_member(make_agency(), is_superuser=True))
    for row in (edition, make_agency(), edition.release):
        url = reverse(f"admin:releases_{row._meta.model_name}_history", args=[row.pk])
        assert client.post(url, follow=True).status_code == 200


@pytest.mark.django_db
def test_what_was_done_under_earlier_names_stays_in_the_history_of_a_row_and_of_no_other(client):
    client.force_login(make_member(make_agency(), is_superuser=True))
    section = make_section(title="Releases")
    place = reverse("admin:releases_section_change", args=[section.pk])

    def call(title):
        client.post(place, sent(client.get(place), title=title))

    call("News")
    call("Press")
    page = client.get(reverse("admin:releases_section_history", args=[section.pk])).content.decode()
    assert page.count("Changed") == 2 and "Called before: section Releases" in page
    other = make_section("/other/", "News")
    told = client.get(reverse("admin:releases_section_history", args=[other.pk])).context["entries"]
    assert list(told) == []


def test_each_step_that_is_recorded_has_words():
    assert set(LedgerEntry.Verb) == set(DID)
