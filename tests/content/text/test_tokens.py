import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.content.text.tokens import MOST_TERMS, Term, cut_excerpt, locate_words, parse_query, split_words


@pytest.mark.parametrize(
    "text, found",
    [
        ("Treaty treaties", ["treati", "treati"]),
        ("Café CAFE café", ["cafe", "cafe", "cafe"]),
        ("数字经济", ["数字", "字经", "经济"]),
        ("中", ["中"]),
        ("in 数字 2023", ["in", "数字", "2023"]),
        ("தமிழ் நாட்டில்", ["தமிழ்", "நாட்டில்"]),
        ("e-commerce, MTI_x", ["e", "commerc", "mti", "x"]),
        ("ＡＢＣ", ["abc"]),
        ("...", []),
    ],
)
def test_words_are_compared_without_case_accents_and_endings(text, found):
    assert split_words(text) == found


@pytest.mark.parametrize(
    "text, terms",
    [
        ("korea digital", [Term((word,), others=(("koreadigit",),)) for word in ("korea", "digit")]),
        ('"digital economy"', [Term(("digit", "economi"))]),
        ("“digital economy”", [Term(("digit", "economi"))]),
        (
            'fish -boundary -"the sea"',
            [Term(("fish",)), Term(("boundari",), True), Term(("the", "sea"), True)],
        ),
        ('- "" !!', []),
        ('"open', [Term(("open",))]),
        ("fish fishes", [Term(("fish",))]),
    ],
)
def test_a_query_is_words_phrases_and_minus(text, terms):
    assert list(parse_query(text).terms) == terms


def test_a_long_query_is_cut_and_says_so():
    assert parse_query(" ".join(f"w{number}" for number in range(30))).cut
    assert len(parse_query(" ".join(f"w{number}" for number in range(30))).terms) == MOST_TERMS
    assert not parse_query("short").cut


@given(st.text())
def test_any_text_is_a_query_and_places_are_its_own(text):
    parse_query(text)
    assert [word for word, _, _ in locate_words(text)] == split_words(text)
    for _, start, end in locate_words(text):
        assert 0 <= start < end <= len(text)


@given(st.text(max_size=400), st.text(max_size=20))
def test_an_excerpt_is_a_piece_of_the_text(text, asked):
    pieces = cut_excerpt(text, parse_query(asked))
    joined = "".join(piece for piece, _ in pieces).removeprefix("… ").removesuffix(" …")
    assert joined in text


def test_an_excerpt_shows_what_was_found():
    text = "word " * 100 + "The treaty on the sea " + "more " * 100
    pieces = cut_excerpt(text, parse_query("treaties"))
    assert ("treaty", True) in pieces
    assert pieces[0] == ("… ", False) and pieces[-1] == (" …", False)
    assert sum(len(piece) for piece, _ in pieces) < 280


def test_an_excerpt_without_spaces_shows_what_was_found_in_as_many_lines():
    pieces = cut_excerpt("协" * 300 + "定生效" + "议" * 300 + " the end", parse_query("生效"))
    assert ("生效", True) in pieces
    assert 100 < sum(len(piece) for piece, _ in pieces) < 130
