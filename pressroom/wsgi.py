import gc
import logging
import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

WSGIApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pressroom.settings")
django: WSGIApplication = get_wsgi_application()

from django.conf import settings  # noqa: E402 (settings come first)

import pressroom.reader_urls  # noqa: E402, F401 (what pages need is loaded once, before processes fork)
from pressroom.static_files import RefusePages, find_static_problem  # noqa: E402
from releases.delivery import metrics  # noqa: E402
from releases.delivery.store import ResponseStore  # noqa: E402
from releases.delivery.versions import version_reader  # noqa: E402
from releases.services.operations.clock import clock  # noqa: E402

if problem := find_static_problem():  # else each page would answer 500, and nobody would know why
    logging.getLogger(__name__).error("%s, then restart the server.", problem)
    django = RefusePages(django, problem)
answers = metrics.timed(django) if settings.METRICS else django
store = ResponseStore(answers, version_reader(), settings.RESPONSE_STORE_MB * 1_000_000, clock=clock.now)
application = metrics.counted(store) if settings.METRICS else store

# A collection would write to every object that is loaded by now, so that no two processes could share it.
gc.collect()
gc.freeze()
