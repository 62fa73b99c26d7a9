import datetime as dt

import pytest
from django.utils.timezone import localdate

from releases.models import AgencyContact
from releases.services.agencies.contacts import present_contacts
from tests.factories import SINGAPORE, make_agency, make_live

pytestmark = pytest.mark.django_db
DAY = dt.date(2024, 3, 1)
DESK = {"name": "Media relations", "email": "press@example.org"}


def at(day, hour=12):
    return dt.datetime(2024, 3, day, hour, tzinfo=SINGAPORE)


def test_a_contact_holds_from_its_first_day_to_its_last_by_the_newsrooms_clock():
    AgencyContact.objects.create(
        agency=make_agency(), valid_from=DAY, valid_until=DAY + dt.timedelta(days=2), **DESK
    )
    told = {
        when: [one.name for one in present_contacts("mti", when)]
        for when in (at(1, 0) - dt.timedelta(minutes=1), at(1, 0), at(3, 23), at(4, 0))
    }
    assert list(told.values()) == [[], ["Media relations"], ["Media relations"], []]
    assert present_contacts("imda", at(1)) == []


def test_readers_find_todays_contacts_on_the_agencys_page_and_a_way_there_on_its_releases(client):
    agency = make_agency()
    edition = make_live(contacts="Ms Tan, until 2023", issuers=[agency])
    AgencyContact.objects.create(agency=agency, phone="6000 0000", hours="Weekdays", **DESK)
    AgencyContact.objects.create(
        agency=agency, name="Not yet", phone="1", valid_from=localdate() + dt.timedelta(days=2)
    )
    page = client.get(edition.permalink).content.decode()
    assert "Ms Tan, until 2023" in page and 'href="/agencies/mti/#site-contacts"' in page
    page = client.get("/agencies/mti/").content.decode()
    assert all(words in page for words in ("Media relations", "6000 0000", "mailto:press@example.org"))
    assert "Weekdays" in page and "Not yet" not in page


def test_a_release_of_agencies_without_contacts_leads_nowhere(client):
    page = client.get(make_live(issuers=[make_agency()]).permalink).content.decode()
    assert "#site-contacts" not in page
