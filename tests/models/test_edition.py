import datetime as dt

import pytest

from releases.models import Absence, AgreementEvent, Annex, Edition, Illustration, SiteFile
from releases.models.agreement import Agreement
from releases.services.publishing import approval, takedown
from tests.factories import (
    NOON,
    make_blob,
    make_edition,
    make_file_address,
    make_live,
    make_next,
    make_scheduled,
    make_user,
)

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)


@pytest.mark.parametrize("after, shown", [(-SECOND, False), (0 * SECOND, True), (SECOND, True)])
def test_an_edition_is_live_from_its_instant(after, shown):
    edition = make_scheduled(live_from=NOON + 60 * SECOND, at=NOON)
    at = NOON + 60 * SECOND + after
    for door in (Edition.objects.live, Edition.objects.listed, Edition.objects.on_record):
        assert list(door(at)) == ([edition] if shown else [])


@pytest.mark.parametrize("state", ["draft", "submitted", "rejected"])
def test_an_edition_that_is_not_approved_is_never_live(state):
    make_edition(state=state)
    far = NOON + dt.timedelta(days=4000)
    assert not Edition.objects.live(far).exists() and not Edition.objects.on_record(far).exists()


def test_the_next_edition_takes_over_at_one_instant():
    first = make_live(at=NOON)
    draft = make_next(first, author=make_user(), at=NOON)
    second = approval.approve(draft, approver=make_user(), at=NOON, live_from=NOON + 60 * SECOND)
    assert list(Edition.objects.live(NOON + 59 * SECOND)) == [first]
    assert list(Edition.objects.live(NOON + 60 * SECOND)) == [second]
    assert list(Edition.objects.on_record(NOON + 60 * SECOND).order_by("number")) == [first, second]


def test_a_withdrawn_release_keeps_its_page_and_leaves_the_lists():
    edition = make_live(at=NOON)
    takedown.withdraw(edition.release, actor=make_user(), reason="Out of date", at=NOON + SECOND)
    assert list(Edition.objects.live(NOON + SECOND)) == [edition]
    assert list(Edition.objects.listed(NOON + SECOND)) == []
    assert list(Edition.objects.listed(NOON)) == [edition]


def test_a_removed_release_is_behind_both_doors_until_it_returns():
    edition = make_live(at=NOON)
    takedown.remove(edition.release, actor=make_user(), reason="Wrong file", at=NOON + SECOND)
    assert not Edition.objects.live(NOON + SECOND).exists()
    assert not Edition.objects.on_record(NOON + SECOND).exists()
    takedown.restore(edition.release, actor=make_user(), at=NOON + 2 * SECOND)
    assert list(Edition.objects.live(NOON + 2 * SECOND)) == [edition]


def test_a_release_that_is_taken_away_takes_no_other_with_it():
    withdrawn, removed, live = make_live(at=NOON), make_live(at=NOON), make_live(at=NOON)
    takedown.withdraw(withdrawn.release, actor=make_user(), reason="Why", at=NOON + SECOND)
    takedown.remove(removed.release, actor=make_user(), reason="Why", at=NOON + SECOND)
    at = NOON + SECOND
    assert list(Edition.objects.listed(at)) == [live]
    assert list(Edition.objects.live(at)) == list(Edition.objects.on_record(at)) == [withdrawn, live]
    takedown.restore(withdrawn.release, actor=make_user(), at=at + SECOND)
    assert list(Edition.objects.listed(at + SECOND)) == [withdrawn, live]


def test_an_erased_edition_is_behind_every_door_whatever_becomes_of_its_absence():
    edition = make_scheduled(live_from=NOON + SECOND)
    Edition.objects.filter(pk=edition.pk).update(
        erased_at=NOON, title="Erased", body="", body_html="", summary=""
    )
    doors = (Edition.objects.live, Edition.objects.listed, Edition.objects.on_record)
    assert not any(door(NOON + 2 * SECOND).exists() for door in doors)
    assert not Edition.objects.scheduled(NOON).exists()


def test_what_was_ever_public_and_what_is_still_to_come():
    make_edition()
    edition = make_scheduled(live_from=NOON + SECOND)
    instants = [NOON, NOON + SECOND, NOON + 2 * SECOND]
    assert [list(Edition.objects.scheduled(at)) for at in instants] == [[edition], [], []]
    assert [list(Edition.objects.ever_public(at)) for at in instants] == [[], [edition], [edition]]
    takedown.remove(edition.release, actor=make_user(), reason="Why", at=NOON + 2 * SECOND)
    assert list(Edition.objects.ever_public(NOON + 2 * SECOND)) == [edition]


def test_files_are_live_with_their_edition():
    live_from = NOON + 60 * SECOND
    make_scheduled(
        live_from=live_from, annexes=[("/files/a.pdf", b"%PDF-1")], images=[("/images/a.png", b"png")]
    )
    for files in (Annex.objects, Illustration.objects):
        assert [files.live(at).count() for at in (live_from - SECOND, live_from)] == [0, 1]


def test_a_site_file_is_live_in_its_own_interval():
    SiteFile.objects.create(
        address=make_file_address("/files/old.pdf"),
        blob=make_blob(),
        live_from=NOON,
        live_until=NOON + SECOND,
    )
    assert [SiteFile.objects.live(NOON + n * SECOND).count() for n in (-1, 0, 1)] == [0, 1, 0]


def test_newest_first_goes_by_release_date_then_time_then_release():
    day = dt.date(2024, 3, 1)
    older = make_live(at=NOON, release_date=day - dt.timedelta(days=1))
    early, late = make_live(at=NOON, release_date=day), make_live(at=NOON + SECOND, release_date=day)
    same = make_live(at=NOON + SECOND, release_date=day)
    at = NOON + 9 * SECOND
    assert list(Edition.objects.listed(at).newest_first()) == [same, late, early, older]


def test_an_event_is_public_with_the_release_that_evidences_it_or_at_its_own_time():
    agreement = Agreement.objects.create(slug="a", title="An agreement", instrument_type="treaty")
    edition = make_scheduled(live_from=NOON + 60 * SECOND)
    signed = AgreementEvent.objects.create(
        agreement=agreement, kind="signed", date=dt.date(2024, 3, 1), release=edition.release
    )
    AgreementEvent.objects.create(agreement=agreement, kind="approved", date=dt.date(2024, 3, 1))
    forced = AgreementEvent.objects.create(
        agreement=agreement, kind="entry-into-force", date=dt.date(2024, 3, 2), public_from=NOON + 90 * SECOND
    )
    public = [list(AgreementEvent.objects.public(NOON + n * SECOND)) for n in (59, 60, 90)]
    assert public == [[], [signed], [signed, forced]]


def test_absences_hold_in_their_interval():
    absence = Absence.objects.create(
        release=make_live().release, kind="withdrawn", since=NOON, until=NOON + SECOND, reason="Why"
    )
    held = [list(Absence.objects.at(NOON + n * SECOND)) for n in (-1, 0, 1)]
    assert held == [[], [absence], []]
    assert [absence.holds(NOON + n * SECOND) for n in (-1, 0, 1)] == [False, True, False]
    endless = Absence(since=NOON)
    assert [endless.holds(NOON + n * SECOND) for n in (-1, 0, 1)] == [False, True, True]
