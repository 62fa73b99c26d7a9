import datetime as dt

import pytest
from django.urls import reverse

from tests.factories import make_agency, make_edition, make_live, make_member, make_section

pytestmark = pytest.mark.django_db
LIST = reverse("admin:releases_edition_changelist")


@pytest.fixture(autouse=True)
def newsroom(client):
    """A public release of 2019 and one of 2023, and another agency's draft of 2031, in another language."""
    mti, imda = make_agency(), make_agency("imda", "Infocomm Media Development Authority", "IMDA")
    moh, section = make_agency("moh", "Ministry of Health", "MOH"), make_section()
    for day in (dt.date(2019, 5, 6), dt.date(2023, 1, 2)):
        title = f"News of {day.year}"
        make_live(
            title=title, permalink=f"/news/{day}/", release_date=day, issuers=[mti, moh], section=section
        )
    make_edition(
        title="Not yet",
        permalink="/news/not-yet/",
        release_date=dt.date(2031, 1, 1),
        language="ta",
        issuers=[imda],
        section=section,
    )
    client.force_login(make_member(mti))


def offered(response, title):
    [found] = [one for one in response.context["cl"].filter_specs if one.title == title]
    return [choice["display"] for choice in found.choices(response.context["cl"])]


def titles(response):
    return sorted(edition.title for edition in response.context["cl"].result_list)


def test_every_choice_is_of_what_somebody_may_see(client):
    page = client.get(LIST)
    assert offered(page, "release date") == ["All", "2023", "2022", "2021", "2020", "2019"]
    assert offered(page, "language") == ["All", "en"]
    assert offered(page, "agency") == ["All", "MOH", "MTI"]


@pytest.mark.parametrize(
    "query, found",
    [
        ({"release_date__year": "2019"}, ["News of 2019"]),
        ({"release_date__year": "2020"}, []),
        ({"language": "en", "release_date__year": "2023"}, ["News of 2023"]),
        ({"release_date__year": "99999999"}, ["News of 2019", "News of 2023"]),
        ({"release_date__year": "a year"}, ["News of 2019", "News of 2023"]),
        ({"language": "ta"}, ["News of 2019", "News of 2023"]),
    ],
)
def test_a_choice_filters_and_what_is_none_is_passed_over(client, query, found):
    assert titles(client.get(LIST, query)) == found
