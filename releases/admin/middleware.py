import logging
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from releases.services.accounts import members

log = logging.getLogger(__name__)


class RecordPresence:
    """Notes who is at the desk, and who was refused there. It stands after the middleware that says who
    asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith("/admin/") and request.user.is_authenticated:
            members.seen(request.user, timezone.now())
        response = self.get_response(request)
        if response.status_code == HTTPStatus.FORBIDDEN:
            log.warning("%r was refused: %s %s", str(request.user), request.method, request.path)
        return response


SIGNS_OUT = ("/admin/logout/", "/accounts/logout/")


class NeverStoreAccounts:
    """Pages of accounts show keys and codes, so nobody may keep them; who signs out leaves no page behind that Back
    would show."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path_info.startswith("/accounts/") and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        if request.method == "POST" and request.path_info in SIGNS_OUT:
            response["Clear-Site-Data"] = '"cache"'
        return response
