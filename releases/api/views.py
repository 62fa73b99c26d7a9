from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from ninja import NinjaAPI

from releases.models import Address, Edition
from releases.models.edition import NEWEST_FIRST
from releases.services.editions import pagination
from releases.services.feeds import serializers


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
    now = timezone.now()
    editions: QuerySet[Edition] = Edition.objects.live(now) if permalink else Edition.objects.listed(now)
    if permalink:
        editions = editions.filter(address__in=Address.objects.at(permalink))
    if section:
        editions = editions.filter(release__section__address__in=Address.objects.at(section))
    if agency:
        editions = editions.filter(issuers__agency__slug=agency.replace("\x00", ""))
    try:
        editions = pagination.page_after(editions, before)
    except pagination.BadCursor:
        return api.create_response(request, {"detail": "There is no such position."}, status=400)
    length = pagination.PAGE_LENGTH
    found = list(serializers.with_json_columns(editions, now).order_by(*NEWEST_FIRST)[: length + 1])
    older = pagination.format_cursor(found[length - 1]) if len(found) > length else ""
    return {"items": [serializers.serialize_release(edition) for edition in found[:length]], "older": older}


def not_found(request: HttpRequest, path: str) -> HttpResponse:
    return JsonResponse({"detail": "Not found."}, status=404, headers={"Cache-Control": "no-cache"})
