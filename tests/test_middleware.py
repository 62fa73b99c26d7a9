"""Readers' pages are found among readers' addresses, and everything else among all."""

import pytest
from django.urls import get_resolver, resolve, reverse

from pressroom.middleware import OTHERS
from tests.factories import make_user


def test_what_only_all_addresses_have_is_looked_for_there():
    *others, readers = get_resolver("pressroom.urls").url_patterns
    assert str(readers.pattern) == ""
    assert [str(one.pattern) for one in others if not f"/{one.pattern}".startswith(OTHERS)] == []


def test_a_reader_gets_the_same_view_from_both():
    for path in ("/", "/releases/", "/admin", "/api", "/accountsx/", "/sitemap.xml", "/media/a b.pdf"):
        assert not path.startswith(OTHERS)
        assert resolve(path, "pressroom.reader_urls").func == resolve(path, "pressroom.urls").func


@pytest.mark.django_db
def test_what_a_thread_does_after_a_page_finds_all_addresses(client):
    for path in ("/", "/nothing/"):
        client.get(path)
        assert reverse("admin:index") == "/admin/"


@pytest.mark.django_db
def test_a_program_that_asks_unencrypted_is_refused_and_a_person_led_on(client, settings):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_PROXY_SSL_HEADER = True, ("HTTP_X_FORWARDED_PROTO", "https")
    answers = {path: client.get(path).status_code for path in ("/api/releases", "/api/docs", "/releases/")}
    assert answers == {"/api/releases": 403, "/api/docs": 403, "/releases/": 301}
    assert client.get("/api/releases", headers={"x-forwarded-proto": "https"}).status_code == 200


@pytest.mark.django_db
def test_who_signs_out_leaves_no_page_behind(client):
    """The browser forgets what it would show to whoever presses Back."""
    for name in ("admin:logout", "account_logout"):
        client.force_login(make_user(is_staff=True))
        assert client.post(reverse(name))["Clear-Site-Data"] == '"cache"'
        assert client.get(reverse("admin:index")).status_code == 302
    assert "Clear-Site-Data" not in client.get(reverse("account_login"))
