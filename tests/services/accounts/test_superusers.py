import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from releases.models import LedgerEntry, SuperuserGrant
from releases.services.mail import outbox
from tests.admin.browsing import sent
from tests.factories import make_agency, make_member, make_user

pytestmark = pytest.mark.django_db
Verb = LedgerEntry.Verb


@pytest.fixture
def anna():
    return make_user("anna", is_staff=True)


def root(name):
    return make_user(name, is_staff=True, is_superuser=True, email=f"{name}@mti.example")


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def is_superuser(user):
    return User.objects.get(pk=user.pk).is_superuser


def ask(client, user, **values):
    url = reverse("admin:auth_user_change", args=[user.pk])
    return client.post(url, sent(client.get(url), **{"is_superuser": "on", **values}), follow=True)


def confirm(client, user, **values):
    url = reverse("admin:auth_user_confirm", args=[user.pk])
    return client.post(url, values, follow=True)


def test_another_superuser_confirms_and_the_others_are_told(
    anna, settings, django_capture_on_commit_callbacks
):
    settings.EMAIL_URL = "smtp://mail.example"
    first, second, third = (signed_in(root(name)) for name in ("first", "second", "third"))
    address = reverse("admin:auth_user_confirm", args=[anna.pk])
    assert "may not do everything yet. Another superuser" in ask(first, anna).content.decode()
    assert not is_superuser(anna)
    assert address not in first.get("/admin/").content.decode()
    assert "You asked for this" in confirm(first, anna).content.decode()
    assert confirm(signed_in(anna), anna).status_code == 403 and not is_superuser(anna)
    assert address in second.get("/admin/").content.decode()
    page = second.get(address).content.decode()
    assert "User name: anna" in page and "Asked for by first" in page
    with django_capture_on_commit_callbacks(execute=True):
        confirm(second, anna)
    assert is_superuser(anna)
    assert outbox.send_due() == 2
    assert {letter.to[0] for letter in mail.outbox} == {"first@mti.example", "third@mti.example"}
    assert not any("anna" in letter.body for letter in mail.outbox)
    assert "second confirmed it" in " ".join(third.get("/admin/").content.decode().split())
    assert "confirmed your role of superuser," in signed_in(anna).get("/admin/").content.decode()
    told = LedgerEntry.objects.filter(subject="anna", note__role="superuser")
    assert [(one.verb, one.actor.username) for one in told] == [("grant", "first"), ("confirm", "second")]


def test_what_was_asked_can_be_turned_down_and_what_counts_taken_away_by_one(anna):
    first, second = (signed_in(root(name)) for name in ("first", "second"))
    ask(first, anna)
    assert "stays as it is" in confirm(second, anna, keep="1").content.decode()
    assert not SuperuserGrant.objects.exists() and not is_superuser(anna)
    ask(first, anna)
    confirm(second, anna)
    ask(second, anna, is_superuser=None)
    assert not is_superuser(anna) and not SuperuserGrant.objects.exists()


def test_the_database_lets_nobody_become_one_unconfirmed(anna):
    """Whatever page, service or shell tries it."""
    first = root("first")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=anna.pk).update(is_superuser=True)
    ask(signed_in(first), anna)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=anna.pk).update(is_superuser=True)
    for person in (anna, first):
        with pytest.raises(IntegrityError), transaction.atomic():
            SuperuserGrant.objects.filter(user=anna).update(confirmed_by=person, is_waiting=False)


def test_no_page_but_the_account_takes_the_flag_whatever_is_posted(anna):
    agency = make_agency()
    chief, first = signed_in(make_member(agency, role="administrator")), signed_in(root("first"))
    forged = {
        "is_superuser": "on",
        "is_staff": "on",
        "groups": "1",
        "user_permissions": "1",
        "is_waiting": "",
    }
    made = {
        "username": "ben",
        "usable_password": "true",
        "password1": "long words 17",
        "password2": "long words 17",
    }
    assert first.post(reverse("admin:auth_user_add"), made | forged).status_code == 302
    invited = {
        "username": "cleo",
        "name": "Cleo",
        "email": "c@mti.example",
        "agency": agency.pk,
        "role": "approver",
    }
    chief.post(reverse("admin:releases_membership_invite"), invited | forged)
    given = {"user": anna.pk, "agency": agency.pk, "role": "approver", "confirmed_by": "1", **forged}
    chief.post(reverse("admin:releases_membership_add"), given)
    assert chief.get(reverse("admin:auth_user_change", args=[anna.pk])).status_code == 403
    assert list(User.objects.filter(is_superuser=True)) == [User.objects.get(username="first")]
    assert User.objects.filter(memberships__is_waiting=True).count() == 2


def test_whoever_runs_the_server_makes_superusers_on_record_and_the_others_are_told(anna, settings, capsys):
    first = signed_in(root("first"))
    settings.EMAIL_URL = "smtp://mail.example"
    call_command("createsuperuser", "--noinput", username="ben", email="ben@mti.example")
    ben = User.objects.get(username="ben")
    entry = LedgerEntry.objects.get(subject="ben", verb=Verb.GRANT)
    assert (ben.is_superuser, entry.actor, entry.note) == (True, None, {"role": "superuser"})
    assert outbox.send_due() == 1 and mail.outbox[0].to == ["first@mti.example"]
    page = " ".join(first.get("/admin/").content.decode().split())
    assert "ben may do everything" in page and "Whoever runs this server made them a superuser." in page


def test_a_superuser_alone_asks_whoever_runs_the_server(anna, capsys):
    page = ask(signed_in(root("first")), anna).content.decode()
    assert "no other superuser" in page and "manage.py confirm_rights anna" in page
    call_command("confirm_rights", "anna")
    assert is_superuser(anna) and "anna, all rights" in capsys.readouterr().out
