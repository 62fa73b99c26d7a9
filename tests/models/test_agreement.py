"""What the public may know of an agreement, by the clock, and what readers are bound to know."""

import datetime as dt

import pytest

from releases.models import Agreement, AgreementEvent, Mention, Party, PartyAction
from releases.services.publishing import approval, takedown
from tests.factories import NOON, make_edition, make_live, make_next, make_user

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)
LATER = NOON + SECOND
DAY = NOON.date()


@pytest.fixture
def pact():
    """One of two agreements; nothing that is said of this one tells of the other."""
    Agreement.objects.create(slug="other", title="Another agreement")
    return Agreement.objects.create(slug="pact", title="A pact")


def name_it(pact, edition):
    edition.agreements.add(pact)


def mention_it(pact, edition):
    Mention.objects.create(agreement=pact, release=edition.release)


def make_event(pact, edition=None, **more):
    release = edition.release if edition else None
    return AgreementEvent.objects.create(agreement=pact, kind="signed", date=DAY, release=release, **more)


def approve(edition, live_from=NOON):
    return approval.approve(edition, approver=make_user(), at=NOON, live_from=live_from)


WAYS = [name_it, mention_it, make_event]


@pytest.mark.parametrize("tell", WAYS)
def test_an_agreement_is_public_with_a_release_that_tells_of_it(pact, tell):
    edition = make_edition()
    tell(pact, edition)
    assert list(Agreement.objects.public(LATER)) == []
    approve(edition, live_from=LATER)
    assert [list(Agreement.objects.public(at)) for at in (NOON, LATER)] == [[], [pact]]
    takedown.remove(edition.release, actor=make_user(), reason="Why", at=LATER + SECOND)
    assert list(Agreement.objects.public(LATER + SECOND)) == []


@pytest.mark.parametrize("tell", WAYS)
def test_an_agreement_is_promised_once_what_tells_of_it_is_approved(pact, tell):
    edition = make_edition()
    tell(pact, edition)
    assert list(Agreement.objects.public_or_scheduled()) == []
    approve(edition, live_from=LATER)
    assert list(Agreement.objects.public_or_scheduled()) == [pact]


def test_an_event_with_a_day_of_its_own_makes_an_agreement_public_from_then_on_and_promised_before(pact):
    event = make_event(pact, public_from=LATER)
    assert list(Agreement.objects.public_or_scheduled()) == [pact]
    assert [list(AgreementEvent.objects.public(at)) for at in (NOON, LATER)] == [[], [event]]
    assert [list(Agreement.objects.public(at)) for at in (NOON, LATER)] == [[], [pact]]


def test_an_event_that_nothing_makes_public_is_neither(pact):
    make_event(pact)
    assert (
        not Agreement.objects.public_or_scheduled().exists()
        and not AgreementEvent.objects.public(LATER).exists()
    )


def test_an_event_stays_public_when_the_next_edition_replaces_the_one_that_told_of_it(pact):
    """And when the release is withdrawn: what was told is on record."""
    first = make_live()
    event = make_event(pact, first)
    approve(make_next(first, at=NOON), live_from=LATER)
    takedown.withdraw(first.release, actor=make_user(), reason="Why", at=LATER + SECOND)
    assert list(AgreementEvent.objects.public(LATER + SECOND)) == [event]


def test_a_party_is_public_unless_it_accedes_and_nobody_may_know_of_that_yet(pact):
    founder, joining, joined = (
        Party.objects.create(agreement=pact, position=place, country=country)
        for place, country in enumerate(("SG", "NZ", "CL"), 1)
    )
    PartyAction.objects.create(party=joining, kind="accession", action_on=DAY, public_from=LATER)
    PartyAction.objects.create(party=joining, kind="signature", action_on=DAY, public_from=NOON)
    PartyAction.objects.create(party=joined, kind="accession", action_on=DAY, release=make_live().release)
    assert list(Party.objects.public(NOON)) == [founder, joined]
    assert list(Party.objects.public(LATER)) == [founder, joining, joined]
