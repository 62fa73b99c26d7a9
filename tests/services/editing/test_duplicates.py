"""A copy of a release is a draft of its own: the words and the agencies, none of the consent."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from releases.models import Edition, LedgerEntry
from releases.services.accounts import consent
from releases.templatetags.ledger_tags import entry_facts, entry_words
from tests.factories import make_agency, make_live, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def original():
    agencies = [make_agency(), make_agency("imda", "Infocomm Media Development Authority", "IMDA")]
    return make_live(
        title="Trade figures",
        summary="Of the quarter.",
        contacts="A. Tan, 6123 4567",
        issuers=agencies,
        annexes=[("/files/a.pdf", b"%PDF-1", "Annex A", "Tables")],
        at=timezone.now() - dt.timedelta(days=90),
    )


def duplicate(client, edition, user):
    client.force_login(user)
    place = reverse("admin:releases_edition_duplicate", args=[edition.pk])
    return client.post(place, follow=True)


def test_one_click_copies_the_words_and_leaves_files_times_and_consent_behind(client, original):
    writer = make_member(original.issuers.first().agency, role="writer")
    page = duplicate(client, original, writer)
    copy = Edition.objects.exclude(pk=original.pk).get()
    assert page.redirect_chain[-1][0] == reverse("admin:releases_edition_change", args=[copy.pk])
    assert "Not copied: files, times and everything that somebody agreed to." in " ".join(
        page.content.decode().split()
    )
    for name in ("title", "summary", "body", "contacts", "language"):
        assert getattr(copy, name) == getattr(original, name)
    assert [one.acronym for one in copy.issuers.all()] == ["MTI", "IMDA"]
    assert (copy.number, copy.state, copy.author, copy.based_on, copy.wanted_from) == (
        1,
        "draft",
        writer,
        None,
        None,
    )
    assert copy.release_id != original.release_id
    assert copy.address.path != original.address.path
    assert (copy.release_date, copy.release_date_is_set) == (timezone.localdate(), False)
    assert not copy.annexes.exists() and not copy.clearances.exists()
    assert [debt.agency.acronym for debt in consent.find_debts(copy)] == ["IMDA"]
    entry = LedgerEntry.objects.filter(release=copy.release_id).latest("pk")
    assert entry_words(entry).startswith("Copied from another release")
    assert [fact.value for fact in entry_facts(entry)] == [f"release {original.release_id}, version 1"]


def test_who_does_not_write_for_its_agencies_copies_nothing(client, original):
    page = duplicate(
        client, original, make_member(make_agency("lta", "Land Transport", "LTA"), role="writer")
    )
    assert "Only a writer of an issuing agency can duplicate a release." in page.content.decode()
    assert Edition.objects.get() == original
