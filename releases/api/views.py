from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control
from ninja import NinjaAPI

from releases.services.editions.pagination import BadCursor
from releases.services.feeds import catalogue
from releases.services.feeds.serializers import serialize_release
from releases.services.operations.clock import clock


class FreshAPI(NinjaAPI):
    """Caches ask again each time, as for pages."""

    def create_response(self, request: HttpRequest, data: Any, **kwargs: Any) -> HttpResponse:
        response = super().create_response(request, data, **kwargs)
        patch_cache_control(response, no_cache=True)
        return response


api = FreshAPI(title="Press Room", version="1", docs_url=None, urls_namespace="api")


@api.get("/releases", url_name="releases")
def releases(
    request: HttpRequest, permalink: str = "", section: str = "", agency: str = "", before: str = ""
) -> dict[str, Any] | HttpResponse:
    """Public releases, newest first, 20 at a time; `older` is the `before` of the next page, "" on the last.

    `permalink` picks one, `section` is a section's path, `agency` an issuing agency's slug.
    """
    try:
        listing = catalogue.list_releases(clock.now(), permalink, section, agency, before)
    except BadCursor:
        return api.create_response(request, {"detail": "There is no such position."}, status=400)
    return {"items": [serialize_release(edition) for edition in listing.editions], "older": listing.older}


def not_found(request: HttpRequest, path: str) -> HttpResponse:
    return JsonResponse({"detail": "Not found."}, status=404, headers={"Cache-Control": "no-cache"})
