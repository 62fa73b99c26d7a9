from django.contrib import admin, messages
from django.db.models import Max, OuterRef, Subquery
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from releases.admin.forms import AnnexForm, EditionForm, IssuerForm, ReasonForm, WhenForm
from releases.models import Annex, Edition, Illustration, Issuer, Release
from releases.services import attaching, checking, publishing


class PartInline(admin.StackedInline):
    """Parts of an edition that is still being written; those of an approved one are only looked at."""

    extra = 0

    def has_add_permission(self, request, obj=None):
        return _is_open(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return _is_open(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return _is_open(obj) and super().has_delete_permission(request, obj)


class IssuerInline(PartInline):
    model = Issuer
    form = IssuerForm
    verbose_name_plural = "issuers, lead first"


class AnnexInline(PartInline):
    model = Annex
    form = AnnexForm
    readonly_fields = ["where"]

    @admin.display(description="Address")
    def where(self, annex):
        return annex.address.path if annex.pk else "It gets its address when you save."


class IllustrationInline(PartInline):
    model = Illustration
    fields = ["address", "alt_text"]
    readonly_fields = ["address"]

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(Edition)
class EditionAdmin(admin.ModelAdmin):
    form = EditionForm
    inlines = [IssuerInline, AnnexInline, IllustrationInline]
    list_display = ["title", "number", "state", "public", "release_date", "section", "origin"]
    list_filter = ["state", "origin", "release__section", "language", "release_date"]
    list_select_related = ["release__section"]
    search_fields = ["title", "body", "address__path", "issuers__name", "issuers__acronym", "annexes__title"]
    date_hierarchy = "release_date"
    readonly_fields = ["state", "live_from", "live_until", "author", "approver", "digest"]
    fieldsets = [
        (
            None,
            {"fields": ["title", "permalink", "section", "kind", "release_date", "language", "version"]},
        ),
        ("Text", {"fields": ["summary", "body", "link_url", "contacts", "agreements"]}),
        (
            "Change",
            {"fields": ["change_class", "change_note"], "description": "For every edition after the first."},
        ),
        ("State", {"fields": ["state", "live_from", "live_until", "author", "approver", "digest"]}),
    ]

    class Media:
        css = {"all": ["releases/admin.css"]}
        js = ["releases/admin.js"]

    def get_fieldsets(self, request, obj=None):
        if obj is None or _is_open(obj):
            return self.fieldsets
        text = {"fields": ["summary", "body", "link_url", "contacts", "agreements"]}
        first = (None, {"fields": ["title", "release_date", "language"]})
        return [first, ("Text", text), *self.fieldsets[2:]]

    def has_change_permission(self, request, obj=None):
        return (obj is None or _is_open(obj)) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return (obj is None or _is_open(obj)) and super().has_delete_permission(request, obj)

    def get_actions(self, request):
        return {}

    @admin.display(description="Public")
    def public(self, edition):
        now = timezone.now()
        if edition.state != Edition.State.APPROVED:
            return ""
        if edition.live_from > now:
            return f"from {timezone.localtime(edition.live_from):%d %B %Y, %H:%M}"
        return "superseded" if edition.live_until and edition.live_until <= now else "live"

    @admin.display(description="Section", ordering="release__section__title")
    def section(self, edition):
        return edition.release.section

    def save_model(self, request, edition, form, change):
        attaching.place(
            edition, permalink=form.cleaned_data["permalink"], section=form.cleaned_data["section"],
            kind=form.cleaned_data["kind"] or Release.Kind.TEXT, author=request.user,
        )  # fmt: skip

    def save_formset(self, request, form, formset, change):
        for gone in formset.deleted_forms:
            if gone.instance.pk:
                gone.instance.delete()
        for part in formset.forms:
            if part.has_changed() and part not in formset.deleted_forms:
                attaching.attach(form.instance, part.save(commit=False), part.cleaned_data.get("file"))
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        attaching.keep_pictures(form.instance)

    def get_deleted_objects(self, objs, request):
        """A draft goes with its issuers and files, which nobody deletes one by one."""
        shown, counts, _, protected = super().get_deleted_objects(objs, request)
        return shown, counts, set(), protected

    def delete_model(self, request, edition):
        attaching.discard(edition)

    def get_urls(self):
        verb = self.admin_site.admin_view(self.verb_view)
        return [path("<int:pk>/do/<slug:verb>/", verb, name="releases_edition_do"), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        edition = self.get_object(request, object_id)
        verbs = [(name, verb["label"]) for name, verb in VERBS.items() if edition and verb["when"](edition)]
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "verbs": verbs})

    def verb_view(self, request, pk, verb):
        """Ask once, then do it; a refusal is shown as it is."""
        edition = get_object_or_404(Edition.objects.select_related("release", "address"), pk=pk)
        allowed = request.user.has_perm("releases.change_edition") and verb in VERBS
        if not allowed or not VERBS[verb]["when"](edition):
            self.message_user(request, "That can't be done with this edition.", messages.ERROR)
            return HttpResponseRedirect(reverse("admin:releases_edition_changelist"))
        form = VERBS[verb]["form"](request.POST or None) if VERBS[verb]["form"] else None
        if request.method == "POST" and (form is None or form.is_valid()):
            return self._do(request, edition, verb, form.cleaned_data if form else {})
        context = {
            **self.admin_site.each_context(request), "title": VERBS[verb]["label"], "edition": edition, "form": form,
            "opts": self.opts, "findings": checking.findings(edition) if verb == "approve" else [],
        }  # fmt: skip
        return TemplateResponse(request, "admin/releases/edition/verb.html", context)

    def _do(self, request, edition, verb, values):
        try:
            result = VERBS[verb]["do"](edition, request.user, values, timezone.now())
        except publishing.Refused as refused:
            for reason in refused.reasons:
                self.message_user(request, reason, messages.ERROR)
            result = edition
        else:
            self.message_user(request, VERBS[verb]["done"], messages.SUCCESS)
        pk = result.pk if isinstance(result, Edition) else edition.pk
        return HttpResponseRedirect(reverse("admin:releases_edition_change", args=[pk]))


@admin.register(Release)
class ReleaseAdmin(admin.ModelAdmin):
    """The permanent record; its text is in its editions."""

    list_display = ["title", "kind", "section", "editions_link"]
    list_filter = ["section", "kind"]
    list_select_related = ["section"]
    search_fields = ["editions__title", "addresses__path", "source__path"]
    readonly_fields = ["title", "editions_link", "created_at"]
    fields = ["title", "section", "kind", "translation_group", "editions_link", "created_at"]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        newest = Edition.objects.filter(release=OuterRef("pk")).order_by("-number")
        found = super().get_queryset(request)
        return found.annotate(
            newest_title=Subquery(newest.values("title")[:1]), newest_date=Max("editions__release_date")
        ).order_by("-newest_date", "-pk")

    @admin.display(ordering="newest_title")
    def title(self, release):
        return release.newest_title

    @admin.display(description="Editions")
    def editions_link(self, release):
        url = reverse("admin:releases_edition_changelist")
        return format_html('<a href="{}?release__id__exact={}">Editions</a>', url, release.pk)


def _is_open(edition):
    return edition is None or edition.state != Edition.State.APPROVED


def _is_live(edition):
    now = timezone.now()
    return edition.state == Edition.State.APPROVED and edition.live_from <= now and not edition.live_until


def _is_scheduled(edition):
    return edition.state == Edition.State.APPROVED and edition.live_from > timezone.now()


VERBS = {
    "approve": {
        "label": "Approve and publish", "form": WhenForm, "done": "The edition is approved.",
        "when": lambda edition: edition.state in publishing.OPEN,
        "do": lambda edition, user, values, at: publishing.approve(
            edition, approver=user, at=at, live_from=values["live_from"]
        ),
    },
    "unschedule": {
        "label": "Unschedule", "form": None, "done": "The edition is a draft again.", "when": _is_scheduled,
        "do": lambda edition, user, values, at: publishing.unschedule(edition, actor=user, at=at),
    },
    "next": {
        "label": "Write the next edition", "form": None, "done": "This is the draft of the next edition.", "when": _is_live,
        "do": lambda edition, user, values, at: publishing.next_edition(edition, author=user, at=at),
    },
    "withdraw": {
        "label": "Withdraw", "form": ReasonForm, "done": "The release is withdrawn; its page says why.", "when": _is_live,
        "do": lambda edition, user, values, at: publishing.withdraw(edition.release, actor=user, at=at, **values),
    },
    "remove": {
        "label": "Remove", "form": ReasonForm, "done": "The release is removed.", "when": _is_live,
        "do": lambda edition, user, values, at: publishing.remove(edition.release, actor=user, at=at, **values),
    },
    "restore": {
        "label": "Bring back", "form": None, "done": "The release is back.", "when": _is_live,
        "do": lambda edition, user, values, at: publishing.restore(edition.release, actor=user, at=at),
    },
}  # fmt: skip
