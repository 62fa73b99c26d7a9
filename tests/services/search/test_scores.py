from releases.content.text.tokens import Term
from releases.services.search.scores import Held, score

WORDS = ("ferry", "lantern", "quay", "zeppelin")
RARITY = 100


def rate(title, text):
    """The score of an edition that has words at these places, of four that are asked for."""
    held = Held(title, text, 6, 1.0, 0.0, False, RARITY * len(text))
    return score(held, [Term((word,)) for word in WORDS], [RARITY] * len(WORDS), lead_length=20)


def test_what_is_about_one_of_the_words_comes_before_what_only_mentions_three():
    about = rate({"ferry": [0]}, {"ferry": [0, *range(100, 800, 100)]})
    mentions = rate({}, {"ferry": [100], "lantern": [200], "quay": [300]})
    assert about > mentions


def test_what_has_two_of_the_words_often_comes_before_what_is_about_one():
    one = rate({"ferry": [0]}, {"ferry": [0, *range(100, 800, 100)]})
    two = rate({"ferry": [0]}, {"ferry": [0, 100, 200], "quay": [300, 400, 500]})
    assert two > one
