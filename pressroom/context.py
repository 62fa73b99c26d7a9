"""What every template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from releases.public.http import moment
from releases.services.website.newsroom import find_frame

DESK = ("/admin/", "/accounts/")
PREVIEW = "/accounts/preview/"


def site(request: HttpRequest) -> dict[str, Any]:
    """`newsroom` is asked for by the pages that readers see, where they first name it."""
    is_desk = request.path.startswith(DESK) and not request.path.startswith(PREVIEW)
    frame: Any = SimpleLazyObject(lambda: find_frame(moment(request)))
    return {
        "site_name": settings.SITE_NAME if is_desk else SimpleLazyObject(lambda: frame.name),
        "newsroom": frame,
        "site_address": settings.SITE_URL,
        "has_provider": bool(settings.OPENID_URL),
    }
