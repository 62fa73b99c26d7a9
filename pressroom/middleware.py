from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import set_urlconf

OTHERS = ("/admin/", "/api/", "/accounts/", "/healthz", "/readyz")


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
