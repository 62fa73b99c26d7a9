from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponseBadRequest, HttpResponseForbidden
from django.http.request import split_domain_port
from django.http.response import HttpResponseBase
from django.urls import set_urlconf

NOTHING_RUNS = {"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff"}
OTHERS = ("/admin/", "/api/", "/accounts/", "/healthz", "/readyz")


UNENCRYPTED = "Ask for this address by https. What a program sent here anybody on the way could read.\n"
UNKNOWN_HOST = "This server does not answer for that address.\n"


class RefuseUnknownHosts:
    """Answers only for the site's own names, on the site's own port: no page is made for another, so none can
    be stored for it or hold its name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            _, port = split_domain_port(request.get_host())
        except DisallowedHost:
            port = "none"
        if port in {"", "80", "443", str(urlsplit(settings.SITE_URL).port), request.META["SERVER_PORT"]}:
            return self.get_response(request)
        return HttpResponseBadRequest(UNKNOWN_HOST, content_type="text/plain", headers=NOTHING_RUNS)


class RefuseUnencryptedPrograms:
    """A person's browser is led on to https; a program would go on asking by http and never be told."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asks_api = request.path_info.startswith("/api/") and request.path_info != "/api/metrics"
        if asks_api and settings.SECURE_SSL_REDIRECT and not request.is_secure():
            return HttpResponseForbidden(UNENCRYPTED, content_type="text/plain", headers=NOTHING_RUNS)
        return self.get_response(request)


class ChooseAddresses:
    """Looks for a reader's address among those of readers, where nothing of the desk has to be loaded."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(OTHERS):
            return self.get_response(request)
        request.urlconf = "pressroom.reader_urls"
        try:
            return self.get_response(request)
        finally:
            set_urlconf(None)  # Django leaves a request's addresses to what the thread does next
