"""The list of releases: every edition with its status, issuers, time and what must still be mended."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import smart_split, unescape_string_literal

from releases.admin.base.authority import authority_of
from releases.admin.base.concurrency import MergingAdmin
from releases.admin.base.filters import UsedFilter, ValueFilter, YearFilter
from releases.admin.base.titles import BoundedChanges
from releases.admin.editions import inlines
from releases.admin.editions.views import ISSUERS
from releases.content.text.permalinks import digest_path
from releases.content.text.tokens import Term, split_words
from releases.models import Annex, Edition, Issuer
from releases.services.editing import checks
from releases.services.publishing import workflow
from releases.services.search.engine import editions_holding, format_match
from releases.templatetags.desk_tags import person_name, weekday_datetime

SAVED_LAST = 2_000  # editions whose titles and permalinks are searched for parts of words
IS_OPEN = Q(live_from__isnull=True)  # as only what is approved has it, and as an index is told by


class StageFilter(admin.SimpleListFilter):
    """Scheduled, live and superseded are read off the clock."""

    title = "status"
    parameter_name = "stage"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        names = "draft submitted rejected scheduled live superseded".split()
        return [(name, name.capitalize()) for name in names]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Edition]:
        now, name = timezone.now(), self.value()
        if name in (Edition.State.DRAFT, Edition.State.SUBMITTED, Edition.State.REJECTED):
            return queryset.filter(IS_OPEN, state=name)
        approved = queryset.filter(state=Edition.State.APPROVED)
        match name:
            case "scheduled":
                return approved.filter(live_from__gt=now)
            case "live":
                return queryset.live(now)
            case "superseded":
                return approved.filter(live_until__lte=now)
        return queryset


class ProblemsFilter(admin.SimpleListFilter):
    """Among what is still being written; what is approved was checked before."""

    title = "checks"
    parameter_name = "problems"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("some", "Has problems"), ("none", "Has none")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Edition]) -> QuerySet[Edition]:
        if self.value() not in ("some", "none"):
            return queryset
        written = queryset.filter(IS_OPEN, erased_at__isnull=True)
        found = checks.problems(written.order_by().values_list("pk", flat=True).distinct())
        return queryset.filter(
            pk__in=[pk for pk, told in found.items() if bool(told) == (self.value() == "some")]
        )


def _find(text: str) -> QuerySet[Any]:
    """Keys of editions that hold a word or phrase. The index of words has all that is approved, so neither
    texts nor titles of the archive are read."""
    editions = Edition.objects.order_by().values("pk")
    saved_last = Edition.objects.order_by("-updated_at", "-pk").values("pk")[:SAVED_LAST]
    named = Q(title__icontains=text) | Q(address__path__icontains=text)
    issuers = Issuer.objects.filter(Q(name__icontains=text) | Q(acronym__icontains=text))
    annexes = Annex.objects.filter(title__icontains=text)
    of_parts = [Q(Exists(parts.filter(edition=OuterRef("pk")))) for parts in (issuers, annexes)]
    written = named | Q(body__icontains=text) | of_parts[0] | of_parts[1]
    found = [editions.filter(IS_OPEN, written), editions.filter(address__path_digest=digest_path(text))]
    if words := tuple(split_words(text)):
        found.append(editions.filter(pk__in=editions_holding(format_match([Term(words)]))))
    return editions.filter(named, pk__in=saved_last).union(*found)


class EditionChanges(BoundedChanges):
    """Checks all rows of a page together, so that a row costs no query."""

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet[Edition]:
        return super().get_queryset(request, *args, **kwargs).defer("body", "body_html")

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        found = checks.problems(edition.pk for edition in self.result_list if inlines.is_open(edition))
        for edition in self.result_list:
            edition.blocking = found.get(edition.pk)


class EditionList(MergingAdmin):
    list_display = ["title", "status", "issued_by", "public", "problems", "release_date", "updated"]
    list_filter = [
        StageFilter,
        ProblemsFilter,
        ("issuers__agency", UsedFilter),
        "origin",
        "release__section",
        ("language", ValueFilter),
        ("release_date", YearFilter),
    ]
    search_fields = ["title", "address__path"]
    search_help_text = (
        "Finds whole words everywhere, and parts of words in what is being written and in the titles and"
        f" permalinks of the {SAVED_LAST:,} that were saved last."
    )
    ordering = ["-updated_at", "-pk"]
    list_per_page = 50
    actions = ["approve_together"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Edition]:
        found = authority_of(request).editions.select_related("release", "author", "address")
        found = found.prefetch_related(ISSUERS, "release__absences")
        return found.order_by(*self.ordering)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Edition], search_term: str
    ) -> tuple[QuerySet[Edition], bool]:
        """Those that hold each word or phrase: any part of one in what is being written, and in the titles
        and permalinks of what was saved last; elsewhere a permalink as a whole, and whole words, as readers
        find them."""
        for part in smart_split(search_term):
            is_phrase = part.startswith(('"', "'")) and part[0] == part[-1]
            queryset = queryset.filter(pk__in=_find(unescape_string_literal(part) if is_phrase else part))
        return queryset, False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return EditionChanges

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"title": "Releases", **(extra_context or {})})

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {
            name: action
            for name, action in super().get_actions(request).items()
            if name == "approve_together"
        }

    @admin.action(description="Approve what is chosen together")
    def approve_together(self, request: HttpRequest, queryset: QuerySet[Edition]) -> HttpResponse:
        chosen = ",".join(str(edition.pk) for edition in queryset)
        return HttpResponseRedirect(f"{reverse('admin:releases_edition_together')}?editions={chosen}")

    @admin.display(description="Status")
    def status(self, edition: Edition) -> str:
        name = workflow.stage_of(edition, timezone.now())
        return format_html('<span class="tag {}">{}</span>', name, name.capitalize())

    @admin.display(description="Issuers")
    def issued_by(self, edition: Edition) -> str:
        return ", ".join(issuer.acronym or issuer.name for issuer in edition.issuers.all())

    @admin.display(description="Public")
    def public(self, edition: Edition) -> str:
        if edition.live_from:
            return f"from {weekday_datetime(edition.live_from)}"
        return f"wanted for {weekday_datetime(edition.wanted_from)}" if edition.wanted_from else ""

    @admin.display(description="Problems")
    def problems(self, edition: Any) -> str:
        """What blocks an edition that is still being written."""
        if edition.blocking is None:
            return ""
        number = len(edition.blocking)
        words = f"{number} to mend" if number else "none"
        told = " ".join(check.words for check in edition.blocking)
        return format_html(
            '<span class="problems-{}" title="{}">{}</span>', "some" if number else "none", told, words
        )

    @admin.display(description=f"Saved ({settings.TIME_ZONE})", ordering="updated_at")
    def updated(self, edition: Edition) -> str:
        words = inlines.short(edition.updated_at)
        return f"{words}, {person_name(edition.author)}" if edition.author else words
