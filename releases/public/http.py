"""The instant of a request, and what caches may keep of an answer."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control, patch_vary_headers

View = Callable[..., HttpResponseBase]


def moment(request: HttpRequest) -> dt.datetime:
    """Now; in a rehearsal, the instant that is rehearsed."""
    return getattr(request, "rehearsed_at", None) or timezone.now()


def never_stale(view: View) -> View:
    """Caches ask again each time; nothing that somebody signed in was shown is kept anywhere.

    The page is in the language that the reader chose, or that their browser asks for.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with translation.override(translation.get_language_from_request(request)):
            response = view(request, *args, **kwargs)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Accept-Language", "Cookie"])
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            patch_cache_control(response, private=True, no_store=True)
        elif not response.has_header("Cache-Control"):
            patch_cache_control(response, no_cache=True)
        return response

    return wrapped
