from releases.content.text.everyday_words import LINES, find_related
from releases.content.text.tokens import FUNCTION_WORDS, split_words


def related(text):
    return [{" ".join(way) for way in ways} for ways in find_related([(word,) for word in split_words(text)])]


def test_words_that_mean_about_the_same_are_related():
    assert "breach" in related("leak")[0]
    assert related("harbour") == [set()]


def test_words_that_stand_together_are_related_as_one():
    apart, together = related("food"), related("food court")
    assert apart == [set()]
    assert all("canteen" in ways for ways in together)


def test_no_word_is_related_to_itself():
    assert all("leak" not in ways for ways in related("leak"))


def test_each_line_holds_names_that_a_search_can_have():
    for line in LINES.strip().splitlines():
        names = [split_words(name) for name in line.split(",")]
        assert len(names) > 1, line
        assert all(name and not FUNCTION_WORDS.issuperset(name) for name in names), line
