"""The clock is compared with that of a server, and administrators are told when it is wrong."""

import datetime as dt
from contextlib import contextmanager
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.urls import reverse
from django.utils import timezone

from releases.models import Worker
from releases.services.operations import clock_checks, workers
from tests.factories import make_agency, make_member


@contextmanager
def answering(ahead):
    """The address of a server whose clock is `ahead` seconds of ours; None: it tells no time."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.send_response_only(200)
            if ahead is not None:
                told = timezone.now() + dt.timedelta(seconds=ahead)
                self.send_header("Date", format_datetime(told.astimezone(dt.UTC), usegmt=True))
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()


@pytest.mark.parametrize("ahead", [0, 60, -3600])
def test_the_offset_is_right_to_a_second(ahead):
    with answering(ahead) as url:
        assert abs(clock_checks.read_offset(url) + ahead) <= 1


@pytest.mark.django_db
def test_administrators_are_told_of_a_wrong_clock(client, settings):
    agency = make_agency()
    settings.CLOCK_URL = "http://127.0.0.1/"
    for ahead, told in ((-60, "60 seconds fast"), (60, "60 seconds slow"), (0, ""), (None, "")):
        with answering(ahead) as url:
            clock_checks.compare_clock("worker", url)
        for role in ("administrator", "writer"):
            client.force_login(make_member(agency, role=role))
            page = client.get(reverse("admin:index")).content.decode()
            assert ("The server's clock is" in page) == bool(told and role == "administrator")
            assert not told or role == "writer" or told in page
            tomorrow = client.get(reverse("admin:releases_edition_tomorrow")).content.decode()
            assert (told or "No trouble known") in tomorrow


@pytest.mark.django_db
def test_a_server_that_does_not_answer_tells_nothing_of_the_clock():
    Worker.objects.create(pk="worker", seen_at=timezone.now(), clock_offset=9.0)
    clock_checks.compare_clock("worker", "http://127.0.0.1:9/")
    assert Worker.objects.get().clock_offset is None
    assert workers.largest_clock_offset(timezone.now()) == 0
