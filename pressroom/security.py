from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class ContentSecurityPolicy:
    """Sends the policy of SECURE_CSP, or that of the desk (below /admin/ and /accounts/), where
    a view has not set its own.

    The settings have the names that Django 6 uses, whose own middleware takes this one's place.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.public = policy(settings.SECURE_CSP)
        self.desk = policy(settings.SECURE_CSP_ADMIN)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        desk = request.path_info.startswith(("/admin/", "/accounts/"))
        response.headers.setdefault("Content-Security-Policy", self.desk if desk else self.public)
        return response


def policy(directives: dict[str, list[str]]) -> str:
    return "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items())
