"""The workflow against a model of it, step by step, by every kind of person."""

import datetime as dt
import os

import pytest
from django.db import transaction
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
from releases.services.publishing import approval, erasure, review, takedown, workflow
from tests.factories import NOON, make_agency, make_edition, make_member, make_next, make_user

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
WRITERS = {"writer", "lead", "joint", "chief"}


class Desk(RuleBasedStateMachine):
    """One release of two agencies; the model knows its stage, who wrote in it and whether the joint agency
    cleared."""

    def __init__(self):
        super().__init__()
        first, second = make_agency(), make_agency("imda", "Infocomm Media Development Authority", "IMDA")
        third = make_agency("csa", "Cyber Security Agency", "CSA")
        self.people = {
            "writer": make_member(first, role="writer"),
            "lead": make_member(first),
            "joint": make_member(second),
            "outsider": make_member(third),
            "nobody": make_user(is_staff=True),
            "chief": make_user(is_superuser=True),
        }
        self.edition = make_edition(issuers=[first, second], author=self.people["writer"])
        self.now = timezone.now() + dt.timedelta(days=365)  # the database has a clock of its own
        self.stage, self.cleared, self.version = "draft", False, 0
        self.writers, self.starts = {"writer"}, None
        self.taken_by, self.taken_at = "", self.now
        self.asked_by, self.agreed = "", False

    def stored(self):
        return Edition.objects.select_related("release").get(pk=self.edition.pk)

    def allowed(self, verb, who):
        open_, away = self.stage in ("draft", "submitted"), self.stage in ("withdrawn", "removed")
        later = self.now > self.taken_at  # an absence lasts longer than no time at all
        return {
            "submit": self.stage in ("draft", "rejected") and who in WRITERS,
            "take-back": self.stage == "submitted" and who in WRITERS,
            "reject": self.stage == "submitted" and who in ("lead", "joint", "chief"),
            "clear": open_ and who == "joint" and not self.cleared,
            "approve": open_ and who in ("lead", "chief") and who not in self.writers and self.cleared,
            "publish-urgently": open_ and who == "chief",
            "unschedule": self.stage == "scheduled" and who in ("lead", "chief"),
            "withdraw": self.stage == "live" and who in ("lead", "chief"),
            "remove": (self.stage == "live" or (self.stage == "withdrawn" and (later or not self.asked_by)))
            and who in ("lead", "chief")
            and who != self.asked_by,
            "restore": away and later and who in ("lead", "chief") and who != self.taken_by and self.agreed,
            "agree": away and later and who == "joint" and not self.agreed,
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

    @rule(who=anybody, verb=st.sampled_from(["submit", "take-back"]))
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
            self.stage = "draft"

    @rule(who=anybody, verb=st.sampled_from(["withdraw", "remove"]))
    def take_away(self, who, verb):
        """One asks for a removal, another one confirms it."""
        if not self.attempt(verb, who, reason="A reason"):
            return
        if verb == "remove" and not self.asked_by:
            self.asked_by = who
            return
        self.stage = "withdrawn" if verb == "withdraw" else "removed"
        self.taken_by, self.taken_at, self.agreed = who, self.now, False
        self.asked_by = self.asked_by if verb == "withdraw" else ""

    @rule(who=anybody)
    def agree(self, who):
        if self.attempt("agree", who):
            self.agreed = True

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
        "You changed this version. Someone else has to approve it."
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


def test_the_clock_makes_of_an_approved_edition_what_it_is():
    first = approval.approve(make_edition(), approver=make_user(), at=NOON, live_from=NOON + HOUR)
    draft = make_next(first)
    times = [NOON + number * HOUR for number in range(6)]

    def stages():
        edition = Edition.objects.get(pk=first.pk)
        return [workflow.stage_of(edition, at) for at in times]

    assert stages() == ["scheduled", "live", "live", "live", "live", "live"]
    takedown.withdraw(first.release, actor=make_user(), reason="Why", at=times[2])
    takedown.restore(first.release, actor=make_user(), at=times[3])
    assert stages() == ["scheduled", "live", "withdrawn", "live", "live", "live"]
    following = approval.approve(draft, approver=make_user(), at=times[1], live_from=times[4])
    assert stages() == ["scheduled", "live", "withdrawn", "live", "superseded", "superseded"]
    assert workflow.stage_of(following, times[3]) == "scheduled"
    erasure.erase_release(first.release, actor=make_user(), reason="Why", at=times[5])
    assert stages() == ["erased"] * 6


def named(verbs):
    return {verb.name for verb, _ in verbs}


def test_the_desk_offers_what_makes_sense_now_and_what_somebody_may(agencies):
    mti, imda = agencies
    edition = make_edition(issuers=[mti, imda])
    writer, joint, lead, stranger = (
        Authority(person, NOON)
        for person in (
            make_member(mti, role="writer"),
            make_member(imda),
            make_member(mti),
            make_member(make_agency("csa", "CSA", "CSA")),
        )
    )
    assert named(workflow.available_verbs(edition, writer)) == {"submit", "approve"}
    assert named(workflow.available_verbs(edition, joint)) == {"submit", "approve", "clear"}
    assert named(workflow.available_verbs(edition, stranger)) == {"submit", "approve"}
    assert all(why for _, why in workflow.available_verbs(edition, stranger))
    live = approval.approve(make_edition(), approver=make_user(), at=NOON)
    assert named(workflow.available_verbs(live, lead)) == {"next", "withdraw", "remove"}
    assert named(workflow.available_verbs(live, stranger)) == set()


def test_only_whoever_began_the_absence_that_holds_is_told_that_they_bring_nothing_back(agencies):
    one, other = make_member(agencies[0]), make_member(agencies[0])
    release = approval.approve(make_edition(), approver=make_user(), at=NOON).release
    takedown.withdraw(release, actor=one, reason="Why", at=NOON + HOUR)
    takedown.restore(release, actor=other, at=NOON + 2 * HOUR)
    takedown.withdraw(release, actor=other, reason="Why", at=NOON + 3 * HOUR)
    outsider = make_member(make_agency("csa", "CSA", "CSA"))
    edition, at = release.editions.get(), NOON + 4 * HOUR
    why = [workflow.why_not_perform("restore", edition, Authority(who, at)) for who in (one, other, outsider)]
    assert why == [[], [takedown.NOT_ALONE], ["Only an approver of the lead agency can do this."]]


def test_consent_is_given_for_agencies_without_anybody_here_once_and_with_a_word(agencies):
    """By the lead, for them alone; whoever clears for an agency of their own leaves no word for it."""
    mti, imda = agencies
    away, asleep = make_agency("csa", "CSA", "CSA"), make_agency("cpf", "CPF", "CPF")
    make_member(imda)
    make_member(away, role="writer")
    make_member(asleep, is_active=False)
    lead, other = make_member(mti), make_member(mti, role="writer")
    edition = make_edition(issuers=[mti, imda, away, asleep])
    assert workflow.clearable_agencies(edition, Authority(lead, NOON)) == [away, asleep]
    assert workflow.clearable_agencies(edition, Authority(other, NOON)) == []
    assert workflow.clearable_agencies(edition, Authority(make_member(imda, role="writer"), NOON)) == []
    with pytest.raises(ActionRefused, match="Every agency that you can clear for"):
        workflow.VERBS["clear"].do(edition, actor=other, at=NOON)
    with pytest.raises(
        ActionRefused, match="Say how CSA, CPF gave consent"
    ):  # though IMDA still has to clear
        workflow.perform_verb("clear", edition, user=lead, at=NOON)
    with transaction.atomic():
        workflow.perform_verb("clear", edition, user=lead, at=NOON, note="By letter of 1 March")
        assert [one.note for one in edition.clearances.all()] == ["By letter of 1 March"] * 2
        transaction.set_rollback(True)
    both = make_member(mti, imda)
    assert workflow.clearable_agencies(edition, Authority(both, NOON)) == [imda]
    workflow.perform_verb("clear", edition, user=both, at=NOON)
    assert edition.clearances.get().note == ""
    with pytest.raises(ActionRefused, match="Say how CSA, CPF gave consent"):
        workflow.perform_verb("clear", edition, user=lead, at=NOON, note=" ")
    workflow.perform_verb("clear", edition, user=lead, at=NOON, note=" By letter ")
    assert sorted(one.note for one in edition.clearances.all()) == ["", "By letter", "By letter"]
    with pytest.raises(ActionRefused):
        workflow.perform_verb("clear", edition, user=lead, at=NOON, note="Again")


def test_a_step_that_is_none_or_comes_too_late_is_refused_with_a_reason(agencies):
    edition, lead = make_edition(), make_member(agencies[0])
    with pytest.raises(ActionRefused) as refused:
        workflow.perform_verb("publish", edition, user=lead, at=NOON)
    assert refused.value.reasons == ["There is no such step."]
    with pytest.raises(ActionRefused) as refused:
        workflow.perform_verb("take-back", edition, user=lead, at=NOON)
    assert refused.value.reasons == [
        "This version has the status “Draft”. “Stop the approval” is not possible then."
    ]
    with pytest.raises(ActionRefused) as refused:
        workflow.perform_verb("submit", edition, user=make_user(), at=NOON)
    assert refused.value.reasons == ["Only a writer of an issuing agency can do this."]


@pytest.mark.parametrize(
    "verb, state, role",
    [("submit", "draft", "writer"), ("reject", "submitted", "approver"), ("approve", "draft", "approver")],
)
def test_a_step_is_done_by_whoever_has_the_right_to_it(agencies, verb, state, role):
    edition = make_edition(state=state)
    values = {"reason": "Why"} if verb == "reject" else {}
    weaker = [make_user(), make_member(agencies[1])]
    weaker += [make_member(agencies[0], role="writer")] if role == "approver" else []
    for person in weaker:
        with pytest.raises(ActionRefused, match="Only"):
            workflow.perform_verb(verb, edition, user=person, at=NOON, **values)
    assert workflow.perform_verb(verb, edition, user=make_member(agencies[0], role=role), at=NOON, **values)
