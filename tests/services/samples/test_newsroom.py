"""A made-up newsroom is the same in every run, comes by the ways that editors use, and shows readers no more
than it should."""

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from releases.models import Absence, Agency, Agreement, Annex, Edition, LedgerEntry, Release
from releases.services.agreements.register import find_problems
from releases.services.editing import checks, drafts
from releases.services.editions.digests import digest_site
from releases.services.publishing.verification import find_discrepancies
from releases.services.samples.newsroom import BATCH, MadeSample, NotMade, form_token, make_newsroom
from releases.services.samples.outlines import BLOCK, Fate, outline_agencies, outline_release
from releases.services.samples.texts import NOTICE
from tests.factories import make_live

pytestmark = pytest.mark.django_db


class Stopped(Exception):
    pass


def make(number, *, seed=1, is_beside=False, stop_after=None):
    def progress(rows, title):
        for place, row in enumerate(rows):
            if place == stop_after:
                raise Stopped
            yield row

    return make_newsroom(number, seed=seed, is_beside=is_beside, progress=progress)


def digest_of(*steps):
    """The digest of a newsroom that is made by these steps, and is gone again."""
    with transaction.atomic():
        for step in steps:
            step()
        digest = digest_site()
        transaction.set_rollback(True)
    return digest


def test_the_same_seed_and_number_make_the_same_newsroom():
    first = digest_of(lambda: make(40))
    assert digest_of(lambda: make(40)) == first
    assert digest_of(lambda: make(40, seed=2)) != first
    assert digest_of(lambda: make(41)) != first


def test_a_larger_number_adds_to_a_smaller_one():
    assert digest_of(lambda: make(7), lambda: make(64)) == digest_of(lambda: make(64))


def test_a_run_that_was_stopped_in_the_middle_goes_on():
    """A batch that was not whole is not there at all."""
    number = 2 * BATCH

    def stop():
        with pytest.raises(Stopped):
            make(number, stop_after=BATCH + 9)
        assert Release.objects.count() == BATCH

    assert digest_of(stop, lambda: make(number)) == digest_of(lambda: make(number))


def test_a_second_run_adds_nothing():
    assert make(30) == MadeSample(made=30, there=0)
    before = digest_site(), LedgerEntry.objects.count(), User.objects.count(), Agency.objects.count()
    assert make(30) == MadeSample(made=0, there=30)
    assert make(20) == MadeSample(made=0, there=20)
    after = digest_site(), LedgerEntry.objects.count(), User.objects.count(), Agency.objects.count()
    assert after == before


def test_a_draft_that_was_discarded_comes_again():
    drafted = [number for number in range(BLOCK) if outline_release(1, number).fate == Fate.DRAFT]
    number = drafted[0]
    make(number + 1)
    before = digest_site()
    drafts.discard(Edition.objects.get(release__opened=form_token(1, number)))
    assert make(number + 1) == MadeSample(made=1, there=number)
    assert digest_site() == before


@pytest.fixture
def hundred():
    """Outlines of a block of releases that is made, with their releases."""
    make(BLOCK)
    made = {release.opened: release for release in Release.objects.all()}
    return [(outline_release(1, number), made[form_token(1, number)]) for number in range(BLOCK)]


def test_each_hundred_has_of_everything(hundred):
    assert {outline.fate for outline, _ in hundred} == set(Fate)
    assert set(Release.objects.values_list("kind", flat=True)) == {"text", "file", "link"}
    assert len(set(Release.objects.values_list("section", flat=True))) == 5
    assert Edition.objects.filter(number=2, state="approved", based_on__live_until__isnull=False).count() == 6
    assert set(Absence.objects.values_list("kind", flat=True)) == {"withdrawn", "removed"}
    assert Edition.objects.scheduled(timezone.now()).count() == 2
    assert Edition.objects.filter(issuers__position=2).exists() and Annex.objects.filter(position=2).exists()
    for mark in ("<table>", "<ul>", "<ol", "<h2", "<a href=", "<strong>"):
        assert Edition.objects.filter(body_html__contains=mark).exists(), mark


def test_all_is_as_it_was_recorded(hundred):
    assert list(find_discrepancies(files=True)) == []
    approved = Edition.objects.filter(state=Edition.State.APPROVED)
    assert {entry.actor.username for entry in LedgerEntry.objects.filter(verb="approve")} == {
        "sample-approver"
    }
    assert LedgerEntry.objects.filter(verb="approve").count() == approved.count()


def test_nothing_is_wrong_that_would_have_stopped_an_editor(hundred):
    approved = Edition.objects.filter(state=Edition.State.APPROVED).values_list("pk", flat=True)
    assert {pk: found for pk, found in checks.problems(approved).items() if found} == {}
    known = Agreement.objects.all()
    assert [find_problems(agreement, known) for agreement in known] == [[]]


EXPECTED = {
    Fate.LIVE: 200,
    Fate.CORRECTED: 200,
    Fate.WITHDRAWN: 200,
    Fate.REMOVED: 410,
    Fate.SCHEDULED: 404,
    Fate.SUBMITTED: 404,
    Fate.DRAFT: 404,
}


def test_readers_see_what_is_public_and_nothing_else(hundred, client):
    wrong = []
    for outline, release in hundred:
        edition = release.editions.select_related("address").last()
        paths = [edition.permalink, *edition.annexes.values_list("address__path", flat=True)]
        expected = EXPECTED[outline.fate]
        wrong += [path for path in paths if client.get(path).status_code != expected]
    assert wrong == []


def test_lists_and_feeds_answer_and_name_nothing_that_is_hidden(hundred, client):
    agreement, agency = Agreement.objects.get(), outline_agencies(1)[0]
    paths = [
        "/",
        "/sample/",
        "/releases/feed.atom",
        "/releases/feed.json",
        "/archive/",
        "/agencies/",
        f"/agencies/{agency.slug}/",
    ]
    paths += [
        f"/agreements/{agreement.slug}/",
        "/agreements/",
        "/sitemap.xml",
        "/releases/",
        "/releases/?q=lanterns",
    ]
    paths += [f"/sample/{outline.section.folder}/" for outline, _ in hundred[:20]]
    shown = ""
    for path in dict.fromkeys(paths):
        response = client.get(path)
        assert response.status_code == 200, path
        shown += response.content.decode()
    hidden = [
        release.editions.get().permalink
        for outline, release in hundred
        if outline.fate in (Fate.SCHEDULED, Fate.DRAFT, Fate.SUBMITTED, Fate.REMOVED)
    ]
    assert len(hidden) == 7
    assert [path for path in hidden if path in shown] == []
    assert agreement.title in shown


def test_everybody_sees_that_it_is_made_up(hundred):
    written = Edition.objects.exclude(release__kind="link")
    assert [one.pk for one in written if NOTICE not in one.body] == []
    assert not Edition.objects.exclude(address__path__startswith="/sample/").exists()
    assert not Edition.objects.exclude(issuers__name__startswith="Sample ").exists()


def test_nobody_signs_in_as_the_people_of_a_sample():
    make(1)
    assert [(one.is_active, one.has_usable_password()) for one in User.objects.all()] == [(False, False)] * 2


def test_an_agency_issues_under_the_name_of_the_day(hundred):
    renamed = {one.slug: one.names for one in outline_agencies(1) if len(one.names) > 1}
    seen = set()
    for edition in Edition.objects.prefetch_related("issuers__agency"):
        for issuer in edition.issuers.all():
            if issuer.agency.slug in renamed:
                former, later = renamed[issuer.agency.slug]
                is_former = edition.release_date < later.valid_from
                assert issuer.name == (former if is_former else later).name
                seen.add(is_former)
    assert seen == {True, False}


def test_it_does_not_mix_with_releases_of_others_unless_told_to(client):
    live = make_live()
    with pytest.raises(NotMade, match="This newsroom has releases that are no sample"):
        make(2)
    assert Release.objects.count() == 1
    assert make(2, is_beside=True).made == 2
    assert client.get(live.permalink).status_code == 200


def test_a_newsroom_has_one_sample():
    make(2, seed=7)
    for is_beside in (False, True):
        with pytest.raises(NotMade, match="Go on with --seed 7"):
            make(2, is_beside=is_beside)
    assert Release.objects.count() == 2
