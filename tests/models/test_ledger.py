"""The chain of the ledger holds over entries of both formats, and names editions by keys that no other
edition gets."""

import hashlib
import json
from datetime import UTC

import pytest
from django.db import connection

from releases.models import LedgerEntry, rules
from releases.models.ledger import FIRST
from releases.services.editing import drafts
from tests.factories import NOON, make_edition, make_live, make_next, make_user

pytestmark = pytest.mark.django_db
Verb = LedgerEntry.Verb


def write_of_format_1(verb, release, previous=FIRST):
    """An entry as it was written before editions had a place in the digest."""
    facts = [previous, NOON.astimezone(UTC).isoformat(), None, release.pk, verb, "edition 1", "", "", {}]
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()
    return LedgerEntry.objects.create(
        at=NOON, release=release, verb=verb, subject="edition 1", format=1, previous=previous, digest=digest
    )


@pytest.fixture
def unruled():
    """The rules are out of the way, as for whoever owns the database."""
    rules.uninstall(connection)
    yield
    rules.install(connection)


def test_an_entry_of_an_edition_names_it_by_key_and_number():
    edition = make_next(make_live())
    entry = LedgerEntry.objects.last()
    assert (entry.verb, entry.edition, entry.subject) == ("draft", edition.pk, "edition 2")
    assert (entry.release, entry.format) == (edition.release, 2)


def test_an_entry_with_a_subject_of_its_own_has_the_release_that_is_given():
    edition = make_edition()
    entry = LedgerEntry.objects.record(Verb.DISCARD, at=NOON, edition=edition, subject="release 7 edition 1")
    assert (entry.edition, entry.release, entry.subject) == (edition.pk, None, "release 7 edition 1")


def test_old_and_new_entries_are_one_chain():
    edition = make_edition()
    first = write_of_format_1("draft", edition.release)
    write_of_format_1("save", edition.release, first.digest)
    new = LedgerEntry.objects.record(Verb.SAVE, at=NOON, actor=make_user(), edition=edition)
    assert LedgerEntry.objects.broken() is None
    assert new.previous == LedgerEntry.objects.get(pk=first.pk + 1).digest


@pytest.mark.parametrize("change", [{"edition": 7}, {"edition": None}, {"format": 1}, {"format": 3}], ids=str)
@pytest.mark.usefixtures("unruled")
def test_another_edition_or_format_breaks_the_chain(change):
    entry = LedgerEntry.objects.record(Verb.SAVE, at=NOON, edition=make_edition())
    LedgerEntry.objects.update(**change)
    assert LedgerEntry.objects.broken() == entry


@pytest.mark.usefixtures("unruled")
def test_an_old_entry_is_given_no_edition_afterwards():
    entry = write_of_format_1("draft", make_edition().release)
    LedgerEntry.objects.update(edition=7)
    assert LedgerEntry.objects.broken() == entry


def test_a_verb_that_the_ledger_does_not_know_is_not_recorded():
    with pytest.raises(ValueError, match="'publish' is not a valid"):
        LedgerEntry.objects.record("publish", at=NOON)
    assert not LedgerEntry.objects.exists()


def test_the_key_of_a_discarded_edition_is_not_given_again():
    draft = make_next(make_live())
    key = draft.pk
    drafts.discard(draft)
    assert make_edition().pk > key
