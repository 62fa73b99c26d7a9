"""What waits for somebody, what waits for others, and what is to come: each release once."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from releases.models import AgencyContact, EditionContributor, Newsroom
from releases.services.accounts.permissions import Authority
from releases.services.desk import tomorrow
from releases.services.desk.dashboard import build_dashboard
from releases.services.editing import comments
from releases.services.publishing import takedown, workflow
from tests.factories import (
    make_agency,
    make_edition,
    make_live,
    make_member,
    make_next,
    make_scheduled,
    make_user,
)

pytestmark = pytest.mark.django_db
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


@pytest.fixture
def now():
    return timezone.localtime(timezone.now()).replace(hour=8, minute=0, second=0, microsecond=0)


@pytest.fixture
def mti():
    return make_agency()


@pytest.fixture
def imda():
    return make_agency("imda", "Infocomm Media Development Authority", "IMDA")


def desk(user, now):
    return build_dashboard(Authority(user, now))


def waiting(user, now):
    return [(one.what, one.edition.title) for one in desk(user, now).waiting]


def test_each_person_is_told_what_they_have_to_do_and_the_author_whom_it_waits_for(mti, imda, now):
    writer = make_member(mti, role="writer")
    lead, joint = make_member(mti, first_name="Lea"), make_member(imda, first_name="Ivy")
    joined = make_edition(title="Joint", issuers=[mti, imda], author=writer, wanted_from=now + DAY)
    workflow.perform_verb("submit", joined, user=writer, at=now)
    own = make_edition(title="Own", author=lead, issuers=[mti])
    assert waiting(lead, now) == [("Approve", "Joint"), ("Draft", "Own")]
    assert waiting(joint, now) == [("Clear", "Joint")]
    assert waiting(writer, now) == []
    [awaited] = desk(writer, now).awaited
    assert (awaited.edition, awaited.since) == (joined, now)
    assert awaited.whom == "IMDA’s clearance: Ivy"
    workflow.perform_verb("clear", joined, user=joint, at=now)
    [awaited] = desk(writer, now).awaited
    assert awaited.whom == "MTI’s approval: Lea"
    workflow.perform_verb("submit", own, user=lead, at=now)
    assert ("Draft", "Own") not in waiting(lead, now)
    assert [one.edition for one in desk(lead, now).awaited] == [own]


def test_a_release_stands_there_once_with_its_problems(mti, now):
    writer = make_member(mti, role="writer")
    draft = make_edition(title="Without a text", body="", author=writer, issuers=[mti])
    comments.add_comment(draft, text="Where is it?", actor=make_member(mti), at=now)
    [item] = desk(writer, now).waiting
    assert (item.what, item.problems) == ("Comment", 1) and "Where is it?" in item.told


def test_what_was_published_stands_there_once_and_says_that_it_was_withdrawn(mti, now):
    reader = make_member(mti)
    first = make_live(title="First", issuers=[mti], at=now - 3 * DAY)
    make_next(first, title="Second")
    gone = make_live(title="Gone", issuers=[mti], at=now - DAY)
    takedown.withdraw(gone.release, actor=make_user(), reason="Why", at=now)
    found = desk(reader, now).published
    assert [(one.title, workflow.stage_of(one, now)) for one in found] == [
        ("Gone", "withdrawn"),
        ("First", "live"),
    ]


def test_the_days_to_come_show_what_is_approved_and_wanted_and_where_they_meet(mti, imda, now):
    at = now + DAY
    make_scheduled(title="Approved", issuers=[mti], live_from=at, at=now)
    make_edition(title="Wanted", issuers=[mti, imda], wanted_from=at, state="submitted")
    make_scheduled(title="Alone", issuers=[imda], live_from=at + dt.timedelta(hours=1), at=now)
    make_scheduled(title="Far", issuers=[mti], live_from=now + 30 * DAY, at=now)
    schedule = desk(make_user(is_superuser=True), now).schedule
    day = schedule.days[1]
    assert {(one.edition.title, one.is_approved) for one in day.slots} == {
        ("Approved", True),
        ("Wanted", False),
        ("Alone", True),
    }
    assert day.clashes == ["2 at 08:00, both with MTI"]
    assert [one.edition.title for one in schedule.later] == ["Far"]


def test_a_row_of_the_desk_costs_few_queries(mti, now):
    user = make_user(is_superuser=True)
    counts = []
    for number in (3, 6):
        for part in range(number):
            make_edition(title=f"{part}", issuers=[mti], state="submitted", wanted_from=now + DAY)
            make_live(issuers=[mti], at=now - DAY)
        with CaptureQueriesContext(connection) as asked:
            desk(user, now)
        counts.append(len(asked))
    assert counts[1] <= counts[0] <= 40


def test_a_new_newsroom_is_told_its_first_steps(now):
    chief = make_user(is_superuser=True)
    steps = desk(chief, now).first_steps
    assert (steps.has_agency, steps.has_colleague) == (False, False)
    agency = make_agency()
    make_member(agency), make_member(agency)
    steps = desk(chief, now).first_steps
    assert (steps.has_agency, steps.has_colleague) == (True, True)
    make_live(at=now - DAY)
    assert desk(chief, now).first_steps is None


def test_an_administrator_is_told_that_readers_have_nobody_to_ask(mti, now):
    chief = make_member(mti, role="administrator")
    assert desk(chief, now).has_no_address and not desk(make_member(mti), now).has_no_address
    contact = AgencyContact.objects.create(agency=mti, name="Media", phone="6123 4567")
    Newsroom.objects.create(pk=1, email="room@example.gov")
    assert not desk(chief, now).has_no_address
    Newsroom.objects.update(email="")
    assert desk(chief, now).has_no_address
    contact.email = "media@example.gov"
    contact.save()
    assert not desk(chief, now).has_no_address


def test_the_evening_before_tells_all_that_is_missing_and_where_it_is_done(mti, imda, now):
    lead = make_member(mti, first_name="Lea")
    at = now + DAY
    make_scheduled(title="Ready", issuers=[mti], live_from=at, at=now, approver=lead)
    make_edition(
        title="Not ready",
        issuers=[mti, imda],
        wanted_from=at,
        state="submitted",
        body="[x](/files/none.pdf)",
        awaited="Annex A",
    )
    make_edition(title="A week later", issuers=[mti], wanted_from=now + 7 * DAY, state="submitted")
    ready, other = tomorrow.list_due(Authority(lead, now))
    assert ready.holds and ready.requirements[1].words == "Approved by Lea"
    told = {one.name: (one.holds, one.step) for one in other.requirements}
    assert told == {
        "Clearances": (False, "clear"),
        "Approval": (False, "approve"),
        "Files": (False, ""),
        "Text and links": (False, ""),
    }


def test_who_wrote_in_it_is_not_asked_to_approve_it_but_told_who_can(mti, now):
    lead, other = make_member(mti, first_name="Lea"), make_member(mti, first_name="Omar")
    edition = make_edition(title="Ours", issuers=[mti], author=make_member(mti, role="writer"))
    EditionContributor.objects.add(edition, lead)
    workflow.perform_verb("submit", edition, user=edition.author, at=now)
    assert waiting(lead, now) == [] and waiting(other, now) == [("Approve", "Ours")]
    assert [one.edition for one in desk(lead, now).awaited] == [edition]


def test_of_too_many_that_come_tomorrow_the_earliest_are_told(mti, now, monkeypatch):
    monkeypatch.setattr(tomorrow, "MOST", 2)
    for hours in (9, 8, 1, 7):
        make_edition(title=f"In {hours}", issuers=[mti], wanted_from=now + hours * HOUR)
    due = tomorrow.list_due(Authority(make_member(mti), now))
    assert [one.edition.title for one in due] == ["In 1", "In 7"]
