"""The one way to write an edition, its issuers, annexes and illustrations: from plain values, any number at
once.

The desk calls it by `drafts.save_draft`, which adds what follows from a person's save; an import calls it
directly.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.db.models import F, prefetch_related_objects
from django.utils.text import slugify

from releases.content.markdown import RENDERER_VERSION, render
from releases.models import Address, Agreement, Annex, Edition, Illustration, Issuer, Release, fast_insert
from releases.models.edition import DIGEST_VERSION
from releases.services.editing.draft_values import (
    LAST_PLACE,
    AnnexValues,
    DraftValues,
    IssuerValues,
    PictureValues,
)
from releases.services.editions.derivation import DERIVED_COLUMNS, derive_facts
from releases.services.editions.digests import digest_content, values_with_parts

TYPED = (
    "title",
    "summary",
    "release_date",
    "release_date_is_confirmed",
    "body",
    "link_url",
    "language",
    "kind",
    "contacts",
    "awaited",
    "embargo",
    "embargo_is_confirmed",
    "change_note",
    "change_class",
    "wanted_from",
)
STORED = (
    *TYPED,
    *DERIVED_COLUMNS,
    "release_date_is_set",
    "address",
    "body_html",
    "renderer_version",
    "digest_version",
    "lock_version",
    "updated_at",
)


class AddressTaken(IntegrityError):
    """A permalink belongs to another release, or to something that is none."""


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """An edition as it is stored, with all its parts, read once."""

    edition: Edition
    issuers: tuple[Issuer, ...]
    annexes: tuple[Annex, ...]
    illustrations: tuple[Illustration, ...]
    agreements: tuple[Agreement, ...]

    @property
    def values(self) -> DraftValues:
        """What is typed of it, each part with the key of its row."""
        edition, release = self.edition, self.edition.release
        typed = {
            name: getattr(edition, name)
            for name in (*TYPED, "release_date_is_set", "body_html", "renderer_version")
        }
        if edition.kind_rule:
            typed["kind"] = ""
        return DraftValues(
            **typed,
            permalink=edition.address.path,
            section=release.section,
            form=release.form,
            issuers=tuple(issuer_values(one) for one in self.issuers),
            annexes=tuple(annex_values(one) for one in self.annexes),
            pictures=tuple(picture_values(one) for one in self.illustrations),
            agreements=self.agreements,
        )

    @property
    def digest(self) -> str:
        """What `digest_edition` says of it."""
        return digest_content(
            self.edition,
            values_with_parts(
                self.edition,
                issuers=[(one.agency.slug, one.name, one.acronym) for one in self.issuers],
                annexes=[
                    (one.label, one.title, one.language, one.address.path, one.blob_id)
                    for one in self.annexes
                ],
                illustrations=[(one.address.path, one.blob_id, one.alt_text) for one in self.illustrations],
                agreements=[one.slug for one in self.agreements],
            ),
        )


@dataclass(frozen=True, slots=True)
class DraftToWrite:
    """`edition` is a new one, or the one that is `stored`, whose rows become what `values` say.

    Of a new one the caller sets what is not typed: its author and origin, and where it is not the first of
    its release the release, its number and what it is based on. `address`: the row of its permalink where the
    caller has it, or an unsaved one where they know that nobody has the path; None: it is looked up, and
    made. `form_token`: the form that a new release was typed in, which makes one release only.
    """

    edition: Edition
    values: DraftValues
    stored: StoredDraft | None = None
    address: Address | None = None
    form_token: UUID | None = None


@dataclass(frozen=True, slots=True)
class WrittenDraft:
    """An edition as it was written; in `values` issuers have their names and annexes their addresses."""

    edition: Edition
    values: DraftValues

    @property
    def digest(self) -> str:
        """What `digest_edition` says of it, from the values at hand."""
        values = self.values
        return digest_content(
            self.edition,
            values_with_parts(
                self.edition,
                issuers=[(one.agency.slug, one.name, one.acronym) for one in values.issuers],
                annexes=[
                    (one.label, one.title, one.language, one.address.path if one.address else "", one.blob)
                    for one in values.annexes
                ],
                illustrations=[(one.address.path, one.blob, one.alt_text) for one in values.pictures],
                agreements=[one.slug for one in values.agreements],
            ),
        )


def issuer_values(row: Issuer) -> IssuerValues:
    """What a stored issuer says."""
    return IssuerValues(row.agency, row.pk, row.name, row.acronym)


def annex_values(row: Annex) -> AnnexValues:
    """What a stored annex says."""
    return AnnexValues(row.blob_id, row.label, row.title, row.language, row.pk, row.address)


def picture_values(row: Illustration) -> PictureValues:
    """What a stored illustration says."""
    return PictureValues(row.address, row.blob_id, row.alt_text, row.pk)


def read_draft(key: int, *, is_locked: bool = False) -> StoredDraft:
    """The edition with this key and its parts, in five queries. Raises Edition.DoesNotExist.

    `is_locked`: nobody else changes it until the transaction ends.
    """
    found = Edition.objects.select_related("address", "release")
    edition = (found.select_for_update(of=("self",)) if is_locked else found).get(pk=key)
    return StoredDraft(
        edition,
        tuple(edition.issuers.select_related("agency")),
        tuple(edition.annexes.select_related("address")),
        tuple(edition.illustrations.select_related("address")),
        tuple(edition.agreements.all()),
    )


def write_drafts(batch: Sequence[DraftToWrite]) -> list[WrittenDraft]:
    """Write these editions with all their parts, all or none; nothing is recorded, indexed or suggested.

    An import gives new editions: a `DraftToWrite` each, with `values.body_html` and the issuers' names where
    it has them and with `address`, so that nothing is looked up; what belongs to one post goes into one
    transaction with it. The digest of what was written is `WrittenDraft.digest`, from the values at hand. The
    rows of new editions are not approved yet: that is an update of their state once their parts are there.

    Raises AddressTaken, BodyRefused for a body that was not rendered before, and IntegrityError.
    """
    with transaction.atomic(savepoint=False):
        _read_names(batch)
        written = [_write_edition(draft) for draft in batch]
        _write_parts(Issuer, [_issuers_of(draft, done) for draft, done in zip(batch, written, strict=True)])
        _write_parts(Annex, [_annexes_of(draft, done) for draft, done in zip(batch, written, strict=True)])
        _write_parts(
            Illustration, [_pictures_of(draft, done) for draft, done in zip(batch, written, strict=True)]
        )
        for draft, done in zip(batch, written, strict=True):
            _write_agreements(draft, done)
    return written


def new_file_path(edition: Edition, file_name: str) -> str:
    """A path for a new file that nobody has and nobody can guess:
    /files/2026/1f0c7a9b52d4e683/annex-a.pdf."""
    stem, suffix = PurePosixPath(file_name).stem, PurePosixPath(file_name).suffix.lower()
    name = f"{slugify(stem)[:100] or 'file'}{suffix}"
    return f"/files/{edition.release_date.year}/{secrets.token_hex(8)}/{name}"


def _read_names(batch: Sequence[DraftToWrite]) -> None:
    """The names of all agencies that need one, in one query."""
    nameless = [one.agency for draft in batch for one in draft.values.issuers if not one.name]
    if nameless:
        prefetch_related_objects(nameless, "names")


def _write_edition(draft: DraftToWrite) -> WrittenDraft:
    edition, values = draft.edition, draft.values
    for name in TYPED:
        setattr(edition, name, getattr(values, name))
    if values.body_html is None:
        edition.body_html, edition.renderer_version = render(values.body), RENDERER_VERSION
    else:
        edition.body_html, edition.renderer_version = values.body_html, values.renderer_version
    edition.issuers_rule, edition.digest_version = values.issuers_rule, DIGEST_VERSION
    edition.release_date_is_set = values.release_date_is_set
    derive_facts(edition, values.section.kind)
    if draft.stored is None:
        _insert_edition(draft)
    else:
        _update_edition(draft, draft.stored)
    return WrittenDraft(
        edition,
        replace(
            values,
            issuers=tuple(_named(issuer, edition) for issuer in values.issuers),
            annexes=tuple(_addressed(annex, edition) for annex in values.annexes),
        ),
    )


def _insert_edition(draft: DraftToWrite) -> None:
    edition, values = draft.edition, draft.values
    if edition.release_id is None:
        release = Release(section=values.section, form=values.form, opened=draft.form_token)
        edition.release = fast_insert.insert(release)
    edition.address = _address(edition.release, values.permalink, draft.address)
    fast_insert.insert(edition)


def _update_edition(draft: DraftToWrite, stored: StoredDraft) -> None:
    edition, values, before = draft.edition, draft.values, stored.edition
    release, place = before.release, (values.section.pk, values.form)
    if place != (release.section_id, release.form) and not _is_approved(release):
        Release.objects.filter(pk=release.pk).update(section=values.section, form=values.form)
    known = draft.address or (before.address if before.address.path == values.permalink else None)
    edition.address = _address(release, values.permalink, known)
    edition.lock_version = before.lock_version + 1
    fast_insert.update(edition, *STORED)


def _is_approved(release: Release) -> bool:
    """Whether it is public where it stands, or was, or will be."""
    return release.editions.filter(state=Edition.State.APPROVED).exists()


def _address(release: Release, permalink: str, known: Address | None) -> Address:
    """The row of a permalink of `release`, made where nobody has it. Raises AddressTaken."""
    address = known or Address.objects.at(permalink).first()
    if address is None:
        address = Address(path=permalink, kind=Address.Kind.RELEASE)
    if address.pk is None:
        address.release = release
        return fast_insert.insert(address)
    if address.release_id != release.pk:
        kind = address.get_kind_display().lower()
        raise AddressTaken(f"The address {permalink} is taken by a {kind} that is in already.")
    return address


def _named(issuer: IssuerValues, edition: Edition) -> IssuerValues:
    """With the name and acronym that the agency had on the release date."""
    if issuer.name:
        return issuer
    agency = issuer.agency
    held = agency.name_on(edition.release_date)
    name, acronym = (held.name, held.acronym) if held else (str(agency), agency.acronym)
    return replace(issuer, name=name, acronym=acronym)


def _addressed(annex: AnnexValues, edition: Edition) -> AnnexValues:
    if annex.address:
        return annex
    path = new_file_path(edition, annex.file_name)
    return replace(annex, address=fast_insert.insert(Address(path=path, kind=Address.Kind.FILE)))


@dataclass(frozen=True, slots=True)
class _Parts:
    """The rows of one kind that an edition has, and the columns that each of those that it shall have holds.

    `wanted`: (key of the row that it continues, columns by attname), in their order.
    """

    edition: Edition
    stored: Sequence[models.Model]
    wanted: Sequence[tuple[int | None, Mapping[str, Any]]]


@dataclass(slots=True)
class _Changes:
    """Rows to insert and to update, and keys: of those to delete, and of those that get another place."""

    new: list[models.Model] = field(default_factory=list)
    changed: list[models.Model] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    moved: list[int] = field(default_factory=list)


def _issuers_of(draft: DraftToWrite, written: WrittenDraft) -> _Parts:
    wanted = [
        (
            one.row,
            {"position": place, "agency_id": one.agency.pk, "name": one.name, "acronym": one.acronym},
        )
        for place, one in enumerate(written.values.issuers, 1)
    ]
    return _Parts(written.edition, draft.stored.issuers if draft.stored else (), wanted)


def _annexes_of(draft: DraftToWrite, written: WrittenDraft) -> _Parts:
    wanted = [
        (
            one.row,
            {
                "position": place,
                "label": one.label,
                "title": one.title,
                "language": one.language,
                "address_id": one.address and one.address.pk,
                "blob_id": one.blob,
            },
        )
        for place, one in enumerate(written.values.annexes, 1)
    ]
    return _Parts(written.edition, draft.stored.annexes if draft.stored else (), wanted)


def _pictures_of(draft: DraftToWrite, written: WrittenDraft) -> _Parts:
    wanted = [
        (one.row, {"address_id": one.address.pk, "blob_id": one.blob, "alt_text": one.alt_text})
        for one in written.values.pictures
    ]
    return _Parts(written.edition, draft.stored.illustrations if draft.stored else (), wanted)


def _write_parts(model: type[models.Model], batch: Iterable[_Parts]) -> None:
    """Delete, update and insert rows of one kind, so that every edition has what it shall have.

    A row that is there keeps its key, by which other people's open forms know it.
    """
    changes = _Changes()
    for parts in batch:
        _compare(model, parts, changes)
    found = model._default_manager  # noqa: SLF001 (Django's name for it)
    if changes.gone:
        found.filter(pk__in=changes.gone).delete()
    if changes.moved:  # out of the places that others will take: no two rows of an edition ever stand at one
        found.filter(pk__in=changes.moved).update(position=F("position") + LAST_PLACE)
    for row in changes.changed:
        fast_insert.update(row, *_columns(model))
    fast_insert.insert_all(changes.new)


def _compare(model: type[models.Model], parts: _Parts, changes: _Changes) -> None:
    """Add to `changes` what makes the stored rows of an edition those that it shall have."""
    held = {row.pk: row for row in parts.stored}
    kept = {key for key, _ in parts.wanted}
    agencies = {row.agency_id for row in parts.stored if isinstance(row, Issuer) and row.pk in kept}
    for key, columns in parts.wanted:
        row = held.pop(key, None)
        if row and _is_swapped(row, columns, agencies):
            changes.gone.append(row.pk)
            row = None
        if row is None:
            changes.new.append(model(edition_id=parts.edition.pk, **columns))
        else:
            _compare_row(row, columns, changes)
    changes.gone.extend(held)


def _compare_row(row: models.Model, columns: Mapping[str, Any], changes: _Changes) -> None:
    differing = [name for name, value in columns.items() if getattr(row, name) != value]
    if differing:
        changes.changed.append(row)
    if "position" in differing:
        changes.moved.append(row.pk)
    for name in differing:
        setattr(row, name, columns[name])


def _is_swapped(row: models.Model, columns: Mapping[str, Any], agencies: set[int]) -> bool:
    """Whether an issuer's row gets an agency that another row of the edition holds: it is written anew."""
    return (
        isinstance(row, Issuer) and row.agency_id != columns["agency_id"] and columns["agency_id"] in agencies
    )


def _columns(model: type[models.Model]) -> list[str]:
    fields = model._meta.local_concrete_fields  # noqa: SLF001 (Django documents it so)
    return [one.name for one in fields if not one.primary_key and one.name != "edition"]


def _write_agreements(draft: DraftToWrite, written: WrittenDraft) -> None:
    before = {one.pk for one in draft.stored.agreements} if draft.stored else set()
    if before != {one.pk for one in written.values.agreements}:
        written.edition.agreements.set(written.values.agreements)
