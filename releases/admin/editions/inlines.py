"""The parts of an edition on its form: issuers, annexes and pictures."""

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from releases.admin.base.concurrency import MergingForm, MergingFormSet, MergingInline
from releases.admin.editions.forms import AnnexForm, IssuerForm
from releases.content.text.dates import written
from releases.models import Annex, Edition, Illustration, Issuer
from releases.services.editing import drafts
from releases.services.files import images
from releases.templatetags.public_tags import blob_facts


class PartFormSet(MergingFormSet):
    def get_unique_error_message(self, unique_check):
        return "An agency can issue a release only once."


class PartInline(MergingInline):
    """Parts of an edition that is still being written; those of an approved one are only looked at."""

    formset = PartFormSet

    def has_add_permission(self, request, obj=None):
        return is_open(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return is_open(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return is_open(obj) and super().has_delete_permission(request, obj)


class IssuerInline(PartInline):
    model = Issuer
    form = IssuerForm
    verbose_name_plural = "issuers, lead first"
    fields = [("agency", "position"), "base"]

    def get_extra(self, request, obj=None, **kwargs):
        return 0 if obj else 3


class AnnexInline(PartInline):
    model = Annex
    form = AnnexForm
    verbose_name_plural = "annexes, one by one"
    fields = ["facts", "where", ("label", "title"), ("language", "position"), "file", "kept", "base"]
    readonly_fields = ["where", "facts"]

    def get_extra(self, request, obj=None, **kwargs):
        """A row for every annex whose file is still to come."""
        return len(drafts.awaited(obj)) if obj and is_open(obj) else 0

    def get_fields(self, request, obj=None):
        return self.fields if is_open(obj) else ["facts", "where", ("label", "title", "language")]

    @admin.display(description="Address")
    def where(self, annex):
        return annex.address.path if annex.pk else "It gets its address when you save."

    @admin.display(description="File")
    def facts(self, annex):
        if not annex.pk:
            return ""
        url = reverse("admin:releases_edition_file", args=[annex.edition_id, annex.blob_id])
        return format_html(
            '<a href="{}">{}</a> {} {}{}', url, annex.address.path.rpartition("/")[2], blob_facts(annex.blob),
            _accessibility(annex.blob), _place(annex.blob),
        )  # fmt: skip


class IllustrationInline(PartInline):
    """The pictures that belong to the text, which says their alternative texts."""

    model = Illustration
    form = MergingForm
    fields = ["address", "alt_text", "base"]
    readonly_fields = ["address", "alt_text"]

    def has_add_permission(self, request, obj=None):
        return False


def is_open(edition):
    return edition is None or (edition.state != Edition.State.APPROVED and not edition.erased_at)


def save_parts(edition, formset, blobs):
    """Save what a formset holds, with rows that somebody else added meanwhile, and annexes of `blobs` [(blob, name)]."""
    formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
    rows = [form for form in formset.forms if form not in formset.deleted_forms]
    for form in formset.deleted_forms:
        if form.instance.pk:
            form.instance.delete()
    rows = [form for form in rows if form.instance.pk or form.has_changed()]
    if formset.model is Illustration:
        for form in rows:
            form.save()
        return
    known = [form.instance.pk for form in formset.forms if form.instance.pk]
    others = formset.model.objects.filter(edition=edition).exclude(pk__in=known)
    parts = [(form.cleaned_data.get("position"), _filled(edition, form)) for form in rows]
    parts += [(other.position, other) for other in others]
    if formset.model is Annex:
        parts += [(None, _new_annex(edition, blob, name)) for blob, name in blobs]
    drafts.put_in_order(parts)
    if formset.model is Annex:
        drafts.arrived(edition)


def _filled(edition, form):
    part = form.save(commit=False)
    part.edition = edition
    if isinstance(part, Issuer):
        drafts.name_issuer(part, edition.release_date)
    elif hasattr(form, "blob"):
        drafts.attach(edition, part, form.blob, form.file_name)
    return part


def _new_annex(edition, blob, name):
    label, title = drafts.names_of(name)
    told = {key.casefold(): words for key, words in drafts.awaited(edition)}
    annex = Annex(label=label, title=told.get(label.casefold()) or title)
    drafts.attach(edition, annex, blob, name)
    return annex


def _accessibility(blob):
    """What was measured in a PDF, each thing by a tag that says whether it is there."""
    if blob.media_type != "application/pdf":
        return ""
    if not blob.inspected_at:
        return format_html('<span class="tag submitted">{}</span>', "being read")
    if blob.problem:
        return format_html('<span class="tag rejected">{}</span>', blob.problem)
    facts = (
        ("tags", blob.tagged),
        ("language", blob.language),
        ("title", blob.title),
        ("text", blob.text.strip()),
    )
    return format_html_join(
        " ",
        '<span class="tag {}">{}{}</span>',
        (("live" if there else "rejected", "" if there else "no ", name) for name, there in facts),
    )


def _place(blob):
    """A telephone writes into a picture where it was taken; readers get its bytes as they are."""
    if not images.has_location(blob):
        return ""
    return format_html('<span class="tag rejected">{}</span>', "says where it was taken (GPS)")


def short(moment):
    """14 January 2023, 09:00"""
    local = timezone.localtime(moment)
    return f"{written(local)}, {local:%H:%M}"
