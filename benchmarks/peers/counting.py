"""Press Room as `pressroom.wsgi` serves it, and as `pressroom.asgi` does, which tells at /-/counts how often its store was asked, and Django
behind it."""

import json
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings

from pressroom.wsgi import django
from releases.delivery.asgi import ASGIApplication, Message, Receive, Send
from releases.delivery.store import ResponseStore
from releases.delivery.versions import version_reader

Environ = dict[str, Any]
counts: Counter[str] = Counter()
lock = threading.Lock()


def count_django(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    with lock:
        counts["django"] += 1
    return django(environ, start_response)


store = ResponseStore(count_django, version_reader(), settings.RESPONSE_STORE_MB * 1_000_000)


event_loop = ASGIApplication(store)


def tell_counts() -> bytes:
    return json.dumps({"process": os.getpid(), **counts}).encode()


def application(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    if environ["PATH_INFO"] == "/-/counts":
        start_response("200 OK", [("Content-Type", "application/json")])
        return [tell_counts()]
    with lock:
        counts["store"] += 1
    return store(environ, start_response)


async def asgi(scope: Message, receive: Receive, send: Send) -> None:
    if scope.get("path") == "/-/counts":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": tell_counts()})
        return
    with lock:
        counts["store"] += 1
    await event_loop(scope, receive, send)
