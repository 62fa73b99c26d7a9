from functools import wraps

from django.conf import settings
from django.utils.cache import patch_cache_control


def never_stale(view):
    """Caches ask again each time; nothing that somebody signed in was shown is kept anywhere."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            patch_cache_control(response, private=True, no_store=True)
        elif not response.has_header("Cache-Control"):
            patch_cache_control(response, no_cache=True)
        return response

    return wrapped
