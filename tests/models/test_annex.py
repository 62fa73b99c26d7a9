"""Which files are public: those of live editions, and those of the old site while nothing that used them is
removed."""

import datetime as dt

import pytest

from releases.models import Annex, Edition, Illustration, SiteFile
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
FILES = {"annexes": [("/files/a.pdf", b"%PDF-1")], "images": [("/images/a.png", b"png")]}
KINDS = [Annex, Illustration]


def make_site_file(path, **fields):
    return SiteFile.objects.create(
        address=make_file_address(path), blob=make_blob(), **{"live_from": NOON, **fields}
    )


def remove(edition, at):
    takedown.remove(edition.release, actor=make_user(), reason="Why", at=at)


@pytest.mark.parametrize("kind", KINDS)
def test_files_that_are_live_or_will_be(kind):
    make_edition(**FILES)
    first = make_live(**FILES)
    second = approval.approve(
        make_next(first, at=NOON), approver=make_user(), at=NOON, live_from=NOON + 9 * SECOND
    )
    later = make_scheduled(live_from=NOON + 5 * SECOND, **FILES)
    removed = make_live(**FILES)
    remove(removed, NOON + SECOND)

    def shown(at):
        return set(kind.objects.live_from_then_on(at).values_list("edition", flat=True))

    assert shown(NOON) == {first.pk, second.pk, later.pk, removed.pk}
    assert shown(NOON + SECOND) == {first.pk, second.pk, later.pk}
    assert shown(NOON + 9 * SECOND) == {second.pk, later.pk}


@pytest.mark.parametrize("kind", KINDS)
def test_files_of_what_is_removed_are_those_that_were_public_with_it(kind):
    withdrawn, removed, live = (make_live(**FILES) for _ in range(3))
    scheduled = make_next(removed, at=NOON)
    approval.approve(scheduled, approver=make_user(), at=NOON, live_from=NOON + 9 * SECOND)
    takedown.withdraw(withdrawn.release, actor=make_user(), reason="Why", at=NOON + SECOND)
    remove(removed, NOON + SECOND)

    def gone(at):
        return list(kind.objects.of_removed(at).values_list("edition", flat=True))

    assert gone(NOON) == []
    assert gone(NOON + SECOND) == [removed.pk]
    assert sorted(gone(NOON + 9 * SECOND)) == [removed.pk, scheduled.pk]
    takedown.restore(removed.release, actor=make_user(), at=NOON + 10 * SECOND)
    assert gone(NOON + 10 * SECOND) == []
    assert Edition.objects.live(NOON + 10 * SECOND).filter(pk=live.pk).exists()


def test_a_file_of_the_old_site_is_served_from_its_instant_until_its_end():
    ended = make_site_file("/files/ended.pdf", live_until=NOON + SECOND)
    endless = make_site_file("/files/endless.pdf")
    at = [list(SiteFile.objects.live(NOON + n * SECOND).order_by("pk")) for n in (-1, 0, 1)]
    assert at == [[], [ended, endless], [endless]]


@pytest.mark.parametrize("path", ["/files/a.pdf", "/images/a.png"])
def test_a_file_of_the_old_site_is_not_served_while_what_used_it_is_removed(path):
    own, other = make_site_file(path), make_site_file("/files/other.pdf")
    edition = make_live(**FILES)
    remove(edition, NOON + SECOND)
    assert set(SiteFile.objects.live(NOON)) == {own, other}
    assert list(SiteFile.objects.live(NOON + SECOND)) == [other]
    takedown.restore(edition.release, actor=make_user(), at=NOON + 2 * SECOND)
    assert set(SiteFile.objects.live(NOON + 2 * SECOND)) == {own, other}
