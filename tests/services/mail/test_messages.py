"""What stands in an email, and what does not."""

import datetime as dt
import re

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.utils import timezone

from releases.models import Edition, Mail
from releases.services.accounts import members, notices
from releases.services.accounts.permissions import Authority, Role
from releases.services.mail import outbox
from releases.services.mail.messages import compose_message
from releases.services.publishing import approval, erasure, takedown, workflow
from tests.factories import (
    NOON,
    cleared,
    make_agency,
    make_edition,
    make_member,
    make_scheduled,
    make_user,
)

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
CANARIES = (
    "Kanaritel Kanarisum Kanaritext Kanariagency Kanariperson Kanarireason Kanaripath Kanarifile".split()
)


@pytest.fixture(autouse=True)
def has_mail(settings):
    settings.EMAIL_URL = "memory://"
    settings.SITE_URL = "https://news.example"


def compose(mail, at=NOON):
    message = compose_message(mail, Authority(mail.recipient, at))
    return message and message.message().as_string()


def invite(agency, **fields):
    actor = make_member(agency, role="administrator")
    values = {"name": "Anna Lim", "email": "anna@ministry.example", **fields}
    return members.invite("anna", agency=agency, role=Role.WRITER, actor=actor, at=NOON, **values).user


def test_no_email_tells_anything_of_a_release(mailoutbox):
    """Whatever is done with it, before it is public and afterwards, by whatever agency."""
    mine = make_agency("mine", "Ministry of Mine", "MINE")
    partner = make_agency("partner", "Kanariagency", "KANARIAGENCY")
    reader = make_member(mine, email="anna@ministry.example")
    lead = make_member(partner, first_name="Kanariperson", urgent=True)
    starts = dt.datetime(2031, 7, 13, 4, 56, tzinfo=dt.UTC)
    edition = make_scheduled(
        live_from=starts,
        issuers=[partner, mine],
        title="Kanaritel",
        summary="Kanarisum",
        body="Kanaritext",
        permalink="/kanaripath/",
        annexes=[("/files/kanarifile.pdf", b"%PDF-1", "Annex", "Kanarifile")],
    )
    approval.reschedule(edition, live_from=starts + HOUR, actor=lead, at=NOON)
    approval.unschedule_edition(edition, actor=lead, at=NOON)
    draft = cleared(Edition.objects.get(pk=edition.pk))
    workflow.perform_verb("publish-urgently", draft, user=lead, at=NOON, urgent_reason="Kanarireason")
    takedown.withdraw(draft.release, actor=lead, reason="Kanarireason", at=NOON + HOUR)
    assert outbox.send_due() == 4
    notices.tell(make_edition(issuers=[mine], title="Kanaritel"), "said Kanarireason", actor=lead, at=NOON)
    erasure.erase_release(draft.release, actor=lead, reason="Kanarireason", at=NOON + 2 * HOUR)
    assert outbox.send_due() == 2
    assert {message.to[0] for message in mailoutbox} == {reader.email}
    written = "\n".join(message.message().as_string() for message in mailoutbox).lower()
    assert [one for one in CANARIES if one.lower() in written] == []
    assert [one for one in ("2031", "july", "04:56", "12:56", "ministry of mine") if one in written] == []
    assert "https://news.example/admin/" in written


def test_every_kind_of_notice_is_mailed():
    """Each is written by `notices.tell`, which posts the email; nothing else makes one."""
    agency = make_agency()
    reader = make_member(agency, email="anna@ministry.example")
    edition = make_edition(issuers=[agency])
    notices.tell(edition, "did something", actor=make_user(), at=NOON)
    [mail] = Mail.objects.all()
    assert (mail.kind, mail.recipient, mail.notice.edition) == (Mail.Kind.NOTICE, reader, edition)
    text = compose(mail)
    assert f"https://news.example/admin/releases/edition/{edition.pk}/change/" in text
    assert "Sign in to see what was done" in text


def test_a_link_with_a_token_is_made_when_it_is_sent_and_kept_nowhere(client, mailoutbox):
    user = invite(make_agency())
    kept = stored_values()
    assert outbox.send_due() == 1
    [link] = [line for line in mailoutbox[0].body.splitlines() if "/accounts/" in line]
    token = link.rstrip("/").rpartition("/")[2]
    assert len(token) > 30
    for values in (kept, stored_values()):
        assert not any(token in value for value in values)
    form = client.get(link.removeprefix("https://news.example"), follow=True)
    password = {"new_password1": "a rather long password", "new_password2": "a rather long password"}
    client.post(form.redirect_chain[-1][0], password)
    assert client.login(username=user.username, password="a rather long password")


def stored_values():
    """All that the database holds, as text."""
    return [str(row) for model in apps.get_models() for row in model.objects.values_list()]


def test_a_link_of_an_email_that_is_sent_again_is_a_new_one(mailoutbox):
    user = make_user(email="anna@ministry.example")
    Mail.objects.post(Mail.Kind.PASSWORD, [user], at=NOON)
    mail = Mail.objects.get()
    first = compose(mail)
    User.objects.filter(pk=user.pk).update(last_login=timezone.now())
    again = compose(Mail.objects.get())
    assert "Set a new password" in first
    assert first != again
    assert [line for line in first.splitlines() if "Message-ID" in line] == [
        line for line in again.splitlines() if "Message-ID" in line
    ]


FORGED = [
    "Anna\r\nBcc: all@evil.example",
    "Anna\nSubject: x\n\nhttps://evil.example",
    "\u2028Bcc: a",
    "\u202eanna\x01",
]


@pytest.mark.parametrize("name", FORGED)
def test_names_forge_neither_headers_nor_lines(settings, name):
    user = invite(make_agency())
    mail = Mail.objects.get(kind=Mail.Kind.INVITATION)
    plain = compose_message(mail, Authority(user, NOON)).body.splitlines()
    User.objects.filter(pk=user.pk).update(username=name, first_name=name)
    settings.SITE_NAME = name
    mail = Mail.objects.get(kind=Mail.Kind.INVITATION)
    message = compose_message(mail, Authority(mail.recipient, NOON))
    assert len(message.body.splitlines()) == len(plain)
    [line] = [line for line in message.body.splitlines() if line.startswith("Your user name")]
    assert re.fullmatch(r"Your user name is: [\w: @./]+", line)
    assert sorted(message.message().keys()) == sorted(
        "Content-Type MIME-Version Content-Transfer-Encoding Subject From To Message-ID Date Auto-Submitted".split()
    )


@pytest.mark.parametrize(
    "address", ["a@x.example\r\nBcc: all@evil.example", "a@x.example\n\nHello", "no address\n"]
)
def test_an_address_that_would_forge_a_header_is_given_up(mailoutbox, address):
    user = make_user(email="a@ministry.example")
    Mail.objects.post(Mail.Kind.PASSWORD, [user], at=NOON)
    User.objects.filter(pk=user.pk).update(email=address)
    assert outbox.send_due() == 0
    assert mailoutbox == []
    assert Mail.objects.get().given_up_at is not None


def test_every_kind_has_its_words():
    user = make_user(email="a@ministry.example")
    for kind, words in (
        (Mail.Kind.INVITATION, "for 3 days"),
        (Mail.Kind.PASSWORD, "for 3 days"),
        (Mail.Kind.SECOND_FACTOR, "set up another second factor:\nhttps://news.example/admin/\n"),
    ):
        text = compose(Mail(kind=kind, recipient=user, created_at=NOON))
        assert words in text
        assert user.username in text
