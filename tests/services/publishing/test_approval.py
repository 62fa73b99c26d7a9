import datetime as dt

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from releases.content.text.tokens import Term
from releases.models import AgencyName, Edition, EditionContributor, LedgerEntry
from releases.services.editing import drafts
from releases.services.editions.digests import digest_edition
from releases.services.editions.transitions import ActionRefused, record_writing
from releases.services.publishing import approval, new_editions, takedown
from releases.services.search import editions_with, format_match
from tests.factories import (
    NOON,
    cleared,
    make_agency,
    make_blob,
    make_edition,
    make_live,
    make_next,
    make_scheduled,
    make_user,
)

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def refusal(verb, *args, **kwargs):
    with pytest.raises(ActionRefused) as refused:
        verb(*args, **kwargs)
    return refused.value.reasons


def test_approve_makes_an_edition_live_at_once():
    person = make_user()
    edition = approval.approve(make_edition(), approver=person, at=NOON)
    assert (edition.state, edition.approver, edition.live_from, edition.first_live_at) == (
        "approved",
        person,
        NOON,
        NOON,
    )
    assert len(edition.digest) == 64


def test_approve_refuses_the_author():
    author = make_user()
    reasons = refusal(approval.approve, make_edition(author=author), approver=author, at=NOON)
    assert reasons == ["You wrote this version. Someone else has to approve it."]


def test_who_wrote_in_a_draft_that_was_discarded_may_approve_the_one_that_is_written_instead():
    live, person = make_live(), make_user()
    discarded = make_next(live, author=person)
    record_writing(LedgerEntry.Verb.SAVE, discarded, actor=person, at=NOON)
    drafts.discard(discarded)
    again = make_next(live, author=make_user())
    assert again.number == discarded.number
    approval.approve(again, approver=person, at=NOON + HOUR)


def test_who_began_a_draft_that_was_handed_over_does_not_approve_it():
    person = make_user()
    draft = make_next(make_live(), author=person)
    Edition.objects.filter(pk=draft.pk).update(author=make_user())
    draft.refresh_from_db()
    reasons = refusal(approval.approve, draft, approver=person, at=NOON + HOUR)
    assert reasons == ["You changed this version. Someone else has to approve it."]


def test_whose_words_were_undone_still_wrote_in_it():
    draft, person = make_next(make_live(), author=make_user()), make_user()
    before = digest_edition(draft)
    record_writing(LedgerEntry.Verb.SAVE, draft, actor=person, at=NOON, before=before, after="1" * 64)
    record_writing(LedgerEntry.Verb.SAVE, draft, actor=person, at=NOON, before="1" * 64, after=before)
    reasons = refusal(approval.approve, draft, approver=person, at=NOON + HOUR)
    assert reasons == ["You changed this version. Someone else has to approve it."]
    assert draft.contributors.filter(user=person).count() == 1


def test_who_wrote_is_asked_of_rows_and_not_of_the_ledger():
    draft, person, other = make_edition(), make_user(), make_user()
    LedgerEntry.objects.record(LedgerEntry.Verb.SAVE, at=NOON, actor=other, edition=draft)
    EditionContributor.objects.add(draft, person)
    assert refusal(approval.approve, draft, approver=person, at=NOON) == [
        "You changed this version. Someone else has to approve it."
    ]
    approval.approve(draft, approver=other, at=NOON)


def test_who_brings_an_old_text_back_wrote_in_the_draft():
    first = make_live()
    approval.approve(make_next(first, body="New."), approver=make_user(), at=NOON + HOUR)
    person = make_user()
    draft = new_editions.restore_as_draft(first, author=person, at=NOON + 2 * HOUR)
    assert [row.user for row in draft.contributors.all()] == [person]


def test_who_wrote_stays_on_record_when_an_edition_is_unscheduled():
    now, person = timezone.now(), make_user()
    draft = make_next(make_live(at=now - HOUR), author=make_user())
    record_writing(LedgerEntry.Verb.SAVE, draft, actor=person, at=now)
    approval.approve(draft, approver=make_user(), at=now, live_from=now + HOUR)
    back = approval.unschedule_edition(draft, actor=person, at=now)
    reasons = refusal(approval.approve, back, approver=person, at=now)
    assert reasons == ["You changed this version. Someone else has to approve it."]


def test_approve_refuses_a_release_without_an_agency():
    reasons = refusal(approval.approve, make_edition(issuers=[]), approver=make_user(), at=NOON)
    assert reasons == ["Name at least one issuing agency."]


def test_an_issuer_is_named_as_it_is_when_it_is_approved():
    """Of the day of release; a name that came to be known only after the draft was saved counts."""
    agency = make_agency("mci", "Ministry of Communications", "MCI")
    edition = make_edition(issuers=[agency], release_date=NOON.date())
    read = digest_edition(edition)
    AgencyName.objects.create(agency=agency, name="Ministry of Digits", acronym="MOD", valid_from=NOON.date())
    reasons = refusal(approval.approve, edition, approver=make_user(), at=NOON, seen=read)
    assert reasons == ["This version changed after you opened it. Read it again, then approve it."]
    read = digest_edition(edition)
    approved = approval.approve(edition, approver=make_user(), at=NOON, seen=read)
    issuer = approved.issuers.get()
    assert (issuer.name, issuer.acronym) == ("Ministry of Digits", "MOD")
    AgencyName.objects.create(agency=agency, name="Ministry of Bits", valid_from=dt.date(2024, 2, 1))
    new_editions.start_next_edition(approved, author=make_user(), at=NOON)
    assert approved.issuers.get().name == "Ministry of Digits"


def test_approve_refuses_a_time_that_has_passed():
    reasons = refusal(approval.approve, make_edition(), approver=make_user(), at=NOON, live_from=NOON - HOUR)
    assert reasons == ["The time of publication has passed. Choose a future date and time, or publish now."]


def test_approve_refuses_what_is_approved_or_rejected():
    for edition in (make_live(), make_edition(state="rejected")):
        assert (
            "only a draft or a submitted version"
            in refusal(approval.approve, edition, approver=make_user(), at=NOON)[0]
        )


def test_approve_refuses_an_edition_that_a_newer_one_has_overtaken():
    live = make_live()
    begun = [make_next(live, author=make_user(), at=NOON) for _ in range(2)]
    approval.approve(begun[0], approver=make_user(), at=NOON + HOUR)
    reasons = refusal(approval.approve, begun[1], approver=make_user(), at=NOON + 2 * HOUR)
    assert reasons == [
        "A newer version has been published since this one was started. Start again from that one."
    ]


def test_approve_refuses_a_second_edition_in_the_future():
    live = make_live()
    begun = [make_next(live, author=make_user(), at=NOON) for _ in range(2)]
    approval.approve(begun[0], approver=make_user(), at=NOON, live_from=NOON + HOUR)
    reasons = refusal(approval.approve, begun[1], approver=make_user(), at=NOON, live_from=NOON + 2 * HOUR)
    assert reasons == ["Another version of this release is already scheduled. Stop its publication first."]


def test_approve_refuses_another_file_at_a_path_that_is_in_use():
    make_live(annexes=[("/files/a.pdf", b"%PDF-1 one")])
    edition = make_edition(annexes=[("/files/a.pdf", b"%PDF-1 two")])
    reasons = refusal(approval.approve, edition, approver=make_user(), at=NOON)
    assert reasons == [
        "Another release serves a different file at /files/a.pdf. Give the new file its own address."
    ]
    same = make_edition(annexes=[("/files/a.pdf", b"%PDF-1 one")])
    assert approval.approve(same, approver=make_user(), at=NOON).state == "approved"


@pytest.mark.parametrize("here", ["annexes", "images"])
@pytest.mark.parametrize("there", ["annexes", "images"])
def test_a_path_serves_the_same_bytes_as_file_and_as_picture(here, there):
    make_edition(**{there: [("/files/a.png", b"a draft's")]})
    mine = make_live(**{here: [("/files/a.png", b"one")]})
    clash = make_edition(**{there: [("/files/a.png", b"two")]})
    assert refusal(approval.approve, clash, approver=make_user(), at=NOON) == [
        "Another release serves a different file at /files/a.png. Give the new file its own address."
    ]
    for allowed in ([("/files/a.png", b"one")], [("/files/b.png", b"two")]):
        assert approval.approve(make_edition(**{there: allowed}), approver=make_user(), at=NOON).digest
    replaced = make_next(mine)
    getattr(replaced, "illustrations" if here == "images" else here).update(blob=make_blob(b"anew"))
    Edition.objects.exclude(release=mine.release).filter(state="approved").update(live_until=NOON + HOUR)
    assert approval.approve(replaced, approver=make_user(), at=NOON + HOUR).digest


def decide(edition, **changes):
    values = {"approver": make_user(), "at": NOON, "live_from": NOON, **changes}
    return approval.Decision(edition, **values)


def test_many_are_approved_as_each_would_be_alone():
    chief, issuers = make_user(), [make_agency(), make_agency("mci", "Ministry of Communications", "MCI")]
    AgencyName.objects.create(agency=issuers[0], name="Ministry of Trade", valid_from=dt.date(2024, 2, 1))
    live = make_live()
    drafts_made = [
        cleared(make_edition(issuers=issuers, annexes=[("/files/a.pdf", b"%PDF-1 a")])),
        make_edition(body="Text with a [link](/news/press-releases/)."),
        make_next(live),
    ]
    starts = [NOON, NOON + HOUR, NOON + 2 * HOUR]
    decisions = [
        decide(one, approver=chief, live_from=start) for one, start in zip(drafts_made, starts, strict=True)
    ]
    together = outcomes(lambda: approval.approve_each(decisions))
    alone = outcomes(
        lambda: [
            approval.approve(one.edition, approver=chief, at=NOON, live_from=one.live_from)
            for one in decisions
        ]
    )
    assert together == alone
    assert [one[0] for one in together[0]] == ["approved"] * 3
    assert len(together[2]) == 4
    assert [verb for verb, *_ in together[1]][-3:] == ["approve"] * 3


def outcomes(verb):
    """What an approval leaves in editions, ledger and search, once it is undone again."""
    with transaction.atomic():
        approved = verb()
        stored = Edition.objects.filter(pk__in=[one.pk for one in approved]).select_related("based_on")
        rows = [
            (
                one.state,
                one.digest,
                one.live_from,
                one.first_live_at,
                one.approver_id,
                one.lock_version,
                [(issuer.name, issuer.acronym) for issuer in one.issuers.all()],
                one.based_on and one.based_on.live_until,
            )
            for one in stored.order_by("pk")
        ]
        entries = LedgerEntry.objects.values_list("verb", "edition", "before", "after", "note")
        held = editions_with(format_match([Term(["paragraph"])]))
        found = list(Edition.objects.filter(pk__in=held).values_list("pk"))
        left = rows, list(entries), found
        assert LedgerEntry.objects.broken() is None
        transaction.set_rollback(True)
    return left


def test_many_are_approved_or_none():
    good, bad = make_edition(), make_edition(body="")
    reasons = refusal(approval.approve_each, [decide(good), decide(bad)])
    assert reasons == ["The text is empty."]
    assert not Edition.objects.filter(state="approved").exists()
    assert not LedgerEntry.objects.exists()


def test_what_depends_on_each_other_is_not_judged_at_once():
    live = make_live()
    begun = [make_next(live) for _ in range(2)]
    sharing = [make_edition(annexes=[("/files/a.pdf", bytes([65 + number]))]) for number in range(2)]
    for pair in (begun, sharing):
        with pytest.raises(ValueError, match="one after another"):
            approval.approve_each([decide(edition) for edition in pair])


def test_many_are_judged_in_as_many_queries_as_few():
    def count(number):
        editions = [make_edition(annexes=[(f"/files/{number}-{k}.pdf", b"%PDF-1 a")]) for k in range(number)]
        with CaptureQueriesContext(connection) as asked:
            approval.approve_each([decide(edition) for edition in editions])
        return sum(query["sql"].startswith("SELECT") for query in asked)

    assert count(2) == count(9)


def test_the_second_edition_ends_the_first_and_keeps_its_place_in_the_order():
    first = make_live(at=NOON)
    draft = make_next(first, author=make_user(), at=NOON + HOUR)
    second = approval.approve(draft, approver=make_user(), at=NOON + HOUR)
    first.refresh_from_db()
    assert (first.live_until, second.live_from, second.first_live_at) == (NOON + HOUR, NOON + HOUR, NOON)


def test_an_edition_succeeds_the_last_that_was_approved_and_no_draft_that_was_left_before_it():
    first = make_live()
    left, second = make_next(first), make_next(first)
    assert approval.find_predecessor(first) is None
    assert approval.find_predecessor(left) == approval.find_predecessor(second) == first
    second = approval.approve(second, approver=make_user(), at=NOON + HOUR)
    third = approval.approve(make_next(second), approver=make_user(), at=NOON + 2 * HOUR)
    second.refresh_from_db()
    assert (third.number, second.live_until) == (4, NOON + 2 * HOUR)
    assert approval.find_predecessor(left) == third


def test_unschedule_returns_to_draft_and_reopens_the_predecessor():
    now = timezone.now()
    first = make_live(at=now)
    draft = make_next(first, author=make_user(), at=now)
    approval.approve(draft, approver=make_user(), at=now, live_from=now + HOUR)
    back = approval.unschedule_edition(draft, actor=make_user(), at=now)
    first.refresh_from_db()
    assert (back.state, back.live_from, back.approver, back.digest) == ("draft", None, None, "")
    assert first.live_until is None


def test_unschedule_refuses_what_is_live():
    starts = timezone.now() + HOUR
    soon = make_scheduled(live_from=starts, at=timezone.now())
    for edition, at in ((make_live(), NOON + HOUR), (soon, starts), (make_edition(), NOON)):
        reasons = refusal(approval.unschedule_edition, edition, actor=make_user(), at=at)
        assert reasons == ["Only a version that is scheduled and not live yet can be unscheduled."]
    just_before = starts - dt.timedelta(milliseconds=1)
    assert approval.unschedule_edition(soon, actor=make_user(), at=just_before).state == "draft"


def test_the_next_edition_starts_as_a_copy():
    agencies = [make_agency(), make_agency("imda", "Infocomm Media Development Authority", "IMDA")]
    first = make_live(
        issuers=agencies, annexes=[("/files/a.pdf", b"%PDF-1")], images=[("/images/a.png", b"png")]
    )
    author = make_user()
    copy = make_next(first, author=author, at=NOON)
    assert (copy.number, copy.state, copy.based_on, copy.author) == (2, "draft", first, author)
    assert [issuer.agency for issuer in copy.issuers.all()] == agencies
    assert [annex.blob_id for annex in copy.annexes.all()] == [annex.blob_id for annex in first.annexes.all()]
    assert copy.illustrations.count() == first.illustrations.count() == 1
    assert Edition.objects.get(pk=first.pk).body == copy.body


def test_taking_away_needs_a_reason_and_a_public_release():
    live, draft = make_live(), make_edition()
    assert refusal(takedown.withdraw, live.release, actor=make_user(), reason=" ", at=NOON) == [
        "Give the reason; readers will see it."
    ]
    assert refusal(takedown.remove, draft.release, actor=make_user(), reason="x", at=NOON) == [
        "This release is not public."
    ]


def test_bringing_back_needs_a_second_person():
    live, person = make_live(), make_user()
    takedown.withdraw(live.release, actor=person, reason="Why", at=NOON + HOUR)
    assert refusal(takedown.restore, live.release, actor=person, at=NOON + 2 * HOUR) == [
        "You withdrew it; a colleague must republish it."
    ]
    absence = takedown.restore(live.release, actor=make_user(), at=NOON + 2 * HOUR)
    assert absence.until == NOON + 2 * HOUR


def test_every_verb_leaves_an_entry_in_an_unbroken_ledger():
    now = timezone.now()
    edition = make_scheduled(live_from=now + HOUR, at=now)
    approval.unschedule_edition(edition, actor=make_user(), at=now)
    approval.approve(edition, approver=make_user(), at=now)
    takedown.withdraw(edition.release, actor=make_user(), reason="Why", at=now + HOUR)
    takedown.restore(edition.release, actor=make_user(), at=now + 2 * HOUR)
    verbs = [entry.verb for entry in LedgerEntry.objects.all()]
    assert verbs == ["approve", "unschedule", "approve", "withdrawn", "restore"]
    assert LedgerEntry.objects.broken() is None


def test_files_that_would_clash_later_are_refused_now():
    now = timezone.now()
    make_scheduled(live_from=now + 2 * HOUR, at=now, annexes=[("/files/a.pdf", b"%PDF-1.4 one")])
    earlier = make_edition(annexes=[("/files/a.pdf", b"%PDF-1.4 two")])
    reasons = refusal(approval.approve, earlier, approver=make_user(), at=now, live_from=now + HOUR)
    assert reasons == [
        "Another release serves a different file at /files/a.pdf. Give the new file its own address."
    ]


def test_an_edition_that_went_live_while_its_lock_was_waited_for_stays():
    asked = timezone.now() - HOUR
    edition = make_scheduled(live_from=timezone.now() - dt.timedelta(seconds=1), at=asked)
    reasons = refusal(approval.unschedule_edition, edition, actor=make_user(), at=asked)
    assert reasons == ["Only a version that is scheduled and not live yet can be unscheduled."]


def test_a_withdrawn_release_can_be_removed_at_once():
    edition, one = make_live(), make_user()
    takedown.withdraw(edition.release, actor=one, reason="Wrong", at=NOON + HOUR)
    again = refusal(takedown.withdraw, edition.release, actor=one, reason="Wrong", at=NOON + 2 * HOUR)
    assert again == ["This release is already withdrawn or removed."]
    takedown.remove(edition.release, actor=one, reason="It names a child", at=NOON + 2 * HOUR)
    assert not Edition.objects.live(NOON + 2 * HOUR).exists()
    kinds = edition.release.absences.order_by("since").values_list("kind", "until")
    assert list(kinds) == [("withdrawn", NOON + 2 * HOUR), ("removed", None)]
    for verb in (takedown.withdraw, takedown.remove):
        reasons = refusal(verb, edition.release, actor=one, reason="Again", at=NOON + 3 * HOUR)
        assert "This release is already withdrawn or removed." in reasons


def test_of_two_who_take_a_release_away_or_bring_it_back_the_later_is_refused():
    """Whoever waited for the lock comes with an instant that lies before what the other did."""
    edition, one, other = make_live(), make_user(), make_user()
    takedown.withdraw(edition.release, actor=one, reason="Wrong", at=NOON + HOUR)
    before = NOON + HOUR - dt.timedelta(milliseconds=5)
    for verb in (takedown.withdraw, takedown.remove):
        reasons = refusal(verb, edition.release, actor=other, reason="Wrong", at=before)
        assert reasons == ["This release is already withdrawn or removed."]
    takedown.restore(edition.release, actor=other, at=NOON + 2 * HOUR)
    reasons = refusal(takedown.restore, edition.release, actor=make_user(), at=NOON + 2 * HOUR - HOUR / 60)
    assert reasons == ["This release is neither withdrawn nor removed."]


def test_a_blank_reason_is_no_urgency():
    author = make_user()
    reasons = refusal(
        approval.approve, make_edition(author=author), approver=author, at=NOON, urgent_reason=" \n"
    )
    assert reasons == ["You wrote this version. Someone else has to approve it."]


def test_an_approval_that_is_refused_since_it_was_given_before_leaves_the_names_of_the_issuers():
    live = make_live(release_date=NOON.date())
    AgencyName.objects.create(agency=make_agency(), name="Ministry of Bits", valid_from=NOON.date())
    assert "can be approved" in refusal(approval.approve, live, approver=make_user(), at=NOON + HOUR)[0]
    assert live.issuers.get().name == "Ministry of Trade and Industry"


def test_unscheduling_one_of_a_package_reopens_the_edition_before_it_and_no_other():
    now, starts = timezone.now(), timezone.now() + HOUR
    oldest, another = make_live(at=now - 2 * HOUR), make_live(at=now - 2 * HOUR)
    live = approval.approve(make_next(oldest), approver=make_user(), at=now - HOUR)
    drafts = [make_next(live), make_next(another)]
    approval.approve_together(drafts, approver=make_user(), at=now, live_from=starts)
    approval.unschedule_edition(drafts[0], actor=make_user(), at=now)
    ends = {one.pk: one.live_until for one in Edition.objects.all()}
    assert ends == {
        oldest.pk: now - HOUR,
        live.pk: None,
        another.pk: starts,
        drafts[0].pk: None,
        drafts[1].pk: None,
    }


def test_what_was_urgent_is_not_any_more_once_it_is_unscheduled():
    now, author = timezone.now(), make_user()
    urgent = {"approver": author, "at": now, "live_from": now + HOUR, "urgent_reason": " A rumour "}
    edition = approval.approve(make_edition(author=author), **urgent)
    assert edition.urgent_reason == "A rumour"
    back = approval.unschedule_edition(edition, actor=author, at=now)
    assert refusal(approval.approve, back, approver=author, at=now) == [
        "You wrote this version. Someone else has to approve it."
    ]


def test_a_package_is_of_what_was_read():
    read, changed = make_edition(), make_edition(title="Changed")
    seen = {read.pk: digest_edition(read), changed.pk: "0" * 64}
    reasons = refusal(approval.approve_together, [changed, read], approver=make_user(), at=NOON, seen=seen)
    assert reasons == ["Changed: This version changed after you opened it. Read it again, then approve it."]
    assert not Edition.objects.filter(state="approved").exists()
    seen[changed.pk] = digest_edition(changed)
    approved = approval.approve_together([changed, read], approver=make_user(), at=NOON, seen=seen)
    assert [one.live_from for one in approved] == [NOON, NOON]


def test_nothing_is_brought_back_at_the_instant_at_which_it_was_taken_away():
    live = make_live()
    takedown.withdraw(live.release, actor=make_user(), reason="Why", at=NOON + HOUR)
    assert refusal(takedown.restore, live.release, actor=make_user(), at=NOON + HOUR) == [
        "This release is neither withdrawn nor removed."
    ]


def test_bringing_back_ends_the_absence_that_holds_and_no_earlier_one():
    release, one, other = make_live().release, make_user(), make_user()
    takedown.withdraw(release, actor=one, reason="Wrong", at=NOON + HOUR)
    takedown.restore(release, actor=other, at=NOON + 2 * HOUR)
    takedown.remove(release, actor=other, reason="Wrong again", at=NOON + 3 * HOUR)
    takedown.restore(release, actor=one, at=NOON + 4 * HOUR)
    ends = release.absences.order_by("since").values_list("until", "ended_by")
    assert list(ends) == [(NOON + 2 * HOUR, other.pk), (NOON + 4 * HOUR, one.pk)]
    assert refusal(takedown.restore, release, actor=make_user(), at=NOON + 5 * HOUR) == [
        "This release is neither withdrawn nor removed."
    ]


@pytest.mark.parametrize("way", ["at once", "together", "urgently", "another time"])
def test_no_way_leads_out_before_the_time_that_was_confirmed_for_an_embargo(way):
    now = timezone.now()
    ends = now + 5 * HOUR
    edition = make_edition(embargo="EMBARGOED", embargo_is_confirmed=True, wanted_from=ends)
    approver = make_user()
    given = {"approver": approver, "at": now}
    if way == "another time":
        approval.approve(edition, live_from=ends, **given)
        reasons = refusal(approval.reschedule, edition, actor=approver, at=now, live_from=ends - HOUR)
    elif way == "together":
        reasons = refusal(approval.approve_together, [edition], **given)
    else:
        urgent = {"urgent_reason": "Fire"} if way == "urgently" else {}
        reasons = refusal(approval.approve, edition, live_from=ends - HOUR, **given, **urgent)
    assert [reason for reason in reasons if "under an embargo until" in reason]


def test_a_confirmed_embargo_lets_a_release_out_at_its_time_and_later():
    now = timezone.now()
    ends = now + 5 * HOUR
    edition = make_edition(embargo="EMBARGOED", embargo_is_confirmed=True, wanted_from=ends)
    approver = make_user()
    approval.approve(edition, approver=approver, at=now, live_from=ends)
    assert (
        approval.reschedule(edition, actor=approver, at=now, live_from=ends + HOUR).live_from == ends + HOUR
    )
