"""Who acts for whom while somebody is away."""

import datetime as dt

import pytest
from django.utils.timezone import localdate

from releases.models import LedgerEntry
from releases.services.accounts import delegations
from releases.services.accounts.permissions import Authority
from releases.services.editions.transitions import ActionRefused
from tests.factories import NOON, make_agency, make_member, make_user

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
TODAY = localdate(NOON)


@pytest.fixture
def agency():
    return make_agency("mine", "Mine", "MINE")


def delegate(principal, deputy, starts=TODAY, ends=TODAY + DAY):
    return delegations.delegate(principal, deputy, starts=starts, ends=ends, at=NOON)


def test_colleagues_see_who_acts_for_whom_on_those_days_and_the_ledger_keeps_it(agency):
    away, deputy, colleague = (make_member(agency) for _ in range(3))
    stranger = make_member(make_agency("other", "Other", "OTHER"))
    made = delegate(away, deputy)
    assert delegations.find_current(Authority(colleague, NOON)) == [made]
    assert delegations.find_current(Authority(colleague, NOON + 2 * DAY)) == []
    assert delegations.find_current(Authority(stranger, NOON)) == []
    delegations.end(made, at=NOON)
    assert delegations.find_current(Authority(colleague, NOON)) == []
    entries = LedgerEntry.objects.filter(verb=LedgerEntry.Verb.DELEGATE)
    assert [(one.actor, one.subject) for one in entries] == [(away, deputy.username)] * 2


def test_a_deputy_gets_no_right(agency):
    away, deputy = make_member(agency, role="approver"), make_member(agency, role="writer")
    before = Authority(deputy, NOON).agencies("approver")
    delegate(away, deputy)
    assert Authority(deputy, NOON).agencies("approver") == before == frozenset()


@pytest.mark.parametrize(
    ("starts", "ends", "words"),
    [
        (TODAY, TODAY - DAY, "The last day"),
        (TODAY - 3 * DAY, TODAY - DAY, "The last day"),
        (TODAY, TODAY + 100 * DAY, "three months"),
    ],
)
def test_days_that_make_no_sense_are_refused(agency, starts, ends, words):
    with pytest.raises(ActionRefused, match=words):
        delegate(make_member(agency), make_member(agency), starts, ends)


def test_only_a_colleague_can_act_and_once_for_a_day(agency):
    away, deputy = make_member(agency), make_member(agency)
    for nobody in (away, make_user(), make_member(make_agency("other", "Other", "OTHER"))):
        with pytest.raises(ActionRefused, match="Choose a colleague"):
            delegate(away, nobody)
    delegate(away, deputy)
    with pytest.raises(ActionRefused, match="already"):
        delegate(away, deputy, starts=TODAY + DAY, ends=TODAY + 3 * DAY)
