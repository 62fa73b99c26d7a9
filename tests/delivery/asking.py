"""Ask a WSGI application as a server does."""

from typing import NamedTuple

from django.http import HttpResponse
from django.test import RequestFactory
from django.test.client import ClientHandler

from releases.delivery.store import ResponseStore
from releases.delivery.versions import read_version_in_transaction


class Reply(NamedTuple):
    status: int
    headers: dict
    body: bytes


def ask(application, path="/", method="GET", **headers):
    """`headers` by their names in Python: accept_encoding="gzip"."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return reply_to(application, RequestFactory().generic(method, path, headers=names).environ)


def reply_to(application, environ):
    found = {}

    def start(status, headers, exc_info=None):
        found["status"] = int(status.split()[0])
        found["headers"] = {name.lower(): value for name, value in headers}

    response = application(environ, start)
    try:
        body = b"".join(response)
    finally:
        getattr(response, "close", lambda: None)()
    return Reply(found["status"], found["headers"], body)


class StoredHandler(ClientHandler):
    """For Django's test client: every request goes through a store, twice, and the second answer counts."""

    def __init__(self):
        super().__init__(enforce_csrf_checks=False)
        self.store = ResponseStore(self.answer, read_version_in_transaction, 50_000_000)

    def answer(self, environ, start_response):
        response = super().__call__(environ)
        response.close = lambda: None  # Django's client has closed it, and spared the test's transaction
        start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        return response

    def __call__(self, environ):
        first, second = (reply_to(self.store, dict(environ)) for _ in range(2))
        assert first.status == second.status
        assert first.body == second.body or b"csrfmiddlewaretoken" in first.body
        response = HttpResponse(second.body, status=second.status, headers=second.headers)
        response.wsgi_request = None
        return response
