"""Whose consent a text still needs, and who may give it for what."""

import pytest

from releases.models import Edition, LedgerEntry
from releases.services.editions.digests import digest_edition
from releases.services.editions.transitions import ActionRefused
from releases.services.publishing import review
from tests.factories import NOON, make_agency, make_edition, make_live, make_next, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def agencies():
    """The lead and two others."""
    return [make_agency(slug, slug.upper(), slug.upper()) for slug in ("mti", "imda", "cpf")]


def clear(edition, agency, **more):
    return review.record_clearance(edition, agency=agency, actor=make_user(), at=NOON, **more)


def test_every_agency_but_the_lead_clears_the_text_as_it_is_now(agencies):
    edition, other = make_edition(issuers=agencies), make_edition(issuers=agencies)
    assert review.uncleared_agencies(edition) == agencies[1:]
    clear(edition, agencies[1])
    assert review.uncleared_agencies(edition) == agencies[2:]
    assert review.uncleared_agencies(other) == agencies[1:]
    clear(edition, agencies[2])
    assert review.uncleared_agencies(edition) == []
    Edition.objects.filter(pk=edition.pk).update(body="Other words")
    edition.refresh_from_db()
    assert review.uncleared_agencies(edition) == agencies[1:]


@pytest.mark.parametrize("state", ["approved", "rejected"])
def test_only_what_waits_for_its_approval_is_cleared(agencies, state):
    edition = (
        make_live(issuers=agencies) if state == "approved" else make_edition(issuers=agencies, state=state)
    )
    with pytest.raises(ActionRefused, match="waits for its approval"):
        clear(edition, agencies[1])


@pytest.mark.parametrize("state", ["draft", "submitted"])
def test_a_text_is_cleared_before_and_after_it_was_submitted(agencies, state):
    edition = make_edition(issuers=agencies[:2], state=state)
    clear(edition, agencies[1])
    assert review.uncleared_agencies(edition) == []


def test_an_agency_that_does_not_issue_it_clears_nothing(agencies):
    with pytest.raises(ActionRefused, match="This version does not concern"):
        clear(make_edition(issuers=agencies[:2]), agencies[2])


def test_nobody_clears_what_changed_since_they_read_it(agencies):
    edition = make_edition(issuers=agencies)
    with pytest.raises(ActionRefused, match="changed after you opened it"):
        clear(edition, agencies[1], seen="0" * 64)
    clear(edition, agencies[1], seen=digest_edition(edition))


def test_the_next_edition_is_cleared_anew(agencies):
    draft = make_next(make_live(issuers=agencies))
    draft.clearances.all().delete()
    assert review.uncleared_agencies(draft) == agencies[1:]


@pytest.mark.parametrize(
    "step, before, after",
    [
        (review.take_back, "submitted", "draft"),
        (review.reject, "submitted", "rejected"),
    ],
)
def test_a_step_is_possible_from_one_state_alone(step, before, after):
    values = {"actor": make_user(), "at": NOON} | ({"reason": " Too long "} if step == review.reject else {})
    for state in {"draft", "submitted", "rejected"} - {before}:
        with pytest.raises(ActionRefused, match="by now"):
            step(make_edition(state=state), **values)
    with pytest.raises(ActionRefused, match="approved by now"):
        step(make_live(), **values)
    edition = step(make_edition(state=before), **values)
    assert (edition.state, edition.rejection) == (after, "Too long" if step == review.reject else "")


def test_nothing_is_sent_back_without_a_word():
    edition = make_edition(state="submitted")
    with pytest.raises(ActionRefused, match="Say why"):
        review.reject(edition, actor=make_user(), reason=" ", at=NOON)
    edition.refresh_from_db()
    assert edition.state == "submitted"


def test_consents_to_several_editions_are_given_together_or_not_at_all():
    trade, law = make_agency(), make_agency("minlaw", "Ministry of Law", "MinLaw")
    chief = make_user()
    editions = [make_edition(issuers=[trade, law]) for _ in range(2)]
    consents = [review.NewClearance(edition, law, chief, NOON) for edition in editions]
    stranger = review.NewClearance(make_edition(issuers=[trade]), law, chief, NOON)
    with pytest.raises(ActionRefused, match="This version does not concern MinLaw"):
        review.record_clearances([*consents, stranger])
    assert [review.uncleared_agencies(edition) for edition in editions] == [[law], [law]]
    assert not LedgerEntry.objects.exists()
    review.record_clearances(consents)
    again = review.record_clearances(consents)
    assert [one.digest for one in again] == [digest_edition(edition) for edition in editions]
    assert [review.uncleared_agencies(edition) for edition in editions] == [[], []]
    assert LedgerEntry.objects.filter(verb="clear").count() == 4
    assert LedgerEntry.objects.broken() is None
