import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.db.models.signals import pre_save
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from releases.models import Edition, LedgerEntry, Membership, Presence
from releases.services.accounts import members
from releases.services.accounts.permissions import Authority, Right, Role, RoleBackend
from releases.services.editions.transitions import ActionRefused
from releases.templatetags.desk_tags import compact_datetime
from tests.factories import NOON, make_agency, make_edition, make_member, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    return make_agency()


@pytest.fixture
def administrator(agency):
    return make_member(agency, role="administrator")


def test_an_invited_person_sets_a_password_by_a_link_that_works_once(client, agency, administrator):
    client.force_login(administrator)
    values = {"username": "anna", "name": "Anna Lim", "agency": agency.pk, "role": "writer"}
    page = client.post(reverse("admin:releases_membership_invite"), values, follow=True).content.decode()
    url = page[page.index("/accounts/invitation/") :].split("<")[0]
    client.logout()
    form = client.get(url, follow=True)
    password = {"new_password1": "a rather long password", "new_password2": "a rather long password"}
    client.post(form.redirect_chain[-1][0], password)
    assert client.login(username="anna", password="a rather long password")
    client.logout()
    assert "has been used or is over" in client.get(url, follow=True).content.decode()


def test_of_two_who_invite_one_name_at_once_the_second_is_told(agency, administrator):
    def first(**_):
        User.objects.bulk_create([User(username="anna")])

    pre_save.connect(first, sender=User)
    try:
        with pytest.raises(ActionRefused, match="already an account anna"):
            members.invite(
                "anna",
                name="Anna",
                email="",
                agency=agency,
                role=Role.WRITER,
                actor=administrator,
                at=timezone.now(),
            )
    finally:
        pre_save.disconnect(first, sender=User)


def test_nobody_invites_for_an_agency_that_they_do_not_administer(administrator):
    other = make_agency("imda", "Infocomm Media Development Authority", "IMDA")
    with pytest.raises(ActionRefused, match="You do not administer IMDA"):
        members.invite(
            "x", name="X", email="", agency=other, role=Role.WRITER, actor=administrator, at=timezone.now()
        )


def test_a_name_is_given_once(agency, administrator):
    make_user("anna")
    with pytest.raises(ActionRefused, match="already an account Anna"):
        members.invite(
            "Anna",
            name="A",
            email="",
            agency=agency,
            role=Role.WRITER,
            actor=administrator,
            at=timezone.now(),
        )


def test_who_leaves_hands_drafts_over_and_is_signed_out(client, agency, administrator):
    leaver, colleague = make_member(agency, role="writer"), make_member(agency, role="writer")
    draft = make_edition(author=leaver)
    client.force_login(leaver)
    with pytest.raises(ActionRefused, match="Name a colleague"):
        members.leave(leaver, colleague=None, actor=administrator, at=timezone.now())
    assert members.leave(leaver, colleague=colleague, actor=administrator, at=timezone.now()) == 1
    assert Edition.objects.get(pk=draft.pk).author == colleague
    assert {row.user for row in draft.contributors.all()} == {leaver, colleague}
    assert client.get("/admin/").status_code == 302
    assert not Membership.objects.filter(user=leaver).exists()
    assert LedgerEntry.objects.get(verb="leave").note["drafts"] == 1


def test_roles_given_and_taken_are_in_the_ledger(client, agency, administrator):
    user = make_user(is_staff=True)
    client.force_login(administrator)
    client.post(
        reverse("admin:releases_membership_add"), {"user": user.pk, "agency": agency.pk, "role": "approver"}
    )
    membership = Membership.objects.get(user=user)
    client.post(reverse("admin:releases_membership_delete", args=[membership.pk]), {"post": "yes"})
    assert [entry.verb for entry in LedgerEntry.objects.all()] == ["grant", "take"]


def test_an_inactive_account_may_do_nothing(agency):
    user = make_member(agency, role="approver", is_active=False)
    assert RoleBackend().get_user_permissions(user) == set()
    assert not Authority(user, NOON).may(Right.WRITE, make_edition())


def test_drafts_go_to_nobody_who_does_not_work_for_their_agency(agency, administrator):
    leaver = make_member(agency, role="writer")
    stranger = make_member(make_agency("imda", "Infocomm Media Development Authority", "IMDA"))
    make_edition(author=leaver)
    with pytest.raises(ActionRefused, match="does not work for the agencies of these drafts"):
        members.leave(leaver, colleague=stranger, actor=administrator, at=timezone.now())


def test_an_administrator_ends_neither_their_own_account_nor_a_superusers(agency, administrator):
    chief = make_member(agency, is_superuser=True)
    with pytest.raises(ActionRefused, match="Only a superuser"):
        members.leave(chief, colleague=None, actor=administrator, at=timezone.now())
    with pytest.raises(ActionRefused, match="your own account"):
        members.leave(administrator, colleague=None, actor=administrator, at=timezone.now())


def test_who_is_at_the_desk_is_noted_once_in_five_minutes(django_assert_num_queries):
    user, begun = make_user(), timezone.now()
    for minutes, kept in ((0, 0), (1, 0), (4, 0), (5, 5), (9, 5), (10, 10)):
        members.seen(user, begun + dt.timedelta(minutes=minutes))
        assert Presence.objects.get().seen_at == begun + dt.timedelta(minutes=kept)
    with django_assert_num_queries(1):
        members.seen(user, begun + dt.timedelta(minutes=14))


def test_the_list_of_people_says_when_each_was_last_here(client, agency, administrator):
    make_member(agency, role="writer")
    client.force_login(administrator)
    page = client.get(reverse("admin:releases_membership_changelist")).content.decode()
    assert compact_datetime(Presence.objects.get(user=administrator).seen_at) in page
    assert ">never<" in page
    client.get("/")
    assert Presence.objects.count() == 1


def test_a_role_that_is_taken_ends_the_sessions_of_who_had_it_and_no_others(client, agency, administrator):
    user, colleague = make_member(agency, role="writer", urgent=True), make_member(agency, role="writer")
    elsewhere, others = Client(), Client()
    others.force_login(colleague)
    for change in (
        lambda: members.grant(user, agency, Role.WRITER, actor=administrator, at=timezone.now()),
        lambda: members.take(user.memberships.first(), actor=administrator, at=timezone.now()),
    ):
        client.force_login(user)
        elsewhere.force_login(user)  # and never seen at the desk with this one
        assert client.get(reverse("admin:index")).status_code == 200
        change()
        assert client.get(reverse("admin:index")).status_code == 302
        assert elsewhere.get(reverse("admin:index")).status_code == 302
        assert others.get(reverse("admin:index")).status_code == 200


def test_who_works_elsewhere_is_signed_out_by_no_role_given_or_taken(client, agency, administrator):
    """At the minute of a release, say."""
    user = make_member(make_agency("imda", "Infocomm Media Development Authority", "IMDA"))
    client.force_login(user)
    given = members.grant(user, agency, Role.WRITER, actor=administrator, at=timezone.now())
    assert client.get(reverse("admin:index")).status_code == 200
    assert Authority(User.objects.get(pk=user.pk), timezone.now()).agencies(Role.WRITER) >= {agency.pk}
    members.take(given, actor=administrator, at=timezone.now())
    assert client.get(reverse("admin:index")).status_code == 200
    assert agency.pk not in Authority(User.objects.get(pk=user.pk), timezone.now()).agencies()


def test_signing_somebody_out_reads_no_other_session(agency, django_assert_num_queries):
    user = make_member(agency)
    Client().force_login(user)
    for _ in range(3):
        Client().force_login(make_member(agency))
    with django_assert_num_queries(1):
        assert members.end_sessions(user) == 1


def test_what_is_handed_over_is_told_in_the_ledger_of_its_release(agency, administrator):
    leaver, colleague = make_member(agency, role="writer"), make_member(agency, role="writer")
    draft = make_edition(author=leaver)
    members.leave(leaver, colleague=colleague, actor=administrator, at=timezone.now())
    entry = LedgerEntry.objects.get(release=draft.release_id)
    assert (entry.verb, entry.note["to"]) == ("hand-over", colleague.username)


def test_the_page_of_a_leaver_shows_what_is_in_hand_and_who_can_take_it(client, agency, administrator):
    leaver = make_member(agency, role="writer")
    make_edition(author=leaver, title="Half a text")
    client.force_login(administrator)
    place = reverse("admin:releases_membership_leave", args=[leaver.pk])
    assert place in client.get(reverse("admin:releases_membership_changelist")).content.decode()
    page = client.get(place)
    assert "Half a text" in page.content.decode()
    assert leaver not in page.context["form"].fields["colleague"].queryset


def test_an_administrator_does_not_read_the_titles_of_another_agencys_drafts(client, agency, administrator):
    """Whoever gives somebody a role has them among those who may leave."""
    other = make_agency("imda", "Infocomm Media Development Authority", "IMDA")
    colleague = make_member(other, role="writer")
    make_edition(author=colleague, issuers=[other], title="Half a secret")
    members.grant(colleague, agency, Role.WRITER, actor=administrator, at=timezone.now())
    client.force_login(administrator)
    page = client.get(reverse("admin:releases_membership_leave", args=[colleague.pk])).content.decode()
    assert "Half a secret" not in page and "Drafts in hand that you may not see: 1." in page


@pytest.fixture
def chief(client):
    user = make_user(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


def account(client, user, **changes):
    values = {"username": user.username, "is_active": "on", "is_staff": "on", **changes}
    sent = {name: value for name, value in values.items() if value}
    return client.post(reverse("admin:auth_user_change", args=[user.pk]), sent, follow=True)


def test_an_account_with_drafts_in_hand_is_closed_by_handing_them_over(client, agency, chief):
    user = make_member(agency, role="writer")
    draft = make_edition(author=user)
    page = account(client, user, is_active="").content.decode()
    assert "Drafts in hand: 1." in page and reverse("admin:releases_membership_leave", args=[user.pk]) in page
    assert User.objects.get(pk=user.pk).is_active
    client.post(reverse("admin:releases_membership_leave", args=[user.pk]), {"colleague": chief.pk})
    assert not User.objects.get(pk=user.pk).is_active
    assert Edition.objects.get(pk=draft.pk).author == chief


def test_an_account_that_is_closed_is_signed_out_and_in_the_ledger(client, agency, chief):
    user = make_member(agency, role="writer")
    other = Client()
    other.force_login(user)
    account(client, user, is_active="")
    assert other.get(reverse("admin:index")).status_code == 302
    assert LedgerEntry.objects.get(verb="change").subject == f"user {user.username}"


def test_no_right_comes_from_anything_but_roles(client, agency, chief):
    page = client.get(reverse("admin:auth_user_change", args=[make_user().pk])).content.decode()
    assert 'name="groups"' not in page and 'name="user_permissions"' not in page
    assert client.get("/admin/auth/group/").status_code == 404


@pytest.mark.parametrize("chief", [False, True])
def test_nobody_gives_themself_the_right_to_publish_urgently(client, agency, administrator, chief):
    giver = make_member(agency, role="administrator", is_superuser=chief)
    values = {"agency": agency.pk, "role": "approver", "urgent": "on"}
    client.force_login(giver)
    add = reverse("admin:releases_membership_add")
    told = client.post(add, values | {"user": giver.pk}).content.decode()
    assert "Nobody gives themself the right to publish urgently. Ask another administrator." in told
    with pytest.raises(ActionRefused, match="Nobody gives themself"):
        members.grant(giver, agency, Role.APPROVER, actor=giver, at=timezone.now(), urgent=True)
    assert not Membership.objects.filter(urgent=True).exists()
    assert client.post(add, values | {"user": administrator.pk}).status_code == 302
    assert Membership.objects.get(urgent=True).user == administrator
    assert client.post(add, {"agency": agency.pk, "role": "writer", "user": giver.pk}).status_code == 302
