"""What lists of the desk are called, and what they call the releases in them."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from releases.models import Edition, Release


def with_names(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows with a `release`; what the releases are called takes one query for all of them."""
    return rows.prefetch_related(Prefetch("release__editions", _live(), to_attr="known_editions"))


def named(releases: QuerySet[Release]) -> QuerySet[Release]:
    """Releases; what they are called takes one query for all of them."""
    return releases.prefetch_related(Prefetch("editions", _live(), to_attr="known_editions"))


def _live() -> QuerySet[Edition]:
    return Edition.objects.live(timezone.now()).defer("body", "body_html")


class CountedChanges(ChangeList):
    """Counts its rows once, where it shows all of them."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        is_whole = not self.query and not self.get_filters_params()
        self.full_result_count = self.result_count if is_whole else self.root_queryset.count()
        self.show_full_result_count = True
        self.show_admin_actions = bool(self.full_result_count)


class TitledAdmin(admin.ModelAdmin):
    """A list is called by what it lists."""

    listed = ""
    show_full_result_count = False  # CountedChanges knows it

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return CountedChanges

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = self.listed or str(self.opts.verbose_name_plural)
        return super().changelist_view(
            request, {"title": title[:1].upper() + title[1:], **(extra_context or {})}
        )
