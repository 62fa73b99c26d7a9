import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pressroom.settings")
django = get_wsgi_application()

from django.conf import settings  # noqa: E402 (settings come first)

from releases.delivery.store import ResponseStore  # noqa: E402
from releases.delivery.versions import version_reader  # noqa: E402

application = ResponseStore(django, version_reader(), settings.RESPONSE_STORE_MB * 1_000_000)
