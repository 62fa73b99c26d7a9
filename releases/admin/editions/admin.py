"""Editions at the desk: one form for the text, its issuers and files, with what may be done with it."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, cast

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import ngettext

from releases.admin.base import resubmission
from releases.admin.base.authority import authority_of
from releases.admin.editions import (
    action_views,
    autosaves,
    bulk,
    files,
    new_release,
    outside_links,
    quick_actions,
    tomorrow,
    toolbar,
    translations,
    views,
)
from releases.admin.editions import inlines as edition_inlines
from releases.admin.editions.changelist import EditionList
from releases.admin.editions.forms import EditionForm
from releases.admin.editions.submission import submitted_values
from releases.content.documents.embargoes import find_embargoes
from releases.content.text.canonical import digest_values
from releases.content.text.permalinks import quote_path
from releases.models import Autosave, Edition, LedgerEntry, Release
from releases.services.accounts import consent
from releases.services.accounts.permissions import Right
from releases.services.editing import checks, drafts
from releases.services.editing.autosaves import end_autosave, find_unsaved, is_typed_in
from releases.services.editing.draft_values import pending_annexes
from releases.services.editions.digests import digest_edition
from releases.services.publishing import workflow
from releases.templatetags.desk_tags import name_instant, weekday_datetime
from releases.templatetags.public_tags import language_name

TITLE: Any = {"fields": ["title", "summary", "base", "kept_annexes", "opened"]}
CONTACTS: Any = {"fields": ["agency_contacts", "contacts"], "classes": ["later", "fold"]}
PLACE: Any = {
    "fields": ["section", ("kind", "form", "language"), "link_url", "permalink"],
    "classes": ["later", "fold"],
}
CHANGE: Any = {
    "fields": ["change_class", "change_note"],
    "description": "Readers see what changed, why and when. For every version after the first.",
}
STATE: Any = {
    "fields": ["state", "rejection", "live_from", "live_until", "author", "approver", "digest"],
    "classes": ["later", "fold"],
}
NOTES: list[tuple[str, list[str], Callable[[Edition], object]]] = [
    ("Files", ["awaited"], lambda edition: edition.awaited),
    (
        "When",
        ["embargo_is_confirmed", "embargo"],
        lambda edition: edition.embargo or find_embargoes(edition.body),
    ),
    (
        "When",
        ["release_date_is_confirmed"],
        lambda edition: checks.differs_from_publication(edition, timezone.now()),
    ),
]
"""Fields that an edition has for a while only, at the end of a part of the form, and what says whether it has
them."""
UNUSED = [
    "lead_rule",
    "issuers_rule",
    "release__created_at",
    *(
        f"author__{name}"
        for name in ("password", "email", "last_login", "date_joined", "is_superuser", "is_staff")
    ),
]
"""Columns that the form has no use for."""
OwnPage = Callable[..., HttpResponseBase]
MAIN = ("approve", "clear", "agree", "restore", "next", "again", "reschedule")
"""What is offered as the next step, the first that is possible."""
ANCHORS = {"issuers": "issuers-group", "annexes": "id_new_annexes"}
VIEWS: list[tuple[str, OwnPage, str]] = [
    ("<int:pk>/do/<slug:verb>/", action_views.verb_view, "do"),
    ("tomorrow/", tomorrow.tomorrow_view, "tomorrow"),
    ("bulk/<slug:name>/", bulk.bulk_view, "bulk"),
    ("together/", action_views.together_view, "together"),
    ("<int:pk>/compare/<int:other>/", action_views.compare_view, "compare"),
    ("<int:pk>/page/", views.page_view, "page"),
    ("<int:pk>/duplicate/", quick_actions.duplicate_view, "duplicate"),
    ("<int:pk>/remind/", quick_actions.remind_view, "remind"),
    ("<int:pk>/translate/", translations.translate_view, "translate"),
    ("<int:pk>/beside/", translations.beside_view, "beside"),
    ("<int:pk>/links/", views.links_view, "links"),
    ("<int:pk>/outside-links/", outside_links.outside_links_view, "outside_links"),
    ("dead-links/", outside_links.dead_list_view, "dead_list"),
    ("<int:pk>/ledger/", views.ledger_view, "ledger"),
    ("<int:pk>/comment/", views.comment_view, "comment"),
    ("<int:pk>/file/<str:sha256>/", files.file_view, "file"),
    ("picture/", files.picture_view, "picture"),
    ("link-targets/", toolbar.link_targets_view, "link_targets"),
    ("typed/", autosaves.keep_view, "autosave"),
    ("typed/<uuid:token>/", autosaves.typed_view, "typed"),
    ("typed/<uuid:token>/values/", autosaves.values_view, "typed_values"),
    ("clipboard/", toolbar.clipboard_view, "clipboard"),
    ("from-document/", new_release.new_release_view, "from_document"),
]


@admin.register(Edition)
class EditionAdmin(EditionList):
    listed = "releases"
    form = EditionForm
    inlines = [edition_inlines.IssuerInline, edition_inlines.AnnexInline, edition_inlines.IllustrationInline]
    readonly_fields = ["state", "rejection", "live_from", "live_until", "author", "approver", "digest"]
    fieldsets = [
        ("When", {"fields": ["wanted_from", "release_date"]}),
        ("Title", TITLE),
        ("Text", {"fields": ["body"]}),
        ("Change", CHANGE),
        ("Files", {"fields": ["new_annexes"]}),
        ("Place on the site", PLACE),
        ("Media contacts", CONTACTS),
        ("Closing texts", {"fields": ["boilerplates"], "classes": ["later", "fold"]}),
        ("Agreements", {"fields": ["agreements"], "classes": ["later", "fold"]}),
        ("Technical details", STATE),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Edition | None = None) -> Any:
        if obj is None:
            return [part for part in self.fieldsets if part[0] not in ("Change", "Technical details")]
        if not _may_write(request, obj):
            return _read_only_fieldsets(obj)
        parts = self.fieldsets if obj.based_on_id else [one for one in self.fieldsets if one[0] != "Change"]
        return [(name, _with_notes(name, options, obj, request)) for name, options in parts]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Edition]:
        """For its form with whether its reader typed in it and did not save, which is one statement less."""
        found = super().get_queryset(request)
        if not (request.resolver_match and request.resolver_match.url_name == "releases_edition_change"):
            return found
        return found.defer(*UNUSED).annotate(has_unsaved_text=is_typed_in(authority_of(request)))

    @admin.display(description="language")
    def written_in(self, edition: Edition) -> str:
        """The name of its language."""
        return language_name(edition.language)

    def get_form(
        self, request: HttpRequest, obj: Edition | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj and request.method == "GET":
            prefetch_related_objects([obj], *views.PARTS)
        form: Any = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"authority": authority_of(request)})

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if isinstance(inline, edition_inlines.AnnexInline) and obj.pk and edition_inlines.is_open(obj):
            kwargs["initial"] = [name._asdict() for name in pending_annexes(obj.awaited)]
        if isinstance(inline, edition_inlines.IssuerInline):
            kwargs["authority"] = authority_of(request)
        if request.method == "GET" and obj.pk:
            kwargs["rows"] = getattr(obj, inline.parts).all()
        return kwargs

    def has_change_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        return (obj is None or _may_write(request, obj)) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        """Its lead's people and its author discard a draft, with what others wrote in it."""
        may = obj is None or (edition_inlines.is_open(obj) and authority_of(request).may(Right.DISCARD, obj))
        return may and super().has_delete_permission(request, obj)

    def digest(self, obj: Edition) -> str:
        """Of all that the form holds, what approvals do not bind to included."""
        edition = Edition.objects.select_related("release").get(pk=obj.pk)
        facts = [
            edition.wanted_from,
            edition.awaited,
            edition.embargo,
            edition.embargo_is_confirmed,
            edition.release.section_id,
            edition.release.form,
        ]
        return digest_values([digest_edition(edition), *facts])

    def seen(self, edition: Edition) -> str:
        return f"{edition.lock_version} {edition.state} {self.digest(edition)}"

    def state_of(self, obj: Edition) -> str:
        """Every save counts up; the release is moved by saves of its own."""
        return f"{obj.lock_version} {obj.state} {obj.release.section_id} {obj.release.form}"

    def lock(self, key: int) -> None:
        """A save waits for verbs on the same release, and they for it."""
        Release.objects.select_for_update().filter(editions=key).values_list("pk").first()
        super().lock(key)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The row with its parts, all that follows from a save included."""
        edition: Edition = form.instance
        saved = drafts.save_draft(
            edition,
            submitted_values(form, formsets),
            base=edition.lock_version if change else None,
            actor=cast(User, request.user),
            at=timezone.now(),
            form_token=form.cleaned_data["opened"],
        )
        if token := form.cleaned_data["opened"]:
            end_autosave(cast(User, request.user), token, edition.pk, at=timezone.now())
        self.tell_merged(request, form)
        self._tell_suggested(request, saved)

    def _tell_suggested(self, request: HttpRequest, saved: drafts.Saved) -> None:
        if not saved.suggested:
            return
        words = ngettext(
            "The text seems to speak of an agreement.",
            "The text seems to speak of agreements.",
            saved.suggested,
        )
        changelist = reverse("admin:releases_suggestion_changelist")
        queue = f"{changelist}?state__exact=open&release={saved.edition.release_id}"
        link = format_html('{} <a href="{}">Accept or dismiss what it suggests</a>.', words, queue)
        self.message_user(request, link)

    def get_deleted_objects(self, objs: Sequence[Edition] | QuerySet[Edition], request: HttpRequest) -> Any:
        """A draft goes with its issuers and files, which nobody deletes one by one."""
        shown, counts, _, protected = super().get_deleted_objects(objs, request)
        dependents = [words for edition in objs for words in drafts.dependents(edition)]
        return shown, counts, set(), [*protected, *dependents]

    def delete_model(self, request: HttpRequest, obj: Edition) -> None:
        LedgerEntry.objects.record(
            LedgerEntry.Verb.DISCARD,
            at=timezone.now(),
            actor=request.user,
            edition=obj,
            subject=f"release {obj.release_id} edition {obj.number}",
            before=digest_edition(obj),
        )
        drafts.discard(obj)

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [
            path(route, wrap(partial(self._own_page, view)), name=f"releases_edition_{name}")
            for route, view, name in VIEWS
        ]
        return [*own, *super().get_urls()]

    def _own_page(self, view: OwnPage, request: HttpRequest, **values: Any) -> HttpResponseBase:
        """A page of the desk beside Django's own, for whoever may look at editions."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return view(self, request, **values)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The ledger of its release, in the place of Django's log."""
        response = views.require_maker(request, super().history_view(request, object_id, extra_context), "pk")
        shown = getattr(response, "context_data", None)
        if shown is None:
            return response
        return HttpResponseRedirect(reverse("admin:releases_edition_ledger", args=[shown["object"].pk]))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method == "POST" and not object_id and (made := resubmission.duplicate_of(request)):
            self.message_user(request, "Already saved; this is it.")
            url = reverse("admin:releases_edition_change", args=[made.pk])
            return self.go_on(request, made) or HttpResponseRedirect(url)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def refuse_save(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """It was approved, or taken from this person, while they were typing: what they typed is shown, not
        lost."""
        edition = self.get_object(request, object_id)
        if edition is None:
            return super().refuse_save(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": "Not saved",
            "edition": edition,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/releases/edition/too_late.html", context, status=403)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """Beside the form stands the edition as it is stored, not as it was typed."""
        edition = self.get_object(request, str(obj.pk)) if obj and request.method == "POST" else obj
        context["title"] = edition.title if edition else "New release"
        if request.method == "GET":
            context["typed"] = _unsaved_text(request, edition)
        if edition:
            context |= self._desk(request, edition)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def _desk(self, request: HttpRequest, edition: Edition) -> dict[str, Any]:
        """What surrounds the form of an edition."""
        authority, is_open = authority_of(request), edition_inlines.is_open(edition)
        prefetch_related_objects([edition], *views.PARTS)
        may_change = self.has_change_permission(request, edition)
        stage = workflow.stage_of(edition, authority.at)
        found = _linked_checks(edition, request) if is_open else []
        return {
            "stage": stage,
            "stage_name": workflow.STAGE_NAMES[stage],
            **_arrange_steps(workflow.available_verbs(edition, authority), stage, may_change),
            "absence": next((one for one in edition.release.absences.all() if one.holds(authority.at)), None)
            if stage in workflow.AWAY
            else None,
            "public_page": quote_path(edition.address.path) if stage in ("live", "withdrawn") else "",
            "checks": found,
            "blocking": [check for check in found if check["blocks"]],
            "shown": None if may_change else views.shown(edition.pk, authority.at),
            "check_links": may_change,
            "has_link_checks": settings.LINK_CHECKS,
            "current_digest": digest_edition(edition),
            **translations.find_relatives(edition, authority),
            "wanted": weekday_datetime(edition.wanted_from) if edition.wanted_from else "",
            "wanted_short": name_instant(edition.wanted_from) if edition.wanted_from else "",
            "starts": weekday_datetime(edition.live_from) if edition.live_from else "",
            "collaboration": views.find_collaboration(edition, request),
            "ordered_by": consent.ordering_agency(edition, authority),
        }

    def response_add(self, request: HttpRequest, obj: Edition, post_url_continue: Any = None) -> HttpResponse:
        resubmission.remember(request)
        found = self._lead_on(request, obj) or self._stay(request, obj)
        return found or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Edition) -> HttpResponse:
        return (
            self._lead_on(request, obj) or self._stay(request, obj) or super().response_change(request, obj)
        )

    def _stay(self, request: HttpRequest, obj: Edition) -> HttpResponse | None:
        """After “Save” the form is shown again, and leads back to the list as it was."""
        if "_continue" not in request.POST:
            return None
        self.message_user(request, "Saved.", messages.SUCCESS)
        kept: dict[str, Any] = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        url = reverse("admin:releases_edition_change", args=[obj.pk])
        return HttpResponseRedirect(add_preserved_filters(kept, url))

    def go_on(self, request: HttpRequest, obj: Edition) -> HttpResponse | None:
        """The second of two clicks submits nothing twice."""
        is_open = obj.state in (Edition.State.DRAFT, Edition.State.REJECTED)
        return self._lead_on(request, obj) if is_open else None

    def _lead_on(self, request: HttpRequest, edition: Edition) -> HttpResponse | None:
        """The step that was asked for with the save; what stands in its way is told, and led to."""
        verb = "submit" if "_submit" in request.POST else request.POST.get("_then", "")
        if verb not in workflow.VERBS:
            return None
        page = reverse("admin:releases_edition_change", args=[edition.pk])
        edition = Edition.objects.select_related("release", "address").get(pk=edition.pk)
        if not workflow.VERBS[verb].at_once:
            return HttpResponseRedirect(reverse("admin:releases_edition_do", args=[edition.pk, verb]))
        blocking = [one for one in checks.blocking(edition) if not one.passes] if verb == "submit" else []
        if not blocking:
            action_views.do(self, request, edition, verb, {})
            return HttpResponseRedirect(page)
        self.message_user(request, "Saved.", messages.SUCCESS)
        self.message_user(request, f"Not submitted. Fix this first: {blocking[0].words}", messages.WARNING)
        return HttpResponseRedirect(f"{page}#{_anchor(blocking[0])}")


def _may_write(request: HttpRequest, edition: Edition) -> bool:
    return edition_inlines.is_open(edition) and authority_of(request).may(Right.WRITE, edition)


def _unsaved_text(request: HttpRequest, edition: Edition | None) -> Iterable[Autosave]:
    """What the user typed in this form, or in that of a new release, and did not save."""
    if edition and not getattr(edition, "has_unsaved_text", True):
        return ()
    return find_unsaved(authority_of(request)).filter(edition=edition).defer("values")


def _arrange_steps(
    verbs: list[workflow.AvailableVerb], stage: str, may_change: bool
) -> dict[str, workflow.Verb | list[workflow.AvailableVerb] | None]:
    """The one next step of who looks at an edition (of who writes in a draft it is to submit it), what takes
    it away from readers, and the other steps."""
    order = ("submit",) if may_change and stage in ("draft", "rejected") else MAIN
    possible = {one.verb.name: one for one in verbs if not one.refusal}
    main = next((possible.pop(name) for name in order if name in possible), None)
    possible.pop("submit", None)
    destructive = [possible.pop(name) for name, one in list(possible.items()) if one.verb.takes_away]
    refused = [one for one in verbs if one.refusal]
    return {"main": main and main.verb, "destructive": destructive, "verbs": [*possible.values(), *refused]}


def _with_notes(name: object, options: Any, edition: Edition, request: HttpRequest) -> Any:
    """With the fields that an edition has for a while only: what was typed there stays on the form, though
    it was settled meanwhile."""
    notes = [
        field
        for part, fields, has in NOTES
        if part == name and (has(edition) or any(one in request.POST for one in fields))
        for field in fields
    ]
    return {**options, "fields": [*options["fields"], *notes]}


def _read_only_fieldsets(edition: Edition) -> list[Any]:
    """What there is to read of an edition that this person can't change; its text stands as readers see
    it."""
    filled = [name for name in ("summary", "link_url") if getattr(edition, name)]
    change = [("Change", {"fields": [("change_class", "change_note")]})] if edition.based_on_id else []
    return [
        (None, {"fields": ["title", ("kind", "release_date", "written_in"), *filled]}),
        *change,
        ("Files", {"fields": []}),
        ("Contacts and agreements", {"fields": ["contacts", "agreements"], "classes": ["later"]}),
        ("Technical details", STATE),
    ]


def _anchor(check: checks.Check) -> str:
    """Where on the form it is fixed."""
    return ANCHORS.get(check.field, f"id_{check.field}")


def _linked_checks(edition: Edition, request: HttpRequest) -> list[dict[str, Any]]:
    """What must be mended, each with the place on the form where that is done."""
    return [
        {
            "words": check.words,
            "blocks": check.blocks,
            "paragraph": check.paragraph,
            "anchor": _anchor(check),
            "target": check.target,
            "likely": check.likely,
            "embargo": check.embargo,
            "instant": check.instant and timezone.localtime(check.instant),
        }
        for check in checks.checks(edition, authority_of(request))
    ]
