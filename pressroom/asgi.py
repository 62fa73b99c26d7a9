from django.conf import settings

from pressroom.wsgi import store
from releases.delivery import metrics
from releases.delivery.asgi import ASGIApplication

application = metrics.counted_asgi(ASGIApplication(store)) if settings.METRICS else ASGIApplication(store)
