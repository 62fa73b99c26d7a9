"""What the list of releases can be narrowed to: by status, version, person and problems."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from releases.admin.base.authority import authority_of
from releases.models import Absence, Edition
from releases.services.editing import checks
from releases.services.publishing import workflow

IS_OPEN = Q(live_from__isnull=True)  # as only what is approved has it, and as an index is told by


class StageFilter(admin.SimpleListFilter):
    """Scheduled, published and replaced are read off the clock."""

    title = "status"
    parameter_name = "stage"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(workflow.STAGE_NAMES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Edition]) -> QuerySet[Edition]:
        name = self.value()
        if name == "erased":
            return queryset.filter(erased_at__isnull=False)
        return queryset.filter(_at_stage(name), erased_at__isnull=True) if name else queryset


def _at_stage(name: str) -> Q:
    """`workflow.stage_of` as a filter, now, of what is not erased; every edition where it is none."""
    now = timezone.now()
    absent = Absence.objects.at(now).filter(release=OuterRef("release_id"))
    begun = Q(live_from__lte=now) & (Q(live_until__isnull=True) | Q(live_until__gt=now))
    stages = {
        **{state: Q(IS_OPEN, state=state) for state in ("draft", "submitted", "rejected")},
        "scheduled": Q(live_from__gt=now),
        "superseded": Q(live_until__lte=now),
        "live": begun & ~Q(Exists(absent)),
        **{kind: begun & Q(Exists(absent.filter(kind=kind))) for kind in Absence.Kind.values},
    }
    return stages.get(name, Q())


class VersionFilter(admin.SimpleListFilter):
    """Of each release the newest version that somebody may see, unless they ask for every one, or for what has a
    status."""

    title = "versions"
    parameter_name = "versions"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("all", "Every version")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Edition]) -> QuerySet[Edition]:
        if self.value() == "all" or request.GET.get("stage") in workflow.STAGE_NAMES:
            return queryset
        newer = authority_of(request).editions.order_by()
        newer = newer.filter(release=OuterRef("release_id"), number__gt=OuterRef("number"))
        return queryset.filter(~Exists(newer))

    def choices(self, changelist: Any) -> Iterator[Any]:
        newest, *others = super().choices(changelist)
        yield {**newest, "display": "The newest of each release"}
        yield from others


class PersonFilter(admin.SimpleListFilter):
    title = "person"
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("mine", "Written by me"), ("assigned", "Assigned to me")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Edition]) -> QuerySet[Edition]:
        if self.value() == "mine":
            return queryset.filter(author=request.user.pk)
        return queryset.filter(release__assignee=request.user.pk) if self.value() == "assigned" else queryset


class ProblemsFilter(admin.SimpleListFilter):
    """Among what is still being written; what is approved was checked before."""

    title = "problems"
    parameter_name = "problems"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("some", "Has problems to fix"), ("none", "Has none")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Edition]) -> QuerySet[Edition]:
        if self.value() not in ("some", "none"):
            return queryset
        written = queryset.filter(IS_OPEN, erased_at__isnull=True)
        found = checks.problems(written.order_by().values_list("pk", flat=True).distinct())
        return queryset.filter(
            pk__in=[pk for pk, told in found.items() if bool(told) == (self.value() == "some")]
        )
