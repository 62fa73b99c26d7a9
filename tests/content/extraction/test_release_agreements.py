import datetime as dt
import json
import re
import time
from pathlib import Path

import pytest

from releases.content.extraction.release_agreements import KnownName, find_release_agreements

DAY = dt.date(2023, 5, 3)
RELEASES = json.loads(Path(__file__).with_name("releases.json").read_text(encoding="utf-8"))


def found_in(title, body, released=DAY, known=()):
    """Names, and (name, kind, day) of what is told of them; "between …" behind a subject is no part of a
    name."""
    found = find_release_agreements(title, body, released, known)
    return {short(one.name.title) for one in found}, {
        (short(one.name.title), event.kind, str(event.day)) for one in found for event in one.events
    }


def short(title):
    return re.sub(r"(?<=[a-z] )(?<!Agreement )(?<!Treaty )(?<!Understanding )between .*", "", title).strip()


def test_releases_of_foreign_ministries_are_read_as_people_read_them():
    """Of names at least nine in ten right and eight in ten found, of events nine and three quarters."""
    names, events = [0, 0, 0], [0, 0, 0]
    for release in RELEASES:
        told, happened = found_in(
            release["title"], release["body"], dt.date.fromisoformat(release["released"])
        )
        expected = {short(name) for name in release["names"]}
        dated = {(short(one["name"]), one["kind"], one["day"]) for one in release["events"]}
        for counts, found, there in ((names, told, expected), (events, happened, dated)):
            counts[0] += len(found & there)
            counts[1] += len(found)
            counts[2] += len(there)
    assert names[0] >= 0.9 * names[1] and names[0] >= 0.8 * names[2], names
    assert events[0] >= 0.9 * events[1] and events[0] >= 0.75 * events[2], events


@pytest.mark.parametrize(
    "title, body, names",
    [
        ("On fish", "It rests on the Sand Treaty (ST), and on the Convention on Sea Law.", set()),
        (
            "On fish",
            "They signed the Fish Treaty (FT) today. It replaces the Sand Treaty (ST).",
            {"Fish Treaty"},
        ),
        ("On fish", "The Fish Treaty, signed in 1998, is old.", set()),
        (
            "Two Memoranda of Understanding signed",
            "Two Memoranda of Understanding were signed: an MOU on Fish and an MOU on Sand.",
            {"Memorandum of Understanding on Fish", "Memorandum of Understanding on Sand"},
        ),
        ("On fish", "31 treaties and 14 MOUs were signed last year.", set()),
    ],
)
def test_what_lies_in_the_background_is_not_the_releases_own(title, body, names):
    assert found_in(title, body)[0] == names


@pytest.mark.parametrize(
    "body, happened",
    [
        (
            "Both sides signed the Fish Treaty and the MOU on Sand.",
            {("Fish Treaty", "signed"), ("Memorandum of Understanding on Sand", "signed")},
        ),
        (
            "They announced the signing of two memoranda: the MOU on Fish and the MOU on Sand.",
            {
                ("Memorandum of Understanding on Fish", "signed"),
                ("Memorandum of Understanding on Sand", "signed"),
            },
        ),
        (
            "Chile today ratified the Fish Convention and the Sand Convention.",
            {("Fish Convention", "ratification"), ("Sand Convention", "ratification")},
        ),
        ("Chile has become the 40th country to sign the Moon Accords.", {("Moon Accords", "signed")}),
        ("Minister Rojas put pen to paper on the Fish Treaty today.", {("Fish Treaty", "signed")}),
        ("The signature of the Fish Treaty took place on 3 May 2023.", {("Fish Treaty", "signed")}),
        (
            "Notes were exchanged to bring the Fish Treaty into force on 3 May 2023.",
            {("Fish Treaty", "entry-into-force")},
        ),
        (
            "Chile deposited its instrument of acceptance of the Agreement on Fish at the WTO today.",
            {("Agreement on Fish", "acceptance")},
        ),
        (
            "Negotiators initialled the Norway-Chile Air Treaty in Oslo on Wednesday.",
            {("Norway-Chile Air Treaty", "initialled")},
        ),
        (
            "The Southern Air Agreement has been provisionally applied since 3 May 2023.",
            {("Southern Air Agreement", "provisional-application")},
        ),
        (
            "Chile ratified the Lima Amendment to the Fish Protocol today.",
            {("Lima Amendment to the Fish Protocol", "ratification")},
        ),
        (
            "The parties signed an Amendment to the Fish Treaty on 3 May 2023.",
            {("Amendment to the Fish Treaty", "signed")},
        ),
        (
            "An MOU on Cooperation in Maritime Affairs was signed today.",
            {("Memorandum of Understanding on Cooperation in Maritime Affairs", "signed")},
        ),
        (
            "The President today signed the instrument of ratification of the Fish Treaty.",
            {("Fish Treaty", "ratification")},
        ),
        (
            "Chile has ratified the Convention of 2 July 2019 on Fish.",
            {("Convention of 2 July 2019 on Fish", "ratification")},
        ),
    ],
)
def test_shapes_in_which_ministries_tell_what_they_did_today(body, happened):
    assert found_in("On fish", body)[1] == {(*one, str(DAY)) for one in happened}


@pytest.mark.parametrize(
    "body",
    [
        "Both marked the tenth anniversary of the signing of the Fish Treaty today.",
        "The signing of the Fish Treaty, planned for today, was postponed.",
        "A consultation on ratification of the Fish Treaty opened today.",
        "Ahead of the signing of the Fish Treaty, officials met today.",
        "She hoped to sign the Fish Treaty soon.",
        "If ratified, the Fish Treaty would help.",
        "Chile intends to accede to the Fish Treaty.",
        "The Fish Treaty is expected to be signed this year.",
        "The Fish Treaty has not been ratified.",
        "She called on all states to ratify the Fish Treaty.",
        "A bill to implement the Fish Treaty was introduced today.",
        "Officials discussed progress towards ratification of the Fish Treaty.",
        "The Minister will attend the Fish Treaty Signing Ceremony.",
        "The Fish Treaty opens for signature today.",
        "Both decided not to ratify the Fish Treaty today.",
    ],
)
def test_hopes_plans_and_memories_have_not_happened(body):
    assert found_in("On fish", body)[1] == set()


@pytest.mark.parametrize(
    "body, happened",
    [
        ("The Fish Treaty was adopted today. It was signed on 2 May 2023.", ("signed", "2023-05-02")),
        (
            "Chile joins the Fish Treaty today. The instrument of ratification was deposited on 1 May 2023.",
            ("ratification", "2023-05-01"),
        ),
        ("The Fish Treaty is here. Both ministers signed it on Monday.", ("signed", "2023-05-01")),
        ("Chile signed the Fish Treaty yesterday.", ("signed", "2023-05-02")),
    ],
)
def test_a_sentence_that_only_points_back_tells_of_the_agreement_before(body, happened):
    assert found_in("On fish", body)[1] == {("Fish Treaty", *happened)}


def test_what_others_did_or_may_do_has_not_happened():
    body = (
        "Parliament approved the accession to the Fish Treaty. It entered into force today for states that have ratified it."
        " Both will deposit their instruments once they have ratified the Fish Treaty."
    )
    assert {kind for _, kind, _ in found_in("On fish", body)[1]} == {"approved", "entry-into-force"}


@pytest.mark.parametrize(
    "words",
    [
        "Sea Agreement on Fish, Sand, ",
        "Agreement between Aa and ",
        "an MOU on Fish and ",
        "They signed: ",
        *(" ".join(f"Sea{number} Treaty {number}." for number in range(3_000)),),
    ],
)
def test_no_text_costs_more_than_its_length(words):
    began = time.process_time()
    find_release_agreements("On fish", words * (50_000 // len(words) or 1), DAY)
    assert time.process_time() - began < 5


def test_a_known_agreement_is_told_under_its_own_title_wherever_it_stands():
    known = [KnownName("Agreement on Fish", re.compile("AF"))]
    assert found_in("On sand", "It rests on the AF.", known=known) == ({"Agreement on Fish"}, set())
