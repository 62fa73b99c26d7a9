"""Never early and never late, to the millisecond: what is public at an instant, with the instant as an argument,
for times as people type them in the zones of many newsrooms."""

import datetime as dt

import pytest
from django.utils import timezone

from releases.admin.base.fields import LocalTimeField
from releases.models import Annex, Edition
from releases.services.editions.boundaries import find_next_boundary
from releases.services.publishing import approval
from releases.services.website import resolver
from tests.factories import make_live, make_next, make_scheduled, make_user

pytestmark = pytest.mark.django_db
SECOND, MILLISECOND = dt.timedelta(seconds=1), dt.timedelta(milliseconds=1)
ZONES = (
    "Asia/Singapore",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "America/New_York",
    "America/St_Johns",
    "America/Santiago",
    "Europe/London",
    "Africa/Cairo",
)
TYPED = (
    "2028-02-29T23:59",  # a leap day
    "2026-12-31T23:59",
    "2027-01-01T00:00",
    "2027-03-14T04:00",  # the nights on which clocks change, before, between and after the hours that are refused
    "2027-03-28T03:00",
    "2027-04-04T04:00",
    "2027-10-31T03:00",
    "2027-11-07T00:30",
)
NOW = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)
PAGE, FILE = "/news/edge/", "/files/edge.pdf"


def is_public(at):
    """Whether the page, its file and the doors show it; all of them or none."""
    shown = {
        isinstance(resolver.resolve(PAGE, at), resolver.ReleasePage),
        isinstance(resolver.resolve(FILE, at), resolver.File),
        Edition.objects.live(at).exists(),
        Edition.objects.on_record(at).exists(),
        Annex.objects.live(at).exists(),
    }
    assert len(shown) == 1
    return shown.pop()


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("typed", TYPED)
def test_a_release_is_public_from_its_instant_on_and_not_a_millisecond_before(zone, typed):
    with timezone.override(zone):
        instant = LocalTimeField().clean(typed)
        assert f"{timezone.localtime(instant):%Y-%m-%dT%H:%M}" == typed
        make_scheduled(live_from=instant, at=NOW, permalink=PAGE, annexes=[(FILE, b"%PDF-1.4 edge")])
        seen = [is_public(instant + shift) for shift in (-SECOND, -MILLISECOND, 0 * SECOND, MILLISECOND)]
        assert seen == [False, False, True, True]
        assert find_next_boundary(instant - SECOND) == instant


@pytest.mark.parametrize("shift, number", [(-MILLISECOND, 1), (0 * SECOND, 2), (MILLISECOND, 2)])
def test_the_next_edition_takes_the_place_of_the_one_before_in_the_same_instant(shift, number):
    first = make_live(permalink=PAGE, at=NOW)
    instant = NOW + dt.timedelta(days=1)
    approval.approve(make_next(first, at=NOW), approver=make_user(), at=NOW, live_from=instant)
    assert [edition.number for edition in Edition.objects.live(instant + shift)] == [number]


def test_a_clock_that_is_set_back_hides_again_what_is_not_due_by_it():
    """What is public follows from the clock and nothing else, so no trace stays: nothing is early by any
    clock."""
    instant = NOW + dt.timedelta(days=1)
    make_scheduled(live_from=instant, at=NOW, permalink=PAGE, annexes=[(FILE, b"%PDF-1.4 edge")])
    assert [is_public(at) for at in (instant, instant - dt.timedelta(hours=1), instant)] == [
        True,
        False,
        True,
    ]
