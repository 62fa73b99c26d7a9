"""What a form of an edition was sent with, once it is valid and merged, as the values that `save_draft`
takes."""

from collections.abc import Iterable

from releases.admin.base.kept_files import KeptFile
from releases.admin.editions.forms import EditionForm
from releases.admin.editions.inlines import PartFormSet, PlacedParts
from releases.content.markdown import RENDERER_VERSION
from releases.models import Annex, Edition, Illustration, Issuer, Release
from releases.services.editing.draft_values import (
    AnnexValues,
    DraftValues,
    in_order,
    name_annex,
    pending_annexes,
)


def submitted_values(form: EditionForm, formsets: Iterable[PartFormSet]) -> DraftValues:
    """The fields of the form with the rows of its formsets; fields that it does not show are as they are
    stored."""
    edition: Edition = form.instance
    typed = form.cleaned_data
    parts: dict[type | None, PlacedParts] = {formset.model: formset.placed_parts() for formset in formsets}
    new = [(None, _new_annex(file, edition.awaited)) for file in typed["new_annexes"]]
    return DraftValues(
        title=edition.title,
        release_date=edition.release_date,
        release_date_is_set=edition.release_date_is_set,
        release_date_is_confirmed=edition.release_date_is_confirmed,
        permalink=typed["permalink"],
        section=typed["section"],
        form=typed["form"] or Release.Form.TEXT,
        summary=edition.summary,
        body=edition.body,
        body_html=typed["body_html"],
        renderer_version=RENDERER_VERSION,
        link_url=edition.link_url,
        language=edition.language,
        kind=typed["kind"],
        contacts=edition.contacts,
        awaited=edition.awaited,
        embargo=edition.embargo,
        embargo_is_confirmed=edition.embargo_is_confirmed,
        change_class=edition.change_class,
        change_note=edition.change_note,
        wanted_from=edition.wanted_from,
        issuers=in_order(parts.get(Issuer, [])),
        annexes=in_order([*parts.get(Annex, []), *new]),
        pictures=in_order(parts.get(Illustration, [])),
        agreements=tuple(typed["agreements"]),
    )


def _new_annex(file: KeptFile, awaited: str) -> AnnexValues:
    """An annex with the names of its file, but for the title of one that was still to come."""
    label, title = name_annex(file.name)
    told = {name.label.casefold(): name.title for name in pending_annexes(awaited)}
    return AnnexValues(file.blob.pk, label, told.get(label.casefold()) or title, file_name=file.name)
