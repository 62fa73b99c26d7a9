"""A row or a file that was changed by hand, past the application and past the rules of the database, is
named."""

import pytest
from django.db import connection

from releases.models import Annex, Edition, LedgerEntry, rules
from releases.services.publishing.verification import find_discrepancies
from tests.factories import make_agency, make_live

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    """Two public releases; the rules are out of the way, as for whoever owns the database."""
    found = [
        make_live(
            title=title, annexes=[(f"/files/{title}.pdf", b"%PDF-1.4 " + title.encode(), "Annex A", title)]
        )
        for title in ("First", "Second")
    ]
    assert list(find_discrepancies(files=True)) == []
    rules.uninstall(connection)
    yield found
    rules.install(connection)


def test_a_changed_text_is_named_and_no_other(two):
    Edition.objects.filter(pk=two[0].pk).update(body="Other words.")
    assert list(find_discrepancies()) == [
        f"First (version 1) at {two[0].permalink} is not what was approved."
    ]


def test_an_exchanged_annex_is_named(two):
    Annex.objects.filter(edition=two[1]).update(blob=two[0].annexes.get().blob)
    assert [sentence.split(" at ")[0] for sentence in find_discrepancies()] == ["Second (version 1)"]


def test_a_changed_entry_breaks_the_chain(two):
    first = LedgerEntry.objects.filter(verb="approve").first()
    assert LedgerEntry.objects.broken_of(two[0].release_id) is None
    LedgerEntry.objects.filter(pk=first.pk).update(note={"live_from": "another time"})
    broken = [LedgerEntry.objects.broken_of(edition.release_id) for edition in two]
    assert broken == [first, None]
    assert [sentence.split(" (")[0] for sentence in find_discrepancies()] == [f"Ledger entry {first.pk}"]


def test_one_flipped_bit_in_a_file_is_found(two):
    blob = two[0].annexes.get().blob
    data = bytearray(blob.file.read_bytes())
    data[-1] ^= 1
    blob.file.write_bytes(bytes(data))
    assert list(find_discrepancies(files=True)) == [f"The file {blob.pk} has other bytes than its name says."]
    assert list(find_discrepancies()) == []


def test_a_missing_file_is_found(two):
    two[0].annexes.get().blob.file.unlink()
    assert [
        sentence.endswith("cannot be read: No such file or directory.")
        for sentence in find_discrepancies(files=True)
    ] == [True]


def test_an_agency_that_is_renamed_changes_no_text(two):
    agency = make_agency()
    agency.names.update(name="Ministry of Commerce")
    assert list(find_discrepancies()) == []
