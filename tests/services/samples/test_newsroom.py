"""A made-up newsroom is the same in every run, comes by the ways that editors use, and shows readers no more
than it should."""

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from releases.models import Agency, Edition, LedgerEntry, Release
from releases.services.editing import drafts
from releases.services.editions.digests import digest_site
from releases.services.samples.newsroom import MadeSample, NotMade, form_token, make_newsroom
from releases.services.samples.outlines import BLOCK, Fate, outline_release
from tests.factories import make_live

pytestmark = pytest.mark.django_db


def make(number, *, seed=1, is_beside=False):
    return make_newsroom(number, seed=seed, is_beside=is_beside, progress=lambda rows, title: rows)


def digest_of(*steps):
    """The digest of a newsroom that is made by these steps, and is gone again."""
    with transaction.atomic():
        for step in steps:
            step()
        digest = digest_site()
        transaction.set_rollback(True)
    return digest


def test_the_same_seed_and_number_make_the_same_newsroom():
    first = digest_of(lambda: make(12))
    assert digest_of(lambda: make(12)) == first
    assert digest_of(lambda: make(12, seed=2)) != first
    assert digest_of(lambda: make(13)) != first


def test_a_larger_number_adds_to_a_smaller_one():
    assert digest_of(lambda: make(7), lambda: make(24)) == digest_of(lambda: make(24))


def test_a_second_run_adds_nothing():
    assert make(10) == MadeSample(made=10, there=0)
    before = digest_site(), LedgerEntry.objects.count(), User.objects.count(), Agency.objects.count()
    assert make(10) == MadeSample(made=0, there=10)
    assert make(6) == MadeSample(made=0, there=6)
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


def test_nobody_signs_in_as_the_people_of_a_sample():
    make(1)
    assert [(one.is_active, one.has_usable_password()) for one in User.objects.all()] == [(False, False)] * 2


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
