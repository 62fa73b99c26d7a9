"""The workflow against a model of it, step by step, by every kind of person."""

import datetime as dt
import os

import pytest
from django.utils import timezone
from django.utils.timezone import localdate
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from releases.models import Agency, Edition, LedgerEntry
from releases.services.accounts.permissions import Authority
from releases.services.editions.digests import digest_edition
from releases.services.editions.transitions import ActionRefused, record_writing
from releases.services.publishing import approval, review, workflow
from tests.factories import NOON, make_agency, make_edition, make_member, make_next, make_user

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
WRITERS = {"writer", "lead", "joint", "chief"}


class Desk(RuleBasedStateMachine):
    """One release of two agencies; the model knows its stage, who wrote in it and whether the joint agency cleared."""

    def __init__(self):
        super().__init__()
        first, second = make_agency(), make_agency("imda", "Infocomm Media Development Authority", "IMDA")
        third = make_agency("csa", "Cyber Security Agency", "CSA")
        self.people = {
            "writer": make_member(first, role="writer"), "lead": make_member(first), "joint": make_member(second),
            "outsider": make_member(third), "nobody": make_user(is_staff=True), "chief": make_user(is_superuser=True),
        }  # fmt: skip
        self.edition = make_edition(issuers=[first, second], author=self.people["writer"])
        self.now = timezone.now() + dt.timedelta(days=365)  # the database has a clock of its own
        self.stage, self.cleared, self.version = "draft", False, 0
        self.writers, self.starts = {"writer"}, None
        self.taken_by, self.taken_at = "", self.now

    def stored(self):
        return Edition.objects.select_related("release").get(pk=self.edition.pk)

    def allowed(self, verb, who):
        open_, away = self.stage in ("draft", "submitted"), self.stage in ("withdrawn", "removed")
        later = self.now > self.taken_at  # an absence lasts longer than no time at all
        return {
            "submit": self.stage == "draft" and who in WRITERS,
            "take-back": self.stage == "submitted" and who in WRITERS,
            "reopen": self.stage == "rejected" and who in WRITERS,
            "reject": self.stage == "submitted" and who in ("lead", "joint", "chief"),
            "clear": open_ and who == "joint" and not self.cleared,
            "approve": open_ and who in ("lead", "chief") and who not in self.writers and self.cleared,
            "publish-urgently": open_ and who == "chief",
            "unschedule": self.stage == "scheduled" and who in ("lead", "chief"),
            "withdraw": self.stage == "live" and who in ("lead", "chief"),
            "remove": (self.stage == "live" or (self.stage == "withdrawn" and later))
            and who in ("lead", "chief"),
            "restore": away and later and who in ("lead", "chief") and who != self.taken_by,
        }[verb]

    def attempt(self, verb, who, **values):
        """Whether it was done, which must be as the model says."""
        expected = self.allowed(verb, who)
        try:
            workflow.perform_verb(verb, self.stored(), user=self.people[who], at=self.now, **values)
            done = True
        except ActionRefused as refused:
            done = not refused.reasons
        assert done == expected, (verb, who, self.stage)
        return done

    anybody = st.sampled_from(["writer", "lead", "joint", "outsider", "nobody", "chief"])

    @rule(who=anybody, verb=st.sampled_from(["submit", "take-back", "reopen"]))
    def move(self, who, verb):
        if self.attempt(verb, who):
            self.stage = "submitted" if verb == "submit" else "draft"

    @rule(who=anybody)
    def reject(self, who):
        if self.attempt("reject", who, reason="Not yet"):
            self.stage = "rejected"

    @rule(who=anybody)
    def clear(self, who):
        if self.attempt("clear", who):
            self.cleared = True

    @rule(who=anybody, later=st.booleans(), verb=st.sampled_from(["approve", "publish-urgently"]))
    def publish(self, who, later, verb):
        starts = self.now + HOUR if later else None
        reason = {"urgent_reason": "Nobody else is here"} if verb == "publish-urgently" else {}
        if self.attempt(verb, who, live_from=starts, **reason):
            self.stage, self.starts = ("scheduled" if later else "live"), starts or self.now

    @rule(who=anybody)
    def unschedule(self, who):
        if self.attempt("unschedule", who):
            self.stage, self.cleared = "draft", False

    @rule(who=anybody, verb=st.sampled_from(["withdraw", "remove"]))
    def take_away(self, who, verb):
        if self.attempt(verb, who, reason="A reason"):
            self.stage = "withdrawn" if verb == "withdraw" else "removed"
            self.taken_by, self.taken_at = who, self.now

    @rule(who=anybody)
    def bring_back(self, who):
        if self.attempt("restore", who):
            self.stage = "live"

    @precondition(lambda self: self.stage in ("draft", "submitted"))
    @rule(who=st.sampled_from(["writer", "lead", "joint"]))
    def edit(self, who):
        self.version += 1
        Edition.objects.filter(pk=self.edition.pk).update(body=f"Version {self.version}.")
        record_writing(LedgerEntry.Verb.SAVE, self.stored(), actor=self.people[who], at=self.now)
        self.writers.add(who)
        self.cleared = False

    @rule()
    def time_passes(self):
        self.now += HOUR
        if self.stage == "scheduled":
            self.stage = "live"

    @invariant()
    def is_what_the_model_says(self):
        edition = self.stored()
        assert workflow.stage_of(edition, self.now) == self.stage
        public = Edition.objects.live(self.now).filter(pk=edition.pk).exists()
        assert public == (self.stage in ("live", "withdrawn"))
        if edition.state == "approved":
            assert (
                edition.approver_id not in {self.people[name].pk for name in self.writers}
                or edition.urgent_reason
            )


RUNS = int(os.environ.get("WORKFLOW_RUNS", "50"))


def test_no_step_is_possible_that_the_model_refuses():
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=RUNS, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    assert LedgerEntry.objects.broken() is None


@pytest.fixture
def agencies():
    return make_agency(), make_agency("imda", "Infocomm Media Development Authority", "IMDA")


def test_a_joint_release_needs_the_clearance_of_exactly_this_text(agencies):
    mti, imda = agencies
    edition, approver = make_edition(issuers=[mti, imda]), make_member(mti)
    assert workflow.why_not_perform("approve", edition, Authority(approver, NOON)) == [
        "IMDA has not cleared this text."
    ]
    workflow.perform_verb("clear", edition, user=make_member(imda), at=NOON)
    assert workflow.why_not_perform("approve", edition, Authority(approver, NOON)) == []
    Edition.objects.filter(pk=edition.pk).update(body="Other words.")
    edition.refresh_from_db()
    assert workflow.why_not_perform("approve", edition, Authority(approver, NOON)) == [
        "IMDA has not cleared this text."
    ]


def test_a_successor_clears_for_a_former_agency(agencies):
    mti, _ = agencies
    heir = make_agency("mddi", "Ministry of Digital Development and Information", "MDDI")
    former = make_agency("mci", "Ministry of Communications and Information", "MCI", successor=heir)
    edition = make_edition(issuers=[mti, former])
    assert workflow.clearable_agencies(edition, Authority(make_member(heir), NOON)) == [former]
    assert workflow.clearable_agencies(edition, Authority(make_member(mti), NOON)) == []


def test_a_successor_acts_from_its_day_on(agencies):
    mti, _ = agencies
    heir = make_agency("mddi", "Ministry of Digital Development and Information", "MDDI")
    today = localdate()
    former = make_agency(
        "mci", "Communications", "MCI", successor=heir, succeeded_on=today + dt.timedelta(days=1)
    )
    edition, member = make_edition(issuers=[mti, former]), make_member(heir)
    authority = Authority(member, timezone.now())
    assert workflow.clearable_agencies(edition, authority) == [] and not authority.editions.exists()
    assert former.pk not in authority.approved_agencies
    Agency.objects.filter(pk=former.pk).update(succeeded_on=today)
    authority = Authority(member, timezone.now())
    assert workflow.clearable_agencies(edition, authority) == [former] and authority.editions.exists()
    assert former.pk in authority.approved_agencies


def test_for_an_agency_that_has_nobody_here_the_lead_says_how_it_consented(agencies):
    mti, imda = agencies
    edition, lead = make_edition(issuers=[mti, imda]), make_member(mti)
    with pytest.raises(ActionRefused, match="Say how IMDA gave consent"):
        workflow.perform_verb("clear", edition, user=lead, at=NOON)
    workflow.perform_verb("clear", edition, user=lead, at=NOON, note="By letter of 1 March")
    assert edition.clearances.get().note == "By letter of 1 March"
    assert review.uncleared_agencies(edition) == []


def test_approval_is_of_what_was_read(agencies):
    edition = make_edition()
    with pytest.raises(ActionRefused, match="changed after you opened it"):
        workflow.perform_verb("approve", edition, user=make_member(agencies[0]), at=NOON, seen="0" * 64)


def test_a_clearance_is_of_what_was_read(agencies):
    """Also where somebody saved between the look and the lock."""
    mti, imda = agencies
    edition, member = make_edition(issuers=[mti, imda]), make_member(imda)
    with pytest.raises(ActionRefused, match="Read it again, then clear it"):
        workflow.perform_verb("clear", edition, user=member, at=NOON, seen="0" * 64)
    assert not edition.clearances.exists()
    workflow.perform_verb("clear", edition, user=member, at=NOON, seen=digest_edition(edition))
    assert edition.clearances.get().agency == imda


def test_an_urgent_publication_needs_the_right_and_a_reason_that_the_ledger_shows(agencies):
    author = make_member(agencies[0])
    edition = make_edition(author=author)
    assert workflow.why_not_perform("publish-urgently", edition, Authority(author, NOON))
    urgent = make_member(agencies[0], urgent=True)
    Edition.objects.filter(pk=edition.pk).update(author=urgent)
    done = workflow.perform_verb(
        "publish-urgently", edition, user=urgent, at=NOON, live_from=None, urgent_reason="A market rumour"
    )
    assert (done.state, done.approver) == ("approved", urgent)
    assert LedgerEntry.objects.get(verb="approve").note["urgent"] == "A market rumour"


def test_whoever_changed_the_text_is_not_the_second_person(agencies):
    edition, approver = make_edition(), make_member(agencies[0])
    record_writing(LedgerEntry.Verb.SAVE, edition, actor=approver, at=NOON)
    assert workflow.why_not_perform("approve", edition, Authority(approver, NOON)) == [
        "You changed this edition. Someone else has to approve it."
    ]


def test_a_package_is_approved_as_a_whole_or_not_at_all(agencies):
    chief = make_user(is_superuser=True)
    editions = [make_edition(), make_edition(issuers=[])]
    with pytest.raises(ActionRefused, match="Name at least one issuing agency"):
        approval.approve_together(editions, approver=chief, at=NOON, live_from=NOON + HOUR)
    assert not Edition.objects.filter(state="approved").exists()
    both = [editions[0], make_edition()]
    approval.approve_together(both, approver=chief, at=NOON, live_from=NOON + HOUR)
    assert set(Edition.objects.filter(state="approved").values_list("live_from", flat=True)) == {NOON + HOUR}


def test_an_old_text_comes_back_as_a_new_draft(agencies):
    first = approval.approve(make_edition(body="Old."), approver=make_user(), at=NOON)
    second = make_next(first, body="New.")
    approval.approve(second, approver=make_user(), at=NOON + HOUR)
    draft = workflow.perform_verb(
        "again", Edition.objects.get(pk=first.pk), user=make_member(agencies[0]), at=NOON + 2 * HOUR
    )
    assert (draft.body, draft.number, draft.based_on_id, draft.state) == ("Old.", 3, second.pk, "draft")


def test_nobody_sees_the_drafts_of_another_agency_but_co_issuers_do(agencies):
    mti, imda = agencies
    alone, joint = make_edition(), make_edition(issuers=[mti, imda])
    assert set(Authority(make_member(mti), NOON).editions) == {alone, joint}
    assert set(Authority(make_member(imda), NOON).editions) == {joint}
    assert set(Authority(make_user(is_staff=True), NOON).editions) == set()
