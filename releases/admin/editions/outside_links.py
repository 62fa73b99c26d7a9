"""Links to other sites at the desk: those of one text, checked when somebody asks, and all that died."""

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from releases.admin.base.authority import authority_of
from releases.admin.editions.views import visible
from releases.services.accounts.permissions import Right
from releases.services.editing import outside_links
from releases.services.operations import workers
from releases.services.publishing import workflow

ASKED = (
    "The links are being checked. Each site is asked at most once a second; load this page again in a minute."
)
OFF = "Links to other sites are not checked here. Whoever runs this server can switch it on (LINK_CHECKS)."


def outside_links_view(desk: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """The links of an edition to other sites, and the button by which they are asked."""
    edition, authority = visible(request, pk), authority_of(request)
    if not authority.may(Right.WRITE, edition):
        raise PermissionDenied
    if request.method == "POST":
        if settings.LINK_CHECKS:
            outside_links.ask_for_check(edition, actor=cast(User, request.user), at=authority.at)
            desk.message_user(request, ASKED, messages.SUCCESS)
        else:
            desk.message_user(request, OFF, messages.WARNING)
        return HttpResponseRedirect(request.path)
    context = {
        **desk.admin_site.each_context(request),
        "title": "Links to other sites",
        "edition": edition,
        "opts": desk.opts,
        "links": outside_links.list_links(edition),
        "is_public": workflow.stage_of(edition, authority.at) in ("live", "withdrawn"),
        "off": "" if settings.LINK_CHECKS else OFF,
        "is_worker_silent": workers.is_worker_silent(authority.at),
    }
    return TemplateResponse(request, "admin/releases/edition/outside_links.html", context)


def dead_list_view(desk: Any, request: HttpRequest) -> HttpResponse:
    """Links of public texts that lead nowhere any more, of the agencies whose texts the user may correct."""
    context = {
        **desk.admin_site.each_context(request),
        "title": "Links that died",
        "opts": desk.opts,
        "dead": outside_links.list_dead(authority_of(request)) if settings.LINK_CHECKS else [],
        "most": outside_links.MOST_SHOWN,
        "off": "" if settings.LINK_CHECKS else OFF,
    }
    return TemplateResponse(request, "admin/releases/edition/dead_links.html", context)
