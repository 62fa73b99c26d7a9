"""The list of releases: the newest version of each with its status, issuers, time and what is still to fix."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ORDER_VAR, SEARCH_VAR, ChangeList
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
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
from releases.admin.editions.list_filters import (
    IS_OPEN,
    PersonFilter,
    ProblemsFilter,
    StageFilter,
    VersionFilter,
)
from releases.admin.editions.quick_actions import duplicate_view
from releases.admin.editions.views import ISSUERS
from releases.content.text.permalinks import digest_path
from releases.content.text.tokens import Term, split_words
from releases.models import Annex, Edition, Issuer, Release
from releases.services.accounts.people import name_person
from releases.services.editing import checks
from releases.services.publishing import workflow
from releases.services.search.engine import editions_holding, format_match
from releases.templatetags.desk_tags import compact_datetime

SAVED_LAST = 2_000  # editions whose titles and permalinks are searched for parts of words

STAGED = ("state", "live_from", "live_until", "erased_at", "release")
NAMED = tuple(
    f"{whose}__{part}"
    for whose in ("author", "release__assignee")
    for part in ("first_name", "last_name", "username")
)
SHOWN = ("title", "number", "origin", "wanted_from", "updated_at", "release__form", *STAGED, *NAMED)


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


def _split(search: str) -> list[str]:
    """The words and the "phrases in quotes" of what was typed."""
    parts = list(smart_split(search))
    return [
        unescape_string_literal(part) if part.startswith(('"', "'")) and part[0] == part[-1] else part
        for part in parts
    ]


class EditionChanges(BoundedChanges):
    """Checks all rows of a page together, so that a row costs no query."""

    noun = "release"
    nouns = "releases"

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet[Edition]:
        found = super().get_queryset(request, *args, **kwargs).select_related(None)
        return found.select_related("release__assignee", "author").only(*SHOWN)

    @property
    def kept_parameters(self) -> list[tuple[str, str]]:
        """What the form with all filters but the status sends along."""
        kept = (StageFilter.parameter_name, SEARCH_VAR, ORDER_VAR)
        return [(name, self.params[name]) for name in kept if self.params.get(name)]

    @property
    def has_menu_filters(self) -> bool:
        """Whether another filter than that by status is set."""
        return bool(set(self.get_filters_params()) - {StageFilter.parameter_name})

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        found = checks.problems(edition.pk for edition in self.result_list if inlines.is_open(edition))
        for edition in self.result_list:
            edition.blocking = found.get(edition.pk)


class EditionList(MergingAdmin):
    list_display = ["headline", "status", "issued_by", "publication", "problems", "updated"]
    list_display_links = ["headline"]
    list_filter = [
        StageFilter,
        ("issuers__agency", UsedFilter),
        ("release_date", YearFilter),
        PersonFilter,
        ProblemsFilter,
        VersionFilter,
        "release__section",
        ("language", ValueFilter),
        "origin",
    ]
    search_fields = ["title", "address__path"]
    ordering = ["-updated_at", "-pk"]
    list_per_page = 50
    empty_value_display = ""
    show_facets = admin.ShowFacets.NEVER
    actions_on_top = False
    actions_on_bottom = True
    actions = ["approve_together", "assign", "move", "duplicate", "discard", "withdraw"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Edition]:
        found = authority_of(request).editions.select_related("release", "author", "address")
        found = found.prefetch_related(ISSUERS, "release__absences")
        return found.order_by(*self.ordering)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Edition], search_term: str
    ) -> tuple[QuerySet[Edition], bool]:
        """Those that hold each word or phrase, first those that have all in their title: any part of a word in
        what is being written, and in the titles and addresses of what was saved last; elsewhere an address as
        a whole, and whole words, as readers find them."""
        words = _split(search_term)
        titled = Q()
        for word in words:
            queryset = queryset.filter(pk__in=_find(word))
            titled &= Q(title__icontains=word)
        if words and ORDER_VAR not in request.GET:
            first = Case(When(titled, then=Value(0)), default=Value(1))
            queryset = queryset.order_by(first, *queryset.query.order_by)
        return queryset, False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return EditionChanges

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"title": "Releases", "searched_parts": SAVED_LAST}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Of its own only: Django's deletion knows nothing of drafts."""
        return {name: action for name, action in super().get_actions(request).items() if name in self.actions}

    @admin.action(description="Read and approve together", permissions=["change"])
    def approve_together(self, request: HttpRequest, queryset: QuerySet[Edition]) -> HttpResponse:
        return _lead_on("admin:releases_edition_together", queryset)

    @admin.action(description="Assign …", permissions=["change"])
    def assign(self, request: HttpRequest, queryset: QuerySet[Edition]) -> HttpResponse:
        return _lead_on("admin:releases_edition_bulk", queryset, "assign")

    @admin.action(description="Move to section …", permissions=["change"])
    def move(self, request: HttpRequest, queryset: QuerySet[Edition]) -> HttpResponse:
        return _lead_on("admin:releases_edition_bulk", queryset, "move")

    @admin.action(description="Duplicate", permissions=["change"])
    def duplicate(self, request: HttpRequest, queryset: QuerySet[Edition]) -> HttpResponse | None:
        """One at a time, since its title and time are typed next."""
        chosen = list(queryset[:2])
        if len(chosen) == 1:
            return duplicate_view(self, request, chosen[0].pk)
        self.message_user(request, "Tick one release to duplicate it.", messages.WARNING)
        return None

    @admin.action(description="Discard drafts …", permissions=["change"])
    def discard(self, request: HttpRequest, queryset: QuerySet[Edition]) -> HttpResponse:
        return _lead_on("admin:releases_edition_bulk", queryset, "discard")

    @admin.action(description="Withdraw …", permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Edition]) -> HttpResponse:
        return _lead_on("admin:releases_edition_bulk", queryset, "withdraw")

    @admin.display(description="Title", ordering="title")
    def headline(self, edition: Edition) -> str:
        facts = [f"version {edition.number}"] if edition.number > 1 else []
        if edition.release.form != Release.Form.TEXT:
            facts.append(edition.release.get_form_display())
        if edition.release.assignee:
            facts.append(f"for {name_person(edition.release.assignee)}")
        told = f" ({', '.join(facts)})" if facts else ""
        return format_html('<span title="{}">{}</span>', f"{edition.title}{told}", f"{edition.title}{told}")

    @admin.display(description="Status")
    def status(self, edition: Edition) -> str:
        stage = workflow.stage_of(edition, timezone.now())
        return format_html('<span class="tag {}">{}</span>', stage, workflow.STAGE_NAMES[stage])

    @admin.display(description="Issued by")
    def issued_by(self, edition: Edition) -> str:
        return ", ".join(issuer.acronym or issuer.name for issuer in edition.issuers.all())

    @admin.display(description="Publication")
    def publication(self, edition: Edition) -> str:
        """When it became or becomes public, else when that is wanted; its status tells which. The day alone where
        an old site told no hour."""
        starts = edition.live_from or edition.wanted_from
        if not starts:
            return ""
        local, is_public = timezone.localtime(starts), edition.live_from and starts <= timezone.now()
        if is_public and edition.origin == Edition.Origin.IMPORT and (local.hour, local.minute) == (0, 0):
            return f"{local.day} {local:%b %Y}"
        return compact_datetime(starts)

    @admin.display(description="Problems")
    def problems(self, edition: Any) -> str:
        """What blocks an edition that is still being written."""
        if not edition.blocking:
            return ""
        told = " ".join(check.words for check in edition.blocking)
        number = len(edition.blocking)
        words = f"{number} to fix"
        return format_html('<span class="problems-some" title="{}">{}</span>', told, words)

    @admin.display(description="Last saved", ordering="updated_at")
    def updated(self, edition: Edition) -> str:
        saved = compact_datetime(edition.updated_at)
        told = f"{saved}, {name_person(edition.author)}" if edition.author else saved
        return format_html('<span title="{}">{}</span>', told, saved)


def _lead_on(name: str, queryset: QuerySet[Edition], *args: str) -> HttpResponse:
    """To the page on which something is done with what was ticked."""
    chosen = ",".join(str(edition.pk) for edition in queryset)
    return HttpResponseRedirect(f"{reverse(name, args=args)}?editions={chosen}")
