"""What is posted is sent once, tried again where it fails, given up in the end, and forgotten after a month."""

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone

from releases.models import Mail, Notice
from releases.services.accounts import notices
from releases.services.accounts.permissions import Authority
from releases.services.mail import outbox
from tests.factories import NOON, make_agency, make_edition, make_member, make_user

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def agency():
    return make_agency()


@pytest.fixture
def told(agency):
    """Somebody who is told what a colleague did, by one email that waits."""

    def tell(**fields):
        person = make_member(agency, email="anna@ministry.example", **fields)
        notices.tell(make_edition(issuers=[agency]), "withdrew it", actor=make_user(), at=NOON)
        return person

    return tell


def make_due(mail):
    """As if the time until the next attempt had passed."""
    Mail.objects.filter(pk=mail.pk).update(due_at=timezone.now() - dt.timedelta(seconds=1))


def attempt(mail):
    make_due(mail)
    number = outbox.send_due()
    mail.refresh_from_db()
    return number


def test_an_email_is_sent_once(mail_server, told):
    told()
    assert outbox.send_due() == 1
    assert outbox.send_due() == 0
    [message] = mail_server.received
    [mail] = Mail.objects.all()
    assert message["To"] == "anna@ministry.example"
    assert message["Message-ID"] == f"<{mail.key}@localhost>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "text/plain"
    assert (mail.sent_at is not None, mail.attempts, mail.problem) == (True, 1, "")


def test_what_is_rolled_back_is_not_sent(mail_server, told):
    with transaction.atomic():
        told()
        transaction.set_rollback(True)
    assert outbox.send_due() == 0
    assert mail_server.received == []


def test_without_mail_nothing_is_kept_to_be_sent(settings, told):
    told()
    assert not settings.EMAIL_URL
    assert (Notice.objects.count(), Mail.objects.count()) == (1, 0)


def test_each_of_an_agencys_people_gets_one_email_but_whoever_did_it(mail_server, agency):
    former = make_agency("mitm", "Ministry of the Past", "MITM", successor=agency)
    actor, both, other, mute, gone = (
        make_member(agency, email=f"{name}@ministry.example")
        for name in ("actor", "both", "other", "", "gone")
    )
    make_member(make_agency("csa", "Cyber", "CSA"), email="stranger@ministry.example")
    for person, changes in ((mute, {"email": ""}), (gone, {"is_active": False})):
        type(person).objects.filter(pk=person.pk).update(**changes)
    notices.tell(make_edition(issuers=[agency, former]), "withdrew it", actor=actor, at=NOON)
    assert outbox.send_due() == 2
    assert sorted(message["To"] for message in mail_server.received) == [both.email, other.email]


def test_who_left_or_lost_the_role_meanwhile_gets_nothing(mail_server, told):
    left, lost, stays = told(username="left"), told(username="lost"), told(username="stays")
    Mail.objects.exclude(
        pk__in=[Mail.objects.filter(recipient=one).earliest("pk").pk for one in (left, lost, stays)]
    ).delete()
    type(left).objects.filter(pk=left.pk).update(is_active=False)
    lost.memberships.all().delete()
    assert outbox.send_due() == 1
    assert [mail.recipient for mail in Mail.objects.all()] == [stays]


def test_a_server_that_is_away_is_tried_ever_less_often_and_then_no_more(mail_server, told, settings):
    told()
    [mail] = Mail.objects.all()
    settings.EMAIL_PORT = 9  # nobody listens there
    waits = []
    while mail.given_up_at is None:
        assert attempt(mail) == 0
        waits.append(round((mail.due_at - timezone.now()).total_seconds() / 60))
    assert waits == [5, 10, 20, 40, 80, 160, 240, 240, 240, 240, 0]
    assert "refused" in mail.problem
    assert attempt(mail) == 0 and mail.attempts == 10


def test_the_rest_waits_where_the_server_is_away(mail_server, told, settings):
    for _ in range(3):
        told()
    settings.EMAIL_PORT = 9
    assert outbox.send_due() == 0
    assert sorted(Mail.objects.values_list("attempts", flat=True))[-2:] == [0, 1]


def test_an_address_that_is_refused_for_good_is_given_up_and_keeps_nobody_waiting(mail_server, told):
    mail_server.on_recipient = lambda address: (
        "550 No such person" if address.startswith("anna") else "250 Kept"
    )
    told()
    [mail] = Mail.objects.all()
    Mail.objects.post(Mail.Kind.PASSWORD, [make_user(email="ben@ministry.example")], at=NOON)
    assert outbox.send_due() == 1
    mail.refresh_from_db()
    assert mail.given_up_at is not None
    assert "No such person" in mail.problem
    assert mail_server.received[0]["To"] == "ben@ministry.example"


def test_an_address_that_is_refused_for_now_is_tried_again(mail_server, told):
    told()
    [mail] = Mail.objects.all()
    mail_server.on_recipient = lambda _: "451 Come back later"
    assert attempt(mail) == 0
    assert (mail.given_up_at, "Come back later" in mail.problem) == (None, True)
    mail_server.on_recipient = lambda _: "250 Kept"
    assert attempt(mail) == 1
    assert (mail.attempts, mail.problem) == (2, "")


def test_two_workers_do_not_send_the_same_email(mail_server, told):
    """The second looks while the first is with the server."""
    told()
    seen = []

    def look(_):
        seen.append(Mail.objects.waiting().filter(due_at__lte=timezone.now()).count())
        return "250 Kept"

    [mail] = Mail.objects.all()
    claimed = outbox._claim(mail.pk, timezone.now())
    assert claimed.pk == mail.pk
    assert outbox._claim(mail.pk, timezone.now()) is None
    assert outbox.send_due() == 0


def test_what_ended_a_month_ago_is_forgotten_and_what_waits_is_not(mail_server, told):
    for _ in range(3):
        told()
    sent, refused, *waiting = Mail.objects.order_by("pk")
    Mail.objects.filter(pk=sent.pk).update(sent_at=NOON)
    Mail.objects.filter(pk=refused.pk).update(given_up_at=NOON)
    outbox.forget_old(NOON + 30 * DAY)
    assert Mail.objects.count() == 2 + len(waiting)
    outbox.forget_old(NOON + 31 * DAY)
    assert list(Mail.objects.order_by("pk")) == waiting


def test_administrators_try_again_what_was_given_up(mail_server, told, agency):
    told()
    [mail] = Mail.objects.all()
    Mail.objects.update(given_up_at=NOON, attempts=10, problem="gone")
    authority = Authority(make_member(agency, role="administrator"), NOON)
    stranger = make_member(make_agency("csa", "Cyber", "CSA"), role="administrator")
    assert list(outbox.given_up(Authority(stranger, NOON))) == []
    assert list(outbox.given_up(Authority(make_member(agency, role="writer"), NOON))) == []
    assert outbox.try_again(outbox.given_up(authority), timezone.now()) == 1
    assert attempt(mail) == 1
