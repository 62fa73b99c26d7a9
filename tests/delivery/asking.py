"""Ask a WSGI application as a server does, and an ASGI application."""

import asyncio
from typing import NamedTuple

from django.http import HttpResponse
from django.test import RequestFactory
from django.test.client import ClientHandler

from releases.delivery.asgi import make_environ
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


def ask_in_loop(application, path="/a/", method="GET", data=b"", leaves=False, **headers):
    """As `ask`, in an event loop of its own."""
    return asyncio.run(Connection(data=data, leaves=leaves).ask(application, path, method, **headers))


def make_scope(path, method="GET", **headers):
    target, _, query = path.partition("?")
    return {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": target,
        "raw_path": target.encode(),
        "query_string": query.encode(),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        "server": ("testserver", 80),
        "client": ("127.0.0.1", 4000),
    }


class Connection:
    """A reader who sends `data`, and may leave before its end.

    One who is slow goes on reading or sending once the event is set; `stands` while they do not.
    """

    def __init__(self, *, data=b"", leaves=False, reads=None, sends=None):
        self.data, self.leaves = data, leaves
        self.reads, self.sends = reads, sends
        self.stands = asyncio.Event()

    async def ask(self, application, path="/a/", method="GET", **headers):
        self.head, self.body = None, b""
        if self.sends:
            method, headers = "POST", {"content_length": str(len(self.data))}
        await application(make_scope(path, method, **headers), self.receive, self.send)
        names = [(name.decode().lower(), value.decode()) for name, value in self.head["headers"]]
        return Reply(self.head["status"], dict(names), self.body)

    async def receive(self):
        await self.wait(self.sends)
        part, self.data = self.data[:50_000], self.data[50_000:]
        if self.leaves and not part:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": part, "more_body": bool(self.data) or self.leaves}

    async def send(self, message):
        if message["type"] == "http.response.start":
            self.head = message
            return
        self.body += message.get("body", b"")
        await self.wait(self.reads)

    async def wait(self, event):
        if event:
            self.stands.set()
            await event.wait()


def find_in_loop(application, path, **headers):
    """The bytes that an event loop would give at once; None for what it would ask Django for."""

    async def find():
        return application.find(make_environ(make_scope(path, **headers)))

    stored = asyncio.run(find())
    return stored and stored.encode("")[1]


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
