"""Whoever needs a second factor and has none sets one up before anything else at the desk."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from releases.admin import site
from releases.services.accounts import second_factor
from releases.templatetags.desk_tags import submitted_values

NEEDED = "You need a second factor at this desk, so this was not saved. What you typed is below; copy what you need, then set one up."
OPEN = ("/admin/login/", "/admin/logout/", "/admin/jsi18n/")


class RequireSecondFactor:
    """It stands after the middleware that says who asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not self._is_missing(request):
            return self.get_response(request)
        if submitted_values(request.POST):
            return site.not_saved(request, NEEDED, "Set up a second factor", reverse("mfa_index")).render()
        return HttpResponseRedirect(reverse("mfa_index"))

    def _is_missing(self, request: HttpRequest) -> bool:
        path = request.path_info
        is_desk = path.startswith("/admin/") and not path.startswith(OPEN)
        return bool(settings.SECOND_FACTOR and is_desk and second_factor.is_missing(request.user))
