"""What a rule found is in no digest and is found anew; what a person typed or approved stays."""

import pytest

from releases.content.extraction import kinds, leads
from releases.models import Edition, LedgerEntry
from releases.services.editing.draft_writer import read_draft
from releases.services.editions import derivation
from releases.services.editions.digests import digest_edition
from releases.services.publishing import approval
from releases.services.publishing.verification import find_discrepancies
from tests.factories import NOON, cleared, make_agency, make_edition, make_live, make_next, make_user, save

pytestmark = pytest.mark.django_db
SPEECH = "Speech by the Minister at the harbour"


def rederive():
    return derivation.rederive_editions(at=NOON, progress=lambda rows, title: rows)


def make_import(**fields):
    """An import as an earlier version of the rules left it."""
    found = {"kind": "press-release", "kind_rule": "section 0", "lead_text": "Old.", "lead_rule": "lead 0"}
    edition = make_edition(origin="import", body_html="<p>Ferries run.</p>", **found | fields)
    edition.state = "approved"
    live = {"state": "approved", "digest": digest_edition(edition), "live_from": NOON, "first_live_at": NOON}
    Edition.objects.filter(pk=edition.pk).update(**live)
    return edition


def test_facts_of_an_import_are_found_anew_with_one_entry_and_the_same_digest():
    edition = make_import(title=SPEECH)
    assert rederive() == 1
    edition.refresh_from_db()
    assert (edition.kind, edition.kind_rule) == ("speech", f"spoken {kinds.VERSION}")
    assert (edition.lead_text, edition.lead_rule) == ("Ferries run.", f"lead {leads.VERSION}")
    entry = LedgerEntry.objects.get()
    assert (entry.verb, entry.edition, entry.note["kind"]) == (
        "derive",
        edition.pk,
        ["press-release", "speech"],
    )
    assert "Ferries" not in str(entry.note)
    assert list(find_discrepancies()) == []
    assert rederive() == 0 and LedgerEntry.objects.count() == 1


def test_a_fact_that_another_rule_finds_too_is_no_change():
    edition = make_import(lead_text="Ferries run.")
    assert rederive() == 0 and not LedgerEntry.objects.exists()
    assert Edition.objects.get(pk=edition.pk).kind_rule == f"section {kinds.VERSION}"


@pytest.mark.parametrize("fields", [{"kind_rule": "", "lead_rule": ""}, {"lock_version": 1}])
def test_what_a_person_said_or_touched_is_not_found_anew(fields):
    edition = make_import(title=SPEECH, **fields)
    assert rederive() == 0
    assert Edition.objects.get(pk=edition.pk).kind == "press-release"


def test_a_draft_has_the_kind_that_its_title_says_until_somebody_chooses_one():
    draft = save(make_edition(title="Ferries"), kind="", title=SPEECH)
    assert (draft.kind, draft.kind_rule, read_draft(draft.pk).values.kind) == (
        "speech",
        f"spoken {kinds.VERSION}",
        "",
    )
    draft = save(draft, kind="statement")
    assert (draft.kind, draft.kind_rule) == ("statement", "")
    assert save(draft, title="Ferries again").kind == "statement"


def test_an_approval_makes_all_of_it_typed_and_binds_to_it():
    draft = save(make_edition(author=make_user()), kind="", title=SPEECH)
    seen = digest_edition(draft)
    live = approval.approve(draft, approver=make_user(), at=NOON, seen=seen)
    live = Edition.objects.get(pk=live.pk)
    assert (live.kind, live.kind_rule, live.lead_rule, live.issuers_rule) == ("speech", "", "", "")
    assert live.digest == seen
    assert read_draft(make_next(live).pk).values.kind == "speech"


def test_an_imported_draft_that_was_cleared_is_approved_with_what_rules_found():
    """The digest that joint agencies cleared is the one that is approved."""
    issuers = [make_agency(), make_agency("imda", "Infocomm Media Development Authority", "IMDA")]
    draft = make_edition(origin="import", kind_rule="section 0", issuers_rule="owner 1", issuers=issuers)
    seen = digest_edition(cleared(draft))
    live = approval.approve(draft, approver=make_user(), at=NOON, seen=seen)
    assert (live.digest, live.kind_rule, live.issuers_rule) == (seen, "", "")
    assert list(find_discrepancies()) == []


def test_digests_of_the_first_version_hold():
    """As they were made before there were kinds and leads."""
    edition = make_live(title="Ferries", digest_version=1)
    first = digest_edition(edition)
    edition.kind, edition.lead_text = "speech", "Another"
    assert digest_edition(edition) == first
    edition.digest_version = 2
    assert digest_edition(edition) != first
