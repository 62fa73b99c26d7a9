"""What lists of the desk are called, what they call the releases in them, and how far they count."""

from functools import cached_property
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from releases.models import Edition, LedgerEntry, Release

MOST_ENTRIES = 500
MOST_NAMES = 20


def with_names(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows with a `release`; what the releases are called takes one query for all of them."""
    return rows.prefetch_related(Prefetch("release__editions", _live(), to_attr="known_editions"))


def named(releases: QuerySet[Release]) -> QuerySet[Release]:
    """Releases; what they are called takes one query for all of them."""
    return releases.prefetch_related(Prefetch("editions", _live(), to_attr="known_editions"))


def _live() -> QuerySet[Edition]:
    return Edition.objects.live(timezone.now()).defer("body", "body_html")


class BoundedPaginator(Paginator[Any]):
    """Counts a thousand rows beyond the page that is asked for, since counting all costs what the archive
    holds; `has_more` says whether there are others."""

    ahead, pages = 1_000, 100_000
    page_asked = 1

    @cached_property
    def count(self) -> int:
        return min(self._counted, self._reach)

    @property
    def has_more(self) -> bool:
        return self._counted > self._reach

    @property
    def _reach(self) -> int:
        return min(self.page_asked, self.pages) * self.per_page + self.ahead

    @cached_property
    def _counted(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[: self._reach + 1].count())


class BoundedChanges(ChangeList):
    """Tells how many there are only of what was searched or filtered; `noun`, `nouns`: of what, where that is
    not the name of the model."""

    noun = nouns = ""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not self.query and not self.get_filters_params():
            self.full_result_count = self.result_count


class TitledAdmin(admin.ModelAdmin):
    """A list is called by what it lists, a new row by `added`, one that is there by `edited`; "" for what Django
    would say."""

    listed = added = edited = ""
    paginator = BoundedPaginator
    show_full_result_count = False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return BoundedChanges

    def get_paginator(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Paginator[Any]:
        paginator: Any = super().get_paginator(request, *args, **kwargs)
        asked = request.GET.get("p", "")
        paginator.page_asked = int(asked[:9]) if asked.isdecimal() else 1
        return paginator

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = self.listed or str(self.opts.verbose_name_plural)
        return super().changelist_view(
            request, {"title": title[:1].upper() + title[1:], **(extra_context or {})}
        )

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        title = self.edited if object_id else self.added
        more = {"title": title} if title else {}
        return super().changeform_view(request, object_id, form_url, {**more, **(extra_context or {})})

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What the ledger tells of the row, in the place of Django's log."""
        response = super().history_view(request, object_id, extra_context)
        if shown := getattr(response, "context_data", None):
            shown["entries"] = self.entries_of(shown["object"])
        return response

    def entries_of(self, obj: Any) -> QuerySet[LedgerEntry]:
        """The newest first: under each name that the row had, while it had it."""
        told, entries = Q(), LedgerEntry.objects.order_by("-pk")
        name, before = self.subject_of(obj), entries
        for _ in range(MOST_NAMES):
            given_up = before.filter(verb=LedgerEntry.Verb.CHANGE, note__renamed_from=name).first()
            held = before.filter(subject=name, pk__gt=given_up.pk if given_up else 0)
            taken = held.filter(note__has_key="renamed_from").first()
            told |= Q(pk__in=held.filter(pk__gte=taken.pk if taken else 0).order_by().values("pk"))
            if taken is None:
                break
            name, before = taken.note["renamed_from"], entries.filter(pk__lt=taken.pk)
        return entries.filter(told).select_related("actor")[:MOST_ENTRIES]

    def subject_of(self, obj: Any) -> str:
        """How the ledger calls the row."""
        return f"{self.opts.verbose_name} {getattr(obj, 'recorded_as', obj)}"[:1000]
