import datetime as dt

import pytest

from releases.models import Agreement, AgreementEvent
from releases.services.agreements.register import recently_changed
from tests.factories import NOON

pytestmark = pytest.mark.django_db


def with_event(title, date, public_from=NOON):
    agreement = Agreement.objects.create(slug=title.lower().replace(" ", "-"), title=title)
    AgreementEvent.objects.create(agreement=agreement, kind="signed", date=date, public_from=public_from)


def test_the_home_page_names_the_five_agreements_with_the_newest_public_events():
    for year in range(2017, 2024):
        with_event(f"Signed in {year}", f"{year}-05-01")
    with_event("To be signed", "2030-01-01")
    with_event("Not public yet", "2024-02-01", public_from=NOON + dt.timedelta(days=1))
    Agreement.objects.create(slug="empty", title="Without an event")
    found = [(str(entry.agreement), entry.since) for entry in recently_changed(NOON)]
    assert found == [(f"Signed in {year}", dt.date(year, 5, 1)) for year in range(2023, 2018, -1)]
