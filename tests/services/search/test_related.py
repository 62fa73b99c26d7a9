import datetime as dt

import pytest

from releases.content.text.tokens import pair_words
from releases.services.publishing import takedown
from releases.services.website.release_page import find_release_page
from tests.factories import NOON, make_agency, make_edition, make_live, make_scheduled, make_user
from tests.markup import tidy

pytestmark = pytest.mark.django_db
NOW = NOON + dt.timedelta(days=1)
DAY = dt.date(2024, 1, 1)


def related(edition, at=NOW):
    return [other.title for other in find_release_page(edition.pk, at).same_subject]


@pytest.mark.parametrize(
    "title, pairs",
    [
        (
            "Speech by the Minister at the Smart Nation Scholarship Award",
            ["smart nation", "nation scholarship", "scholarship award"],
        ),
        ("Response to PQ on Premier League matches", ["premier leagu", "leagu match"]),
        ("Press release", []),
        ("Opening Speech at the 2nd Reading of the Postal Bill", ["postal bill"]),
        ("数字经济", ["数字 字经", "字经 经济"]),
    ],
)
def test_two_neighbouring_words_that_tell_something_are_a_subject(title, pairs):
    found = [" ".join(pair.words) for pair in pair_words(title)]
    assert found == pairs


def test_the_rarer_what_is_shared_the_nearer():
    release = make_live(title="Herring quota for island harbours", release_date=DAY)
    for number in range(4):
        make_live(title=f"Island harbours, part {number}", release_date=DAY + dt.timedelta(number))
    make_live(title="A herring quota is set", release_date=dt.date(2020, 1, 1))
    make_live(
        title="In the text",
        body_html="<p>It is about the herring quotas.</p>",
        release_date=dt.date(2019, 1, 1),
    )
    make_live(title="Quota of herring", release_date=DAY)
    assert related(release) == [
        "A herring quota is set",
        "In the text",
        *(f"Island harbours, part {n}" for n in (3, 2, 1)),
    ]


def test_what_many_share_is_no_subject():
    release = make_live(title="Island harbours and herring quotas")
    for _ in range(45):
        make_live(title="Island harbours again")
    make_live(title="Herring quota")
    assert related(release) == ["Herring quota"]


@pytest.mark.parametrize("state", ["scheduled", "withdrawn", "removed", "draft"])
def test_what_is_not_listed_is_not_related_and_changes_nothing(state):
    release = make_live(title="Herring quota for island harbours")
    make_live(title="Herring quota, old")
    before = related(release)
    fields = {"title": "Herring quota for island harbours, secret", "issuers": [make_agency()]}
    later = NOW + dt.timedelta(hours=1)
    if state == "scheduled":
        make_scheduled(live_from=later, **fields)
    elif state == "draft":
        make_edition(**fields)
    else:
        end = takedown.withdraw if state == "withdrawn" else takedown.remove
        end(make_live(**fields).release, actor=make_user(), reason="Wrong", at=NOW)
    assert related(release) == before == ["Herring quota, old"]
    if state == "scheduled":
        assert related(release, later)[0] == fields["title"]


def test_a_page_takes_a_fixed_number_of_queries(client, django_assert_max_num_queries):
    make_live(title="Herring quota", permalink="/a/")
    make_live(
        title="The herring quota grows", permalink="/b/", issuers=[make_agency("imda", "Infocomm", "IMDA")]
    )
    with django_assert_max_num_queries(12):
        page = tidy(client.get("/a/"))
    assert "Similar titles" in page and page.count('<a href="/b/">') == 1
