import re

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from releases.models import LedgerEntry, Membership
from releases.services.accounts import members
from releases.services.accounts.permissions import Authority, Right, Role
from releases.services.editions.transitions import ActionRefused
from releases.services.mail import outbox
from tests.factories import make_agency, make_edition, make_member, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "an eleventh hour, twelve angry"


@pytest.fixture
def agency():
    return make_agency()


@pytest.fixture
def chief(agency):
    return make_member(agency, role="administrator")


@pytest.fixture
def deputy(agency):
    return make_member(agency, role="administrator")


def give(user, agency, role, actor, **fields):
    return members.grant(user, agency, role, actor=actor, at=timezone.now(), **fields)


def confirm(membership, actor):
    members.confirm(membership, actor=actor, at=timezone.now())


def may_approve(user, agency):
    fresh = type(user).objects.get(pk=user.pk)
    edition = make_edition(author=make_user(), state="submitted", issuers=[agency])
    return Authority(fresh, timezone.now()).may(Right.APPROVE, edition)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("role", "urgent", "waits"),
    [
        (Role.WRITER, False, False),
        (Role.WRITER, True, True),
        (Role.APPROVER, False, True),
        (Role.ADMINISTRATOR, False, True),
    ],
)
def test_a_role_by_which_something_becomes_public_waits_for_a_second_administrator(
    agency, chief, deputy, role, urgent, waits
):
    person = make_user(is_staff=True)
    given = give(person, agency, role, chief, urgent=urgent)
    assert given.is_waiting is waits
    held = Authority(type(person).objects.get(pk=person.pk), timezone.now()).agencies(role)
    assert (agency.pk in held) is not waits


def test_it_counts_once_another_administrator_confirms_it_and_is_on_record(agency, chief, deputy):
    person = make_user(is_staff=True)
    given = give(person, agency, Role.APPROVER, chief)
    assert not may_approve(person, agency)
    assert not Authority(person, timezone.now()).approved_agencies
    confirm(given, deputy)
    assert may_approve(person, agency)
    entry = LedgerEntry.objects.get(verb=LedgerEntry.Verb.CONFIRM)
    assert (entry.actor, entry.subject, entry.note["role"]) == (deputy, person.username, "approver")


def test_one_administrator_with_an_account_made_for_the_purpose_confirms_nothing(agency, chief, deputy):
    """A sock that is administrator, one that is approver, the giver, and who gets the role: none of them."""
    made = {}
    for name, role in (("sock-admin", Role.ADMINISTRATOR), ("sock-approver", Role.APPROVER)):
        made[name] = members.invite(
            name, name=name, email="", agency=agency, role=role, actor=chief, at=timezone.now()
        )
    for person in (chief, made["sock-admin"].user, made["sock-approver"].user):
        for invitation in made.values():
            with pytest.raises(ActionRefused):
                confirm(invitation.role, person)
    own = give(chief, agency, Role.APPROVER, chief)
    with pytest.raises(ActionRefused):
        confirm(own, chief)
    assert not may_approve(chief, agency) and not may_approve(made["sock-approver"].user, agency)
    other = make_member(make_agency("imda", "Infocomm", "IMDA"), role="administrator")
    with pytest.raises(ActionRefused, match="do not administer"):
        confirm(own, other)


def test_the_database_holds_it(agency, chief, deputy):
    given = give(make_user(), agency, Role.APPROVER, chief)
    for person in (chief, given.user):
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.filter(pk=given.pk).update(confirmed_by=person, is_waiting=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=given.pk).update(confirmed_by=deputy)


def test_a_confirmed_role_that_gets_the_right_to_publish_alone_waits_again_and_one_that_loses_it_goes_on(
    agency, chief, deputy
):
    person = make_member(agency)
    assert give(person, agency, Role.APPROVER, chief, urgent=True).is_waiting
    confirm(Membership.objects.get(user=person), deputy)
    less = give(person, agency, Role.APPROVER, chief)
    assert not less.is_waiting and may_approve(person, agency)


def test_what_is_given_again_as_it_was_changes_nothing(agency, chief, deputy):
    person = make_member(agency)
    entries = LedgerEntry.objects.count()
    assert not give(person, agency, Role.APPROVER, chief).is_waiting
    assert LedgerEntry.objects.count() == entries


def test_where_an_agency_has_one_administrator_a_superuser_confirms(agency, chief):
    given = give(make_user(), agency, Role.APPROVER, chief)
    assert given.is_waiting
    root = make_user(is_staff=True, is_superuser=True)
    confirm(given, root)
    assert not Membership.objects.get(pk=given.pk).is_waiting


def test_a_first_superuser_alone_can_begin_and_the_ledger_tells_that_it_was_one_person(agency):
    root = make_user(is_staff=True, is_superuser=True)
    person = make_user(is_staff=True)
    assert not give(person, agency, Role.ADMINISTRATOR, root).is_waiting
    assert LedgerEntry.objects.latest("pk").note["alone"] is True
    second = give(make_user(is_staff=True), agency, Role.APPROVER, root)
    assert second.is_waiting and LedgerEntry.objects.latest("pk").note["alone"] is False
    confirm(second, person)


def test_an_administrator_who_left_is_nobody_to_wait_for(agency):
    root = make_user(is_staff=True, is_superuser=True)
    make_member(agency, role="administrator", is_active=False)
    assert not give(make_user(), agency, Role.APPROVER, root).is_waiting


def test_over_the_desk(agency, chief, deputy):
    giver, second = signed_in(chief), signed_in(deputy)
    invited = {
        "username": "berta",
        "name": "Berta Lim",
        "email": "berta@mti.example",
        "agency": agency.pk,
        "role": "approver",
    }
    page = giver.post(reverse("admin:releases_membership_invite"), invited, follow=True).content.decode()
    assert "counts once another administrator" in page
    link = re.search(r"<code>http://testserver(/accounts/invitation/[^<]+)</code>", page)[1]
    newcomer = Client()
    form = newcomer.get(link, follow=True)
    newcomer.post(form.redirect_chain[-1][0], {"new_password1": PASSWORD, "new_password2": PASSWORD})
    newcomer.post(reverse("account_login"), {"login": "berta", "password": PASSWORD})
    assert "You can do nothing here yet" in newcomer.get("/admin/").content.decode()
    role = Membership.objects.get(user__username="berta")
    confirming = reverse("admin:releases_membership_confirm", args=[role.pk])
    assert confirming not in giver.get("/admin/").content.decode()
    assert confirming in second.get("/admin/").content.decode()
    assert "You gave this role" in giver.get(confirming).content.decode()
    giver.post(confirming)
    assert Membership.objects.get(pk=role.pk).is_waiting
    second.post(confirming)
    assert not Membership.objects.get(pk=role.pk).is_waiting
    desk = newcomer.get("/admin/").content.decode()
    assert "confirmed your role of approver for mti" in desk and "New release" in desk


def test_a_letter_brings_the_link_to_whom_it_is_for_and_the_inviter_never_sees_it(
    agency, chief, settings, django_capture_on_commit_callbacks
):
    settings.EMAIL_URL = "smtp://mail.example"
    invited = {
        "username": "berta",
        "name": "Berta Lim",
        "email": "berta@mti.example",
        "agency": agency.pk,
        "role": "writer",
    }
    with django_capture_on_commit_callbacks(execute=True):
        answer = signed_in(chief).post(reverse("admin:releases_membership_invite"), invited, follow=True)
    assert outbox.send_due() == 1
    [letter] = mail.outbox
    assert letter.to == ["berta@mti.example"]
    link = re.search(rf"{settings.SITE_URL}(/accounts/invitation/\S+)", letter.body)[1]
    assert link not in answer.content.decode() and "accounts/invitation" not in answer.content.decode()
    assert Client().get(link).status_code == 302
