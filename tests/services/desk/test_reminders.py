"""Whoever waits for others reminds them by one click of the desk, once a day at most."""

import datetime as dt

import pytest
from django.core import mail as post_office
from django.urls import reverse
from django.utils import timezone

from releases.models import Edition, Mail, MailPreference
from releases.services.desk import reminders
from releases.services.editions.transitions import ActionRefused
from releases.services.mail import outbox
from releases.services.publishing import review
from tests.factories import make_agency, make_edition, make_member, make_scheduled

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def has_mail(settings):
    settings.EMAIL_URL = "memory://"


@pytest.fixture
def agencies():
    return [make_agency(), make_agency("imda", "Infocomm Media Development Authority", "IMDA")]


@pytest.fixture
def writer(client, agencies):
    user = make_member(agencies[0], role="writer", email="w@example.org")
    client.force_login(user)
    return user


@pytest.fixture
def submitted(agencies, writer):
    for agency in agencies:
        make_member(agency, username=f"{agency.slug}-approver", email=f"{agency.slug}@example.org")
    edition = make_edition(title="Trade figures", issuers=agencies, author=writer)
    review.submit(edition, actor=writer, at=timezone.now())
    Mail.objects.all().delete()
    return edition


def reminded():
    return sorted(Mail.objects.values_list("recipient__username", flat=True))


def test_one_click_at_the_desk_emails_those_whose_turn_it_is(client, submitted):
    place = reverse("admin:releases_edition_remind", args=[submitted.pk])
    assert place in client.get(reverse("admin:index")).content.decode()
    page = client.post(place, follow=True).content.decode()
    assert "Reminded today." in page and place not in page
    assert reminded() == ["imda-approver"]
    outbox.send_due()
    [message] = post_office.outbox
    assert "A colleague reminds you of it." in message.body
    assert "Trade" not in message.subject + message.body


def test_where_all_have_cleared_the_lead_is_reminded_as_its_people_chose(submitted, agencies, writer):
    now = timezone.now()
    approver = make_member(agencies[1], username="second-imda")
    review.record_clearance(submitted, agency=agencies[1], actor=approver, at=now)
    reminders.remind(submitted, actor=writer, at=now)
    assert reminded() == ["mti-approver"]
    recipient = Mail.objects.get().recipient
    MailPreference.objects.create(user=recipient, kind=Mail.Kind.WAITING, frequency=MailPreference.NEVER)
    reminders.remind(submitted, actor=writer, at=now + DAY)
    assert Mail.objects.count() == 1


def test_once_a_day_whoever_asks(submitted, agencies, writer):
    now = timezone.now()
    reminders.remind(submitted, actor=writer, at=now)
    with pytest.raises(ActionRefused, match="They were reminded today"):
        reminders.remind(submitted, actor=make_member(agencies[0]), at=now)
    reminders.remind(submitted, actor=writer, at=now + DAY)


def test_nobody_is_reminded_of_what_waits_no_more_nor_by_strangers(submitted, writer, settings):
    with pytest.raises(ActionRefused, match="Only people of the agencies"):
        reminders.remind(submitted, actor=make_member(make_agency("lta", "Land", "LTA")), at=timezone.now())
    Edition.objects.filter(pk=submitted.pk).update(state=Edition.State.DRAFT)
    with pytest.raises(ActionRefused, match="does not wait"):
        reminders.remind(submitted, actor=writer, at=timezone.now())
    settings.EMAIL_URL = ""
    with pytest.raises(ActionRefused, match="sends no emails"):
        reminders.remind(submitted, actor=writer, at=timezone.now())
    assert not Mail.objects.exists()


def test_the_calendar_leads_approvers_of_the_lead_to_another_time(client, agencies):
    edition = make_scheduled(issuers=agencies[:1], live_from=timezone.now() + DAY, at=timezone.now())
    place = reverse("admin:releases_edition_do", args=[edition.pk, "reschedule"])
    for role, is_offered in (("approver", True), ("writer", False)):
        client.force_login(make_member(agencies[0], role=role))
        assert (place in client.get(reverse("admin:index")).content.decode()) is is_offered
