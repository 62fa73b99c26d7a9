"""What stands on the pages of the desk is in words: names of lists, fields and countries, times with their
zone."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django_tasks_db.models import DBTaskResult

from releases.models import Agency, Agreement, Edition, Party
from releases.services.publishing import takedown
from tests.admin.browsing import sent
from tests.factories import (
    SINGAPORE,
    make_agency,
    make_blob,
    make_edition,
    make_live,
    make_member,
    make_scheduled,
    make_user,
)
from tests.markup import tidy

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    """The page at the name of a URL."""
    client.force_login(make_user(is_staff=True, is_superuser=True))

    def page(name, *args, **query):
        return tidy(client.get(reverse(f"admin:{name}", args=args), query))

    return page


@pytest.mark.parametrize(
    "name, title",
    [
        ("releases_edition", "Releases"),
        ("releases_agency", "Agencies"),
        ("releases_membership", "People and their roles"),
        ("releases_ledgerentry", "Ledger entries"),
        ("releases_blob", "Stored files"),
        ("auth_user", "Accounts"),
        ("django_tasks_database_dbtaskresult", "Tasks of the worker"),
    ],
)
def test_a_list_is_called_by_what_it_lists(desk, name, title):
    page = desk(f"{name}_changelist")
    assert f"<h1>{title}</h1>" in page and f"Desk</a> › {title}" in page
    assert "to change" not in page and "to view" not in page


FOREIGN = (
    "Designates",
    "Add user",
    "memberships",
    "Task Result",
    "DBTaskResult",
    "Raw passwords",
    "pbkdf2",
    "more user options",
    "Editions",
    "Staff status",
)
"""Words of what stands beneath the desk, which nobody who works there knows."""


def test_no_page_of_people_or_tasks_speaks_of_what_stands_beneath(desk):
    DBTaskResult.objects.create(task_path="a.b.inspect_blob", args_kwargs={"args": ["7"], "kwargs": {}})
    shown = [
        desk("index"),
        desk("auth_user_changelist"),
        desk("auth_user_add"),
        desk("auth_user_change", User.objects.get().pk),
        desk("releases_membership_changelist"),
        desk("releases_membership_add"),
        desk("django_tasks_database_dbtaskresult_changelist"),
    ]
    assert "Inspect blob" in shown[-1]
    assert not [words for words in FOREIGN for page in shown if words in strip_tags(page)]


def test_the_ledger_says_what_was_done_and_is_asked_in_the_same_words(desk):
    make_live(at=timezone.now())
    every, brought = (desk("releases_ledgerentry_changelist", **asked) for asked in ({}, {"verb": "import"}))
    assert 'field-did">Approved' in every and 'field-did"' not in brought
    assert "Came from the old site" in brought


def test_fields_are_called_in_words(desk):
    page = desk("releases_agreement_add")
    assert "Source address:" in page and "Source url" not in page
    assert "Counts from:" in desk("releases_party_change", _party().pk)
    make_blob()
    assert "SHA-256" in desk("releases_blob_changelist")


def _party():
    party = Party.objects.create(agreement=Agreement.objects.create(slug="a", title="A"), country="KR")
    party.actions.create(kind="signature", action_on="2024-03-01")
    return party


def test_other_names_and_hosts_of_an_agency_are_lines(client, desk):
    agency = make_agency()
    Agency.objects.update(aliases=["Ministry of Trade", "Trade Ministry"])
    url = reverse("admin:releases_agency_change", args=[agency.pk])
    opened = client.get(url)
    assert "Ministry of Trade\nTrade Ministry</textarea>" in opened.content.decode()
    assert (
        client.post(url, sent(opened, hosts="www.mti.example\n\nmti.example\nmti.example\n")).status_code
        == 302
    )
    agency.refresh_from_db()
    assert (agency.hosts, agency.aliases) == (
        ["www.mti.example", "mti.example"],
        ["Ministry of Trade", "Trade Ministry"],
    )


def test_times_have_their_zone_and_hours_of_a_whole_day(desk):
    make_live(at=timezone.now())
    page = desk("releases_ledgerentry_changelist")
    assert "(Asia/Singapore)" in page and "a.m." not in page and "p.m." not in page


def test_the_countries_to_choose_from_are_those_of_parties(client, desk):
    party = _party()
    Agreement.objects.create(slug="b", title="Without parties")
    page = desk("releases_agreement_changelist")
    assert "South Korea" in page and "Afghanistan" not in page
    assert "Without parties" not in desk("releases_agreement_changelist", country="KR")
    assert f"/party/{party.pk}/" in desk("releases_party_changelist", country="KR")
    assert f"/party/{party.pk}/" not in desk("releases_party_changelist", country="SG")


def test_what_was_saved_last_stands_first_in_the_list_of_releases(desk):
    first = make_edition(title="Older")
    make_edition(title="Newer")
    page = desk("releases_edition_changelist")
    assert page.index("Newer") < page.index("Older")
    Edition.objects.filter(pk=first.pk).update(updated_at=timezone.now())
    page = desk("releases_edition_changelist")
    assert page.index("Older") < page.index("Newer")


def test_the_ledger_of_a_release_tells_every_time_in_the_newsrooms_zone(desk, client):
    starts = dt.datetime(2033, 1, 14, 9, tzinfo=SINGAPORE)
    edition = make_scheduled(live_from=starts, at=timezone.now())
    page = client.get(reverse("admin:releases_edition_ledger", args=[edition.pk])).content.decode()
    assert "Public from: Friday 14 January 2033, 09:00 (Asia/Singapore)" in page
    assert "When (Asia/Singapore)" in page and "+08" not in page and "+00:00" not in page


def test_who_took_a_release_away_is_told_so_before_they_ask_for_it_back(client):
    edition, taker, other = make_live(), make_member(make_agency()), make_member(make_agency())
    takedown.withdraw(edition.release, actor=taker, reason="A reason", at=timezone.now())
    words = "Republish: You withdrew it; a colleague must republish it."
    for person, told in ((taker, True), (other, False)):
        client.force_login(person)
        url = reverse("admin:releases_edition_change", args=[edition.pk])
        assert (words in client.get(url).content.decode()) is told
