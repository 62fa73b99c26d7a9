"""What an editor sees of a body before it is saved."""

import datetime as dt

from django.utils import timezone

from releases.content.rendering import decorate, render
from releases.services.naming import names_at


def preview(markdown: str, at: dt.datetime | None = None) -> str:
    """Exactly what the page would show at the instant `at` (now). Raises BodyRefused."""
    return decorate(render(markdown), names=names_at(at or timezone.now()))
