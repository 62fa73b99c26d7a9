"""The page of what was found says what was left out, and shows what was meant."""

import pytest

from tests.factories import make_agency, make_live

pytestmark = pytest.mark.django_db


def page(client, **asked):
    return client.get("/releases/", asked).content.decode()


def test_a_misspelt_search_shows_what_was_meant_with_a_way_back(client):
    make_live(title="Herring quotas", body_html="<p>Fish.</p>")
    shown = page(client, q="herrimg quotas")
    assert "Herring quotas" in shown and "No release has “herrimg quotas”" in shown
    assert 'href="/releases/?q=herrimg+quotas&amp;exact=yes"' in shown
    assert 'value="herring quotas"' in shown.lower()


def test_who_insists_gets_what_was_typed(client):
    make_live(title="Herring quotas", body_html="<p>Fish.</p>")
    shown = page(client, q="herrimg", exact="yes")
    assert "No releases found for “herrimg”" in shown and "Did you mean" in shown


def test_where_nothing_is_found_there_is_no_filter_but_what_was_chosen(client):
    make_live(issuers=[make_agency("mti", "Ministry of Trade", "MTI")])
    shown = page(client, q="zzzz")
    assert "Try another spelling, or another word for it." in shown and "<fieldset" not in shown
    assert "Try fewer words" in page(client, q="zzzz qqqq")
    shown = page(client, q="zzzz", agency="mti")
    assert 'value="mti"' in shown and ">Ministry of Trade</span>" in shown and ">mti<" not in shown


def test_words_that_nothing_has_are_named(client):
    make_live(title="Herring quotas", body_html="<p>Fish.</p>")
    shown = page(client, q="herring zzzz")
    assert "No release has: zzzz." in shown and "Herring quotas" in shown


def test_that_not_all_have_all_words_is_told(client):
    make_live(title="Herring quotas of Norway", body_html="<p>Fish.</p>")
    make_live(title="Herring quotas", body_html="<p>Fish.</p>")
    assert "Few releases have all these words." in page(client, q="herring quotas norway")
    assert "Few releases" not in page(client, q="herring quotas")


def test_what_was_typed_is_shown_as_text(client):
    make_live(title="Herring quotas", body_html="<p>Fish.</p>")
    shown = page(client, q='herring "<img src=x onerror=alert(1)>" herrimg')
    assert "<img src=x" not in shown
