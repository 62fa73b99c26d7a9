"""The desk's queue of what releases seem to say: of agreements, and of who issues them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django_countries import countries

from releases.admin.base.authority import authority_of
from releases.admin.base.filters import UsedFilter
from releases.admin.base.ledger_entries import RecordedAdmin
from releases.admin.base.titles import BoundedChanges, with_names
from releases.content.extraction.agreement_events import ACTIONS
from releases.models import Agreement, Edition, Suggestion
from releases.services.agreements import suggestions
from releases.services.publishing.suggestions import decide_suggestions, find_record, why_not_decide

NOT_LISTED = (
    *(f"release__{name}" for name in "assignee original original_digest opened pinned_until".split()),
    *(f"agreement__{name}" for name in "summary subjects contact depositary registration duration".split()),
    *(f"agency__{name}" for name in "kind parent successor succeeded_on hosts aliases is_active".split()),
    *(f"agreement__{name}" for name in "renewal expires_on source_url former_titles".split()),
)


class SuggestionChanges(BoundedChanges):
    """Looks once for what the new names of a page may mean, so that a row costs no query."""

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet[Suggestion]:
        return super().get_queryset(request, *args, **kwargs).defer(*NOT_LISTED)

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        known = list(authority_of(request).agreements.prefetch_related("parties"))
        titles = _open_names().filter(title__in=[suggestion.title for suggestion in self.result_list])
        joined = [one.release_id for one in self.result_list if one.rule == Suggestion.Rule.ISSUER]
        editions = Edition.objects.filter(release__in=joined).order_by("number").values_list("release", "pk")
        newest = dict(editions) if joined else {}
        named = dict(titles.values_list("title").annotate(Count("pk")))
        for suggestion in self.result_list:
            suggestion.newest = newest.get(suggestion.release_id)
            suggestion.others = named.get(suggestion.title, 0) - 1
            new = suggestion.rule == Suggestion.Rule.NEW and not suggestion.agreement
            suggestion.meant = suggestions.find_likely_agreement(suggestion, known) if new else None


@admin.register(Suggestion)
class SuggestionAdmin(RecordedAdmin):
    """The queue: what releases seem to say, with the sentence; accepted or dismissed in one click each."""

    list_display = ["what", "sentence", "released", "rule", "state", "decide"]
    list_filter = ["state", "rule", "event_kind", ("agreement", UsedFilter)]
    list_select_related = ["agreement", "agency", "release"]
    search_fields = ["title", "acronym", "sentence", "agreement__title", "agency__acronym"]
    told = ["release", "rule", "title", "acronym", "event_kind", "event_date", "parties", "people"]
    fields = [*told, "sentence", "agreement", "state", "base"]
    readonly_fields = [*told, "agency", "sentence", "state"]
    ordering = ["-state", "-release", "rule"]
    actions = ["accept_chosen", "dismiss_chosen"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Suggestion]:
        """Of the releases whose making somebody may follow: a sentence may be that of a draft."""
        authority = authority_of(request)
        own = authority.editable_editions.values("release")
        newest = Edition.objects.filter(release=OuterRef("release")).order_by("-number")
        known = Q(agreement=None) | Q(agreement__in=authority.agreements.values("pk"))
        found = with_names(super().get_queryset(request)).filter(known, release__in=own)
        return found.annotate(released_on=Subquery(newest.values("release_date")[:1]))

    def get_fields(self, request: HttpRequest, obj: Suggestion | None = None) -> list[Any]:
        of_issuer = obj is not None and obj.rule == Suggestion.Rule.ISSUER
        return ["release", "rule", "agency", "sentence", "state", "base"] if of_issuer else self.fields

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Suggestion], search_term: str
    ) -> tuple[QuerySet[Suggestion], bool]:
        """Each new name once: the rest of its suggestions are decided with the first."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        earlier = _open_names().filter(title=OuterRef("title"), pk__lt=OuterRef("pk"))
        is_repeated = Q(rule=Suggestion.Rule.NEW, state=Suggestion.State.OPEN, agreement=None)
        return found.exclude(is_repeated & Q(Exists(earlier.filter(release__in=_seen(request))))), may_repeat

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return SuggestionChanges

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"title": TITLE, **(extra_context or {})})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Suggestion | None = None) -> bool:
        return False

    @admin.display(description="Suggestion")
    def what(self, suggestion: Any) -> SafeString:
        """What accepting it writes down."""
        day = suggestion.event_date and date_format(suggestion.event_date, "j F Y")
        names = [countries.name(code) for code in suggestion.parties]
        others = suggestion.others if suggestion.rule == Suggestion.Rule.NEW else 0
        facts = [
            str(suggestion.release) if suggestion.rule == Suggestion.Rule.ISSUER else "",
            f"and in {others} other release{'' if others == 1 else 's'}" if others > 0 else "",
            f"on {day}" if day else "",
            f"acronym {suggestion.acronym}" if suggestion.acronym else "",
            f"{'by' if suggestion.event_kind in ACTIONS else 'between'} {' and '.join(names)}"
            if names
            else "",
            f"signed by {'; '.join(suggestion.people)}" if suggestion.people else "",
        ]
        told = format_html_join("", "<br>{}", ((fact,) for fact in facts if fact))
        return format_html("{}{}", str(suggestion), told)

    @admin.display(description="Released", ordering="release")
    def released(self, suggestion: Any) -> object:
        return suggestion.released_on or ""

    @admin.display(description="Decide")
    def decide(self, suggestion: Any) -> SafeString:
        """A button for each thing that can be done; of one that was accepted, the record with it."""
        buttons = format_html_join(
            " ",
            '<button type="submit" class="decide" formmethod="post" formaction="{1}">{0}</button>',
            (
                (words, reverse("admin:releases_suggestion_decide", args=[suggestion.pk, name]))
                for name, words in self._decisions(suggestion)
            ),
        )
        is_accepted = suggestion.state == Suggestion.State.ACCEPTED
        return format_html("{} {}", _link_record(suggestion), buttons) if is_accepted else buttons

    def _decisions(self, suggestion: Any) -> Iterator[tuple[str, str]]:
        if suggestion.state != Suggestion.State.OPEN:
            yield "undo", "Undo"
            return
        yield "accept", "Accept"
        yield "edit", "Accept and edit"
        if suggestion.meant:
            yield "merge", f"Merge into {suggestion.meant}"
        yield "dismiss", "Dismiss"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.decide_view)
        return [
            path("<int:pk>/decide/<slug:name>/", view, name="releases_suggestion_decide"),
            *super().get_urls(),
        ]

    def decide_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        back = HttpResponseRedirect(reverse("admin:releases_suggestion_changelist") + "?state__exact=open")
        if request.method != "POST" or name not in DONE or not self.has_change_permission(request):
            self.message_user(request, "That can't be done.", messages.ERROR)
            return back
        suggestion = get_object_or_404(self.get_queryset(request), pk=pk)
        chosen = self._with_same_names(request, [suggestion])
        done = self._decide(request, chosen, "accept" if name == "edit" else name)
        suggestion.refresh_from_db()
        made = find_record(suggestion) if done and name == "edit" else None
        return HttpResponseRedirect(_address(made)) if made else back

    @admin.action(description="Accept selected")
    def accept_chosen(self, request: HttpRequest, queryset: QuerySet[Suggestion]) -> None:
        self._decide(request, self._with_same_names(request, queryset), "accept")

    @admin.action(description="Dismiss selected")
    def dismiss_chosen(self, request: HttpRequest, queryset: QuerySet[Suggestion]) -> None:
        self._decide(request, self._with_same_names(request, queryset), "dismiss")

    def _with_same_names(self, request: HttpRequest, chosen: Iterable[Suggestion]) -> list[Suggestion]:
        """With the other open suggestions of the same new names, which stand in their rows."""
        chosen = list(chosen)
        names = _open_names()
        titles = names.filter(pk__in=[one.pk for one in chosen]).values("title")
        same = self.get_queryset(request).filter(pk__in=names.filter(title__in=titles))
        return list(dict.fromkeys([*chosen, *same]))

    def _decide(self, request: HttpRequest, chosen: Iterable[Suggestion], name: str) -> int:
        """Do it to those of which somebody may, and say so; the number of them."""
        chosen = [one for one in chosen if (one.state == Suggestion.State.OPEN) == (name != "undo")]
        authority = authority_of(request)
        refused = Counter(words for one in chosen if (words := why_not_decide(name, one, authority)))
        for words, number in refused.items():
            self.message_user(request, f"{number} {words}", messages.WARNING)
        if refused and refused.total() == len(chosen):
            return 0
        number, reasons = decide_suggestions(
            name, chosen, actor=cast(AbstractBaseUser, request.user), at=timezone.now()
        )
        for words in dict.fromkeys(reasons):
            self.message_user(request, words, messages.ERROR)
        words = f"{DONE[name]}: {number}." if number else "Nothing was left to decide there."
        self.message_user(
            request,
            format_html("{} {}", words, format_html_join(" ", "{}", _told(chosen) if number else ())),
            messages.SUCCESS if number else messages.WARNING,
        )
        return number


def _open_names() -> QuerySet[Suggestion]:
    """Open suggestions of agreements that the register does not know."""
    return Suggestion.objects.filter(
        rule=Suggestion.Rule.NEW, state=Suggestion.State.OPEN, agreement=None
    ).order_by()


def _seen(request: HttpRequest) -> QuerySet[Any]:
    return authority_of(request).editable_editions.values("release")


def _told(decided: Iterable[Suggestion]) -> Iterator[tuple[SafeString]]:
    """A link to each record or draft that has come of suggestions, once."""
    accepted = Suggestion.objects.filter(
        pk__in=[one.pk for one in decided], state=Suggestion.State.ACCEPTED
    ).select_related("agreement", "agency")
    for record in dict.fromkeys(map(find_record, accepted)):
        if record:
            words = record.title if isinstance(record, Edition) else record
            yield (_link(_address(record), words),)


def _link_record(suggestion: Any) -> SafeString:
    """Of an accepted one: to the agreement, or to the newest version of the release."""
    if suggestion.rule == Suggestion.Rule.ISSUER:
        url = reverse("admin:releases_edition_change", args=[suggestion.newest])
        return _link(url, "The newest version")
    return (
        _link(_address(suggestion.agreement), suggestion.agreement)
        if suggestion.agreement
        else SafeString("")
    )


def _link(url: str, words: object) -> SafeString:
    return format_html('<a href="{}">{}</a>', url, words)


def _address(record: Agreement | Edition) -> str:
    model = "edition" if isinstance(record, Edition) else "agreement"
    return reverse(f"admin:releases_{model}_change", args=[record.pk])


TITLE = "Suggestions"
DONE = {
    "accept": "Accepted",
    "edit": "Accepted",
    "merge": "Merged",
    "dismiss": "Dismissed",
    "undo": "Open again",
}
