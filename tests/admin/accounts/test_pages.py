import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse

from releases.models import LedgerEntry, Session
from releases.services.mail import outbox
from tests.admin.accounts.codes import give_password
from tests.browser.hands import PASSWORD
from tests.factories import make_agency, make_member, make_user

pytestmark = pytest.mark.django_db
FIREFOX, SAFARI = "Firefox on the desk", "Safari at home"


@pytest.fixture
def anna():
    return make_member(make_agency(), username="anna", email="anna@mti.example")


@pytest.fixture
def mail_is_set_up(settings):
    settings.EMAIL_URL = "smtp://mail.example"


def signed_in(user, browser=FIREFOX):
    client = Client(HTTP_USER_AGENT=browser)
    give_password(client, user)
    return client


def test_somebody_sees_where_they_are_signed_in_and_ends_one_of_it(anna):
    here, there = signed_in(anna), signed_in(anna, SAFARI)
    signed_in(make_member(make_agency()), "Somebody else")
    page = here.get(reverse("own_sessions")).content.decode()
    assert FIREFOX in page and SAFARI in page and "Somebody else" not in page
    assert not [key for key in Session.objects.values_list("pk", flat=True) if key in page]
    [digest] = re.findall(r'name="session"\s+value="(\w{64})"', page)
    here.post(reverse("own_sessions"), {"session": digest})
    assert here.get("/admin/").status_code == 200 and there.get("/admin/").status_code == 302
    assert LedgerEntry.objects.latest("pk").verb == LedgerEntry.Verb.SIGN_OUT


def test_nobody_ends_the_sessions_of_others(anna):
    mine, other = signed_in(anna), signed_in(make_member(make_agency(), username="berta"))
    more = signed_in(anna, SAFARI)
    page = other.get(reverse("own_sessions")).content.decode()
    mine.post(reverse("own_sessions"), {"session": "0" * 64})
    assert "nowhere else" in page and more.get("/admin/").status_code == 200
    mine.post(reverse("own_sessions"))
    assert other.get("/admin/").status_code == 200 and more.get("/admin/").status_code == 302


def test_a_new_password_ends_the_other_sessions_and_has_twelve_characters(anna):
    here, there = signed_in(anna), signed_in(anna, SAFARI)
    for password, is_taken in (("ten-chars!", False), ("an eleventh hour, twelve angry", True)):
        sent = {"oldpassword": PASSWORD, "password1": password, "password2": password}
        here.post(reverse("account_change_password"), sent)
        assert User.objects.get(pk=anna.pk).check_password(password) is is_taken
    assert here.get("/admin/").status_code == 200 and there.get("/admin/").status_code == 302


def test_nobody_makes_an_account_for_themself(client):
    sent = {"username": "sock", "password1": PASSWORD, "password2": PASSWORD, "email": "sock@mti.example"}
    client.post(reverse("account_signup"), sent)
    client.post(reverse("socialaccount_signup"), sent)
    assert not User.objects.exists()


def test_a_name_that_exists_is_answered_like_one_that_does_not(client, anna):
    def answer(name, password):
        sent = {"login": name, "password": password}
        page = client.post(reverse("account_login"), sent).content.decode()
        return re.sub(r'value="[^"]*"', "", page)

    User.objects.create_user("gone", password=PASSWORD, is_active=False)
    assert answer("anna", "wrong") == answer("nobody", "wrong") == answer("gone", "wrong")


def test_a_reset_is_answered_the_same_for_an_address_that_nobody_has(client, anna, mail_is_set_up):
    answers = {
        client.post(reverse("account_reset_password"), {"email": one}).url
        for one in (anna.email, "b@b.example")
    }
    assert len(answers) == 1
    assert mail.outbox == []  # in the request nothing is sent, which would take longer
    assert outbox.send_due() == 1
    assert [letter.to for letter in mail.outbox] == [[anna.email]]


def test_the_link_of_a_reset_is_of_the_site_whatever_the_request_calls_it(
    client, anna, mail_is_set_up, settings
):
    settings.ALLOWED_HOSTS = ["*"]
    client.post(reverse("account_reset_password"), {"email": anna.email}, headers={"host": "evil.example"})
    assert outbox.send_due() == 1
    assert "evil.example" not in mail.outbox[0].body + mail.outbox[0].subject
    assert f"{settings.SITE_URL}/accounts/invitation/" in mail.outbox[0].body


def test_an_address_is_changed_once_the_link_that_was_sent_there_is_followed(anna, mail_is_set_up):
    client = signed_in(anna)
    client.post(reverse("account_email"), {"email": "new@mti.example", "action_add": ""})
    assert User.objects.get(pk=anna.pk).email == "anna@mti.example"
    assert mail.outbox == []  # in the request nothing is sent, which would take longer
    assert outbox.send_due() == 1
    [letter] = mail.outbox
    assert letter.to == ["new@mti.example"]
    link = re.search(r"/accounts/confirm-email/\S+", letter.body)[0]
    client.post(link)
    assert User.objects.get(pk=anna.pk).email == "new@mti.example"
    assert EmailAddress.objects.get(user=anna).verified


@pytest.mark.parametrize("name", ["account_email", "account_reset_password"])
def test_where_no_mail_is_set_up_a_page_says_who_helps(client, anna, name):
    for answer in (client.get(reverse(name)), client.post(reverse(name), {"email": anna.email})):
        assert answer.status_code == 404 and "Ask an administrator" in answer.content.decode()
    assert mail.outbox == []


def test_the_old_addresses_lead_on(client, anna):
    signing_in = client.get(f"{reverse('admin:login')}?next=/admin/rehearsal/")
    assert signing_in.url == f"{reverse('account_login')}?next=%2Fadmin%2Frehearsal%2F"
    answer = client.post(signing_in.url, {"login": "anna", "password": PASSWORD})
    assert answer.url == "/admin/rehearsal/"
    assert client.get(reverse("admin:login")).url == "/admin/"
    assert client.get(reverse("admin:password_change")).url == reverse("account_change_password")


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_to_no_other_site(client, anna, target):
    sent = {"login": "anna", "password": PASSWORD, "next": target}
    assert client.post(reverse("account_login"), sent).url == "/admin/"


def test_somebody_who_is_no_staff_is_refused_and_not_sent_round(client):
    give_password(client, make_user(username="reader"))
    answer = client.get("/admin/", follow=True)
    assert answer.status_code == 403


@pytest.mark.parametrize("name", ["account_login", "own_sessions", "mfa_activate_totp", "mfa_add_webauthn"])
def test_pages_of_accounts_have_the_policy_of_the_desk_and_no_inline_script(anna, name):
    client = Client() if name == "account_login" else signed_in(anna)
    answer = client.get(reverse(name))
    page = answer.content.decode()
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"] and answer["Cache-Control"]
    scripts = re.findall(r"<script([^>]*)>", page)
    assert scripts and all("src=" in one or 'type="application/json"' in one for one in scripts)
    assert "style=" not in page and " onclick" not in page
