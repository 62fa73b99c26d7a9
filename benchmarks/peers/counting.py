"""Press Room as `pressroom.wsgi` serves it, which tells at /-/counts how often its store was asked, and Django
behind it."""

import json
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings

from pressroom.wsgi import django
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


def application(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    if environ["PATH_INFO"] == "/-/counts":
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps({"process": os.getpid(), **counts}).encode()]
    with lock:
        counts["store"] += 1
    return store(environ, start_response)
