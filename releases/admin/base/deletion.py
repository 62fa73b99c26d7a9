"""Deleting what was looked at: not what somebody else made of it meanwhile."""

import hashlib
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin import actions
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from releases.admin.base.titles import TitledAdmin
from releases.services.editions.digests import digest_rows

CHANGED = "Somebody changed this after you opened the page, so nothing was deleted. It is shown as it is now."


class CarefulDeletion(TitledAdmin):
    """The page that asks holds what it showed; the answer counts for that alone."""

    actions = ["delete_selected"]

    def seen(self, obj: Any) -> str:
        """What a row is now, as a digest."""
        return digest_rows([obj])

    def why_not_delete(self, obj: Any) -> str:
        """Why a row has to stay, with what to do instead; "" where it may go."""
        return ""

    def _delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None
    ) -> HttpResponse:
        kept = self.get_object(request, unquote(object_id))
        if kept and self.has_delete_permission(request, kept) and (reason := self.why_not_delete(kept)):
            self.message_user(request, f"{kept} is not deleted. {reason}", messages.ERROR)
            return HttpResponseRedirect(
                reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[kept.pk])
            )
        if request.method == "POST":
            found = self.get_object(request, unquote(object_id))
            may = found and self.has_delete_permission(request, found)
            if may and request.POST.get("seen") != self.seen(found):
                self.message_user(request, CHANGED, messages.ERROR)
                return HttpResponseRedirect(request.get_full_path())
        response: HttpResponse = super()._delete_view(request, object_id, extra_context)  # type: ignore[misc]
        if shown := getattr(response, "context_data", None):
            shown["seen"] = self.seen(shown["object"])
        return response

    @admin.action(description="Delete selected %(verbose_name_plural)s", permissions=["delete"])
    def delete_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        kept = {row: reason for row in queryset if (reason := self.why_not_delete(row))}
        for row, reason in kept.items():
            self.message_user(request, f"Nothing was deleted: {row} has to stay. {reason}", messages.ERROR)
        if kept:
            return None
        with transaction.atomic():
            seen = self._seen_together(queryset)
            if "post" in request.POST and request.POST.get("seen") != seen:
                self.message_user(request, CHANGED, messages.ERROR)
                asked = request.POST.copy()
                del asked["post"]
                request.POST = cast(Any, asked)
            response = actions.delete_selected(self, request, queryset)
        if response and response.context_data is not None:
            response.context_data["seen"] = seen
        return response

    def _seen_together(self, queryset: QuerySet[Any]) -> str:
        """Of all rows that were chosen, which others then wait to change."""
        chosen = list(queryset.order_by("pk").values_list("pk", flat=True))
        rows = self.model.objects.select_for_update().filter(pk__in=chosen).order_by("pk")
        return hashlib.sha256("".join(self.seen(row) for row in rows).encode()).hexdigest()
