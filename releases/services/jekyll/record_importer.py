"""Releases of another newsroom, which come back from the records of its export with all their editions."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from django.db import transaction

from releases.content.extraction.kinds import KINDS
from releases.content.files.digests import digest_file
from releases.content.jekyll.layout import locate_section
from releases.content.jekyll.record import (
    FOLDER,
    LARGEST_RECORD,
    EditionRecord,
    RecordError,
    ReleaseRecord,
    locate_bytes,
    locate_record,
    parse_record,
)
from releases.content.text import permalinks
from releases.content.text.canonical import digest_values
from releases.models import (
    Absence,
    Address,
    Agreement,
    Edition,
    LedgerEntry,
    Redirect,
    Release,
    Section,
    Source,
    fast_insert,
)
from releases.services.editing.draft_values import AnnexValues, DraftValues, IssuerValues, PictureValues
from releases.services.editing.draft_writer import TYPED, DraftToWrite, write_drafts
from releases.services.editions.derivation import DERIVED_COLUMNS
from releases.services.files.storage import store_file
from releases.services.jekyll.plan import Plan, PlannedPost
from releases.services.jekyll.report import ImportReport

CHANGED = (
    "Its release came from an export and is here already; what changed of the post since did not come in."
)
HERE = "A release here has its address already, so the exported one did not come in."


@dataclass
class RecordImporter:
    """Brings back the releases that have records, as of the instant `at`; `sections` by category."""

    plan: Plan
    sections: Mapping[str, Section]
    report: ImportReport
    at: dt.datetime
    dry_run: bool

    def import_release(
        self, planned: PlannedPost, fingerprint: str
    ) -> Literal["created", "unchanged"] | None:
        """What became of a post by its record; None where it has none that counts, and is to come in as a
        post.

        `fingerprint` is that of the post. Raises RecordError, OSError, IntegrityError and ValueError; nothing
        is written then.
        """
        path = planned.facts.post.path
        data = self._read(path)
        if data is None:
            return None
        digest = digest_values([fingerprint, hashlib.sha256(data).hexdigest()])
        before = self._imported.get(path)
        if before == digest:
            return "unchanged"
        if planned.source:
            return None
        if before:
            self._tell("conflicts", planned, CHANGED)
            return "unchanged"
        record = parse_record(data)
        if unknown := {one.kind for one in record.editions} - set(KINDS):
            raise RecordError(f"kind is {unknown.pop()[:40]!r}, which is none that there is")
        if _has_address(record):
            self._tell("conflicts", planned, HERE)
            return "unchanged"
        self._tell_scheduled(record, planned)
        if not self.dry_run:
            with transaction.atomic():
                self._write(record, planned, digest)
        return "created"

    @cached_property
    def _has_records(self) -> bool:
        return (self.plan.site.root / FOLDER).is_dir()

    @cached_property
    def _imported(self) -> dict[str, str]:
        """The digest of what last came in of each post, by its path."""
        entries = LedgerEntry.objects.filter(verb=LedgerEntry.Verb.IMPORT).order_by("pk")
        return dict(entries.values_list("subject", "after"))

    @cached_property
    def _served(self) -> dict[str, str]:
        """The files of the site by their public paths."""
        site = self.plan.site
        return {site.settings.locate_file(file): file for file in site.files}

    def _read(self, post: str) -> bytes | None:
        """The bytes of the record of a post, None where there is none. Raises RecordError, and OSError."""
        place = self.plan.site.root / locate_record(post)
        if not self._has_records or not place.is_file() or not self._is_inside(place):
            return None
        if place.stat().st_size > LARGEST_RECORD:
            raise RecordError("it is too large")
        return place.read_bytes()

    def _is_inside(self, place: Path) -> bool:
        return place.resolve().is_relative_to(self.plan.site.root)

    def _tell(self, key: str, planned: PlannedPost, reason: str) -> None:
        post = planned.facts.post
        self.report.add(key, locate_section(post.category), post=post.path, reason=reason)

    def _tell_scheduled(self, record: ReleaseRecord, planned: PlannedPost) -> None:
        post = planned.facts.post
        for start in (one.live_from for one in record.editions):
            if start and start > self.at:
                at = start.astimezone(self.plan.site.settings.zone).isoformat()
                self.report.add("scheduled", locate_section(post.category), path=post.path, at=at)

    def _write(self, record: ReleaseRecord, planned: PlannedPost, digest: str) -> None:
        section = self.sections[planned.facts.post.category]
        release = fast_insert.insert(
            Release(section=section, form=record.form, translation_group=record.translation_group)
        )
        editions: dict[int, Edition] = {}
        for one in record.editions:
            based_on = editions.get(one.based_on) if one.based_on else None
            editions[one.number] = self._write_edition(one, release, based_on, planned)
        self._write_around(record, release)
        if record.source:
            self._write_source(record, release, editions)
        LedgerEntry.objects.record(
            LedgerEntry.Verb.IMPORT,
            at=self.at,
            release=release,
            subject=planned.facts.post.path,
            after=digest,
            note={"editions": len(editions)},
        )

    def _write_edition(
        self, record: EditionRecord, release: Release, based_on: Edition | None, planned: PlannedPost
    ) -> Edition:
        is_approved = record.state == Edition.State.APPROVED
        is_desk = record.origin == Edition.Origin.DESK
        edition = Edition(
            release=release,
            number=record.number,
            based_on=based_on,
            origin=Edition.Origin.RECORD if is_approved and is_desk else record.origin,
            lock_version=record.lock_version,
            rejection=record.rejection,
            urgent_reason=record.urgent_reason,
        )
        values = DraftValues(
            **{name: getattr(record, name) for name in (*TYPED, "release_date_is_set")},
            permalink=permalinks.normalise_path(record.permalink, is_old=True),
            section=release.section,
            form=release.form,
            issuers=tuple(self._find_issuers(record, planned)),
            annexes=tuple(self._store_annexes(record, planned)),
            pictures=tuple(self._store_pictures(record, planned)),
            agreements=tuple(self._find_agreements(record, planned)),
        )
        [written] = write_drafts([DraftToWrite(edition, values)])
        for name in DERIVED_COLUMNS:
            setattr(edition, name, getattr(record, name))
        edition.state = record.state
        if is_approved:
            edition.digest = written.digest
            edition.live_from, edition.live_until = record.live_from, record.live_until
            edition.first_live_at = record.first_live_at
        fast_insert.update(
            edition, *DERIVED_COLUMNS, "state", "digest", "live_from", "live_until", "first_live_at"
        )
        return edition

    def _find_issuers(self, record: EditionRecord, planned: PlannedPost) -> Iterator[IssuerValues]:
        for one in record.issuers:
            if agency := self.plan.agencies.get(one.agency):
                yield IssuerValues(agency, name=one.name, acronym=one.acronym)
            else:
                self._tell("warnings", planned, f"No agency here has the short name {one.agency}.")

    def _find_agreements(self, record: EditionRecord, planned: PlannedPost) -> Iterator[Agreement]:
        for slug in record.agreements:
            if agreement := Agreement.objects.filter(slug=slug).first():
                yield agreement
            else:
                self._tell("warnings", planned, f"No agreement here has the short name {slug}.")

    def _store_annexes(self, record: EditionRecord, planned: PlannedPost) -> Iterator[AnnexValues]:
        for one in record.annexes:
            if address := self._store(one.path, one.sha256, planned):
                yield AnnexValues(one.sha256, one.label, one.title, one.language, address=address)

    def _store_pictures(self, record: EditionRecord, planned: PlannedPost) -> Iterator[PictureValues]:
        for one in record.pictures:
            if address := self._store(one.path, one.sha256, planned):
                yield PictureValues(address, one.sha256, one.alt_text)

    def _store(self, path: str, sha256: str, planned: PlannedPost) -> Address | None:
        """The address of a file whose bytes are stored then; None where that can't be, which is told."""
        site = self.plan.site
        file = self._served.get(path, "")
        places = [site.root / locate_bytes(sha256), *([site.place_file(file)] if file else [])]
        place = next((one for one in places if one.is_file() and digest_file(one) == sha256), None)
        address, reason = _find_address(path, file), ""
        if address is None:
            reason = f"Something else has the address {path}."
        elif place is None or not self._is_inside(place):
            reason = "The bytes that an edition had there are not in this copy."
        if place is None or reason:
            self.report.absent_bytes.append(
                {"post": planned.facts.post.path, "target": path, "reason": reason}
            )
            return None
        store_file(place)
        return address

    def _write_around(self, record: ReleaseRecord, release: Release) -> None:
        """What a release has beside its editions."""
        for path in record.addresses:
            if not Address.objects.at(path).exists():
                clean = permalinks.normalise_path(path, is_old=True)
                fast_insert.insert(Address(path=clean, kind=Address.Kind.RELEASE, release=release))
        for absence in record.absences:
            Absence.objects.create(
                release=release,
                kind=absence.absence_kind,
                since=absence.since,
                until=absence.until,
                reason=absence.reason,
            )
        for redirect in record.redirects:
            if not Address.objects.at(redirect.path).exists():
                path = permalinks.normalise_path(redirect.path, is_old=True)
                address = fast_insert.insert(Address(path=path, kind=Address.Kind.REDIRECT))
                Redirect.objects.create(address=address, release=release, valid_from=redirect.valid_from)

    def _write_source(self, record: ReleaseRecord, release: Release, editions: Mapping[int, Edition]) -> None:
        """The post as it first came in. Without its bytes the release is one that was written at a desk."""
        told = record.source
        place = self.plan.site.root / locate_bytes(told.sha256) if told else None
        if not told or not place or not place.is_file() or not self._is_inside(place):
            return
        content, edition = place.read_bytes(), editions.get(told.edition)
        if edition and hashlib.sha256(content).hexdigest() == told.sha256:
            Source.objects.create(
                release=release,
                edition=edition,
                path=told.path,
                path_digest=digest_values(told.path),
                content=content,
                fingerprint=told.fingerprint,
            )


def _find_address(path: str, file: str) -> Address | None:
    """The address of a file that lies at `file` in the site ("": nowhere), made where nobody has it; None
    where something else does."""
    path = permalinks.normalise_path(path, is_old=True)
    found = Address.objects.at(path).first()
    if found is None:
        lay = "" if path == f"/{file}" else file
        return fast_insert.insert(Address(path=path, kind=Address.Kind.FILE, source_path=lay))
    return found if found.kind == Address.Kind.FILE else None


def _has_address(record: ReleaseRecord) -> bool:
    """Whether a release here has the address of an exported edition."""
    paths = {permalinks.normalise_path(one.permalink, is_old=True) for one in record.editions}
    digests = [permalinks.digest_path(path) for path in paths]
    return Address.objects.filter(path_digest__in=digests, kind=Address.Kind.RELEASE).exists()
