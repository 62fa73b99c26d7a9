"""When somebody last showed who they are, as their session keeps it."""

import time
from typing import Any

from django.utils import timezone

from releases.services.accounts import own_sessions

SECONDS = 15 * 60
PROVED_AT = "proved_at"


def note_sign_in(request: Any, **kwargs: Any) -> None:
    """Receives that somebody signed in."""
    request.session[PROVED_AT] = time.time()
    own_sessions.begin(request.session, request.META.get("HTTP_USER_AGENT", ""), timezone.now())


def note_step(request: Any, **kwargs: Any) -> None:
    """Receives each step of signing in: the first of two is no proof; one that repeats them is."""
    if kwargs.get("reauthenticated"):
        request.session[PROVED_AT] = time.time()


def is_recent(session: Any) -> bool:
    """Whether it was less than 15 minutes ago."""
    return time.time() - session.get(PROVED_AT, 0) < SECONDS
