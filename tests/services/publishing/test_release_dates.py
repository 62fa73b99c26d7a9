"""A release has the date of the day on which it is published, unless somebody set another on purpose."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.timezone import localdate

from releases.models import AgencyName, Edition
from releases.services.editions.digests import digest_edition
from releases.services.editions.transitions import ActionRefused
from releases.services.publishing import approval, review
from tests.factories import NOON, make_agency, make_edition, make_next, make_user

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def soon():
    return timezone.now().replace(second=0, microsecond=0) + 3 * DAY


def make_joint(**fields):
    """A draft of two agencies, cleared by the second one, with the date of a day long before."""
    partner = make_agency("partner", "Partner", "PARTNER")
    edition = make_edition(issuers=[make_agency(), partner], **fields)
    review.record_clearance(edition, agency=partner, actor=make_user(), at=NOON)
    return edition


def stored(edition):
    return Edition.objects.get(pk=edition.pk)


def test_the_date_is_that_of_the_day_for_which_it_is_approved_and_moves_with_it(soon):
    edition = make_joint(release_date_is_set=False)
    approver = make_user()
    approval.approve(edition, approver=approver, at=timezone.now(), live_from=soon)
    assert stored(edition).release_date == localdate(soon)
    digest = stored(edition).digest
    approval.reschedule(edition, actor=approver, at=timezone.now(), live_from=soon + 9 * DAY)
    assert stored(edition).release_date == localdate(soon + 9 * DAY)
    assert stored(edition).digest == digest == digest_edition(stored(edition))
    assert stored(edition).clearances.filter(digest=digest).count() == 1


def test_releases_of_a_package_get_the_day_of_the_package(soon):
    editions = [make_edition(release_date_is_set=False) for _ in range(2)]
    approval.approve_together(editions, approver=make_user(), at=timezone.now(), live_from=soon)
    assert {stored(edition).release_date for edition in editions} == {localdate(soon)}


def test_a_date_that_was_set_on_purpose_stays(soon):
    edition = make_joint()
    approver = make_user()
    approval.approve(edition, approver=approver, at=timezone.now(), live_from=soon)
    approval.reschedule(edition, actor=approver, at=timezone.now(), live_from=soon + DAY)
    assert stored(edition).release_date == dt.date(2024, 3, 1)


def test_a_later_edition_keeps_the_date_of_the_first():
    first = make_edition(release_date_is_set=False)
    approval.approve(first, approver=make_user(), at=NOON, live_from=NOON)
    second = make_next(first)
    approval.approve(second, approver=make_user(), at=NOON + DAY, live_from=NOON + DAY)
    assert stored(second).release_date == localdate(NOON)


def test_an_agency_has_the_name_of_the_day_and_a_move_over_a_new_name_is_refused(soon):
    edition = make_edition(release_date_is_set=False)
    agency = edition.issuers.get().agency
    for day, name in ((localdate(soon), "Second name"), (localdate(soon + 2 * DAY), "Third name")):
        AgencyName.objects.create(agency=agency, name=name, valid_from=day)
    approver = make_user()
    approval.approve(edition, approver=approver, at=timezone.now(), live_from=soon)
    assert edition.issuers.get().name == "Second name"
    approval.reschedule(edition, actor=approver, at=timezone.now(), live_from=soon + DAY)
    with pytest.raises(ActionRefused, match="Second name is called Third name"):
        approval.reschedule(edition, actor=approver, at=timezone.now(), live_from=soon + 2 * DAY)
    assert stored(edition).release_date == localdate(soon + DAY)


@pytest.mark.parametrize("is_set", [True, False])
def test_the_database_lets_a_date_move_with_a_time_to_come_alone(is_set, soon):
    edition = make_edition(release_date_is_set=is_set)
    approval.approve(edition, approver=make_user(), at=timezone.now(), live_from=soon)
    rows = Edition.objects.filter(pk=edition.pk)
    changes = {"live_from": soon + DAY, "first_live_at": soon + DAY, "release_date": localdate(soon + DAY)}
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(release_date=localdate(soon + DAY))
    if is_set:
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**changes)
    else:
        rows.update(**changes)
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(release_date_is_set=True)


def test_a_move_over_a_new_acronym_is_refused_too(soon):
    edition = make_edition(release_date_is_set=False)
    agency = edition.issuers.get().agency
    AgencyName.objects.create(
        agency=agency, name=agency.name_on(NOON).name, acronym="NEW", valid_from=localdate(soon + DAY)
    )
    approval.approve(edition, approver=make_user(), at=timezone.now(), live_from=soon)
    with pytest.raises(ActionRefused, match=r"Industry \(MTI\) is called .+ \(NEW\)"):
        approval.reschedule(edition, actor=make_user(), at=timezone.now(), live_from=soon + DAY)
