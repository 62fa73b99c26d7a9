"""What an export keeps of a release beside its post."""

import hashlib
from collections.abc import Iterator

from releases.content.jekyll.record import (
    AbsenceRecord,
    AnnexRecord,
    EditionRecord,
    IssuerRecord,
    PictureRecord,
    RedirectRecord,
    ReleaseRecord,
    SourceRecord,
)
from releases.models import Edition, Release, Source
from releases.services.editing.draft_writer import TYPED
from releases.services.editions.derivation import DERIVED_COLUMNS

PARTS = ("issuers__agency", "annexes__address", "illustrations__address", "agreements")
KEPT = ("number", "state", "release_date_is_set", "lock_version", "rejection", "urgent_reason")
TIMES = ("live_from", "live_until", "first_live_at")


def needs_record(release: Release, source: Source | None) -> bool:
    """Whether an import of its post alone would not give all of a release back."""
    origins = list(release.editions.values_list("origin", "lock_version"))
    return (
        source is None
        or origins != [(Edition.Origin.IMPORT, 0)]
        or release.absences.exists()
        or release.addresses.count() > 1
        or release.redirects.exclude(origin="import").exists()
    )


def gather_record(release: Release, source: Source | None) -> ReleaseRecord:
    """All of a release that is content: not who wrote and approved it, what was said of it at the desk, and
    the ledger."""
    editions = release.editions.select_related("address", "based_on").prefetch_related(*PARTS)
    numbers = {edition.pk: edition.number for edition in editions}
    return ReleaseRecord(
        form=release.form,
        translation_group=release.translation_group,
        source=_gather_source(source, numbers) if source else None,
        addresses=tuple(release.addresses.order_by("path").values_list("path", flat=True)),
        editions=tuple(_gather_edition(edition) for edition in editions),
        absences=tuple(
            AbsenceRecord(one.kind, one.since, one.until, one.reason)
            for one in release.absences.order_by("since")
        ),
        redirects=tuple(
            RedirectRecord(one.address.path, one.valid_from)
            for one in release.redirects.exclude(origin="import").select_related("address").order_by("pk")
        ),
    )


def list_blobs(record: ReleaseRecord) -> Iterator[tuple[str, str]]:
    """(SHA-256, public path) of each file of each edition."""
    for edition in record.editions:
        yield from ((one.sha256, one.path) for one in edition.annexes)
        yield from ((one.sha256, one.path) for one in edition.pictures)


def _gather_source(source: Source, numbers: dict[int, int]) -> SourceRecord:
    sha256 = hashlib.sha256(source.content).hexdigest()
    return SourceRecord(source.path, sha256, source.fingerprint, numbers[source.edition_id])


def _gather_edition(edition: Edition) -> EditionRecord:
    return EditionRecord(
        **{name: getattr(edition, name) for name in (*TYPED, *DERIVED_COLUMNS, *KEPT, *TIMES)},
        based_on=edition.based_on.number if edition.based_on else None,
        origin=Edition.Origin.IMPORT if edition.origin == Edition.Origin.IMPORT else Edition.Origin.DESK,
        permalink=edition.address.path,
        issuers=tuple(IssuerRecord(one.agency.slug, one.name, one.acronym) for one in edition.issuers.all()),
        annexes=tuple(
            AnnexRecord(one.label, one.title, one.language, one.address.path, one.blob_id)
            for one in edition.annexes.all()
        ),
        pictures=tuple(
            PictureRecord(one.address.path, one.blob_id, one.alt_text) for one in edition.illustrations.all()
        ),
        agreements=tuple(sorted(one.slug for one in edition.agreements.all())),
    )
