"""The page to read the evening before: whether all holds for what becomes public next."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from releases.admin.base.authority import authority_of
from releases.services.desk import tomorrow
from releases.services.operations import workers
from releases.services.operations.clock import clock


def tomorrow_view(desk: Any, request: HttpRequest) -> HttpResponse:
    authority = authority_of(request)
    context = {
        **desk.admin_site.each_context(request),
        "title": "Tomorrow",
        "opts": desk.opts,
        "due": tomorrow.list_due(authority),
        "until": authority.at + tomorrow.HORIZON,
        "is_worker_silent": workers.is_worker_silent(authority.at),
        "worker_seen_at": workers.last_seen(),
        "clock_trouble": clock.describe_trouble(),
        "clock_is": workers.describe_clock_offset(authority.at) if settings.CLOCK_URL else "",
    }
    return TemplateResponse(request, "admin/releases/edition/tomorrow.html", context)
