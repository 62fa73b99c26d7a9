"""What of a request decides which bytes answer it."""

from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest, parse_cookie
from django.utils import translation

from releases.public.http import choose_media_type, read_query

Environ = dict[str, Any]
NEVER_STORED = ("/admin/", "/accounts/", "/static/", "/language/", "/healthz", "/readyz")
"""The desk and what belongs to one person; a choice that is kept in a cookie; files and health."""
SLIDING = "/sitemap-news.xml"  # tells of the last two days, so it changes with every instant
# Read once: to ask the settings of Django takes longer than to find a page.
SESSION_COOKIE = settings.SESSION_COOKIE_NAME
TRUSTED_SCHEME = (settings.SECURE_PROXY_SSL_HEADER or ("",))[0]
Parameters = tuple[tuple[str, str], ...]


class Page(NamedTuple):
    """An address in the language and the format that were asked for, without its parameters.

    `scheme` is that of this server's request, and what the proxy says of its own, where settings trust that.
    """

    scheme: str
    host: str
    path: str
    language: str
    media_type: str


def may_be_stored(environ: Environ) -> bool:
    """Whether the answer can be the same for every reader: nobody is signed in, and a whole page is asked
    for."""
    return (
        environ["REQUEST_METHOD"] in ("GET", "HEAD")
        and "HTTP_RANGE" not in environ
        and "HTTP_AUTHORIZATION" not in environ
        and SESSION_COOKIE not in environ.get("HTTP_COOKIE", "")
        and not environ["PATH_INFO"].startswith(NEVER_STORED)
        and environ["PATH_INFO"] != SLIDING
    )


def find_page(environ: Environ) -> Page:
    """The page that is asked for, by a reader or a proxy."""
    return Page(
        f"{environ['wsgi.url_scheme']} {environ.get(TRUSTED_SCHEME, '')}",
        environ.get("HTTP_HOST", ""),
        environ["PATH_INFO"],
        _choose_language(environ.get("HTTP_COOKIE", ""), environ.get("HTTP_ACCEPT_LANGUAGE", "")),
        choose_media_type(environ.get("HTTP_ACCEPT")) or "",
    )


@lru_cache(maxsize=1024)
def _choose_language(cookies: str, accepted: str) -> str:
    """As Django chooses it, which takes longer than to send a stored page."""
    request = HttpRequest()
    request.META["HTTP_ACCEPT_LANGUAGE"] = accepted
    request.COOKIES = parse_cookie(cookies)
    return translation.get_language_from_request(request)


def read_parameters(environ: Environ, names: frozenset[str] | None) -> Parameters:
    """Those parameters of the query that the page takes, as Django reads them, in an order of their own.

    `names` None: any may matter, and so may their order.
    """
    query = environ.get("QUERY_STRING", "")
    if names is not None and not (names and query):
        return ()
    found = None if names is None else read_query(query.encode("latin-1"), names)
    return (("", query),) if found is None else tuple(found)
