"""What takes two people is done by somebody who read what the other one asked for."""

import datetime as dt

import pytest

from releases.models import Edition
from releases.services.accounts import notices
from releases.services.accounts.permissions import Authority
from releases.services.editions.transitions import ActionRefused
from releases.services.publishing import approval, proposals, workflow
from tests.factories import NOON, make_agency, make_live, make_member, make_next, make_user

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def live():
    return make_live()


@pytest.fixture
def asker():
    return make_member(make_agency())


@pytest.fixture
def other():
    return make_member(make_agency())


def ask(live, person, verb="remove", at=NOON + HOUR, reason="It names a child", **shown):
    edition = Edition.objects.get(pk=live.pk)
    return workflow.perform_verb(verb, edition, user=person, at=at, reason=reason, **shown)


def test_who_was_shown_nothing_does_not_do_what_somebody_asked_for_meanwhile(live, asker, other):
    asked = ask(live, asker, shown="")
    with pytest.raises(ActionRefused, match="Somebody else asked for this after you opened the page"):
        ask(live, other, shown="")
    assert not live.release.absences.exists()
    assert ask(live, other, shown=str(asked.pk)).is_done


def test_who_was_shown_what_has_ended_does_not_ask_anew_without_knowing(live, asker, other):
    asked = ask(live, asker, shown="")
    workflow.perform_verb("keep", Edition.objects.get(pk=live.pk), user=asker, at=NOON + HOUR)
    with pytest.raises(ActionRefused, match="What was asked for has ended"):
        ask(live, other, shown=str(asked.pk))
    assert live.release.proposals.count() == 1


def test_the_erasure_that_was_shown_is_the_one_that_is_done(live):
    one, two = (make_user(is_superuser=True) for _ in range(2))
    ask(live, one, "erase", shown="")
    with pytest.raises(ActionRefused, match="Somebody else asked"):
        ask(live, two, "erase", shown="")
    assert Edition.objects.get(pk=live.pk).erased_at is None


def test_a_removal_that_was_asked_for_is_dropped_with_the_text_that_it_was_about(live, asker, other):
    ask(live, asker)
    approval.approve(make_next(live), approver=other, at=NOON + 2 * HOUR)
    assert proposals.standing_proposal(live.release, "remove") is None
    told = notices.recent_notices(Authority(asker, NOON + 3 * HOUR))
    assert [one.text for one in told] == [proposals.DROPPED]


def test_a_correction_that_is_only_scheduled_leaves_what_was_asked_for(live, asker, other):
    ask(live, asker)
    approval.approve(make_next(live), approver=other, at=NOON + 2 * HOUR, live_from=NOON + 5 * HOUR)
    assert proposals.standing_proposal(live.release, "remove").made_by == asker


def test_a_release_that_comes_back_is_not_removed_by_what_was_asked_for_before(live, asker, other):
    ask(live, asker)
    workflow.perform_verb(
        "withdraw", Edition.objects.get(pk=live.pk), user=asker, at=NOON + 2 * HOUR, reason="Why"
    )
    workflow.perform_verb("restore", Edition.objects.get(pk=live.pk), user=other, at=NOON + 3 * HOUR)
    assert proposals.standing_proposal(live.release, "remove") is None
