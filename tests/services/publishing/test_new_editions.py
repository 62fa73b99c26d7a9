"""Which draft somebody gets who edits a public edition, or brings an old one back."""

import datetime as dt

import pytest

from releases.models import Edition
from releases.services.publishing import approval, new_editions
from tests.factories import NOON, make_agency, make_edition, make_live, make_member, make_next, make_user

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def test_who_edits_goes_on_with_the_draft_that_is_being_written():
    first, person = make_live(), make_member(make_agency(), role="writer")
    make_edition(author=person)
    live = approval.approve(make_next(first), approver=make_user(), at=NOON + HOUR)
    assert new_editions.open_next_edition(first, author=person, at=NOON + HOUR) != live
    begun = make_next(live, author=make_user())
    make_next(live)
    assert new_editions.open_next_edition(live, author=person, at=NOON + HOUR) == begun
    Edition.objects.filter(pk=begun.pk).update(state="submitted")
    assert new_editions.open_next_edition(live, author=person, at=NOON + HOUR) == begun


def test_who_may_not_see_the_draft_that_is_being_written_begins_one():
    live = make_live()
    hidden = make_next(live, author=make_user())
    hidden.issuers.update(agency=make_agency("imda", "IMDA", "IMDA"))
    person = make_member(make_agency(), role="writer")
    begun = new_editions.open_next_edition(live, author=person, at=NOON + HOUR)
    assert begun != hidden and (begun.author, begun.based_on, begun.number) == (person, live, 3)


@pytest.fixture
def old():
    """The first of two editions."""
    first = make_live(body="Old.")
    approval.approve(make_next(first, body="New."), approver=make_user(), at=NOON + HOUR)
    return Edition.objects.get(pk=first.pk)


@pytest.mark.parametrize("state", ["submitted", "rejected"])
def test_an_old_text_comes_back_once_while_its_draft_is_one(old, state):
    person = make_member(make_agency())
    draft = new_editions.restore_as_draft(old, author=person, at=NOON + 2 * HOUR)
    assert draft.body == "Old." and draft.based_on.body == "New."
    assert new_editions.restore_as_draft(old, author=person, at=NOON + 2 * HOUR) == draft
    Edition.objects.filter(pk=draft.pk).update(state=state)
    assert new_editions.restore_as_draft(old, author=person, at=NOON + 2 * HOUR) != draft


def test_an_old_text_comes_back_in_a_draft_of_its_own_release_on_its_last_edition(old):
    person = make_member(make_agency())
    stale = make_next(old)
    draft = new_editions.restore_as_draft(old, author=person, at=NOON + 2 * HOUR)
    assert draft != stale and draft.based_on == approval.find_predecessor(old)
    outsider = make_member(make_agency("imda", "IMDA", "IMDA"))
    assert new_editions.restore_as_draft(old, author=outsider, at=NOON + 2 * HOUR) != draft
