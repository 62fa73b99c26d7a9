import datetime as dt
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DjangoSessionStore
from django.contrib.sessions.models import Session as DjangoSession
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from releases.models import Session
from releases.services.accounts import members
from tests.factories import make_agency, make_member

pytestmark = pytest.mark.django_db
[MIGRATION] = (Path(settings.BASE_DIR) / "releases" / "migrations").glob("*_session.py")


def is_signed_in(client):
    return client.get(reverse("admin:index")).status_code == 200


def test_a_session_says_whose_it_is_from_its_first_moment(client):
    anna = make_member(make_agency(), username="anna")
    client.get(reverse("account_login"))
    client.post(reverse("account_login"), {"login": "anna", "password": "a long enough password"})
    assert list(Session.objects.values_list("user_id", flat=True)) == [anna.pk]
    client.logout()
    assert not Session.objects.exists()


def test_what_is_kept_for_somebody_who_is_not_signed_in_is_nobodys(client):
    session = client.session
    session["language"] = "ta"
    session.save()
    assert Session.objects.get().user_id is None


def old_session(user, *, seconds=3600):
    """A client with a session in the table where Django itself keeps them."""
    store = DjangoSessionStore()
    store[SESSION_KEY], store[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store.set_expiry(seconds)
    store.save()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = store.session_key
    return client


def test_the_update_signs_nobody_out_and_old_sessions_end_like_new_ones():
    anna, berta = make_member(make_agency()), make_member(make_agency())
    old, others, over = old_session(anna), old_session(berta), old_session(anna, seconds=-60)
    DjangoSession.objects.create(
        session_key="torn", session_data="torn", expire_date=timezone.now().replace(year=2999)
    )
    import_module(f"releases.migrations.{MIGRATION.stem}").copy_sessions(apps, None)
    assert not DjangoSession.objects.exists()
    assert is_signed_in(old) and is_signed_in(others) and not is_signed_in(over)
    assert members.end_sessions(anna) == 1
    assert is_signed_in(others) and not is_signed_in(old)


def test_sessions_that_are_over_are_cleared():
    anna = make_member(make_agency())
    client = Client()
    client.force_login(anna)
    Session.objects.update(expire_date=timezone.now())
    client.force_login(make_member(make_agency()))
    call_command("clearsessions")
    assert anna.pk not in Session.objects.values_list("user_id", flat=True) and Session.objects.count() == 1


def test_a_session_that_nobody_uses_ends_after_an_hour_and_one_in_use_goes_on(monkeypatch):
    client, begun = Client(), timezone.now()
    client.force_login(make_member(make_agency()))

    def is_there_after(minutes):
        monkeypatch.setattr(timezone, "now", lambda: begun + dt.timedelta(minutes=minutes))
        return is_signed_in(client)

    assert [is_there_after(minutes) for minutes in (50, 100, 150, 211, 212)] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_nothing_makes_a_session_last_longer_than_from_its_beginning(monkeypatch):
    client, begun = Client(), timezone.now()
    client.force_login(make_member(make_agency()))
    for minutes in range(50, 12 * 60, 50):
        monkeypatch.setattr(timezone, "now", lambda minutes=minutes: begun + dt.timedelta(minutes=minutes))
        assert is_signed_in(client)
        session = client.session
        session["written"] = minutes
        session.save()
    monkeypatch.setattr(timezone, "now", lambda: begun + dt.timedelta(hours=12, minutes=1))
    assert not is_signed_in(client)
