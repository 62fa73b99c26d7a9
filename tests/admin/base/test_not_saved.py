"""A form that comes too late shows what was typed into it, without any script."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tests.admin.test_pages import typed
from tests.factories import make_agency, make_edition, make_member
from tests.markup import tidy

pytestmark = pytest.mark.django_db
WORDS = "A paragraph <of mine> that took an hour."


@pytest.fixture
def edition():
    return make_edition()


@pytest.fixture
def url(edition):
    return reverse("admin:releases_edition_change", args=[edition.pk])


def test_the_session_has_ended(client, edition, url):
    response = client.post(url, typed(edition, body=WORDS))
    page = response.content.decode()
    assert response.status_code == 403 and "You are signed out" in page
    assert "A paragraph &lt;of mine&gt; that took an hour." in page
    assert f'href="{reverse("admin:login")}?next={url.replace("/", "%2F")}"' in page
    edition.refresh_from_db()
    assert edition.body != WORDS


def test_another_tab_signed_in_meanwhile(edition, url):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_member(make_agency()))
    response = client.post(url, typed(edition, body=WORDS))
    assert response.status_code == 403
    assert "A paragraph &lt;of mine&gt; that took an hour." in response.content.decode()


def test_it_is_shown_under_words_and_without_what_only_the_form_needs(client, edition, url):
    form = {"annexes-0-title": "A map", "release_date": "2024-03-01", "base": "{}", "annexes-0-id": "7"}
    page = tidy(client.post(url, typed(edition, **form)))
    shown = re.findall(r"<label>([^<]+)<br>", page)
    assert {"Annexes 1, title", "Release date", "Text"} <= set(shown)
    assert not {name for name in shown if "base" in name.lower() or "forms" in name or " id" in name}


def test_passwords_are_never_shown(edition, url):
    client = Client(enforce_csrf_checks=True)
    make_member(make_agency(), username="anna")
    assert User.objects.filter(username="anna").exists()
    page = client.post(reverse("account_login"), {"login": "anna", "password": "a long enough password"})
    assert "anna" in page.content.decode() and "a long enough password" not in page.content.decode()


def test_elsewhere_a_form_of_others_is_refused_in_few_words(client):
    page = Client(enforce_csrf_checks=True).post("/news/", {"body": WORDS})
    assert page.status_code == 403 and "took an hour" not in page.content.decode()


def test_who_sent_nothing_signs_in(client, url):
    assert client.post(url, {}).status_code == client.get(url).status_code == 302


def test_only_whoever_may_read_a_row_is_shown_what_they_typed_there(client):
    """Nobody else is told that there is such a row, and an addition has none."""
    agency, section = make_agency(), make_edition().release.section
    writer, nobody = make_member(agency, role="writer"), make_member()
    change = reverse("admin:releases_section_change", args=[section.pk])
    add = reverse("admin:releases_section_add")
    for person, url, told in [(writer, change, True), (writer, add, False), (nobody, change, False)]:
        client.force_login(person)
        response = client.post(url, {"title": "My words"})
        assert response.status_code == 403
        assert ("You may read this and not change it" in response.content.decode()) is told
