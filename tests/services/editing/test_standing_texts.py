import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.models import Boilerplate, Edition, EditionContributor
from releases.services.editing.standing_texts import (
    change_blocks,
    find_drafts,
    has_block,
    replace_block,
    rewrite_drafts,
)
from releases.services.publishing import review
from tests.factories import NOON, make_agency, make_edition, make_live, make_user

BLOCK = "## About MTI\n\nIt leads."
PART = st.sampled_from(["One.", "Two\nlines.", "## About IMDA\n\nIt leads too."])


@given(st.lists(PART, max_size=4))
def test_a_part_that_is_put_in_and_taken_out_leaves_the_rest(parts):
    text = "\n\n".join(parts)
    with_it = change_blocks(text, added=[BLOCK], removed=[])
    assert has_block(with_it, BLOCK) and with_it.endswith(BLOCK)
    assert change_blocks(with_it, added=[BLOCK], removed=[]) == with_it
    assert change_blocks(with_it, added=[], removed=[BLOCK]) == text


def test_words_within_a_paragraph_are_no_part():
    assert not has_block(f"{BLOCK} And more.", BLOCK)
    assert replace_block(f"One.\r\n\r\n{BLOCK}\n\nTwo.", BLOCK, "New.") == "One.\n\nNew.\n\nTwo."


@pytest.mark.django_db
def test_a_change_goes_into_open_drafts_voids_their_clearances_and_counts_as_writing_in_them():
    agency, other = make_agency(), make_agency("imda", "Infocomm", "IMDA")
    row = Boilerplate.objects.create(agency=agency, title="About MTI", text="It leads.")
    draft = make_edition(body=f"1. One.\n\n{row.block}", issuers=[agency, other])
    by_hand = make_edition(body="## About MTI\n\nIt leads well.", issuers=[agency])
    public = make_live(body=row.block, issuers=[agency])
    review.record_clearance(draft, agency=other, actor=make_user(), at=NOON)
    assert find_drafts(row, Edition.objects.all()) == [draft]
    new, actor = Boilerplate(pk=row.pk, agency=agency, title="About MTI", text="It follows."), make_user()
    changed = rewrite_drafts(row, new, [draft, by_hand, public], actor=actor, at=NOON)
    assert changed == [draft]
    draft = Edition.objects.get(pk=draft.pk)
    assert draft.body == "1. One.\n\n## About MTI\n\nIt follows." and "It follows." in draft.body_html
    assert review.uncleared_agencies(draft) == [other]
    assert EditionContributor.objects.filter(edition=draft, user=actor).exists()
    assert Edition.objects.get(pk=public.pk).body == row.block
