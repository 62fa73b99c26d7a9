import pytest
from django.urls import reverse

from releases.admin.base.titles import BoundedPaginator
from releases.models import Agency
from tests.factories import make_agency, make_user

LIST = reverse("admin:releases_agency_changelist")


@pytest.fixture
def counted(monkeypatch):
    """No more than two beyond the page are counted."""
    monkeypatch.setattr(BoundedPaginator, "ahead", 2)
    for number in range(6):
        make_agency(f"agency-{number}", f"Agency {number}", f"A{number}")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "page, count, has_more", [(1, 3, True), (2, 4, True), (4, 6, False), (9, 6, False), (10**30, 6, False)]
)
def test_a_list_counts_so_far_beyond_the_page_that_is_asked_for(counted, page, count, has_more):
    paginator = BoundedPaginator(Agency.objects.order_by("pk"), 1)
    paginator.page_asked = page
    assert (paginator.count, paginator.has_more) == (count, has_more)


@pytest.mark.django_db
def test_a_list_says_that_there_are_more(client, counted, monkeypatch):
    monkeypatch.setattr("releases.admin.directory.agencies.AgencyAdmin.list_per_page", 2)
    client.force_login(make_user(is_staff=True, is_superuser=True))
    first, last, found = (
        " ".join(client.get(LIST, query).content.decode().split())
        for query in ({"p": 1}, {"p": 3}, {"q": "Agency"})
    )
    assert "More than 4 agencies" in first and "4 results" not in first
    assert "6 agencies" in last and "More than" not in last
    assert 'More than 4 results (<a href="?">Show all</a>)' in found
    assert client.get(LIST, {"p": "9" * 40}).status_code == 302
