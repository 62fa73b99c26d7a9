"""Rows written by statements of our own are those that Django would have written."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from releases.models import Address, Edition, Issuer, LedgerEntry, Release, fast_insert
from tests.factories import NOON, make_agency, make_edition, make_section

pytestmark = pytest.mark.django_db


def held(row):
    """What the database gives back, but for keys and times of writing."""
    values = type(row).objects.filter(pk=row.pk).values().get()
    passing = {"id", "created_at", "updated_at", "translation_group", "path", "path_digest", "folded_digest"}
    return {name: value for name, value in values.items() if name not in passing}


def test_an_inserted_row_equals_a_saved_one():
    section = make_section()
    saved = Release.objects.create(section=section, form=Release.Form.FILE)
    inserted = fast_insert.insert(Release(section=section, form=Release.Form.FILE))
    assert held(inserted) == held(saved)
    assert inserted.pk > saved.pk and not inserted._state.adding
    assert Release.objects.get(pk=inserted.pk).created_at == inserted.created_at


def test_dates_json_and_missing_values_come_back_as_they_were():
    release = fast_insert.insert(Release(section=make_section()))
    address = fast_insert.insert(Address(path="/a/", kind=Address.Kind.RELEASE, release=release))
    edition = Edition(release=release, address=address, title="T", release_date=dt.date(2024, 2, 29))
    found = Edition.objects.get(pk=fast_insert.insert(edition).pk)
    assert (found.release_date, found.live_from, found.based_on, found.state) == (
        dt.date(2024, 2, 29),
        None,
        None,
        "draft",
    )
    assert abs(found.created_at - found.updated_at) < dt.timedelta(seconds=1)
    entry = LedgerEntry.objects.record(
        LedgerEntry.Verb.IMPORT, at=NOON, release=release, note={"edition": 1, "ü": [None]}
    )
    assert LedgerEntry.objects.get().note == entry.note == {"edition": 1, "ü": [None]}
    assert LedgerEntry.objects.get().at == NOON
    assert LedgerEntry.objects.broken() is None


def test_an_update_changes_the_named_fields_alone():
    edition = make_edition()
    before = held(edition)
    edition.title, edition.summary, edition.wanted_from = "Another", "Not written", NOON
    fast_insert.update(edition, "title", "wanted_from")
    assert held(edition) == {**before, "title": "Another", "wanted_from": NOON}


def test_several_rows_go_in_together_or_not_at_all():
    edition = make_edition(issuers=[])
    agencies = [make_agency(), make_agency(slug="moh", name="Ministry of Health", acronym="MOH")]
    issuers = [
        Issuer(edition_id=edition.pk, position=position, agency_id=agency.pk, name=agency.acronym)
        for position, agency in enumerate(agencies, 1)
    ]
    fast_insert.insert_all(issuers)
    fast_insert.insert_all([])
    assert [issuer.name for issuer in edition.issuers.all()] == ["MTI", "MOH"]
    with pytest.raises(IntegrityError), transaction.atomic():
        fast_insert.insert_all(
            [Issuer(edition_id=edition.pk, position=3, agency_id=agencies[0].pk, name="Again")]
        )
    assert edition.issuers.count() == 2
