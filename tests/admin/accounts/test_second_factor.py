import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from releases.models import Edition, LedgerEntry, Membership, Session
from releases.services.accounts import login_throttle, second_factor
from releases.services.publishing import approval
from tests.admin.accounts.codes import code_for, code_of, give_app, give_code, give_password
from tests.browser.hands import PASSWORD
from tests.factories import make_agency, make_edition, make_member, make_user

pytestmark = pytest.mark.django_db
DESK = "/admin/"


@pytest.fixture(autouse=True)
def _required(settings):
    settings.SECOND_FACTOR = True


@pytest.fixture
def anna():
    return make_member(make_agency(), username="anna")


@pytest.fixture
def draft():
    return make_edition(author=make_user(), state="submitted")


def approve(client, edition):
    return client.post(reverse("admin:releases_edition_do", args=[edition.pk, "approve"]), {"act": "now"})


def is_at_the_desk(client):
    return client.get(DESK).status_code == 200


def test_a_stolen_password_alone_approves_nothing(client, anna, draft):
    give_app(anna)
    assert give_password(client, anna).url == reverse("mfa_authenticate")
    for code in ("000000", "", code_for("JBSWY3DPEHPK3PXP"), PASSWORD):
        give_code(client, code)
        approve(client, draft)
        assert not is_at_the_desk(client)
    assert Edition.objects.get(pk=draft.pk).state == "submitted"
    give_code(client, code_of(anna))
    approve(client, draft)
    assert Edition.objects.get(pk=draft.pk).state == "approved"


@pytest.mark.parametrize(
    ("fields", "must"),
    [
        ({"role": "approver"}, True),
        ({"role": "administrator"}, True),
        ({"role": "writer", "urgent": True}, True),
        ({"role": "writer"}, False),
        ({"role": "writer", "is_superuser": True}, True),
    ],
)
def test_who_can_make_something_public_enrols_before_anything_else(client, fields, must):
    person = make_member(make_agency(), **fields)
    give_password(client, person)
    assert is_at_the_desk(client) is not must
    asked = client.get(reverse("admin:releases_edition_changelist"))
    assert (asked.status_code == 302 and asked.url == reverse("mfa_index")) is must


def test_a_form_that_comes_before_enrolment_is_given_back(client, anna):
    give_password(client, anna)
    page = client.post(reverse("admin:releases_edition_add"), {"title": "A plan for the harbour"})
    assert page.status_code == 403 and "A plan for the harbour" in page.content.decode()
    assert reverse("mfa_index") in page.content.decode() and not Edition.objects.exists()


def test_where_it_is_not_required_the_password_is_enough(client, anna, settings):
    settings.SECOND_FACTOR = False
    give_password(client, anna)
    assert is_at_the_desk(client)


def test_enrolling_with_an_app_leads_to_codes_and_to_the_desk_and_is_on_record(client, anna):
    give_password(client, anna)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r"Key: <code>(\w+)</code>", page)[1]
    assert "<svg" in page and "data:" not in page and "<?xml" not in page
    shown = client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)}, follow=True)
    assert len(re.findall(r"<li><code>\d{8}</code>", shown.content.decode())) == 10
    assert is_at_the_desk(client)
    entry = LedgerEntry.objects.filter(verb=LedgerEntry.Verb.SECOND_FACTOR).earliest("pk")
    assert (entry.actor, entry.note["did"]) == (anna, "added")


def test_the_key_of_an_app_is_not_stored_as_it_is(anna, settings):
    give_app(anna)
    stored = Authenticator.objects.get().data["secret"]
    secret = second_factor.decrypt(stored)
    assert len(secret) == 32 and secret not in stored
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [str(settings.SECRET_KEY)], "another key" * 6
    assert second_factor.decrypt(stored) == secret


def test_a_session_that_began_without_it_does_not_go_on_with_it(anna):
    thief, owner = Client(), Client()
    give_password(thief, anna)
    give_password(owner, anna)
    page = owner.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r"Key: <code>(\w+)</code>", page)[1]
    owner.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    assert is_at_the_desk(owner) and not is_at_the_desk(thief)
    assert Session.objects.filter(user_id=anna.pk).count() == 1


def test_a_code_counts_once(client, anna):
    give_app(anna)
    code = code_of(anna)
    give_password(client, anna)
    give_code(client, code)
    assert is_at_the_desk(client)
    other = Client()
    give_password(other, anna)
    give_code(other, code)
    assert not is_at_the_desk(other)
    give_code(other, code_of(anna, later=1))
    assert is_at_the_desk(other)


def test_codes_are_not_guessed(client, anna):
    give_app(anna)
    give_password(client, anna)
    for _ in range(login_throttle.MOST_FOR_A_NAME):
        give_code(client, "000000")
    answer = give_code(client, code_of(anna))
    assert "Wait 15 minutes" in answer.content.decode() and not is_at_the_desk(client)


def test_a_recovery_code_lets_in_once(client, anna):
    give_password(client, anna)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r"Key: <code>(\w+)</code>", page)[1]
    shown = client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)}, follow=True)
    code = re.search(r"<li><code>(\d{8})</code>", shown.content.decode())[1]
    for is_in in (True, False):
        other = Client()
        give_password(other, anna)
        give_code(other, code)
        assert is_at_the_desk(other) is is_in


def test_the_last_one_of_somebody_who_needs_one_stays(client, anna, settings):
    give_app(anna)
    give_password(client, anna)
    give_code(client, code_of(anna))
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()
    Membership.objects.update(role="writer")
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()
    did = LedgerEntry.objects.filter(verb=LedgerEntry.Verb.SECOND_FACTOR).values_list("note__did", flat=True)
    assert "removed" in did


def test_a_scheduled_release_becomes_public_though_nobody_has_one(client, draft):
    Edition.objects.filter(pk=draft.pk).update(state="draft")
    edition = approval.approve(draft, approver=make_user(), at=timezone.now())
    assert client.get(edition.address.path).status_code == 200


def test_no_page_of_the_desk_lets_one_person_take_a_second_factor_off():
    shown = {model._meta.app_label for model in admin.site._registry}
    assert shown - {"django_tasks_database"} == {"auth", "releases"}
