"""The desk as a whole: who signs in how, and what becomes of a form that can't be taken."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, TypeVar, cast

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views import csrf

from releases.admin.base.authority import authority_of
from releases.services.desk.dashboard import build_dashboard
from releases.templatetags.desk_tags import submitted_values
from releases.templatetags.public_tags import language_name

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

LOOKED_AT = "Absence Address Annex Blob DBTaskResult Illustration Issuer LedgerEntry Mail Party SiteFile SitePage Source Worker".split()
"""Models whose rows nobody types."""
ENDED = "You are signed out, so this was not saved. What you typed is below; copy what you need, then sign in and go on."
STALE = "This form was opened before you signed in last, so it was not saved. What you typed is below; copy what you need."


class Search(AutocompleteJsonView):
    """What a field that is searched finds; a release has the title and the language that its list tells of it."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        found: dict[str, str] = super().serialize_result(obj, to_field_name)
        if title := getattr(obj, "newest_title", ""):
            found["text"] = f"{title} ({language_name(obj.newest_language)})"
        return found


class PressRoomAdminSite(admin.AdminSite):
    """A form that comes when its session has ended is shown again, not thrown away for the page to sign
    in."""

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Leads to the page on which people sign in, wherever the old address is still written down."""
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        if request.user.is_authenticated:
            raise PermissionDenied
        return HttpResponseRedirect(f"{reverse('account_login')}?{request.GET.urlencode()}")

    def password_change(  # type: ignore[override]  # a redirect is no page
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return HttpResponseRedirect(reverse("account_change_password"))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        desk = build_dashboard(authority_of(request))
        return super().index(request, {"desk": desk, **(extra_context or {})})

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        return cast(HttpResponse, Search.as_view(admin_site=self)(request))

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """The same page: there is one app."""
        desk = build_dashboard(authority_of(request))
        return super().app_index(request, app_label, {"desk": desk, **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """What editors work with, then what is only looked at, as their lists are called."""
        models = [
            model | {"name": getattr(self._registry[model["model"]], "listed", "") or model["name"]}
            for app in super().get_app_list(request, app_label)
            if app["app_label"] in ("releases", "auth", "django_tasks_database")
            for model in app["models"]
        ]
        models.sort(key=lambda model: str(model["name"]).casefold())
        groups: dict[str, list[Any]] = {"Records": [], "For operators and auditors": []}
        for model in models:
            is_looked_at = model["object_name"] in LOOKED_AT
            groups["For operators and auditors" if is_looked_at else "Records"].append(model)
        return [
            {"name": name, "app_label": "releases", "app_url": "", "has_module_perms": True, "models": found}
            for name, found in groups.items()
            if found
        ]

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        guarded = super().admin_view(view, cacheable)

        def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if submitted_values(request.POST) and not self.has_permission(request):
                back = urlencode({"next": request.get_full_path()})
                return not_saved(request, ENDED, "Sign in", f"{reverse('admin:login')}?{back}")
            return guarded(request, *args, **kwargs)

        return cast(View, update_wrapper(shown, guarded))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answers a form without our token: at the desk most often one that was open while somebody signed in in
    another tab."""
    if not request.path_info.startswith(("/admin/", "/accounts/")):
        return csrf.csrf_failure(request, reason)
    return not_saved(request, STALE, "Open the page again", request.get_full_path()).render()


def not_saved(request: HttpRequest, words: str, label: str, address: str) -> TemplateResponse:
    """The page (403) that gives back what was typed, with one link, `label` to `address`, to go on from
    there."""
    context = {
        **admin.site.each_context(request),
        "title": "Not saved",
        "words": words,
        "label": label,
        "address": address,
    }
    return TemplateResponse(request, "admin/not_saved.html", context, status=403)
