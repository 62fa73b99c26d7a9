import re
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from pressroom import logs

NAME = "X-Request-ID"
TAKEN = re.compile(r"[0-9A-Za-z-]{8,64}")
OF_THE_DESK = ("/admin/", "/accounts/")


class RequestId:
    """Gives each request an id, by which its log lines are found: that of the proxy, where there is one.

    Answers that nobody stores carry it: those of the desk, and failures.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        found = find_request_id(request)
        vars(request)["request_id"] = found
        before = logs.request_id.set(found)
        try:
            response = self.get_response(request)
        finally:
            logs.request_id.reset(before)
        if response.status_code >= 500 or request.path_info.startswith(OF_THE_DESK):
            response.headers[NAME] = found
        return response


def find_request_id(request: HttpRequest) -> str:
    """What the proxy calls it, which is there where https is spoken; else a new one."""
    told = request.headers.get(NAME, "") if settings.HTTPS else ""
    return told if TAKEN.fullmatch(told) else uuid.uuid4().hex
