import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from releases.content.extraction.agreement_names import find_agreements
from releases.content.extraction.sentences import split_statements

KINDS = "agreement|treaty|convention|protocol|arrangement|declaration|pact|accord|partnership|letter|compact|charter|principles|programme|framework"


def titles(body, title=""):
    return [name.title for name in find_agreements(body, title)]


@pytest.mark.parametrize(
    "text, names",
    [
        ("They signed the Sea Trade Agreement (STA) today.", [("Sea Trade Agreement", "STA")]),
        ("On the Norway-Chile Digital Partnership (“NCDP”)", [("Norway-Chile Digital Partnership", "NCDP")]),
        (
            "A Memorandum of Understanding (MOU) on Fish was signed.",
            [("Memorandum of Understanding on Fish", "")],
        ),
        ("the MOU on the Arts", [("Memorandum of Understanding on the Arts", "")]),
        ("signed an MOU with Norway in May", [("Memorandum of Understanding with Norway", "")]),
        (
            "a Memorandum of Cooperation (MOC) between the Fish Office and the Sea Board of Chile",
            [("Memorandum of Cooperation between the Fish Office and the Sea Board of Chile", "")],
        ),
        (
            "the MOU signed between Fishers and the Guild",
            [("Memorandum of Understanding between Fishers and the Guild", "")],
        ),
        ("a Memorandum of Understanding (MOU) was signed", []),
        ("Digital Economy Agreements (DEAs) are many", []),
        ("We agree (AND) disagree", []),
        ("Say it (twice)", []),
    ],
)
def test_a_text_gives_names_of_agreements(text, names):
    assert [(name.title, name.acronym) for name in find_agreements(text)] == names


@pytest.mark.parametrize(
    "text, found",
    [
        ("Chile and Norway sign Treaty on Mutual Help at Sea", ["Treaty on Mutual Help at Sea"]),
        (
            "It rests on the World Convention for the Safety of Fish.",
            ["World Convention for the Safety of Fish"],
        ),
        ("They signed the Agreement on Ports and Ferries today.", ["Agreement on Ports and Ferries"]),
        ("The Agreement on Ports is a book.", []),
        ("the Norway-Chile Fish Partnership holds", ["Norway-Chile Fish Partnership"]),
        ("the Norway-Chile Fish Partnership Council met", []),
        ("New Norway-Chile Agreement to help fishers", []),
        ("the New Zealand-Chile Sand Agreement", ["New Zealand-Chile Sand Agreement"]),
        ("They welcomed the signing of the Open Sea Principles.", ["Open Sea Principles"]),
        ("Both signed the Sale and Purchase Agreement for Lots.", []),
        ("It met at the Marina Convention Centre.", []),
    ],
)
def test_a_treaty_needs_no_acronym(text, found):
    assert titles(text) == found


@pytest.mark.parametrize(
    "text, found",
    [
        (
            "an MOU on cooperation in fishing was signed",
            ["Memorandum of Understanding on cooperation in fishing"],
        ),
        ("an MOU in the areas of Ports and Sand", ["Memorandum of Understanding on Ports and Sand"]),
        ("the Norway-Chile Fish MOU", ["Norway-Chile Fish Memorandum of Understanding"]),
        (
            "an MoC with three fish farms in Chile in Aug 2022 to learn",
            ["Memorandum of Cooperation with three fish farms in Chile"],
        ),
        ("an MOU on 3 May", []),
        ("an MOU on the sidelines of the fair", []),
        ("an MOU to be signed", []),
        ("These MOUs between Norway and Chile help.", []),
    ],
)
def test_a_memorandum_is_named_by_its_subject_or_its_parties(text, found):
    assert titles(text) == found


def test_a_memorandum_without_a_name_is_told_by_who_signed_it():
    assert titles("The Fish Office (FO) and Sea Board today signed an MOU.") == [
        "Memorandum of Understanding between Fish Office and Sea Board"
    ]
    assert titles("They met.", "Norway and Chile Sign Memorandum Of Understanding") == [
        "Memorandum of Understanding between Norway and Chile"
    ]
    body = "Norway and Chile have signed an MOU to save fish. The MOU on Fish Stocks is short."
    assert titles(body) == ["Memorandum of Understanding on Fish Stocks"]


def test_memoranda_that_are_counted_and_listed_are_one_each():
    assert titles("Both signed three MOUs to save fish, move sand, and light the sea.") == [
        "Memorandum of Understanding to save fish",
        "Memorandum of Understanding to move sand",
        "Memorandum of Understanding to light the sea",
    ]
    assert titles("", "A & B Sign 2 MOUs in Fish & Sand") == [
        "Memorandum of Understanding on Fish",
        "Memorandum of Understanding on Sand",
    ]


def test_memoranda_that_are_only_counted_are_one_suggestion():
    (several,) = find_agreements(
        "Eight Memoranda of Understanding (MOUs) were inked. 20 MOUs have been signed so far."
    )
    assert (several.title, several.is_several) == ("Eight Memoranda of Understanding", True)
    assert titles("There are eight MOUs.") == []


def test_a_name_that_is_told_twice_is_one_with_both_sentences():
    (name,) = find_agreements(
        "The Norway-Chile Fish Pact (NCFP) holds. They signed the Norway-Chile Fish Pact."
    )
    assert (name.title, name.acronym, len(name.mentions)) == ("Norway-Chile Fish Pact", "NCFP", 2)
    assert name.sentence == "The Norway-Chile Fish Pact (NCFP) holds."


@pytest.mark.parametrize(
    "text, found",
    [
        (
            "A Protocol amending the Agreement on Sand between Chile and Norway was signed. It changes the Agreement on Sand, signed in 2010.",
            ["Protocol amending the Agreement on Sand", "Agreement on Sand"],
        ),
        (
            "The Protocol to Upgrade the Chile-Norway Fish Agreement will come into force.",
            ["Protocol to Upgrade the Chile-Norway Fish Agreement"],
        ),
        (
            "They signed the Agreement between the Government of the Republic of Chile and the Government of the Kingdom of"
            " Norway on the Transfer of Fish.",
            [
                "Agreement between the Government of the Republic of Chile and the Government of the Kingdom of Norway on the"
                " Transfer of Fish"
            ],
        ),
        ("Both signed the Joint Declaration on Green Ships.", ["Joint Declaration on Green Ships"]),
        ("It rests on the Treaty of Amity with Chile.", ["Treaty of Amity"]),
        ("Both exchanged a Letter of Intent on Carbon Credits.", ["Letter of Intent on Carbon Credits"]),
        ("They signed a Memorandum of Arrangement on Divers.", ["Memorandum of Arrangement on Divers"]),
        ("The Air Services Agreement was initialled.", ["Air Services Agreement"]),
        ("Both signed the Framework Agreement on Space.", ["Framework Agreement on Space"]),
        ("They signed the Framework Agreement.", []),
        ("Negotiations for an Open Skies Agreement began.", ["Open Skies Agreement"]),
        ("The Fisheries Arrangement was suspended.", ["Fisheries Arrangement"]),
        ("They signed a Free Trade Agreement.", []),
    ],
)
def test_other_ministries_words_are_understood(text, found):
    assert titles(text) == found


PIECES = st.lists(
    st.sampled_from(
        [
            "the",
            "Fish",
            "Sand Treaty",
            "(FST)",
            "MOU",
            "Memorandum of Understanding",
            "on",
            "Ports",
            "and",
            "between",
            "Norway",
            "two MOUs on",
            "signed",
            "Protocol amending",
            "Agreement",
            ".",
            ",",
            "A-B Treaty on",
            "in May",
        ]
    ),
    max_size=25,
).map(" ".join)


@given(
    st.one_of(st.text(max_size=300), PIECES),
    st.sampled_from(["", "two MOUs on ", "A and B sign MOU ", "A-B Treaty on "]),
)
@example("B Treaty(AA)", "A-B Treaty on ")
def test_a_name_of_any_text_stands_at_its_place_in_its_sentence(text, before):
    """Each once, with a sentence of the text; a treaty's words stand at the place, of a memorandum's title
    its kind."""
    lines = {*split_statements(before + text), text}
    found = find_agreements(before + text, text)
    assert len({name.title.casefold() for name in found}) == len(found)
    for name in found:
        assert name.title == name.title.strip() and name.mentions
        for mention in name.mentions:
            start, end = mention.place
            place = mention.sentence[start:end]
            assert mention.sentence in lines and 0 <= start < end <= len(mention.sentence)
            assert place == place.strip() and re.search(r"(?i)mo[uc]|memorand|" + KINDS, place)
        first_word, sentence = name.title.split()[0].casefold(), name.mentions[0].sentence
        start, end = name.mentions[0].place
        assert "Memorand" in name.title or first_word in sentence[start:end].casefold()
