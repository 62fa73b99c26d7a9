import datetime as dt
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.content.agreement_status import STATUSES, derive_status, find_disorder

KSDPA = [
    ("concluded", dt.date(2021, 12, 15)),
    ("signed", dt.date(2022, 11, 21)),
    ("entry-into-force", dt.date(2023, 1, 14)),
]
KINDS = [
    "negotiations-launched",
    "concluded",
    "initialled",
    "signed",
    "approved",
    "provisional-application",
    "entry-into-force",
    "registered",
    "amended",
    "suspended",
    "terminated",
    "superseded",
]
EVENTS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.dates(dt.date(2000, 1, 1), dt.date(2000, 1, 9))), max_size=8
)


@pytest.mark.parametrize(
    "day, status",
    [
        ("2021-12-14", "in-negotiation"),
        ("2021-12-15", "concluded"),
        ("2022-11-21", "signed"),
        ("2023-01-13", "signed"),
        ("2023-01-14", "in-force"),
    ],
)
def test_the_status_of_a_real_agreement(day, status):
    assert derive_status(dt.date.fromisoformat(day), KSDPA) == status


DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2000, 1, 9))


@given(EVENTS, DAYS)
def test_the_order_of_typing_does_not_matter(events, day):
    """Every order of a few events, as they may have been typed, gives one status, and one that they can lead
    to."""
    few = events[:5]
    found = {derive_status(day, order) for order in permutations(few)}
    assert len(found) == 1
    held = {derive_status(day, [event]) for event in few if event[1] <= day}
    assert found <= held | {"in-negotiation"} and found <= set(STATUSES)


@given(EVENTS, DAYS)
def test_what_happens_later_does_not_change_the_status_of_a_day(events, day):
    assert derive_status(day, events) == derive_status(day, [event for event in events if event[1] <= day])


def test_what_happens_on_one_day_counts_in_the_order_of_an_agreements_life():
    day = dt.date(2020, 1, 1)
    assert derive_status(day, [("entry-into-force", day), ("signed", day)]) == "in-force"


@pytest.mark.parametrize("kind", ["approved", "registered", "amended"])
def test_some_events_leave_the_status_as_it_is(kind):
    assert derive_status(dt.date(2024, 1, 1), [*KSDPA, (kind, dt.date(2023, 6, 1))]) == "in-force"


def test_a_force_before_a_signature_is_told():
    wrong = [("signed", dt.date(2023, 1, 2)), ("entry-into-force", dt.date(2023, 1, 1))]
    assert find_disorder(wrong) == ["In force on 1 January 2023, before signed on 2 January 2023."]
    assert find_disorder(KSDPA) == []
