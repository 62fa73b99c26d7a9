import datetime as dt

import pytest

from releases.services.publishing import takedown
from releases.services.search.did_you_mean import correct_query, find_relaxations
from releases.services.search.filters import Filters
from tests.factories import NOON, make_agency, make_edition, make_live, make_scheduled, make_user

pytestmark = pytest.mark.django_db
NOW = NOON + dt.timedelta(days=1)
LATER = NOW + dt.timedelta(hours=1)


def instead(words, now=NOW, **asked):
    return correct_query(now, Filters.read({"q": words, **asked}))


def offered(now=NOW, **asked):
    return [(offer.name, offer.value, offer.count) for offer in find_relaxations(now, Filters.read(asked))]


@pytest.mark.parametrize(
    "typed, meant",
    [
        ("zepelin", "zeppelin"),
        ("the zepelins", "the zeppelin"),
        ("josefine", "josephine"),
        ('"airship zepelin"', '"airship zeppelin"'),
        ("zepelin -fish", "zeppelin -fish"),
        ("zeppelin", ""),
        ("xyzzy", ""),
        ("zep", ""),
    ],
)
def test_a_mistyped_word_is_mended(typed, meant):
    make_live(title="The airship Zeppelin", body_html="<p>Opened by Josephine Tan.</p>")
    assert instead(typed) == meant


def test_a_word_that_some_text_holds_is_not_called_mistyped():
    make_live(title="Herring", body_html="<p>x</p>")
    make_live(title="Other", body_html=f"<p>{'word ' * 200} herringbone</p>")
    assert instead("herringbone herrink") == ""
    assert instead("herrink") == "herring"


def test_what_would_find_nothing_is_not_suggested():
    make_live(title="Zeppelin", release_date=dt.date(2023, 1, 1))
    assert instead("zepelin", year="2024") == ""
    assert instead("zepelin", year="2023") == "zeppelin"


@pytest.mark.parametrize("state", ["scheduled", "withdrawn", "removed", "draft"])
def test_no_suggestion_and_no_count_hints_at_what_is_not_listed(state):
    fields = {"title": "Zeppelin", "body_html": "<p>zeppelin</p>", "issuers": [make_agency()]}
    if state == "scheduled":
        make_scheduled(live_from=LATER, **fields)
    elif state == "draft":
        make_edition(**fields)
    else:
        end = takedown.withdraw if state == "withdrawn" else takedown.remove
        end(make_live(**fields).release, actor=make_user(), reason="Wrong", at=NOW)
    assert instead("zepelin") == ""
    assert offered(q="zeppelin herring", agency="mti") == []
    if state == "scheduled":
        assert instead("zepelin", LATER) == "zeppelin"
        assert offered(LATER, q="zeppelin herring", agency="mti") == [("", "herring", 1)]


def test_each_filter_and_each_word_can_be_left_out():
    make_live(title="Fish", body_html="<p>cod</p>", release_date=dt.date(2023, 1, 1))
    assert offered(q="fish", year="1999") == [("year", "1999", 1)]
    assert offered(q="fish “pale moon” -cod") == []
    assert offered(q='fish "pale moon"') == [("", '"pale moon"', 1)]
    assert offered(q="fish -cod") == [("", "-cod", 1)]
    assert offered(q="nothing") == offered() == []


def test_help_takes_four_queries_however_much_was_asked(django_assert_max_num_queries):
    make_live(title="Fish")
    asked = Filters.read({"q": "fiish with chips and -peas", "year": "1999", "language": "ms"})
    with django_assert_max_num_queries(4):
        correct_query(NOW, asked)
        find_relaxations(NOW, asked)


@pytest.mark.parametrize("typed", ["".join(map(chr, range(0x4E00, 0x4EBE))), f'"{"a b " * 45}"', "a bc def"])
def test_words_that_are_too_short_to_mend_are_not_looked_up(django_assert_num_queries, typed):
    with django_assert_num_queries(0):
        assert instead(typed) == ""
