"""Nobody concerned is passed over: not the lead, not a joint agency, not one that was taken out."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from releases.models import Edition, LedgerEntry, PastIssuer, rules
from releases.services.accounts import consent, notices
from releases.services.accounts.permissions import Authority, Right
from releases.services.editing import drafts
from releases.services.editing.draft_values import IssuerValues
from releases.services.editing.draft_writer import read_draft
from releases.services.editions.transitions import ActionRefused
from releases.services.publishing import approval, new_editions, proposals, review, takedown, workflow
from tests.factories import (
    NOON,
    cleared,
    make_agency,
    make_edition,
    make_live,
    make_member,
    make_next,
    make_user,
    save,
)

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def agencies():
    """MTI, IMDA and CSA."""
    return [make_agency(slug, slug.upper(), slug.upper()) for slug in ("mti", "imda", "csa")]


def issue(edition, *agencies, actor):
    """Save it with these issuers, the lead first; who stays keeps its row."""
    rows = dict(edition.issuers.values_list("agency", "pk"))
    wanted = tuple(IssuerValues(agency, rows.get(agency.pk)) for agency in agencies)
    return save(edition, actor=actor, issuers=wanted)


def past(edition):
    return {(row.agency.slug, row.led, row.imported) for row in PastIssuer.objects.filter(edition=edition.pk)}


def why_not(edition, person, verb="approve", at=NOON):
    return workflow.why_not_perform(verb, Edition.objects.get(pk=edition.pk), Authority(person, at))


@pytest.mark.parametrize("after", [["imda"], ["imda", "mti"], ["imda", "csa"], ["mti", "csa"], []])
def test_who_is_not_of_the_lead_changes_neither_lead_nor_order_nor_takes_others_out(agencies, after):
    by_slug = {one.slug: one for one in agencies}
    mti, imda, csa = agencies
    edition = make_edition(issuers=[mti, imda] if after != ["mti", "csa"] else [mti, imda, csa])
    writer = make_member(imda if after != ["mti", "csa"] else csa, role="writer")
    before = list(edition.issuers.values_list("agency__slug", flat=True))
    with pytest.raises(ActionRefused, match="Only people of MTI, which is the lead"):
        issue(edition, *(by_slug[slug] for slug in after), actor=writer)
    assert list(edition.issuers.values_list("agency__slug", flat=True)) == before


def test_who_is_not_of_the_lead_adds_an_agency_behind_and_takes_their_own_out(agencies):
    mti, imda, csa = agencies
    edition = make_edition(issuers=[mti, imda])
    writer = make_member(imda, role="writer")
    issue(edition, mti, imda, csa, actor=writer)
    issue(edition, mti, csa, actor=writer)
    assert [one.agency for one in edition.issuers.all()] == [mti, csa]
    assert past(edition) == {("imda", False, False), ("csa", False, False)}
    assert why_not(edition, make_member(mti)) == [
        "CSA has not cleared this text.",
        "IMDA was an issuer and was taken out. It has to clear this text first.",
    ]


def test_an_agency_that_was_taken_out_sees_the_draft_and_clears_it_and_writes_no_more(agencies):
    mti, imda, _ = agencies
    edition, lead, theirs = make_edition(issuers=[mti, imda]), make_member(mti), make_member(imda)
    issue(edition, mti, actor=make_member(mti, role="writer"))
    authority = Authority(theirs, NOON)
    assert edition in authority.editions
    assert why_not(edition, theirs, "submit") == ["Only a writer of an issuing agency can do this."]
    assert not authority.may(Right.PLACE, edition.release)
    assert why_not(edition, lead) == [
        "IMDA was an issuer and was taken out. It has to clear this text first."
    ]
    workflow.perform_verb("clear", edition, user=theirs, at=NOON)
    assert why_not(edition, lead) == []


def test_a_lead_that_was_put_behind_clears_and_urgency_never_passes_it(agencies):
    mti, imda, _ = agencies
    edition = make_edition(issuers=[mti, imda])
    issue(edition, imda, mti, actor=make_member(mti, role="writer"))
    urgent = make_member(imda, urgent=True)
    assert why_not(edition, urgent) == [
        "MTI was the lead and is not any more. It has to clear this text first."
    ]
    with pytest.raises(ActionRefused, match="cannot be published urgently"):
        workflow.perform_verb("publish-urgently", edition, user=urgent, at=NOON, urgent_reason="A rumour")
    workflow.perform_verb("clear", edition, user=make_member(mti), at=NOON)
    assert why_not(edition, urgent) == []


def test_what_the_edition_before_was_issued_by_counts(agencies):
    """Also where an old text is brought back that the other agency had no part in."""
    mti, imda, _ = agencies
    alone = make_live(issuers=[mti])
    both = make_next(alone)
    issue(both, mti, imda, actor=make_member(mti))
    both = approval.approve(cleared(both), approver=make_user(), at=NOON + HOUR)
    again = workflow.perform_verb(
        "again", Edition.objects.get(pk=alone.pk), user=make_member(mti, role="writer"), at=NOON + 2 * HOUR
    )
    Edition.objects.filter(pk=again.pk).update(change_class="correction", change_note="A figure.")
    assert why_not(again, make_member(mti), at=NOON + 2 * HOUR) == [
        "IMDA was an issuer and was taken out. It has to clear this text first."
    ]


def test_whom_only_an_import_named_is_not_asked_until_it_cleared_once(agencies):
    mti, imda, csa = agencies
    old = make_edition(issuers=[mti, imda], origin="import")
    Edition.objects.filter(pk=old.pk).update(
        state="approved", live_from=NOON, first_live_at=NOON, digest="imported"
    )
    old.refresh_from_db()
    lead = make_member(mti)
    draft = make_next(old)
    assert past(draft) == {("mti", True, True), ("imda", False, True)}
    assert why_not(draft, lead, at=NOON + HOUR) == []
    issue(draft, mti, imda, csa, actor=lead)
    other = make_member(mti)
    assert why_not(draft, other, at=NOON + HOUR) == ["CSA has not cleared this text."]
    review.record_clearance(draft, agency=imda, actor=make_member(imda), at=NOON)
    save(draft, actor=lead, body="Other words.")
    assert why_not(draft, other, at=NOON + HOUR) == [
        "IMDA has not cleared this text.",
        "CSA has not cleared this text.",
    ]


def test_whom_people_of_another_newsroom_named_is_asked(agencies):
    mti, imda, _ = agencies
    old = make_edition(issuers=[mti, imda], origin="record")
    Edition.objects.filter(pk=old.pk).update(
        state="approved", live_from=NOON, first_live_at=NOON, digest="recorded"
    )
    old.refresh_from_db()
    assert [stake.is_excused for stake in consent.find_stakes(old)] == [False, False]
    draft = new_editions.start_next_edition(old, author=make_user(), at=NOON)
    assert past(draft) == {("mti", True, False), ("imda", False, False)}


def test_what_was_scheduled_before_anybody_kept_who_issued_it_owes_its_predecessors_issuers(agencies):
    """Such editions stand in the databases of before: approved, without a row of who was concerned."""
    mti, imda, _ = agencies
    draft = make_next(make_live(issuers=[mti, imda]))
    issue(draft, mti, actor=make_member(mti))
    scheduled = approval.approve(
        cleared(draft), approver=make_user(), at=NOON, live_from=timezone.now() + HOUR
    )
    rules.uninstall(connection)
    PastIssuer.objects.filter(edition=scheduled.pk).delete()
    rules.install(connection)
    approval.unschedule_edition(scheduled, actor=make_user(), at=NOON)
    assert past(scheduled) == {("mti", True, False), ("imda", False, False)}


def test_an_instant_that_is_set_after_the_page_was_opened_is_not_passed_over(agencies):
    draft = make_edition(issuers=agencies[:1])
    seen = consent.sight(draft)
    save(draft, actor=make_member(agencies[0]), wanted_from=NOON + HOUR)
    with pytest.raises(ActionRefused, match="This version changed after you opened it"):
        approval.approve(draft, approver=make_user(), at=NOON, seen=seen)


def test_a_note_that_would_be_dropped_is_refused(agencies):
    mti, imda, _ = agencies
    draft = make_edition(issuers=[mti, imda])
    with pytest.raises(ActionRefused, match="You speak for IMDA yourself"):
        workflow.perform_verb("clear", draft, user=make_member(imda), at=NOON, note="But not the annex")
    assert not draft.clearances.exists()


def test_for_an_agency_without_an_approver_no_writer_notes_what_it_agreed_to(agencies):
    mti, imda, _ = agencies
    writer, other = make_member(mti), make_member(mti)
    edition = make_edition(issuers=[mti, imda], author=writer)
    by_letter = {"at": NOON, "note": "Ms Tan, by letter of 1 March"}
    with pytest.raises(ActionRefused, match="You wrote in this version"):
        workflow.perform_verb("clear", edition, user=writer, **by_letter)
    with pytest.raises(ActionRefused, match="You wrote in this version"):
        review.record_clearance(edition, agency=imda, actor=writer, **by_letter)
    workflow.perform_verb("clear", edition, user=other, **by_letter)
    assert why_not(edition, make_member(mti)) == []
    save(edition, actor=other, body="Other words.")
    save(edition, actor=other, body="A paragraph.")
    assert why_not(edition, make_member(mti)) == [
        "What IMDA agreed to was noted by somebody who wrote in this version. Another approver has to note it."
    ]


def test_a_clearance_is_for_the_instant_that_was_shown_or_later(agencies):
    mti, imda, _ = agencies
    edition = make_edition(issuers=[mti, imda], wanted_from=NOON + 3 * HOUR)
    theirs, lead = make_member(imda), make_member(mti)
    workflow.perform_verb("clear", edition, user=theirs, at=NOON)
    shown = "IMDA cleared this for 1 March 2024"
    with pytest.raises(ActionRefused, match=shown):
        workflow.perform_verb("approve", edition, user=lead, at=NOON, live_from=NOON + 2 * HOUR)
    with pytest.raises(ActionRefused, match=shown):
        workflow.perform_verb("approve", edition, user=lead, at=NOON, live_from=None)
    save(edition, wanted_from=NOON + HOUR)
    workflow.perform_verb("clear", edition, user=theirs, at=NOON)
    workflow.perform_verb("approve", edition, user=lead, at=NOON, live_from=NOON + 2 * HOUR)


def test_the_database_itself_lets_nothing_pass_that_somebody_did_not_clear(agencies):
    """Past the services, by an UPDATE: joint, taken out, put behind, for a later instant, urgently."""
    mti, imda, _ = agencies
    lead, starts = make_member(mti), timezone.now() + HOUR
    at = {"live_from": starts, "first_live_at": starts}

    def put_through(edition, **more):
        values = {"state": "approved", "digest": "d", "approver": make_user(), **at, **more}
        with transaction.atomic():
            return Edition.objects.filter(pk=edition.pk).update(**values)

    joint, taken, behind, later = (make_edition(issuers=[mti, imda]) for _ in range(4))
    issue(taken, mti, actor=lead)
    issue(behind, imda, mti, actor=lead)
    for edition, agency in ((joint, imda), (taken, imda), (behind, mti), (later, imda)):
        with pytest.raises(IntegrityError, match="Every agency concerned"):
            put_through(edition)
        clearance = {"agency": agency, "given_by": lead, "given_at": NOON}
        if edition != later:
            edition.clearances.create(digest="another", **clearance)
            with pytest.raises(IntegrityError, match="Every agency concerned"):
                put_through(edition)
            edition.clearances.all().delete()
        edition.clearances.create(
            digest="d", shown_from=starts + HOUR if edition == later else None, **clearance
        )
    with pytest.raises(IntegrityError, match="not published urgently"):
        put_through(behind, urgent_reason="A rumour")
    with pytest.raises(IntegrityError, match="Every agency concerned"):
        put_through(later)
    assert put_through(joint) == put_through(taken) == 1
    assert put_through(later, live_from=starts + HOUR, first_live_at=starts + HOUR) == 1
    with pytest.raises(IntegrityError, match="Every agency concerned"), transaction.atomic():
        Edition.objects.filter(pk=later.pk).update(**at)


def test_who_issued_a_draft_before_stays_on_record_until_it_is_discarded(agencies):
    mti, imda, _ = agencies
    edition = make_edition(issuers=[mti, imda])
    issue(edition, mti, actor=make_member(mti))
    with connection.cursor() as cursor:
        for statement in (
            "DELETE FROM releases_pastissuer",
            f"UPDATE releases_pastissuer SET agency_id = {mti.pk}",
            "UPDATE releases_pastissuer SET imported = TRUE",
        ):
            with pytest.raises(IntegrityError, match="stays on record"), transaction.atomic():
                cursor.execute(statement)
    drafts.discard(edition)
    assert not PastIssuer.objects.exists()


def test_a_draft_without_issuers_is_led_by_whom_its_author_names_and_needs_its_approval(agencies):
    mti, imda, _ = agencies
    author = make_member(imda, role="writer")
    edition = make_edition(issuers=[], author=author)
    issue(edition, mti, imda, actor=author)
    assert why_not(edition, make_member(imda)) == ["Only an approver of the lead agency can do this."]
    with pytest.raises(ActionRefused, match="Only people of MTI"):
        issue(edition, imda, mti, actor=author)


def test_a_joint_agency_mends_a_word_and_the_lead_corrects(agencies):
    mti, imda, _ = agencies
    edition = make_edition(issuers=[mti, imda])
    writer = make_member(imda, role="writer")
    stored = read_draft(edition.pk)
    values = replace(stored.values, body="A paragraph mended.", body_html=None)
    drafts.save_draft(edition, values, base=stored.edition.lock_version, actor=writer, at=NOON)
    workflow.perform_verb("clear", edition, user=make_member(imda), at=NOON)
    workflow.perform_verb("approve", edition, user=make_member(mti), at=NOON)
    edition = Edition.objects.get(pk=edition.pk)
    corrected = workflow.perform_verb("next", edition, user=make_member(mti, role="writer"), at=NOON + HOUR)
    save(corrected, body="Right.", change_class="correction", change_note="A figure.")
    workflow.perform_verb("clear", corrected, user=make_member(imda), at=NOON + HOUR)
    approved = workflow.perform_verb("approve", corrected, user=make_member(mti), at=NOON + HOUR)
    assert approved.body == "Right."


def told(person, at=NOON):
    return [one.text for one in notices.recent_notices(Authority(person, at))]


def test_a_removal_takes_two_approvers_of_the_lead_and_all_are_told(agencies):
    mti, imda, csa = agencies
    live = make_live(issuers=[mti, imda])
    one, other, joint = make_member(mti), make_member(mti), make_member(imda)
    workflow.perform_verb("remove", live, user=one, at=NOON + HOUR, reason="It names a child")
    assert not live.release.absences.exists()
    assert why_not(live, one, "remove", NOON + HOUR) == [proposals.NOT_ALONE["remove"]]
    assert why_not(live, joint, "remove", NOON + HOUR) == ["Only an approver of the lead agency can do this."]
    workflow.perform_verb("remove", live, user=other, at=NOON + 2 * HOUR, reason="It names a child")
    absence = live.release.absences.get()
    assert (absence.kind, absence.begun_by, absence.since) == ("removed", other, NOON + 2 * HOUR)
    assert told(joint, NOON + 3 * HOUR) == [
        "removed it: It names a child",
        "asked to remove it: It names a child",
    ]
    assert told(make_member(csa), NOON + 3 * HOUR) == []


def test_what_was_asked_for_is_dropped_again_and_asked_for_anew(agencies):
    live, one, other = make_live(), make_member(make_agency()), make_member(make_agency())
    workflow.perform_verb("remove", live, user=one, at=NOON, reason="Why")
    workflow.perform_verb("keep", live, user=one, at=NOON)
    assert "Nobody asked" in why_not(live, one, "keep")[0]
    workflow.perform_verb("remove", live, user=other, at=NOON, reason="Again")
    assert not live.release.absences.exists()
    assert [(row.is_done, row.made_by) for row in live.release.proposals.all()] == [
        (False, one),
        (False, other),
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        live.release.proposals.filter(made_by=other).update(is_done=True, ended_by=other)


def test_what_two_agencies_issued_comes_back_once_both_agree(agencies):
    mti, imda, _ = agencies
    live = make_live(issuers=[mti, imda])
    one, other, joint = make_member(mti), make_member(mti), make_member(imda)
    workflow.perform_verb("withdraw", live, user=one, at=NOON + HOUR, reason="Why")
    with pytest.raises(ActionRefused, match="neither withdrawn nor removed"):  # at the very instant
        workflow.perform_verb("agree", live, user=joint, at=NOON + HOUR)
    at = NOON + 2 * HOUR
    assert why_not(live, other, "restore", at) == ["IMDA has not agreed that the release comes back."]
    with pytest.raises(ActionRefused, match="IMDA has not agreed"):
        takedown.restore(live.release, actor=other, at=at)
    assert why_not(live, other, "agree", at) != [] == why_not(live, joint, "agree", at)
    workflow.perform_verb("agree", live, user=joint, at=at)
    live = Edition.objects.get(pk=live.pk)
    assert why_not(live, one, "restore", at) == [takedown.NOT_ALONE]
    workflow.perform_verb("restore", live, user=other, at=at)
    assert workflow.stage_of(Edition.objects.get(pk=live.pk), at) == "live"
    assert told(joint, at)[0] == "brought it back"


def test_the_database_lets_nothing_come_back_that_a_joint_agency_did_not_agree_to(agencies):
    live = make_live(issuers=agencies[:2])
    absence = takedown.withdraw(live.release, actor=make_user(), reason="Why", at=NOON + HOUR)
    ended = {"until": NOON + 3 * HOUR, "ended_by": make_user()}
    with pytest.raises(IntegrityError, match="Each joint agency agrees"), transaction.atomic():
        live.release.absences.filter(pk=absence.pk).update(**ended)
    joint = make_member(agencies[1])
    workflow.perform_verb("agree", live, user=joint, at=NOON + 2 * HOUR)
    assert live.release.absences.filter(pk=absence.pk).update(**ended) == 1


def test_the_lead_notes_who_agreed_that_a_release_comes_back(agencies):
    mti, imda, _ = agencies
    live = make_live(issuers=[mti, imda])
    one, other = make_member(mti), make_member(mti)
    workflow.perform_verb("withdraw", live, user=one, at=NOON + HOUR, reason="Why")
    with pytest.raises(ActionRefused, match="Say how IMDA gave consent"):
        workflow.perform_verb("agree", live, user=other, at=NOON + 2 * HOUR)
    workflow.perform_verb("agree", live, user=other, at=NOON + 2 * HOUR, note="Ms Tan, by letter")
    live = Edition.objects.get(pk=live.pk)
    workflow.perform_verb("restore", live, user=other, at=NOON + 2 * HOUR)


def test_an_erasure_takes_two_superusers_and_all_are_told(agencies):
    mti, imda, _ = agencies
    live, joint = make_live(issuers=[mti, imda]), make_member(imda)
    one, other = make_user(is_superuser=True), make_user(is_superuser=True)
    with pytest.raises(ActionRefused, match="Only a superuser"):
        workflow.perform_verb("erase", live, user=make_member(mti), at=NOON, reason="Why")
    workflow.perform_verb("erase", live, user=one, at=NOON, reason="Order 12 of 2024")
    assert why_not(live, one, "erase") == [proposals.NOT_ALONE["erase"]]
    assert Edition.objects.get().erased_at is None
    workflow.perform_verb("erase", live, user=other, at=NOON + HOUR, reason="Order 12 of 2024")
    assert Edition.objects.get().erased_at == NOON + HOUR
    assert told(joint, NOON + HOUR) == ["erased it by law"]


def test_who_is_taken_out_put_behind_or_named_is_told(agencies):
    mti, imda, csa = agencies
    edition = make_edition(issuers=[mti, imda])
    theirs, named = make_member(imda), make_member(csa)
    issue(edition, csa, mti, actor=make_member(mti))
    assert told(theirs) == ["took your agency out of the issuers; it has to clear the draft"]
    assert told(named) == ["named your agency as the lead; it accepts by approving the draft"]
    issue(edition, imda, csa, mti, actor=named)
    assert told(make_member(mti)) == []
    assert told(theirs)[0] == "named your agency as the lead; it accepts by approving the draft"


def scheduled(agencies, *, shown=None, starts=3):
    """An edition of two agencies, cleared with `shown` hours from now as its time, public in `starts` hours."""
    now = timezone.now().replace(microsecond=0)
    edition = make_edition(
        issuers=agencies[:2], wanted_from=now + shown * HOUR if shown is not None else None
    )
    workflow.perform_verb("clear", edition, user=make_member(agencies[1]), at=now)
    edition = Edition.objects.get(pk=edition.pk)
    person = make_member(agencies[0])
    return now, workflow.perform_verb("approve", edition, user=person, at=now, live_from=now + starts * HOUR)


@pytest.mark.parametrize("hours", [1, 2, 5])
def test_another_time_that_no_clearance_speaks_against_keeps_all(agencies, hours):
    now, edition = scheduled(agencies, shown=1)
    lead, joint = make_member(agencies[0]), make_member(agencies[1])
    moved = workflow.perform_verb("reschedule", edition, user=lead, at=now, live_from=now + hours * HOUR)
    starts = now + hours * HOUR
    assert (moved.state, moved.live_from, moved.first_live_at) == ("approved", starts, starts)
    assert edition.clearances.count() == 1
    assert told(joint, timezone.now())[0].startswith("gave it another time; it becomes public on")
    assert LedgerEntry.objects.last().note["to"] == starts.isoformat()


def test_an_earlier_time_than_was_cleared_is_told_first_and_voids_that_clearance(agencies):
    now, edition = scheduled(agencies, shown=3)
    lead, earlier = make_member(agencies[0]), now + 2 * HOUR
    with pytest.raises(ActionRefused, match="An earlier time voids its clearance"):
        workflow.perform_verb("reschedule", edition, user=lead, at=now, live_from=earlier)
    assert Edition.objects.get(pk=edition.pk).state == "approved"
    back = workflow.perform_verb("reschedule", edition, user=lead, at=now, live_from=earlier, resubmits=True)
    assert (back.state, back.live_from, back.wanted_from) == ("submitted", None, earlier)
    back = Edition.objects.get(pk=back.pk)
    assert not back.clearances.exists()
    workflow.perform_verb("clear", back, user=make_member(agencies[1]), at=now)
    workflow.perform_verb("approve", back, user=lead, at=now, live_from=earlier)


def test_a_correction_that_is_moved_takes_the_end_of_the_edition_before_it_along(agencies):
    now = timezone.now().replace(microsecond=0)
    first = make_live(at=now - HOUR, issuers=agencies[:1])
    second = approval.approve(make_next(first), approver=make_user(), at=now, live_from=now + 3 * HOUR)
    lead = make_member(agencies[0])
    for hours in (5, 1):
        starts = now + hours * HOUR
        moved = workflow.perform_verb("reschedule", second, user=lead, at=now, live_from=starts)
        first.refresh_from_db()
        assert (first.live_until, moved.live_from, moved.first_live_at) == (starts, starts, now - HOUR)


def test_who_wrote_in_it_does_not_move_it_nor_anybody_past_its_instant(agencies):
    now, edition = scheduled(agencies)
    lead, writer = make_member(agencies[0]), make_member(agencies[0])
    with pytest.raises(ActionRefused, match="Choose a future date and time"):
        workflow.perform_verb("reschedule", edition, user=lead, at=now, live_from=now - HOUR)
    with pytest.raises(ActionRefused, match="for this time already"):
        workflow.perform_verb("reschedule", edition, user=lead, at=now, live_from=edition.live_from)
    with pytest.raises(ActionRefused, match="time of this version changed"):
        workflow.perform_verb(
            "reschedule", edition, user=lead, at=now, live_from=now + HOUR, seen=f"{edition.digest} {now}"
        )
    draft = approval.unschedule_edition(edition, actor=lead, at=now)
    save(draft, actor=writer, body="Other words.")
    workflow.perform_verb("clear", draft, user=make_member(agencies[1]), at=now)
    again = workflow.perform_verb("approve", draft, user=lead, at=now, live_from=now + HOUR)
    with pytest.raises(ActionRefused, match="You wrote in this version"):
        workflow.perform_verb("reschedule", again, user=writer, at=now, live_from=now + 2 * HOUR)


def test_what_is_unscheduled_keeps_its_clearances_until_it_changes(agencies):
    now, edition = scheduled(agencies)
    lead = make_member(agencies[0])
    back = workflow.perform_verb("unschedule", edition, user=lead, at=now)
    assert why_not(back, lead, at=now) == []
    save(back, body="Other words.")
    assert why_not(back, lead, at=now) == ["IMDA has not cleared this text."]
    assert "unscheduled it; it is a draft again" in told(make_member(agencies[1]), timezone.now())
