"""Agencies, sections, people and redirects, as somebody sets up a newsroom who has never heard of Jekyll."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from releases.models import LedgerEntry, Redirect, Section
from releases.services.accounts import members
from releases.services.accounts.permissions import Role
from tests.admin.browsing import sent
from tests.factories import make_agency, make_live, make_user
from tests.markup import tidy

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(client):
    user = make_user(is_staff=True, is_superuser=True, first_name="Ada")
    client.force_login(user)
    return user


def test_a_section_needs_a_title_and_a_path_only(client, chief):
    page = reverse("admin:releases_section_add")
    client.post(page, sent(client.get(page), title="Speeches", path="/news/speeches/", kind="speech"))
    section = Section.objects.get()
    assert (section.folder, section.address.path) == ("news/speeches", "/news/speeches/")


def test_whoever_is_given_a_role_comes_to_the_desk(client, chief):
    user, agency = User.objects.create_user("tan", password="a long enough password"), make_agency()
    members.grant(user, agency, Role.WRITER, actor=chief, at=timezone.now())
    client.force_login(User.objects.get(pk=user.pk))
    assert "Waiting for you" in client.get(reverse("admin:index")).content.decode()


def test_a_redirect_to_nowhere_is_refused_in_the_form(client, chief):
    live = make_live()
    page = reverse("admin:releases_redirect_add")
    typed = {"valid_from": "2026-01-01T09:00"}
    refused = client.post(page, sent(client.get(page), path="/old/", target="/nowhere/", **typed))
    assert "There is nothing at the address that this leads to." in tidy(refused)
    for number, target in enumerate((live.permalink, "/releases/?q=ships", "https://example.org/nowhere/")):
        made = client.post(page, sent(client.get(page), path=f"/old/{number}/", target=target, **typed))
        assert made.status_code == 302
    assert Redirect.objects.count() == 3
    assert "admin-autocomplete" in client.get(page).content.decode()


def test_a_history_tells_in_words_who_did_what_and_unfolds_the_digests(client, chief):
    agency = make_agency()
    page = reverse("admin:releases_agency_change", args=[agency.pk])
    client.post(page, sent(client.get(page), acronym="MTRI"))
    entry = LedgerEntry.objects.get()
    for url in (
        reverse("admin:releases_agency_history", args=[agency.pk]),
        reverse("admin:releases_edition_ledger", args=[_changed(agency).pk]),
    ):
        text = tidy(client.get(url))
        shown = text.split("For auditors")[0]
        assert "Ada" in shown and chief.username not in shown
        assert entry.after[:12] not in shown and "live_from" not in shown
    assert "Approved (version 1)" in shown


def _changed(agency):
    return make_live(issuers=[agency], approver=User.objects.get(first_name="Ada"), at=timezone.now())


def test_the_menu_of_all_records_names_no_library(client, chief):
    page = tidy(client.get(reverse("admin:index")))
    records = page[page.index("All records") :]
    assert "Suggestions" in records and "For operators and auditors" in records
    assert "Tasks of the worker" in records and "Task Result" not in records and "Blob" not in records
