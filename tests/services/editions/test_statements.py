import datetime as dt

import pytest
from django.db.models import Exists, OuterRef, Subquery

from releases.models import Agreement, Edition, Issuer
from releases.services.editions.statements import Statement
from tests.factories import NOON, make_agency, make_live, make_section

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def rows_of(day, language, release, at):
    lead = Exists(Issuer.objects.filter(edition=OuterRef("pk"), position=1))
    found = Edition.objects.listed(at).filter(lead, release_date__lte=day, language=language)
    return found.exclude(release=release).order_by("title").values_list("title", "live_from", "release_date")


def test_the_rows_are_those_of_the_queryset_for_every_set_of_values():
    editions = [
        make_live(
            title=f"Release {n}", release_date=NOON.date() + n * DAY, at=NOON + n * DAY, language=language
        )
        for n, language in enumerate(["en", "ms", "en", "en"])
    ]
    statement = Statement(rows_of)
    for number, at, language in [(0, NOON, "en"), (3, NOON + 9 * DAY, "en"), (1, NOON + 2 * DAY, "ms")]:
        values = {
            "day": editions[number].release_date,
            "language": language,
            "release": editions[0].release_id,
            "at": at,
        }
        assert statement.rows(**values) == list(rows_of(**values))


def test_what_a_database_stores_as_text_comes_back_as_django_reads_it():
    Agreement.objects.create(slug="a", title="Pact", instrument_type="treaty", acronyms=["PA", "P-A"])
    statement = Statement(lambda slug: Agreement.objects.filter(slug=slug).values_list("slug", "acronyms"))
    assert statement.rows(slug="a") == [("a", ["PA", "P-A"])]


def test_it_is_compiled_once():
    built = []

    def rows(agency):
        built.append(agency)
        return Issuer.objects.filter(agency=agency).values_list("name")

    make_live(issuers=[make_agency()])
    statement = Statement(rows)
    assert [statement.rows(agency=key) for key in (make_agency().pk, 0)] == [
        [("Ministry of Trade and Industry",)],
        [],
    ]
    assert len(built) == 1


@pytest.mark.parametrize("text", ["100% of 'us'", "%s", "%%", "?"])
def test_a_text_that_is_always_the_same_is_found_whatever_is_in_it(text):
    make_live(title=text)
    make_live(title="Other")
    statement = Statement(
        lambda release: Edition.objects.filter(title=text, pk__gt=release).values_list("title")
    )
    assert statement.rows(release=0) == [(text,)]


def test_a_tuple_is_the_values_of_one_in_and_each_length_is_compiled_once():
    for number in range(4):
        make_live(title=f"Release {number}")
    built = []

    def rows(titles, language):
        built.append(titles)
        return (
            Edition.objects.filter(title__in=titles, language=language)
            .order_by("-title")
            .values_list("title")
        )

    statement = Statement(rows)
    asked = [("Release 2", "Release 1"), ("Release 1", "Release 2"), ("Release 3", "none"), ("Release 0",)]
    found = [[title for (title,) in statement.rows(titles=titles, language="en")] for titles in asked]
    assert found == [["Release 2", "Release 1"], ["Release 2", "Release 1"], ["Release 3"], ["Release 0"]]
    assert [len(titles) for titles in built] == [2, 1]


def test_instances_come_with_what_is_selected_and_annotated_beside_them(django_assert_num_queries):
    make_live(section=make_section("/news/room/", "Room", parent=make_section("/news/", "News")))
    edition = make_live()

    def rows(at):
        places = ("address", "release__section__parent__address")
        first = Issuer.objects.filter(edition=OuterRef("pk"), position=1).values("name")[:1]
        found = Edition.objects.live(at).select_related(*places).defer("body").order_by("pk")
        return found.annotate(first_issuer=Subquery(first))

    statement, at = Statement(rows), NOON + DAY
    assert statement.instances(at=NOON - DAY) == []
    for one, other in zip(statement.instances(at=at), rows(at), strict=True):
        assert {**vars(one), "_state": None} == {**vars(other), "_state": None}
        assert not one._state.adding and one._state.db == "default"
        with django_assert_num_queries(0):
            parents = [found.release.section.parent for found in (one, other)]
            assert parents[0] == parents[1] and (
                parents[0] is None or parents[0].address == parents[1].address
            )
            assert one.address.path == other.address.path
    with django_assert_num_queries(1):
        assert one.body == edition.body
