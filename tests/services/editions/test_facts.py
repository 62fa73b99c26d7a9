"""What is found out once is found out anew as soon as it may be another."""

import datetime as dt
import threading

import pytest
from django.db import connections, transaction

from releases.models import ContentVersion, Section
from releases.services.editions import facts
from releases.services.editions.facts import find_once
from tests.factories import NOON, make_edition, make_live, make_scheduled, save

pytestmark = pytest.mark.usefixtures("transactional_db")
HOUR = dt.timedelta(hours=1)


class Asked:
    """A fact that counts how often it is found out, by whom it is asked for."""

    def __init__(self):
        facts.forget_facts()
        self.times = 0

        @find_once
        def count(at, *words):
            self.times += 1
            return at, words

        self.count = count


@pytest.fixture
def asked():
    make_live()
    return Asked()


def test_it_is_found_out_once_for_all_instants_of_a_period(asked):
    first = asked.count(NOON + HOUR)
    assert asked.count(NOON + 2 * HOUR) is first
    assert asked.times == 1


def test_other_words_are_another_fact(asked):
    for words in (["a"], ["b"], ["a"], []):
        assert asked.count(NOON + HOUR, *words)[1] == tuple(words)
    assert asked.times == 3


def test_a_change_of_what_is_public_makes_it_anew(asked):
    asked.count(NOON + HOUR)
    Section.objects.update(title="Speeches")
    asked.count(NOON + HOUR)
    assert asked.times == 2


def test_the_version_is_asked_once_for_all_that_a_page_asks(asked, django_assert_num_queries):
    for _ in range(2):
        with facts.hold_version():
            asked.count(NOON + HOUR)
            with django_assert_num_queries(0):
                asked.count(NOON + HOUR, "more")
        Section.objects.update(title="Speeches")
    assert asked.times == 4


def test_a_save_of_a_draft_leaves_it(asked):
    draft = make_edition()
    asked.count(NOON + HOUR)
    save(draft, body="Other words.")
    asked.count(NOON + HOUR)
    assert asked.times == 1


def test_an_instant_at_which_something_becomes_public_makes_it_anew(asked):
    make_scheduled(live_from=NOON + 2 * HOUR)
    last = NOON + 2 * HOUR - dt.timedelta(microseconds=1)
    assert asked.count(NOON + HOUR) is asked.count(last)
    assert asked.count(NOON + 2 * HOUR) == (NOON + 2 * HOUR, ())


def test_the_day_makes_it_anew(asked):
    asked.count(NOON)
    midnight = NOON.replace(hour=0) + dt.timedelta(days=1)
    asked.count(midnight - dt.timedelta(microseconds=1))
    assert asked.times == 1
    asked.count(midnight)
    assert asked.times == 2


def test_who_rehearses_an_instant_to_come_takes_nothing_from_the_readers_of_now(asked):
    make_scheduled(live_from=NOON + 2 * HOUR)
    for _ in range(3):
        asked.count(NOON + HOUR)
        asked.count(NOON + 3 * HOUR)
        asked.count(NOON - HOUR)
    assert asked.times == 3


def test_within_a_transaction_it_is_asked_each_time(asked):
    with transaction.atomic():
        asked.count(NOON)
        asked.count(NOON)
    assert asked.times == 2


@pytest.fixture
def unversioned():
    """No content version, as while a migration runs; the row is one that no test makes, so it comes back."""
    rows = list(ContentVersion.objects.all())
    ContentVersion.objects.all().delete()
    yield
    ContentVersion.objects.bulk_create(rows)


def test_without_a_version_it_is_asked_each_time(asked, unversioned):
    asked.count(NOON)
    asked.count(NOON)
    assert asked.times == 2


def test_those_who_ask_at_once_wait_for_the_first(asked):
    """On what a thread of its own can read: no query, since the period is known."""
    period = facts.Period("one", NOON, NOON + HOUR)
    begun, free, found = threading.Event(), threading.Event(), []

    def find_out():
        begun.set()
        assert free.wait(10)
        found.append("found out")
        return "value"

    values = []
    threads = [
        threading.Thread(target=lambda: values.append(period.find(("a",), find_out))) for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    assert begun.wait(10)
    assert period.find(("b",), lambda: "at once") == "at once"
    free.set()
    for thread in threads:
        thread.join(10)
    connections.close_all()
    assert (values, found) == (["value"] * 5, ["found out"])


def test_one_that_could_not_be_found_out_is_tried_again():
    period = facts.Period("one", NOON, NOON + HOUR)
    with pytest.raises(ZeroDivisionError):
        period.find(("a",), lambda: 1 / 0)
    assert period.find(("a",), lambda: 2) == 2


def test_so_many_facts_are_kept_and_no_more(monkeypatch):
    monkeypatch.setattr(facts, "MOST_FACTS", 3)
    period = facts.Period("one", NOON, NOON + HOUR)
    for number in range(10):
        assert period.find((number,), lambda number=number: number) == number
    assert len(period._facts) <= 3
