"""A log line is one record, has the id of its request, and tells no secret."""

import datetime as dt
import json
import logging
import sys

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from pressroom import logs
from pressroom.logs import JSONFormatter, LineFormatter
from pressroom.request_ids import RequestId
from releases.models import Edition
from tests.factories import make_agency, make_edition, make_member, make_user

FORMATS = settings.LOGGING["formatters"]
LINE = LineFormatter(FORMATS["line"]["format"])
JSON = JSONFormatter(FORMATS["json"]["format"], timestamp=True)
FORGED = "x\n2026-11-30 12:00:00,000 INFO - releases All is well"
SECRET = "s3cr3t-T0ken_of-a-link"


def record(message, *values, exc_info=None):
    return logging.LogRecord("releases", logging.WARNING, __file__, 1, message, values, exc_info)


def as_json(one):
    [line] = JSON.format(one).splitlines()
    return json.loads(line)


@pytest.mark.parametrize(
    "text", [FORGED, "x\r" + FORGED, "\x1b[2K" + FORGED, "x\u2028" + FORGED, "a\x00\x85" + FORGED]
)
def test_a_name_forges_no_record(text):
    lines = LINE.format(record("Signed in as %s.", text)).split("\n")
    assert [line for line in lines[1:] if not line.startswith("    ")] == []
    assert not any(char in "\n".join(lines) for char in "\r\x1b\u2028\x00\x85")
    assert as_json(record("Signed in as %s.", text))["message"] == f"Signed in as {text}."


def test_an_error_forges_no_record():
    try:
        raise ValueError(FORGED)
    except ValueError:
        told = record("It failed.", exc_info=sys.exc_info())
    first, *others = LINE.format(told).split("\n")
    assert first.endswith("It failed.")
    assert len(others) > 3
    assert all(line.startswith("    ") for line in others)
    assert FORGED in as_json(told)["exc_info"]


@pytest.mark.parametrize(
    "address",
    [
        f"/accounts/preview/{SECRET}/",
        f"/accounts/preview/{SECRET}/{'a' * 64}/",
        f"/accounts/invitation/MQ/{SECRET}/",
    ],
)
def test_a_token_of_a_link_is_in_no_line(address):
    told = record("Internal Server Error: %s", address)
    assert SECRET not in LINE.format(told)
    assert SECRET not in JSON.format(told)
    assert "/accounts/" in LINE.format(told)


@pytest.mark.postgres
@pytest.mark.django_db
def test_what_the_database_says_of_a_row_is_in_no_line():
    edition = make_edition(title="Kanaritel")
    with (
        pytest.raises(DatabaseError, match="Kanaritel") as refused,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE releases_edition SET state = 'nothing' WHERE id = %s", [edition.pk])
    told = record("It failed: %s", refused.value, exc_info=refused._excinfo)
    assert "Kanaritel" not in LINE.format(told)
    assert "Kanaritel" not in JSON.format(told)
    assert "DETAIL: (not logged)" in LINE.format(told)
    assert Edition.objects.filter(pk=edition.pk).exists()


def test_lines_of_a_request_have_its_id():
    seen = []

    def answer(request):
        seen.append((LINE.format(record("Working.")), as_json(record("Working."))["request_id"]))
        return HttpResponse(status=503)

    response = RequestId(answer)(RequestFactory().get("/"))
    [(line, told)] = seen
    assert response.headers["X-Request-ID"] == told
    assert f" {told} releases Working." in line
    assert len(told) == 32
    assert logs.request_id.get() == "-"


@pytest.mark.parametrize(
    "given, taken",
    [("abcdef0123456789", True), ("short", False), ("a b\ncdefghij", False), ("a" * 65, False), ("", False)],
)
def test_an_id_is_taken_from_a_proxy_alone_and_only_where_it_is_one(settings, given, taken):
    request = RequestFactory().get("/admin/", headers={"X-Request-ID": given})
    for is_behind_a_proxy in (True, False):
        settings.HTTPS = is_behind_a_proxy
        told = RequestId(lambda _: HttpResponse())(request).headers["X-Request-ID"]
        assert (told == given) == (taken and is_behind_a_proxy)


@pytest.mark.django_db
def test_answers_that_are_stored_for_all_have_no_id_and_those_of_the_desk_do(client):
    assert "X-Request-ID" not in client.get("/").headers
    assert "X-Request-ID" in client.get(reverse("admin:login")).headers


@pytest.mark.django_db
def test_somebody_at_the_desk_is_told_the_id_of_a_failure(client, monkeypatch, caplog):
    """The line that says why is found by it."""
    client.force_login(make_user(is_staff=True, is_superuser=True))
    client.raise_request_exception = False
    monkeypatch.setattr("releases.admin.site.build_dashboard", lambda _: 1 / 0)
    answer = client.get(reverse("admin:index"))
    assert answer.status_code == 500
    assert f"<code>{answer.headers['X-Request-ID']}</code>" in answer.content.decode()
    [told] = [one for one in caplog.records if one.name == "django.request"]
    assert told.exc_info[0] is ZeroDivisionError


def test_times_of_records_have_their_zone():
    one = record("Working.")
    for told in (LINE.format(one).split()[0], as_json(one)["timestamp"]):
        at = dt.datetime.fromisoformat(told)
        assert at.tzinfo is not None
        assert abs(at.timestamp() - one.created) < 1


@pytest.mark.django_db
def test_who_was_refused_a_page_is_on_record(client, caplog):
    client.force_login(make_member(make_agency(), role="writer", username="anna"))
    assert client.get(reverse("admin:releases_membership_changelist")).status_code == 403
    assert "'anna' was refused: GET /admin/releases/membership/" in caplog.messages


@pytest.mark.django_db
def test_who_signs_in_and_out_is_on_record_and_no_name_that_is_none(client, caplog):
    caplog.set_level("INFO")
    make_member(make_agency(), username="anna")
    for name, password in (("my secret password", "x"), ("anna", "a long enough password")):
        client.post(reverse("account_login"), {"login": name, "password": password})
    client.post(reverse("admin:logout"))
    told = "\n".join(caplog.messages)
    assert "'anna' signed in from 127.0.0.1." in told
    assert "'anna' signed out." in told
    assert "Somebody could not sign in from 127.0.0.1." in told
    assert "my secret password" not in told


@pytest.mark.django_db
def test_too_many_attempts_to_sign_in_are_on_record(client, caplog):
    for _ in range(6):
        client.post(reverse("account_login"), {"login": "anna", "password": "wrong"})
    assert any("Too many attempts to sign in" in message for message in caplog.messages)
