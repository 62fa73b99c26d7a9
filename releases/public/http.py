"""The instant of a request, and what caches may keep of an answer."""

import datetime as dt
from collections.abc import Callable, Collection
from functools import lru_cache, wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers

from releases.services.editions.facts import hold_version
from releases.services.operations.clock import clock

View = Callable[..., HttpResponseBase]
REPEATED = ("agency",)
"""Parameters that may come several times, each with a value that counts."""
FORMATS = ["text/html", "application/json", "text/markdown"]


def moment(request: HttpRequest) -> dt.datetime:
    """Now; in a rehearsal, the instant that is rehearsed."""
    return getattr(request, "rehearsed_at", None) or clock.now()


def never_stale(view: View) -> View:
    """Caches ask again each time; nothing that somebody signed in was shown is kept anywhere.

    The page is in the language that the reader chose, or that their browser asks for.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        language = translation.get_language_from_request(request)
        with hold_version(), translation.override(language):
            response = view(request, *args, **kwargs)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Accept-Language", "Cookie"])
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            patch_cache_control(response, private=True, no_store=True)
        elif not response.has_header("Cache-Control"):
            patch_cache_control(response, no_cache=True)
        return response

    return wrapped


@lru_cache(maxsize=1024)
def choose_media_type(accept: str | None) -> str | None:
    """Which of FORMATS an Accept header prefers; None where it takes none of them."""
    if accept is None:
        return FORMATS[0]
    request = HttpRequest()
    request.META["HTTP_ACCEPT"] = accept
    return request.get_preferred_type(FORMATS)


def read_query(query: bytes, names: Collection[str]) -> list[tuple[str, str]] | None:
    """The parameters with these names that are not empty, by name: the last value of each, all of those in REPEATED;
    None for a query of too many fields."""
    try:
        found = QueryDict(query)
    except TooManyFieldsSent:
        return None
    return _pick(found, names)


def _pick(query: QueryDict, names: Collection[str]) -> list[tuple[str, str]]:
    starts = {name: 0 if name in REPEATED else -1 for name in sorted(names)}
    return [(name, value) for name, start in starts.items() for value in query.getlist(name)[start:] if value]


def takes_parameters(*names: str) -> Callable[[View], View]:
    """The view sees no other parameters of the query, and says so to caches, by No-Vary-Search: with any
    others, and in any order, it is the same page."""
    quoted = " ".join(f'"{name}"' for name in sorted(names))
    rule = "key-order, params" + (f", except=({quoted})" if names else "")

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            query = QueryDict(mutable=True)
            for name, value in _pick(request.GET, names):
                query.appendlist(name, value)
            request.GET = query  # type: ignore[assignment]
            request.META["QUERY_STRING"] = query.urlencode()
            response = view(request, *args, **kwargs)
            response["No-Vary-Search"] = rule
            return response

        return wrapped

    return decorate
