"""The next instant at which the clock changes what is public."""

import datetime as dt

import pytest
from django.apps import apps
from django.db.models import DateTimeField

from releases.models import (
    Absence,
    Address,
    Agreement,
    AgreementEvent,
    Party,
    PartyAction,
    Redirect,
    Release,
    content_version,
)
from releases.services.editions.boundaries import INSTANTS, find_next_boundary
from releases.services.publishing import approval
from tests.factories import (
    NOON,
    make_blob,
    make_file_address,
    make_live,
    make_next,
    make_scheduled,
    make_user,
)

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
MIDNIGHT = NOON.replace(hour=0) + dt.timedelta(days=1)
NOT_BY_THE_CLOCK = {
    ("releases_blob", "inspected_at"): "is the instant of a write",
    ("releases_edition", "first_live_at"): "tells of the past",
    ("releases_edition", "erased_at"): "is the instant of a write",
}


def test_every_instant_of_a_public_table_is_a_boundary_or_has_a_reason():
    known = {(model._meta.db_table, column) for model, column in INSTANTS}
    tables = {model._meta.db_table: model for model in apps.get_app_config("releases").get_models()}
    instants = {
        (table, field.column)
        for table, public in content_version.PUBLIC.items()
        if table in tables
        for field in tables[table]._meta.concrete_fields
        if isinstance(field, DateTimeField) and field.column in public.columns.split()
    }
    assert instants == known | set(NOT_BY_THE_CLOCK)


def event(at):
    AgreementEvent.objects.create(
        agreement=Agreement.objects.create(slug="pact", title="Pact"),
        kind="signed",
        date=NOON.date(),
        public_from=at,
    )


def action(at):
    party = Party.objects.create(
        agreement=Agreement.objects.create(slug="pact", title="Pact"), kind="state", country="SG"
    )
    PartyAction.objects.create(party=party, kind="signature", action_on=NOON.date(), public_from=at)


def redirect(at):
    address = Address.objects.create(path="/old/", kind="redirect")
    Redirect.objects.create(address=address, target="/new/", valid_from=at)


def site_file(**interval):
    make_file_address("/a.txt").site_files.create(blob=make_blob(b"x", "text/plain"), **interval)


def absence(**interval):
    Absence.objects.create(release=make_live().release, kind="withdrawn", reason="Wrong.", **interval)


def superseded(at):
    first = make_live()
    approval.approve(make_next(first), approver=make_user(), at=NOON, live_from=at)


MAKE = {
    "an embargo": lambda at: make_scheduled(live_from=at),
    "a next edition": superseded,
    "an absence that begins": lambda at: absence(since=at),
    "an absence that ends": lambda at: absence(since=NOON - HOUR, until=at),
    "a file of the old site that comes": lambda at: site_file(live_from=at),
    "a file of the old site that goes": lambda at: site_file(live_from=NOON - HOUR, live_until=at),
    "a redirect": redirect,
    "a release that was in focus": lambda at: Release.objects.filter(pk=make_live().release_id).update(
        pinned_until=at
    ),
    "an event of an agreement": event,
    "an action of a party": action,
}


@pytest.mark.parametrize("kind", MAKE)
def test_it_is_the_next_instant_until_that_has_come(kind):
    at = NOON + HOUR
    assert find_next_boundary(NOON) == MIDNIGHT
    MAKE[kind](at)
    assert find_next_boundary(NOON) == at
    assert find_next_boundary(at - dt.timedelta(microseconds=1)) == at
    assert find_next_boundary(at) == MIDNIGHT


def test_it_is_the_nearest_of_several():
    for hours in (3, 1, 2):
        make_scheduled(live_from=NOON + hours * HOUR)
    assert [find_next_boundary(NOON + hours * HOUR) - NOON for hours in (0, 1, 2)] == [
        HOUR,
        2 * HOUR,
        3 * HOUR,
    ]


def test_the_day_is_that_of_the_newsroom(settings):
    settings.TIME_ZONE = "Asia/Singapore"
    assert find_next_boundary(MIDNIGHT.astimezone(dt.UTC)) == MIDNIGHT + dt.timedelta(days=1)
