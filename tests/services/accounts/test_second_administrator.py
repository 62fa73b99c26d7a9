import re

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from releases.models import LedgerEntry, Membership, SuperuserGrant
from releases.services.accounts import members
from releases.services.accounts.permissions import Authority, Right, Role
from releases.services.editions.transitions import ActionRefused
from releases.services.mail import outbox
from tests.admin.browsing import sent
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


def test_a_first_superuser_alone_goes_on_by_a_command_at_the_server_which_the_ledger_tells(agency, capsys):
    """Whoever closed the accounts of all others is alone too, and gains nothing by it."""
    root = make_user(is_staff=True, is_superuser=True)
    make_member(agency, role="administrator", is_active=False)
    person = make_user("anna", is_staff=True)
    url = reverse("admin:releases_membership_add")
    values = {"user": person.pk, "agency": agency.pk, "role": "approver"}
    page = signed_in(root).post(url, values, follow=True).content.decode()
    assert "no other administrator" in page and "manage.py confirm_rights anna" in page
    assert not may_approve(person, agency)
    with pytest.raises(ActionRefused, match="confirm_rights anna"):
        confirm(Membership.objects.get(user=person), root)
    call_command("confirm_rights", "anna")
    assert "anna, approver for MTI" in capsys.readouterr().out and may_approve(person, agency)
    entry = LedgerEntry.objects.get(verb=LedgerEntry.Verb.CONFIRM)
    assert (entry.actor, entry.subject) == (None, "anna")
    for name, words in (("anna", "Nothing of anna waits"), ("nobody", "no account")):
        with pytest.raises(CommandError, match=words):
            call_command("confirm_rights", name)


def change(client, user, **values):
    url = reverse("admin:auth_user_change", args=[user.pk])
    return client.post(url, sent(client.get(url), **values), follow=True)


def set_password(client, user):
    url = reverse("admin:auth_user_password_change", args=[user.pk])
    words = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    return client.post(url, words, follow=True)


def invite_to_another_agency(client, user):
    imda = make_agency("imda", "Infocomm", "IMDA")
    values = {"user": user.pk, "agency": imda.pk, "role": "writer"}
    return client.post(reverse("admin:releases_membership_add"), values, follow=True)


WAYS = {
    "another address": ({}, lambda client, user: change(client, user, email="mine@mti.example")),
    "opened again": ({"is_active": False}, lambda client, user: change(client, user, is_active="on")),
    "let in again": ({"was_staff": False}, lambda client, user: change(client, user, is_staff="on")),
    "another password": ({}, set_password),
    "a role that lets them in again": ({"was_staff": False}, invite_to_another_agency),
}


@pytest.mark.parametrize("way", WAYS)
def test_one_administrator_alone_gets_hold_of_nobody_who_can_publish(agency, way):
    """Whoever opens somebody's account, or could sign in to it from now on, gives what it may do anew."""
    fields, act = WAYS[way]
    person = make_member(agency, username="anna", is_active=fields.get("is_active", True))
    Membership.objects.create(user=person, agency=agency, role=Role.ADMINISTRATOR)
    Membership.objects.create(user=person, agency=agency, role=Role.WRITER, urgent=True)
    SuperuserGrant.objects.create(user=person, is_waiting=False, changed_at=timezone.now())
    accounts = type(person).objects.filter(pk=person.pk)
    accounts.update(is_superuser=True, is_staff=fields.get("was_staff", True))
    one, other = (make_user(is_staff=True, is_superuser=True) for _ in range(2))
    page = act(signed_in(one), person).content.decode()
    assert "waits again. Another superuser" in page or act is invite_to_another_agency
    mighty = Membership.objects.filter(user=person, agency=agency)
    for confirmer, counts in ((one, False), (person, False), (other, True)):
        for role in mighty:
            signed_in(confirmer).post(reverse("admin:releases_membership_confirm", args=[role.pk]))
        signed_in(confirmer).post(reverse("admin:auth_user_confirm", args=[person.pk]))
        assert accounts.get().is_superuser is counts
        assert set(mighty.values_list("is_waiting", flat=True)) == {not counts}


def test_what_a_colleague_gave_is_not_confirmed_by_who_gets_hold_of_the_account_meanwhile(agency, chief):
    person = make_user(is_staff=True)
    given = give(person, agency, Role.APPROVER, chief)
    root = make_user(is_staff=True, is_superuser=True)
    change(signed_in(root), person, email="mine@mti.example")
    with pytest.raises(ActionRefused):
        confirm(given, root)


def test_nobody_else_is_touched_by_what_is_changed_of_an_account(agency, chief):
    root = make_user("root", is_staff=True, is_superuser=True)
    writer, approver = make_member(agency, role="writer"), make_member(agency)
    client = signed_in(root)
    change(client, writer, email="new@mti.example")
    change(client, approver, first_name="Anna")
    change(client, root, email="root@mti.example")
    root.refresh_from_db()
    assert root.is_superuser and not Membership.objects.filter(is_waiting=True).exists()


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
    assert "does not count yet. Another administrator" in page
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
