"""What the clock brings about, and who is told of it, once."""

import datetime as dt

import pytest

from releases.models import Edition, Mail
from releases.services.publishing.announcements import announce, keep_announcing
from tests.factories import NOON, make_agency, make_edition, make_live, make_member, make_scheduled

pytestmark = pytest.mark.django_db
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
Kind = Mail.Kind


@pytest.fixture(autouse=True)
def has_mail(settings):
    settings.EMAIL_URL = "memory://"


@pytest.fixture
def author():
    return make_member(make_agency("mine", "Mine", "MINE"), role="writer", email="author@mine.example")


def told(kind):
    rows = Mail.objects.filter(kind=kind).order_by("pk")
    return [(mail.recipient.email, mail.why) for mail in rows]


def test_what_went_live_is_told_once_and_not_before(author):
    make_scheduled(live_from=NOON + HOUR, author=author)
    announce(NOON + HOUR - MINUTE)
    assert told(Kind.PUBLISHED) == []
    for later in (HOUR, HOUR + MINUTE, 3 * HOUR):
        announce(NOON + later)
    assert told(Kind.PUBLISHED) == [(author.email, "")]


def test_what_went_live_days_ago_or_came_with_an_import_is_told_to_nobody(author):
    make_live(at=NOON - dt.timedelta(days=3), author=author)
    make_live(author=author, origin=Edition.Origin.IMPORT)
    announce(NOON + MINUTE)
    assert told(Kind.PUBLISHED) == []


def test_what_is_wanted_soon_and_not_approved_is_told_an_hour_and_ten_minutes_before(author):
    make_edition(author=author, state=Edition.State.SUBMITTED, wanted_from=NOON)
    for left in (90, 61, 59, 40, 11, 10, 5, 1, -1):
        announce(NOON - left * MINUTE)
    assert told(Kind.CHECK_FAILED) == [(author.email, "hour"), (author.email, "minutes")]


def test_another_time_is_another_announcement(author):
    draft = make_edition(author=author, state=Edition.State.SUBMITTED, wanted_from=NOON)
    announce(NOON - 30 * MINUTE)
    Edition.objects.filter(pk=draft.pk).update(wanted_from=NOON + HOUR)
    announce(NOON + 30 * MINUTE)
    assert [why for _, why in told(Kind.CHECK_FAILED)] == ["hour", "hour"]


def test_what_is_approved_and_whole_is_told_to_nobody_before_its_instant(author):
    make_scheduled(live_from=NOON + HOUR, author=author)
    announce(NOON + 55 * MINUTE)
    assert told(Kind.CHECK_FAILED) == []


def test_without_mail_the_worker_does_not_look(settings):
    settings.EMAIL_URL = ""
    with keep_announcing() as nothing:
        assert nothing is None
