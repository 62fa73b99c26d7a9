"""What administrators see of emails, and that nobody but the holder of an account sees its links."""

import pytest
from django.urls import reverse

from releases.models import Mail
from releases.services.mail import outbox
from tests.factories import NOON, make_agency, make_member

pytestmark = pytest.mark.django_db
INVITE = reverse("admin:releases_membership_invite")


@pytest.fixture
def agency():
    return make_agency()


@pytest.fixture
def administrator(client, agency):
    administrator = make_member(agency, role="administrator")
    client.force_login(administrator)
    return administrator


@pytest.fixture
def has_mail(settings):
    settings.EMAIL_URL = "memory://"


def invite(client, agency, **values):
    values = {"username": "anna", "name": "Anna", "agency": agency.pk, "role": "writer", **values}
    return client.post(INVITE, values, follow=True).content.decode()


def given_up(recipient, **values):
    return Mail.objects.create(
        kind=Mail.Kind.PASSWORD, recipient=recipient, created_at=NOON, due_at=NOON, given_up_at=NOON, **values
    )


def test_the_inviter_never_sees_the_link_where_mail_is_set_up(
    client, agency, administrator, has_mail, mailoutbox
):
    assert "A link to set the password is sent there." in client.get(INVITE).content.decode()
    page = invite(client, agency, email="anna@ministry.example")
    assert "Anna will get an email" in page
    assert "/accounts/invitation/" not in page
    assert outbox.send_due() == 1
    assert "/accounts/invitation/" in mailoutbox[0].body


def test_nobody_is_invited_without_an_address_where_mail_is_set_up(client, agency, administrator, has_mail):
    assert "This field is required." in invite(client, agency)


def test_without_mail_the_desk_says_so_and_shows_the_link(client, agency, administrator):
    assert "No mail is set up on this server" in client.get(INVITE).content.decode()
    assert "/accounts/invitation/" in invite(client, agency)


def test_an_administrator_has_a_link_for_a_new_password_sent(
    client, agency, administrator, settings, mailoutbox
):
    """The old one holds until it is used."""
    url = reverse("admin:releases_membership_changelist")
    anna = make_member(agency, role="writer", email="anna@ministry.example")
    asked = {"action": "email_password_link", "_selected_action": [anna.memberships.get().pk]}
    assert "email_password_link" not in client.get(url).content.decode()
    client.post(url, asked)
    assert Mail.objects.count() == 0
    settings.EMAIL_URL = "memory://"
    assert "People who get an email: 1." in client.post(url, asked, follow=True).content.decode()
    assert outbox.send_due() == 1
    assert mailoutbox[0].to == ["anna@ministry.example"]
    assert client.login(username=anna.username, password="a long enough password")


def test_administrators_see_on_the_desk_what_could_not_be_sent(client, agency, administrator, has_mail):
    given_up(make_member(agency, role="writer"), problem="(550, b'No such person')")
    page = client.get(reverse("admin:index")).content.decode()
    assert "1 email could not be sent." in " ".join(page.split())
    listed = client.get(reverse("admin:releases_mail_changelist"), {"outcome": "given-up"}).content.decode()
    assert "No such person" in listed
    client.force_login(make_member(agency, role="writer"))
    assert "could not be sent" not in client.get(reverse("admin:index")).content.decode()


def test_administrators_see_and_send_again_only_what_goes_to_their_people(
    client, agency, administrator, has_mail
):
    mine = given_up(make_member(agency, role="writer"))
    theirs = given_up(make_member(make_agency("csa", "Cyber", "CSA"), username="stranger"))
    url = reverse("admin:releases_mail_changelist")
    assert "stranger" not in client.get(url).content.decode()
    asked = {"action": "try_again", "_selected_action": [mine.pk, theirs.pk]}
    assert "Emails to be sent again: 1." in client.post(url, asked, follow=True).content.decode()
    assert list(Mail.objects.waiting()) == [mine]
