"""The page on which somebody chooses their emails, and who acts for them."""

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from releases.models.mail import CHOOSABLE
from releases.services.mail.preferences import read_preferences
from tests.factories import make_agency, make_member

pytestmark = pytest.mark.django_db
PAGE = "/accounts/emails/"


@pytest.fixture
def reader(client, settings):
    settings.EMAIL_URL = "memory://"
    user = make_member(make_agency("mine", "Mine", "MINE"))
    client.force_login(user)
    return user


def test_choices_are_kept_and_shown_again(client, reader):
    chosen = {kind.value: "daily" for kind in CHOOSABLE} | {"published": "never", "waiting": "now"}
    client.post(PAGE, chosen | {"choose": "Save"})
    assert read_preferences(reader) == chosen
    assert reverse("own_emails") == PAGE
    assert client.get(PAGE).context["chosen"].initial == chosen


def test_a_frequency_that_there_is_not_changes_nothing(client, reader):
    answer = client.post(PAGE, {kind.value: "hourly" for kind in CHOOSABLE} | {"choose": "Save"})
    assert answer.status_code == 200 and "hourly is not one of the available choices" in answer.text
    assert set(read_preferences(reader).values()) == {"now"}


def test_a_colleague_acts_until_it_is_ended(client, reader):
    deputy = make_member(reader.memberships.get().agency, first_name="Anna", last_name="Lim")
    day = localdate().isoformat()
    page = client.post(PAGE, {"deputy": deputy.pk, "starts": day, "ends": day, "delegate": "1"}, follow=True)
    assert "Anna Lim acts for you" in page.text
    [made] = reader.delegations.all()
    page = client.post(PAGE, {"end": made.pk}, follow=True)
    assert not reader.delegations.exists() and "Nobody acts for you." in page.text


def test_nobody_ends_what_another_arranged(client, reader):
    agency = reader.memberships.get().agency
    away, deputy = make_member(agency), make_member(agency)
    made = away.delegations.create(deputy=deputy, starts=localdate(), ends=localdate())
    client.post(PAGE, {"end": made.pk})
    assert away.delegations.exists()


def test_without_mail_the_page_says_so(client, reader, settings):
    settings.EMAIL_URL = ""
    page = client.get(PAGE)
    assert "This newsroom sends no email." in page.text and "Which emails you get" not in page.text


def test_one_of_a_thousand_can_be_ended_and_what_is_no_number_ends_nothing(client, reader):
    deputy = make_member(reader.memberships.get().agency)
    made = reader.delegations.create(pk=1234, deputy=deputy, starts=localdate(), ends=localdate())
    assert f'value="{made.pk}"' in client.get(PAGE).text
    for key in ("1,234", "9" * 5000, "²"):
        assert "It had ended already." in client.post(PAGE, {"end": key}, follow=True).text
    assert reader.delegations.exists()
