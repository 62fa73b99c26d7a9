import datetime as dt
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import ngettext

from releases.admin.base import resubmission
from releases.admin.base.concurrency import is_saving
from releases.admin.base.ledger_entries import RecordedAdmin
from releases.admin.editions import action_views, files, paste, views
from releases.admin.editions import inlines as edition_inlines
from releases.admin.editions.changelist import EditionList
from releases.admin.editions.forms import EditionForm
from releases.content.text.canonical import digest_of
from releases.content.text.permalinks import href
from releases.models import Edition, LedgerEntry, Opening, Release, Section
from releases.services.accounts import permissions
from releases.services.accounts.permissions import Role
from releases.services.agreements import suggestions
from releases.services.editing import checks, drafts
from releases.services.editions.digests import digest_edition
from releases.services.editions.transitions import record_writing
from releases.services.publishing import workflow
from releases.templatetags.desk_tags import weekday_datetime

NEARBY = dt.timedelta(hours=2)
TEXT: Any = {"fields": ["summary", "body", "link_url"]}
ABOUT: Any = {"fields": ["contacts", "agreements"], "classes": ["later"]}
CHANGE: Any = {
    "fields": ["change_class", "change_note"],
    "description": "Readers see what changed, why and when. For every edition after the first.",
}
STATE: Any = {
    "fields": ["state", "rejection", "live_from", "live_until", "author", "approver", "digest"],
    "classes": ["later", "collapse"],
}


@admin.register(Edition)
class EditionAdmin(EditionList):
    form = EditionForm
    inlines = [edition_inlines.IssuerInline, edition_inlines.AnnexInline, edition_inlines.IllustrationInline]
    readonly_fields = ["state", "rejection", "live_from", "live_until", "author", "approver", "digest"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "title",
                    ("section", "kind", "release_date", "language"),
                    "base",
                    "kept_annexes",
                    "opened",
                ]
            },
        ),
        ("Text", TEXT),
        ("Change", CHANGE),
        ("Files", {"fields": ["new_annexes"]}),
        ("Publication", {"fields": ["wanted_from", "permalink"], "classes": ["later"]}),
        ("About", ABOUT),
        ("State", STATE),
    ]

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return [part for part in self.fieldsets if part[0] not in ("Change", "State")]
        if edition_inlines.is_open(obj) and permissions.may(request.user, Role.WRITER, obj):
            shown = [part for part in self.fieldsets if part[0] != "Change" or obj.based_on_id]
            awaited = (
                obj.awaited or "awaited" in request.POST
            )  # what was typed there, though all have come meanwhile
            return [_with_awaited(part) if awaited and part[0] == "Files" else part for part in shown]
        return _looked_at(obj)

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if isinstance(inline, edition_inlines.AnnexInline) and obj.pk and edition_inlines.is_open(obj):
            kwargs["initial"] = [{"label": label, "title": title} for label, title in drafts.awaited(obj)]
        return kwargs

    def has_change_permission(self, request, obj=None):
        if obj is not None and not (
            edition_inlines.is_open(obj) and permissions.may(request.user, Role.WRITER, obj)
        ):
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        if obj is not None and not (
            edition_inlines.is_open(obj) and permissions.may(request.user, Role.WRITER, obj)
        ):
            return False
        return super().has_delete_permission(request, obj)

    def digest(self, obj):
        """Of all that the form holds, what approvals do not bind to included."""
        edition = Edition.objects.select_related("release").get(pk=obj.pk)
        facts = [edition.wanted_from, edition.awaited, edition.release.section_id, edition.release.kind]
        return digest_of([digest_edition(edition), *facts])

    def seen(self, edition):
        return f"{edition.lock_version} {edition.state} {self.digest(edition)}"

    def get_object(self, request, object_id, from_field=None):
        """A save waits for verbs on the same release, and they for it."""
        if is_saving(request) and str(object_id).isdecimal():
            Release.objects.select_for_update().filter(editions=int(object_id)).first()
        return super().get_object(request, object_id, from_field)

    def save_model(self, request, edition, form, change):
        form.before = digest_edition(Edition.objects.get(pk=edition.pk)) if change else ""
        drafts.place(
            edition, permalink=form.cleaned_data["permalink"], section=form.cleaned_data["section"],
            kind=form.cleaned_data["kind"] or Release.Kind.TEXT, author=request.user, opened=form.cleaned_data["opened"],
        )  # fmt: skip
        self.tell_merged(request, form)

    def save_formset(self, request, form, formset, change):
        edition_inlines.save_parts(form.instance, formset, form.blobs)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        edition, now = form.instance, timezone.now()
        drafts.keep_pictures(edition)
        edition = Edition.objects.get(pk=edition.pk)
        if (after := digest_edition(edition)) != form.before:
            verb = LedgerEntry.Verb.SAVE if change else LedgerEntry.Verb.DRAFT
            record_writing(verb, edition, actor=request.user, at=now, before=form.before, after=after)
        self._suggest(request, edition)

    def _suggest(self, request, edition):
        if number := suggestions.save_suggestions([edition]):
            words = ngettext(
                "The text seems to speak of an agreement.", "The text seems to speak of agreements.", number
            )
            queue = f"{reverse('admin:releases_suggestion_changelist')}?state__exact=open&release={edition.release_id}"
            self.message_user(
                request, format_html('{} <a href="{}">Accept or dismiss what it suggests</a>.', words, queue)
            )

    def get_deleted_objects(self, objs, request):
        """A draft goes with its issuers and files, which nobody deletes one by one."""
        shown, counts, _, protected = super().get_deleted_objects(objs, request)
        told = [words for edition in objs for words in drafts.told_by(edition)]
        return shown, counts, set(), [*protected, *told]

    def delete_model(self, request, edition):
        LedgerEntry.objects.record(
            LedgerEntry.Verb.DISCARD, at=timezone.now(), actor=request.user, edition=edition,
            subject=f"release {edition.release_id} edition {edition.number}", before=digest_edition(edition),
        )  # fmt: skip
        drafts.discard(edition)

    def get_urls(self):
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/do/<slug:verb>/", wrap(self.verb_view), name="releases_edition_do"),
            path("together/", wrap(self.together_view), name="releases_edition_together"),
            path("<int:pk>/compare/<int:other>/", wrap(self.compare_view), name="releases_edition_compare"),
            path("<int:pk>/page/", wrap(self.page_view), name="releases_edition_page"),
            path("<int:pk>/links/", wrap(self.links_view), name="releases_edition_links"),
            path("<int:pk>/ledger/", wrap(self.ledger_view), name="releases_edition_ledger"),
            path("<int:pk>/comment/", wrap(self.comment_view), name="releases_edition_comment"),
            path("<int:pk>/file/<str:sha256>/", wrap(self.file_view), name="releases_edition_file"),
            path("picture/", wrap(self.picture_view), name="releases_edition_picture"),
            path("paste/", wrap(self.paste_view), name="releases_edition_paste"),
        ]
        return [*own, *super().get_urls()]

    def verb_view(self, request, pk, verb):
        return self._own(action_views.verb_view, request, pk, verb)

    def together_view(self, request):
        return self._own(action_views.together_view, request)

    def compare_view(self, request, pk, other):
        return self._own(action_views.compare_view, request, pk, other)

    def page_view(self, request, pk):
        return self._own(views.page_view, request, pk)

    def links_view(self, request, pk):
        return self._own(views.links_view, request, pk)

    def ledger_view(self, request, pk):
        return self._own(views.ledger_view, request, pk)

    def comment_view(self, request, pk):
        return self._own(views.comment_view, request, pk)

    def file_view(self, request, pk, sha256):
        return self._own(lambda desk, *args: files.file_view(*args), request, pk, sha256)

    def picture_view(self, request):
        return self._own(lambda desk, *args: files.picture_view(*args), request)

    def paste_view(self, request):
        return self._own(paste.paste_view, request)

    def _own(self, view, request, *args):
        """A page of the desk beside Django's own, for whoever may look at editions."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return view(self, request, *args)

    def history_view(self, request, object_id, extra_context=None):
        _for_its_makers(request.user, self.get_object(request, object_id), "pk")
        return super().history_view(request, object_id, extra_context)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        edition = (
            self.get_queryset(request).filter(pk=object_id).first() if str(object_id).isdecimal() else None
        )
        if edition and request.method == "POST" and not self.has_change_permission(request, edition):
            return self._too_late(request, edition)
        context = {**(extra_context or {}), **(self._desk(request, edition) if edition else {})}
        context["title"] = edition.title if edition else "New release"
        if request.method == "POST" and not edition and (made := resubmission.already(request)):
            self.message_user(request, "This release was saved already. Here it is.")
            url = reverse("admin:releases_edition_change", args=[made.pk])
            return self.go_on(request, made) or HttpResponseRedirect(url)
        return super().changeform_view(request, object_id, form_url, context)

    def _too_late(self, request, edition):
        """It was approved, or taken from this person, while they were typing: what they typed is shown, not lost."""
        context = {
            **self.admin_site.each_context(request), "title": "Not saved", "edition": edition, "opts": self.opts,
        }  # fmt: skip
        return TemplateResponse(request, "admin/releases/edition/too_late.html", context, status=403)

    def _desk(self, request, edition):
        now = timezone.now()
        if request.method == "GET" and edition_inlines.is_open(edition):
            Opening.objects.update_or_create(edition=edition, user=request.user, defaults={"at": now})
        own = permissions.work_of(request.user)
        nearby = (
            edition.openings.filter(at__gt=now - NEARBY, edition__in=own)
            .exclude(user=request.user)
            .select_related("user")
        )
        stage = workflow.stage_of(edition, now)
        return {
            "stage": stage,
            "public_page": href(edition.address.path) if stage in ("live", "withdrawn") else "",
            "verbs": workflow.available_verbs(edition, request.user, now),
            "checks": [_linked(check) for check in checks.checks(edition, request.user)]
            if edition_inlines.is_open(edition)
            else [],
            "shown": None if self.has_change_permission(request, edition) else views.shown(edition.pk, now),
            "check_links": self.has_change_permission(request, edition),
            "current_digest": digest_edition(edition),
            "nearby": nearby,
            "others": permissions.editions_for(request.user)
            .filter(release=edition.release_id)
            .exclude(pk=edition.pk)
            .order_by("-number"),
            "clearances": edition.clearances.filter(edition__in=own).select_related("agency", "given_by"),
            "may_comment": own.filter(pk=edition.pk).exists(),
            "comments": edition.comments.filter(edition__in=own).select_related("author", "link"),
            "wanted": weekday_datetime(edition.wanted_from) if edition.wanted_from else "",
            "starts": weekday_datetime(edition.live_from) if edition.live_from else "",
        }

    def response_add(self, request, edition, post_url_continue=None):
        resubmission.remember(request)
        return self._submitted(request, edition) or super().response_add(request, edition, post_url_continue)

    def response_change(self, request, edition):
        return self._submitted(request, edition) or super().response_change(request, edition)

    def go_on(self, request, edition):
        """The second of two clicks submits nothing twice."""
        return self._submitted(request, edition) if edition.state == Edition.State.DRAFT else None

    def _submitted(self, request, edition):
        if "_submit" not in request.POST:
            return None
        action_views.do(self, request, edition, "submit", {})
        return HttpResponseRedirect(reverse("admin:releases_edition_change", args=[edition.pk]))


def _with_awaited(part):
    name, options = part
    return name, options | {"fields": [*options["fields"], "awaited"]}


def _looked_at(edition):
    """What there is to read of an edition that this person can't change; its text stands as readers see it."""
    change = {"fields": [("change_class", "change_note")]}
    return [
        (None, {"fields": ["title", ("release_date", "language"), *filter(edition.__dict__.get, ("summary", "link_url"))]}),
        *([("Change", change)] if edition.based_on_id else []),
        ("About", ABOUT),
        ("State", STATE),
    ]  # fmt: skip


def _linked(check):
    anchors = {"issuers": "issuers-group", "annexes": "id_new_annexes"}
    return {
        "words": check.words, "blocks": check.blocks, "paragraph": check.paragraph,
        "anchor": anchors.get(check.field, f"id_{check.field}"),
    }  # fmt: skip


def _for_its_makers(user, row, lookup):
    """Who changed what is theirs, of a public release too; `lookup` leads from an edition to the row."""
    if row and not permissions.work_of(user).filter(**{lookup: row.pk}).exists():
        raise PermissionDenied


@admin.register(Release)
class ReleaseAdmin(RecordedAdmin):
    """The permanent record; its text is in its editions."""

    listed = "permanent records of releases"
    list_display = ["title", "kind", "section", "editions_link"]
    list_filter = ["section", "kind"]
    list_select_related = ["section"]
    search_fields = ["newest_title", "newest_path", "source__path"]
    readonly_fields = ["title", "editions_link", "created_at"]
    fields = ["title", "section", "kind", "translation_group", "editions_link", "created_at", "base"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        """Everybody sees it; those of an agency that issues it change it, and what readers find an approver of theirs."""
        if obj is not None and not permissions.may_place(request.user, obj):
            return False
        return super().has_change_permission(request, obj)

    def who_may(self, obj):
        return "Where readers find a release is changed by an approver of an agency that issues it."

    def save_model(self, request, release, form, change):
        super().save_model(request, release, form, change)
        if "section" in form.changed_data:
            before = Section.objects.get(pk=form.initial["section"])
            LedgerEntry.objects.record(
                LedgerEntry.Verb.MOVE, at=timezone.now(), actor=request.user, release=release, subject=f"release {release.pk}",
                note={"from": str(before), "to": str(release.section)},
            )  # fmt: skip

    def has_delete_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        """What was approved as a text does not become a link."""
        approved = obj and obj.editions.filter(state=Edition.State.APPROVED).exists()
        return [*self.readonly_fields, "kind"] if approved else self.readonly_fields

    def history_view(self, request, object_id, extra_context=None):
        _for_its_makers(request.user, self.get_object(request, object_id), "release")
        return super().history_view(request, object_id, extra_context)

    def get_queryset(self, request):
        """Listed, sorted and searched by the newest edition that somebody may see: a hidden one shows in nothing."""
        newest = permissions.editions_for(request.user).filter(release=OuterRef("pk")).order_by("-number")
        found = permissions.scoped(super().get_queryset(request).written(), request.user, "editions")
        return found.annotate(
            newest_title=Subquery(newest.values("title")[:1]),
            newest_path=Subquery(newest.values("address__path")[:1]),
            newest_date=Subquery(newest.values("release_date")[:1]),
        ).order_by("-newest_date", "-pk")

    @admin.display(ordering="newest_title")
    def title(self, release):
        return release.newest_title

    @admin.display(description="Editions")
    def editions_link(self, release):
        url = reverse("admin:releases_edition_changelist")
        return format_html('<a href="{}?release__id__exact={}">Editions</a>', url, release.pk)
