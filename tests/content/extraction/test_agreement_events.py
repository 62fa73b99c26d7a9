import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.content.extraction.agreement_events import ACTIONS, VERBS, find_events, find_headline_events
from releases.content.extraction.sentences import find_days
from releases.models import AgreementEvent, PartyAction

DAY = dt.date(2023, 1, 13)


@pytest.mark.parametrize(
    "sentence, found",
    [
        ("It will enter into force on 14 January 2023.", [("entry-into-force", dt.date(2023, 1, 14))]),
        ("It was signed on 21 November 2022.", [("signed", dt.date(2022, 11, 21))]),
        ("The ministers signed it today.", [("signed", DAY)]),
        ("They will sign it, they said today.", []),
        ("Negotiations were concluded on 3 May.", [("concluded", dt.date(2023, 5, 3))]),
        ("They have substantially concluded negotiations on it.", [("concluded", DAY)]),
        ("It follows that they concluded negotiations.", []),
        ("Both launched negotiations on 28 June 2021.", [("negotiations-launched", dt.date(2021, 6, 28))]),
        (
            "Signed on 1 May 2020, it entered into force on 2 June 2021.",
            [("signed", dt.date(2020, 5, 1)), ("entry-into-force", dt.date(2021, 6, 2))],
        ),
        ("It was signed on 31 February 2022.", []),
        ("The pact entered into force today.", [("entry-into-force", DAY)]),
        ("Chile has today ratified it.", [("ratification", DAY)]),
        ("Chile deposited its instrument of accession on 2 May.", [("accession", dt.date(2023, 5, 2))]),
        ("Once Chile has ratified it, ships may come.", []),
        ("Parliament will approve the accession today.", []),
        ("Chile withdrew from it on Monday.", [("withdrawal", dt.date(2023, 1, 9))]),
        ("Chile today denounced the Fish Treaty.", [("denunciation", DAY)]),
        ("It entered into force today for states that have ratified it.", [("entry-into-force", DAY)]),
        ("Nothing happened on 14 January 2023.", []),
    ],
)
def test_a_sentence_tells_what_happened_when(sentence, found):
    assert find_events(sentence, DAY) == found


@pytest.mark.parametrize(
    "sentence, name, kinds",
    [
        ("Building on the Fish Pact, they signed the Sand Treaty on 3 May.", "Fish Pact", []),
        ("Building on the Fish Pact, they signed the Sand Treaty on 3 May.", "Sand Treaty", ["signed"]),
        ("The Fish Pact was signed on 3 May, a year after the Sand Treaty.", "Fish Pact", ["signed"]),
        ("The Fish Pact was signed on 3 May, a year after the Sand Treaty.", "Sand Treaty", []),
        (
            "On 3 May the Sand Treaty entered into force, as the Fish Pact foresaw.",
            "Sand Treaty",
            ["entry-into-force"],
        ),
        ("On 3 May the Sand Treaty entered into force, as the Fish Pact foresaw.", "Fish Pact", []),
        ("The Fish Pact will enter into force for Chile on 3 May.", "Fish Pact", []),
        ("The Fish Pact will enter into force for all parties on 3 May.", "Fish Pact", ["entry-into-force"]),
        ("The Fish Pact, signed in Oslo on 3 May, holds.", "Fish Pact", ["signed"]),
        ("Those who signed up for the Fish Pact talks on 3 May came.", "Fish Pact", []),
    ],
)
def test_what_happened_is_told_of_one_agreement_and_not_of_its_neighbour(sentence, name, kinds):
    at = sentence.index(name)
    assert [kind for kind, _ in find_events(sentence, DAY, (at, at + len(name)))] == kinds


@pytest.mark.parametrize(
    "title, kinds",
    [
        ("Norway and Chile Sign Fish Pact", ["signed"]),
        ("Norway and Chile Launch Negotiations on a Fish Pact", ["negotiations-launched"]),
        ("Minister to sign Fish Pact", []),
        ("Fish Pact enters into force", []),
    ],
)
def test_a_headline_tells_what_happened_on_its_day(title, kinds):
    assert find_headline_events(title, DAY) == [(kind, DAY) for kind in kinds]


@pytest.mark.parametrize(
    "sentence, found",
    [
        ("It was initialled on 9 May 2022.", [("initialled", dt.date(2022, 5, 9))]),
        ("Parliament approved it on 9 May 2022.", [("approved", dt.date(2022, 5, 9))]),
        ("It is provisionally applied since 9 May 2022.", [("provisional-application", dt.date(2022, 5, 9))]),
        ("It was registered with the UN on 9 May 2022.", [("registered", dt.date(2022, 5, 9))]),
        ("It was amended on May 9, 2022.", [("amended", dt.date(2022, 5, 9))]),
        ("It was suspended on 9 May 2022.", [("suspended", dt.date(2022, 5, 9))]),
        ("It was terminated on the 9th of May 2022.", [("terminated", dt.date(2022, 5, 9))]),
        ("It was superseded on 9 May 2022.", [("superseded", dt.date(2022, 5, 9))]),
        (
            "It was signed on 9 May 2022 and will come into force when ratified.",
            [("signed", dt.date(2022, 5, 9))],
        ),
        ("Signed in 2010, it was terminated on 9 May 2022.", [("terminated", dt.date(2022, 5, 9))]),
        (
            "It was signed and entered into force on 9 May 2022.",
            [("signed", dt.date(2022, 5, 9)), ("entry-into-force", dt.date(2022, 5, 9))],
        ),
    ],
)
def test_every_kind_of_event_has_its_own_verb_and_its_own_day(sentence, found):
    assert sorted(find_events(sentence, DAY)) == sorted(found)


def test_there_is_a_verb_for_every_kind_of_event_and_of_what_a_party_does():
    assert set(VERBS) == set(AgreementEvent.Kind.values) | ACTIONS
    assert set(PartyAction.Kind.values) >= ACTIONS


PIECES = st.lists(
    st.sampled_from(
        [
            "the Fish Pact",
            "the Sand Treaty",
            "was signed",
            "signed",
            "concluded",
            "entered into force",
            "today",
            "has",
            "and",
            ",",
            "on 3 May",
            "on 2 June 2021",
            "on 31 February",
            "will",
            "terminated",
        ]
    ),
    max_size=20,
).map(" ".join)
ANY = st.one_of(st.text(max_size=300), PIECES)


@given(ANY)
def test_an_event_of_any_text_has_a_verb_and_a_day_that_stand_in_it(text):
    found = find_events(text, DAY)
    days = {day for day, _ in find_days(text, DAY)} | {DAY}
    assert [kind for kind, _ in found] == list(dict.fromkeys(kind for kind, _ in found))
    for kind, day in found:
        assert VERBS[kind].search(text) and day in days


@given(ANY, st.integers(0, 300))
def test_what_is_told_of_one_name_is_told_in_the_sentence_too(text, start):
    kinds = {kind for kind, _ in find_events(text, DAY)}
    assert {kind for kind, _ in find_events(text, DAY, (start, start + 13))} <= kinds


@given(ANY)
def test_a_headline_of_any_text_tells_only_of_its_own_day(text):
    assert all(day == DAY and VERBS[kind].search(text) for kind, day in find_headline_events(text, DAY))
