"""What is looked at and never typed: bytes, addresses, sources, absences, the ledger."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Model, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django_tasks_db.models import DBTaskResult

from releases.admin.base.authority import authority_of
from releases.admin.base.filters import UsedFilter
from releases.admin.base.titles import BoundedChanges, TitledAdmin, with_names
from releases.models import (
    Absence,
    Address,
    Annex,
    Blob,
    Edition,
    Illustration,
    Issuer,
    LedgerEntry,
    SiteFile,
    Source,
)
from releases.templatetags.ledger_tags import DID, entry_words


class VerbFilter(admin.SimpleListFilter):
    """In the words of the ledger's pages, not by the keys that are kept."""

    title, parameter_name = "what was done", "verb"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return sorted(((verb.value, words) for verb, words in DID.items()), key=itemgetter(1))

    def queryset(self, request: HttpRequest, queryset: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry]:
        return queryset.filter(verb=self.value()) if self.value() else queryset


class RecordAdmin(TitledAdmin):
    """`edition` is the lookup that leads to the edition that decides who may see a row; "" where rows are for
    all.

    `long` are texts and bytes that no list shows.
    """

    edition = ""
    long: Sequence[str] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found = super().get_queryset(request).defer(*self.long)
        return authority_of(request).scope(found, self.edition) if self.edition else found

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Address)
class AddressAdmin(RecordAdmin):
    """Of releases and files, those of editions that somebody may see; of redirects, those that readers find."""

    list_display = ["path", "kind"]
    list_filter = ["kind"]
    search_fields = ["path"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Address]:
        found, authority = super().get_queryset(request), authority_of(request)
        if authority.has_all:
            return found
        seen = authority.editions.values("pk")
        owners = (
            Edition.objects.filter(pk__in=seen).values("address"),
            Annex.objects.filter(edition__in=seen).values("address"),
            Illustration.objects.filter(edition__in=seen).values("address"),
        )
        own = Q(pk__in=owners[0]) | Q(pk__in=owners[1]) | Q(pk__in=owners[2])
        open_to_all = Q(kind=Address.Kind.SECTION) | Q(site_files__live_from__lte=authority.at)
        leading_on = Q(redirect__valid_from__lte=authority.at)
        return found.filter(own | open_to_all | leading_on).distinct()


@admin.register(Blob)
class BlobAdmin(RecordAdmin):
    edition = "annexes__edition"
    long = ["text"]
    list_display = ["sha256", "media_type", "size", "pages", "tagged", "inspected_at", "problem"]
    list_filter = ["media_type", "tagged", "encrypted"]
    search_fields = ["sha256", "title", "annexes__title", "annexes__address__path"]


@admin.register(Annex)
class AnnexAdmin(RecordAdmin):
    edition = "edition"
    ordering = ["-pk"]
    long = [
        "edition__body",
        "edition__body_html",
        "edition__summary",
        "edition__lead_text",
        "edition__contacts",
        "blob__text",
    ]
    list_display = ["__str__", "edition", "address", "blob"]
    list_filter = ["blob__media_type", "language"]
    list_select_related = ["edition", "address", "blob"]
    search_fields = ["label", "title", "address__path", "edition__title"]


@admin.register(Illustration)
class IllustrationAdmin(RecordAdmin):
    edition = "edition"
    ordering = ["-pk"]
    long = ["edition__body", "edition__body_html"]
    list_display = ["address", "edition", "alt_text"]
    list_select_related = ["edition", "address"]
    search_fields = ["address__path", "alt_text", "edition__title"]


@admin.register(Issuer)
class IssuerAdmin(RecordAdmin):
    edition = "edition"
    ordering = ["-pk"]
    long = ["edition__body", "edition__body_html"]
    list_display = ["name", "acronym", "edition", "position"]
    list_filter = ["position"]
    list_select_related = ["edition"]
    search_fields = ["name", "acronym", "edition__title"]


@admin.register(SiteFile)
class SiteFileAdmin(RecordAdmin):
    """Those that readers find, or found once."""

    long = ["blob__text"]
    list_display = ["address", "blob", "live_from", "live_until"]
    list_select_related = ["address", "blob"]
    search_fields = ["address__path"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SiteFile]:
        found, authority = super().get_queryset(request), authority_of(request)
        return found if authority.has_all else found.filter(live_from__lte=authority.at)


@admin.register(Source)
class SourceAdmin(RecordAdmin):
    edition = "edition"
    long = ["content", "edition__body", "edition__body_html"]
    list_display = ["path", "edition"]
    list_select_related = ["edition"]
    search_fields = ["path"]
    exclude = ["content"]


@admin.register(Absence)
class AbsenceAdmin(RecordAdmin):
    edition = "release__editions"
    listed = "withdrawn or taken offline"
    list_display = ["release", "kind", "since", "until", "begun_by", "ended_by"]
    list_select_related = ["release", "begun_by", "ended_by"]
    list_filter = ["kind"]
    search_fields = ["reason", "known_title"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Absence]:
        public = Edition.objects.on_record(authority_of(request).at)
        known = public.filter(release=OuterRef("release")).order_by("-number")
        return with_names(super().get_queryset(request)).annotate(
            known_title=Subquery(known.values("title")[:1])
        )


@admin.register(LedgerEntry)
class LedgerAdmin(RecordAdmin):
    """Of releases, what those who make them may follow; of people, what concerns the agencies that one
    administers."""

    list_display = ["at", "did", "subject", "actor", "release", "digests"]
    list_filter = [VerbFilter, "at", ("actor", UsedFilter)]
    list_select_related = ["actor", "release"]
    search_fields = ["subject", "verb", "actor__username", "before", "after"]
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[LedgerEntry]:
        found, authority = with_names(super().get_queryset(request)), authority_of(request)
        if authority.has_all:
            return found
        people = Q(release__isnull=True, note__agency__in=authority.administered_slugs)
        own = Q(release__in=authority.editable_editions.values("release"))
        return found.filter(own | people)

    @admin.display(description="What was done", ordering="verb")
    def did(self, entry: LedgerEntry) -> str:
        return entry_words(entry)

    @admin.display(description="Before → after")
    def digests(self, entry: LedgerEntry) -> str:
        return " → ".join(digest[:12] for digest in (entry.before, entry.after) if digest)


admin.site.unregister(DBTaskResult)


class TaskChanges(BoundedChanges):
    noun, nouns = "task", "tasks"


@admin.register(DBTaskResult)
class TaskAdmin(RecordAdmin):
    """What the worker did, does or has still to do, for who looks for the reason of a failure."""

    listed = "tasks of the worker"
    long = ["return_value"]
    list_display = ["task", "given", "state", "enqueued_at", "finished_at", "failure"]
    list_display_links = None
    list_filter = ["status"]
    search_fields = ["task_path", "traceback"]
    ordering = ["-enqueued_at"]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return TaskChanges

    @admin.display(description="Task", ordering="task_path")
    def task(self, task: DBTaskResult) -> str:
        return task.task_path.rpartition(".")[2].replace("_", " ").capitalize()

    @admin.display(description="Given to it")
    def given(self, task: DBTaskResult) -> str:
        return ", ".join(map(str, task.args_kwargs["args"]))[:40]

    @admin.display(description="State", ordering="status")
    def state(self, task: DBTaskResult) -> str:
        return task.get_status_display()

    @admin.display(description="Why it failed")
    def failure(self, task: DBTaskResult) -> str:
        """The last line; the log of the worker has all."""
        return task.traceback.strip().rpartition("\n")[2]
