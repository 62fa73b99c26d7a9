import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pressroom.settings")
django = get_wsgi_application()

from django.conf import settings  # noqa: E402 (settings come first)

import pressroom.reader_urls  # noqa: E402, F401 (what pages need is loaded once, before processes fork)
from releases.delivery import metrics  # noqa: E402
from releases.delivery.store import ResponseStore  # noqa: E402
from releases.delivery.versions import version_reader  # noqa: E402

answers = metrics.timed(django) if settings.METRICS else django
store = ResponseStore(answers, version_reader(), settings.RESPONSE_STORE_MB * 1_000_000)
application = metrics.counted(store) if settings.METRICS else store

# A collection would write to every object that is loaded by now, so that no two processes could share it.
gc.collect()
gc.freeze()
