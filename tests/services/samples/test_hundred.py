"""What a block of a sample holds, and what of it readers are shown."""

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from releases.models import Absence, Agreement, Annex, Edition, LedgerEntry, Release
from releases.services.agreements.register import find_problems
from releases.services.editing import checks
from releases.services.publishing.verification import find_discrepancies
from releases.services.samples.newsroom import form_token, make_newsroom
from releases.services.samples.outlines import BLOCK, Fate, outline_agencies, outline_release
from releases.services.samples.texts import NOTICE

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, tmp_path_factory):
    """(outlines of a block with their releases, store): made once for all tests here, which only read."""
    store = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(MEDIA_ROOT=store):
            make_newsroom(BLOCK, seed=1, is_beside=False, progress=lambda rows, title: rows)
        releases = {release.opened: release for release in Release.objects.all()}
        outlined = [(outline_release(1, number), releases[form_token(1, number)]) for number in range(BLOCK)]
        yield outlined, store
        transaction.set_rollback(True)


@pytest.fixture
def hundred(made, settings):
    outlined, settings.MEDIA_ROOT = made
    return outlined


def test_each_hundred_has_of_everything(hundred):
    assert {outline.fate for outline, _ in hundred} == set(Fate)
    assert set(Release.objects.values_list("form", flat=True)) == {"text", "file", "link"}
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
    written = Edition.objects.exclude(release__form="link")
    assert [one.pk for one in written if NOTICE not in one.body] == []
    assert not Edition.objects.exclude(address__path__startswith="/sample/").exists()
    assert not Edition.objects.exclude(issuers__name__startswith="Sample ").exists()


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
