"""Figures for Prometheus, where the operator has switched them on."""

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from releases.api.views import not_found
from releases.services.operations.figures import read_figures

LOOPBACK = ("127.0.0.1", "::1")


class Figures(Collector):
    """Those of the database, as they are now."""

    def collect(self) -> Iterable[Metric]:
        for figure in read_figures(timezone.now()):
            yield GaugeMetricFamily(figure.name, figure.meaning, figure.value)


def metrics(request: HttpRequest) -> HttpResponse:
    """Figures of the database, and of all processes of this server; for nobody else as if it were not there."""
    if not may_ask(request):
        return not_found(request, "metrics")
    registry = CollectorRegistry()
    registry.register(Figures())
    MultiProcessCollector(registry)
    return HttpResponse(
        generate_latest(registry), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"}
    )


def may_ask(request: HttpRequest) -> bool:
    """Whether this is who METRICS lets ask: somebody on this machine, past the proxy, or who has the token."""
    if settings.METRICS in ("", "loopback"):
        is_here = request.META["REMOTE_ADDR"] in LOOPBACK and "X-Forwarded-For" not in request.headers
        return bool(settings.METRICS) and is_here
    return constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS}")
