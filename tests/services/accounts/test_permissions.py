"""Who may do what, asked of `Authority` itself: the pages of the desk have tests of their own."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from releases.models import (
    Agency,
    Agreement,
    AgreementEvent,
    Annex,
    Edition,
    Issuer,
    Mention,
    Party,
    PartyAction,
    Release,
)
from releases.services.accounts.permissions import Authority, Right, Role, RoleBackend, is_author, is_public
from releases.services.publishing import approval
from tests.factories import (
    NOON,
    cleared,
    make_agency,
    make_edition,
    make_live,
    make_member,
    make_next,
    make_scheduled,
    make_section,
    make_user,
)

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(days=1)
OF_LEAD = {"writer", "approver", "administrator", "urgent"}
OF_BOTH = OF_LEAD | {"second writer", "second approver"}


def named(slug):
    return make_agency(slug, slug.upper(), slug.upper())


@pytest.fixture
def people(db):
    """Of the lead agency, of the second one, of a third that has no part in anything, and of none."""
    lead, second, third = named("lead"), named("second"), named("third")
    return {
        "writer": make_member(lead, role="writer"),
        "approver": make_member(lead, role="approver"),
        "administrator": make_member(lead, role="administrator"),
        "urgent": make_member(lead, role="writer", urgent=True),
        "second writer": make_member(second, role="writer"),
        "second approver": make_member(second, role="approver", urgent=True),
        "stranger": make_member(third, role="approver", urgent=True),
        "author": make_user(is_staff=True),
        "retired": make_member(lead, role="approver", urgent=True, is_active=False),
        "superuser": make_user(is_superuser=True),
        "retired superuser": make_user(is_superuser=True, is_active=False),
        "visitor": AnonymousUser(),
    }


def who(people, right, row, at=NOON):
    return {name for name, person in people.items() if Authority(person, at).may(right, row)}


@pytest.mark.parametrize(
    "right, expected",
    [
        (Right.FOLLOW, OF_BOTH | {"author", "superuser"}),
        (Right.WRITE, OF_BOTH | {"superuser"}),
        (Right.DISCARD, OF_LEAD | {"superuser"}),
        (Right.APPROVE, {"approver", "second approver", "superuser"}),
        (Right.LEAD, {"approver", "superuser"}),
        (Right.PUBLISH_URGENTLY, {"urgent", "superuser"}),
    ],
)
def test_what_people_may_do_with_an_edition(people, right, expected):
    edition = make_edition(issuers=[named("lead"), named("second")], author=people["author"])
    make_edition(issuers=[named("third")])
    assert who(people, right, edition) == expected


@pytest.mark.parametrize("right", [Right.FOLLOW, Right.WRITE])
def test_an_edition_without_issuers_is_its_authors(people, right):
    assert who(people, right, make_edition(issuers=[], author=people["author"])) == {"author", "superuser"}
    assert who(people, right, make_edition(issuers=[], author=None)) == {"superuser"}


def test_who_leads_is_told_by_the_positions_of_the_issuers(people):
    edition = make_edition(issuers=[named("second"), named("lead")])
    assert who(people, Right.LEAD, edition) == {"second approver", "superuser"}
    assert who(people, Right.PUBLISH_URGENTLY, edition) == {"second approver", "superuser"}


def test_a_release_is_placed_by_who_writes_it_until_it_is_approved(people):
    draft = make_edition(issuers=[named("lead")], author=people["author"])
    make_edition(issuers=[named("third")], author=people["stranger"])
    assert who(people, Right.PLACE, draft.release) == OF_LEAD | {"author", "superuser"}
    edition = approval.approve(draft, approver=make_user(), at=NOON)
    assert who(people, Right.PLACE, edition.release) == {"approver", "superuser"}
    following = make_next(edition, at=NOON)
    following.issuers.update(agency=named("second"), name="SECOND", acronym="SECOND")
    assert who(people, Right.PLACE, edition.release) == {"approver", "superuser"}
    approval.approve(cleared(following), approver=make_user(), at=NOON, live_from=LATER)
    assert who(people, Right.PLACE, edition.release) == {"approver", "superuser"}
    assert who(people, Right.PLACE, edition.release, LATER) == {"second approver", "superuser"}


def test_an_agency_is_administered_by_its_administrators(people):
    assert who(people, Right.ADMINISTER, named("lead")) == {"administrator", "superuser"}
    assert who(people, Right.ADMINISTER, named("second")) == {"superuser"}
    assert Authority(people["administrator"], NOON).administered_slugs == ["lead"]
    assert Authority(people["approver"], NOON).administered_slugs == []


def test_whoever_works_for_a_successor_acts_for_those_before_it_from_its_day_on(people):
    oldest, old = named("oldest"), named("old")
    Agency.objects.filter(pk=oldest.pk).update(successor=old)
    Agency.objects.filter(pk=old.pk).update(successor=named("lead"), succeeded_on=LATER.date())
    edition = make_edition(issuers=[oldest])
    assert (
        who(people, Right.APPROVE, edition) == who(people, Right.PUBLISH_URGENTLY, edition) == {"superuser"}
    )
    assert who(people, Right.APPROVE, edition, LATER) == {"approver", "superuser"}
    assert who(people, Right.PUBLISH_URGENTLY, edition, LATER) == {"urgent", "superuser"}
    approved = [Authority(make_user(), at).approved_agencies for at in (NOON, LATER)]
    assert oldest.pk not in approved[0] and {oldest.pk, old.pk} <= approved[1]


def test_agencies_that_succeed_each_other_in_a_circle_are_found_once():
    one, other = named("one"), named("other")
    Agency.objects.filter(pk=one.pk).update(successor=other)
    Agency.objects.filter(pk=other.pk).update(successor=one)
    assert Authority(make_member(one), NOON).agencies() == {one.pk, other.pk}


def test_an_agency_is_approved_for_by_active_approvers_alone():
    approvers, writers, left = named("approvers"), named("writers"), named("left")
    make_member(approvers)
    make_member(writers, role="writer")
    make_member(left, is_active=False)
    assert Authority(make_user(), NOON).approved_agencies == {approvers.pk}


def test_the_permissions_of_a_role_are_for_whoever_has_it_and_is_active(people):
    backend = RoleBackend()

    def has(name, permission):
        return f"releases.{permission}" in backend.get_user_permissions(people[name])

    roles = ("writer", "approver", "administrator", "retired", "author", "visitor")
    assert [has(name, "change_edition") for name in roles] == [True, True, True, False, False, False]
    assert [has(name, "change_membership") for name in roles] == [False, False, True, False, False, False]
    assert backend.get_user_permissions(people["administrator"], make_edition()) == set()
    assert backend.has_module_perms(people["writer"], "releases")
    assert not backend.has_module_perms(people["author"], "releases")
    assert not backend.has_module_perms(people["writer"], "auth")


def test_which_editions_people_see_and_which_they_follow(people):
    draft = make_edition(issuers=[named("lead")], author=people["author"])
    scheduled = make_scheduled(live_from=LATER, issuers=[named("second")])
    live = make_live(issuers=[named("second")])
    sees = {
        "writer": {draft, live},
        "author": {draft, live},
        "stranger": {live},
        "second writer": {scheduled, live},
        "superuser": {draft, scheduled, live},
    }
    follows = sees | {"writer": {draft}, "author": {draft}, "stranger": set()}
    for name, seen in sees.items():
        authority = Authority(people[name], NOON)
        assert set(authority.editions) == seen
        assert set(authority.editable_editions) == follows[name]
        assert set(authority.scope(Issuer.objects.all(), "edition")) == {one.issuers.get() for one in seen}
    assert set(Authority(people["stranger"], LATER).editions) == {scheduled, live}
    assert not Authority(people["stranger"], NOON).scope(Annex.objects.all(), "edition").exists()


@pytest.fixture
def pact(db):
    """One of two agreements, each with a foreign party and an agency in the lead that is nobody's here.

    The other is tied to an agency in every way that there is.
    """
    other = Agreement.objects.create(slug="other", title="Another pact", lead_agency=named("elsewhere"))
    pact = Agreement.objects.create(slug="pact", title="A pact", lead_agency=named("owner"))
    for one in (other, pact):
        Party.objects.create(agreement=one, country="SG")
    for tie in TIES.values():
        tie(other, "elsewhere")
    return pact


def release_of(slug):
    return make_edition(issuers=[named(slug)]).release


def approve_naming(pact, slug):
    draft = make_edition(issuers=[named(slug)])
    draft.agreements.add(pact)
    approval.approve(draft, approver=make_user(), at=NOON, live_from=LATER)


TIES = {
    "lead": lambda pact, slug: Agreement.objects.filter(pk=pact.pk).update(lead_agency=named(slug)),
    "party": lambda pact, slug: Party.objects.create(agreement=pact, kind="agency", agency=named(slug)),
    "mention": lambda pact, slug: Mention.objects.create(agreement=pact, release=release_of(slug)),
    "event": lambda pact, slug: AgreementEvent.objects.create(
        agreement=pact, kind="signed", date=NOON.date(), release=release_of(slug)
    ),
    "action": lambda pact, slug: PartyAction.objects.create(
        party=pact.parties.first(), kind="signature", action_on=NOON.date(), release=release_of(slug)
    ),
    "name": approve_naming,
}


def known(people, name):
    """The slugs of the agreements that somebody sees, and of those that they own."""
    authority = Authority(people[name], NOON)
    return [{one.slug for one in rows} for rows in (authority.agreements, authority.owned_agreements)]


@pytest.mark.parametrize("tie", TIES)
def test_a_record_is_owned_by_the_agencies_that_are_tied_to_it(people, pact, tie):
    make_edition(issuers=[named("second")])
    make_live(issuers=[named("second")])
    assert who(people, Right.OWN, pact) == who(people, Right.SEE, pact) == {"superuser"}
    assert known(people, "writer") == known(people, "author") == [set(), set()]
    TIES[tie](pact, "lead")
    pact.refresh_from_db()
    expected = {named("lead").pk} | (set() if tie == "lead" else {named("owner").pk})
    assert Authority(make_user(), NOON).owners(pact) == expected
    assert who(people, Right.OWN, pact) == who(people, Right.SEE, pact) == OF_LEAD | {"superuser"}
    assert known(people, "writer") == [{"pact"}, {"pact"}]
    assert known(people, "second writer") == [set(), set()]
    assert known(people, "superuser") == [{"pact", "other"}, {"pact", "other"}]
    assert set(Authority(people["writer"], NOON).parties) == set(pact.parties.all())
    assert not Authority(people["stranger"], NOON).parties.exists()
    assert set(Authority(people["superuser"], NOON).parties) == set(Party.objects.all())


@pytest.mark.parametrize("tie", ["mention", "event", "action"])
def test_what_its_author_ties_to_a_record_is_theirs_to_see(people, pact, tie):
    TIES[tie](pact, "second")
    Edition.objects.filter(issuers__agency=named("second")).update(author=people["author"])
    assert known(people, "author") == [{"pact"}, {"pact"}]


def test_a_draft_that_names_a_record_shows_it_and_gives_it_to_nobody(people, pact):
    make_edition(issuers=[named("lead")], author=people["author"]).agreements.add(pact)
    assert known(people, "writer") == known(people, "author") == [{"pact"}, set()]
    assert known(people, "second writer") == [set(), set()]
    assert who(people, Right.OWN, pact) == {"superuser"}
    assert who(people, Right.SEE, pact) == OF_LEAD | {"author", "superuser"}
    assert Authority(make_user(), NOON).owners(pact) == {named("owner").pk}


@pytest.mark.parametrize("tie", TIES)
def test_a_record_is_everybodys_until_it_is_tied_to_somebody(people, pact, tie):
    Agreement.objects.filter(pk=pact.pk).update(lead_agency=None)
    pact.refresh_from_db()
    assert who(people, Right.OWN, pact) == OF_BOTH | {"stranger", "superuser"}
    assert who(people, Right.PUBLISH, pact) == {"approver", "second approver", "stranger", "superuser"}
    assert known(people, "second writer") == [{"pact"}, {"pact"}]
    TIES[tie](pact, "lead")
    pact.refresh_from_db()
    assert who(people, Right.OWN, pact) == OF_LEAD | {"superuser"}
    assert who(people, Right.PUBLISH, pact) == {"approver", "superuser"}
    assert known(people, "second writer") == [set(), set()]


def test_a_release_without_editions_ties_nobody_to_a_record(people, pact):
    Agreement.objects.filter(pk=pact.pk).update(lead_agency=None)
    Mention.objects.create(agreement=pact, release=Release.objects.create(section=make_section()))
    assert known(people, "second writer") == [{"pact"}, {"pact"}]


def test_a_new_record_is_nobodys_yet(people):
    new = Agreement(title="Not stored")
    assert who(people, Right.OWN, new) == OF_BOTH | {"stranger", "superuser"}
    assert Authority(people["writer"], NOON).owners(new) == set()


def test_a_record_is_changed_by_its_approvers_once_readers_will_see_it(people, pact):
    TIES["lead"](pact, "lead")
    pact.refresh_from_db()
    other = Agreement.objects.get(slug="other")
    AgreementEvent.objects.create(agreement=other, kind="signed", date=LATER.date(), public_from=LATER)
    assert who(people, Right.CHANGE, pact) == OF_LEAD | {"superuser"}
    assert who(people, Right.PUBLISH, pact) == {"approver", "superuser"}
    AgreementEvent.objects.create(agreement=pact, kind="signed", date=NOON.date(), public_from=LATER)
    assert who(people, Right.CHANGE, pact) == {"approver", "superuser"}


def test_what_readers_know_of_a_record_is_seen_by_all_at_the_desk(people, pact):
    AgreementEvent.objects.create(agreement=pact, kind="signed", date=NOON.date(), public_from=LATER)
    joining = Party.objects.create(agreement=pact, country="NZ", position=2)
    PartyAction.objects.create(party=joining, kind="accession", action_on=NOON.date())
    at_noon, later = Authority(people["stranger"], NOON), Authority(people["stranger"], LATER)
    assert [is_public(one, pact) for one in (at_noon, later)] == [False, True]
    assert not at_noon.may(Right.SEE, pact) and later.may(Right.SEE, pact)
    assert pact not in at_noon.agreements and pact in later.agreements and pact not in later.owned_agreements
    founder = pact.parties.get(country="SG")
    assert founder not in at_noon.parties and founder in later.parties and joining not in later.parties
    TIES["mention"](pact, "third")
    later.forget_rows()
    assert pact in later.owned_agreements and joining in later.parties and later.may(Right.OWN, pact)


def test_rows_are_looked_at_anew_once_they_are_forgotten(people, pact):
    authority = Authority(people["writer"], timezone.now())
    assert not authority.may(Right.OWN, pact) and pact not in authority.agreements
    assert not is_public(authority, pact)
    TIES["party"](pact, "lead")
    assert not authority.may(Right.OWN, pact) and pact not in authority.agreements
    AgreementEvent.objects.create(agreement=pact, kind="signed", date=NOON.date(), public_from=NOON)
    assert not is_public(authority, pact) and pact.pk not in authority.public_agreement_keys
    authority.forget_rows()
    assert authority.may(Right.OWN, pact) and pact in authority.agreements
    assert is_public(authority, pact) and pact.pk in authority.public_agreement_keys


def test_rows_that_are_not_stored_yet_and_rows_with_one_key_are_asked_apart(people):
    """An answer is kept for one question and one row."""
    authority = Authority(people["writer"], NOON)
    assert [is_author(authority, Edition(author=people[name])) for name in ("writer", "author")] == [
        True,
        False,
    ]
    mine, theirs = make_edition(issuers=[named("lead")]), make_edition(issuers=[named("second")])
    assert [authority.may(Right.WRITE, one) for one in (mine, theirs)] == [True, False]
    assert [authority.may(right, mine) for right in (Right.WRITE, Right.APPROVE)] == [True, False]
    administrator = Authority(people["administrator"], NOON)
    assert administrator.may(Right.ADMINISTER, named("lead")) and administrator.may(Right.FOLLOW, mine)
    assert administrator.agencies(Role.WRITER) == frozenset() != administrator.agencies()


def test_the_owners_of_each_record_are_its_own(people, pact):
    TIES["party"](pact, "lead")
    authority, other = Authority(people["writer"], NOON), Agreement.objects.get(slug="other")
    assert authority.owners(pact) == {named("lead").pk, named("owner").pk}
    assert authority.owners(other) == {named("elsewhere").pk}
    assert [authority.may(Right.OWN, one) for one in (pact, other)] == [True, False]
