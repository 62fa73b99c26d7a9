"""No field of an edition is forgotten in a list of fields: what is frozen, typed, compared, approved,
erased."""

import dataclasses
import datetime as dt

import pytest
from django.db import models

from releases.admin.editions.forms import EditionForm
from releases.models import Edition
from releases.models.rules import DERIVED, FROZEN, MAY_CHANGE
from releases.services.editing.draft_values import DraftValues
from releases.services.editing.draft_writer import TYPED, read_draft
from releases.services.editions.digests import typed_values
from releases.services.publishing import erasure
from releases.services.website.history import compare_editions
from tests.factories import NOON, make_edition, make_live, make_user, save

NOT_READ = {
    "awaited",
    "embargo",
    "embargo_is_confirmed",
    "release_date_is_confirmed",
    "wanted_from",
}  # notes of the desk, which no reader sees and no approval binds to
ABOUT_THE_CHANGE = {"change_note", "change_class"}  # said of a comparison, not compared
STAYS_WHEN_ERASED = {
    "language",
    "change_class",
    "kind",
    "kind_rule",
    "lead_rule",
    "issuers_rule",
    "state",
    "origin",
    "urgent_reason",
    "digest",
}  # no text of the release
VALUES = {
    "release_date": dt.date(2024, 5, 6),
    "wanted_from": NOON + dt.timedelta(days=3),
    "language": "ms",
    "kind": "speech",
    "change_class": "correction",
    "embargo_is_confirmed": True,
    "release_date_is_confirmed": True,
    "link_url": "https://example.org/canary",
}

TOLD = {"kind": "Speech"}  # otherwise than it is stored


def value_of(name):
    return VALUES.get(name, f"Canary of {name}")


def test_each_column_never_changes_once_approved_or_is_named_as_one_that_may():
    columns = [field.column for field in Edition._meta.concrete_fields if not field.primary_key]
    derived = {*DERIVED, *DERIVED.values()} - {"issuers"}
    assert sorted(columns) == sorted([*FROZEN, *MAY_CHANGE, *derived])


def test_each_typed_field_is_in_the_form_and_what_is_approved_binds_to_it():
    assert set(TYPED) <= {field.name for field in dataclasses.fields(DraftValues)}
    assert set(TYPED) <= set(EditionForm.base_fields)
    assert set(TYPED) - set(typed_values(edition_in_memory())) == NOT_READ


def edition_in_memory():
    edition = Edition(title="One")
    edition.address = edition._meta.get_field("address").related_model(path="/one/")
    return edition


@pytest.mark.django_db
@pytest.mark.parametrize("name", TYPED)
def test_each_typed_field_is_stored_and_told_when_two_editions_are_compared(name):
    before, after = make_edition(), make_edition()
    saved = save(after, **{name: value_of(name)})
    assert getattr(Edition.objects.get(pk=after.pk), name) == value_of(name)
    assert getattr(read_draft(after.pk).values, name) == value_of(name)
    told = compare_editions(before, saved)
    if name not in NOT_READ | ABOUT_THE_CHANGE:
        assert TOLD.get(name, (str if name not in VALUES else repr)(value_of(name))) in shown(told)


def shown(comparison):
    texts = [comparison.title, comparison.body, *(text for _, text in comparison.texts)]
    return " ".join(map(str, [*texts, *comparison.facts]))


@pytest.mark.django_db
def test_no_text_of_an_edition_is_left_by_an_erasure():
    kinds = (models.CharField, models.TextField)
    names = {
        field.name for field in Edition._meta.concrete_fields if isinstance(field, kinds)
    } - STAYS_WHEN_ERASED
    texts = {name: value_of(name) for name in names}
    edition = make_live(**{**texts, "awaited": "", "embargo": ""})  # which an approval waits for
    Edition.objects.filter(pk=edition.pk).update(awaited=texts["awaited"], embargo=texts["embargo"])
    stored = Edition.objects.filter(pk=edition.pk).values(*names)
    assert stored.get() == texts
    erasure.erase_release(edition.release, actor=make_user(), reason="A court asked", at=NOON)
    assert [name for name, text in stored.get().items() if "anary" in text] == []
