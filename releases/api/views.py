from django.http import JsonResponse
from django.utils import timezone
from ninja import NinjaAPI

from releases.models import Address, Edition
from releases.models.edition import NEWEST_FIRST
from releases.services import pages, serializing

PAGE_LENGTH = 20

api = NinjaAPI(title="Press Room", version="1", docs_url=None, urls_namespace="api")


@api.get("/releases", url_name="releases")
def releases(request, permalink: str = "", section: str = "", agency: str = "", before: str = ""):
    """Public releases, newest first, 20 at a time; `older` is the `before` of the next page, "" on the last.

    `permalink` picks one, `section` is a section's path, `agency` an issuing agency's slug.
    """
    now = timezone.now()
    editions = Edition.objects.live(now) if permalink else Edition.objects.listed(now)
    if permalink:
        editions = editions.filter(address__in=Address.objects.at(permalink))
    if section:
        editions = editions.filter(release__section__address__in=Address.objects.at(section))
    if agency:
        editions = editions.filter(issuers__agency__slug=agency)
    try:
        editions = pages.after(editions, before)
    except pages.BadCursor:
        return api.create_response(request, {"detail": "There is no such position."}, status=400)
    found = list(serializing.for_json(editions, now).order_by(*NEWEST_FIRST)[: PAGE_LENGTH + 1])
    older = pages.cursor(found[PAGE_LENGTH - 1]) if len(found) > PAGE_LENGTH else ""
    return {"items": [serializing.release_item(edition) for edition in found[:PAGE_LENGTH]], "older": older}


def not_found(request, path):
    return JsonResponse({"detail": "Not found."}, status=404)
