"""Readers' pages are found among readers' addresses, and everything else among all."""

import pytest
from django.urls import get_resolver, resolve, reverse

from pressroom.middleware import OTHERS


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
