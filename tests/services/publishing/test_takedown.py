"""Who brings back what was taken away."""

import datetime as dt

import pytest

from releases.models import Edition
from releases.services.accounts.permissions import Authority
from releases.services.editing.draft_values import IssuerValues
from releases.services.publishing import approval, takedown, workflow
from tests.factories import NOON, cleared, make_agency, make_edition, make_live, make_member, make_user, save

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def do(verb, edition, person, at, **values):
    return workflow.perform_verb(verb, Edition.objects.get(pk=edition.pk), user=person, at=at, **values)


def why_not(verb, edition, person, at):
    return workflow.why_not_perform(verb, Edition.objects.get(pk=edition.pk), Authority(person, at))


def test_an_agency_that_was_put_behind_agrees_that_the_release_comes_back():
    mti, imda = make_agency(), make_agency("imda", "Infocomm Media Development Authority", "IMDA")
    draft = make_edition(issuers=[mti, imda])
    rows = dict(draft.issuers.values_list("agency", "pk"))
    swapped = tuple(IssuerValues(agency, rows[agency.pk]) for agency in (imda, mti))
    draft = save(draft, actor=make_member(mti, role="writer"), issuers=swapped)
    live = approval.approve(cleared(draft), approver=make_user(), at=NOON)
    taker, second, behind = make_member(imda), make_member(imda), make_member(mti)
    do("withdraw", live, taker, NOON + HOUR, reason="Why")
    [refusal] = why_not("restore", live, second, NOON + 2 * HOUR)
    assert refusal.endswith("has not agreed that the release comes back.")
    do("agree", live, behind, NOON + 2 * HOUR)
    do("restore", live, second, NOON + 3 * HOUR)
    assert workflow.stage_of(Edition.objects.get(pk=live.pk), NOON + 4 * HOUR) == "live"


def test_who_asked_for_a_removal_does_not_bring_the_release_back_alone():
    live = make_live()
    asker, remover, third = (make_member(make_agency()) for _ in range(3))
    do("remove", live, asker, NOON + HOUR, reason="Why")
    do("remove", live, remover, NOON + 2 * HOUR, reason="Why")
    at = NOON + 3 * HOUR
    assert why_not("restore", live, asker, at) == [takedown.HAD_ASKED]
    assert why_not("restore", live, remover, at) == [takedown.NOT_ALONE]
    do("restore", live, third, at)
    do("withdraw", live, remover, at + HOUR, reason="Another reason")
    do("restore", live, asker, at + 2 * HOUR)
