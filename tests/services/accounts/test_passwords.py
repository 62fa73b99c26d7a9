"""Passwords that somebody who knows the newsroom would guess are refused."""

import pytest
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError

from tests.factories import make_agency

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def newsroom(settings):
    settings.SITE_NAME = "Harbour News"
    settings.SITE_URL = "https://news.harbour.example"
    make_agency("mpa", "Maritime and Port Authority", "MPA")


@pytest.mark.parametrize(
    "password",
    [
        "HarbourNews2026!",
        "maritime-port-authority",
        "mpa.pressroom.2026",
        "Welcome-to-MPA-2026-!!",
        "2026-11-30-09-00",
        "example.harbour.MPA",
    ],
)
def test_words_of_this_place_and_digits_make_no_password(password):
    with pytest.raises(ValidationError, match="made of words that people connect with this newsroom"):
        validate_password(password)


@pytest.mark.parametrize(
    "password", ["violet kettles on the harbour", "correct horse mpa", "9 grey geese at dusk"]
)
def test_a_word_of_this_place_among_others_is_let_be(password):
    assert validate_password(password) is None


def test_people_are_told_before_they_choose():
    assert "Use more than the names of this newsroom and of its agencies." in (
        password_validators_help_texts()
    )
