"""Writing drafts: bytes first, then all rows of a post in one transaction."""

import datetime as dt
import hashlib
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from releases.content.jekyll.layout import locate_file, locate_section
from releases.content.text import permalinks
from releases.content.text.canonical import digest_of
from releases.models import (
    Absence,
    Address,
    Blob,
    Edition,
    LedgerEntry,
    Release,
    Section,
    Source,
    fast_insert,
)
from releases.services.editing.draft_values import AnnexValues, DraftValues, IssuerValues, PictureValues
from releases.services.editing.draft_writer import DraftToWrite, WrittenDraft, write_drafts
from releases.services.files.storage import lost_blobs, store_file
from releases.services.jekyll.mapper import Draft, DraftFile
from releases.services.jekyll.report import ImportReport
from releases.services.jekyll.site import Site
from releases.services.search import Batch


class Files:
    """Blobs and addresses of a site's files, each stored once a run."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.blobs: dict[str, Blob] = {}
        self.digests: dict[str, str] = {}
        self.lost = lost_blobs()
        self.addresses = {address.path: address for address in Address.objects.filter(kind=Address.Kind.FILE)}
        self.taken = set(Address.objects.values_list("path_digest", flat=True))

    def blob(self, file: str) -> Blob:
        if file not in self.blobs:
            self.blobs[file] = store_file(self.site.root / file)
        return self.blobs[file]

    def sha256(self, file: str) -> str:
        """Of the file as it lies in the site, without storing it."""
        if file not in self.digests:
            with (self.site.root / file).open("rb") as stream:
                self.digests[file] = hashlib.file_digest(stream, "sha256").hexdigest()
        return self.digests[file]

    def restore(self, file: str) -> None:
        """Bring back bytes that the store has lost; the worker reads them again, since it may have found none."""
        Blob.objects.filter(pk=self.blob(file).pk).update(inspected_at=None)

    def address(self, file: str) -> Address:
        path = locate_file(file)
        if path not in self.addresses:
            lay = "" if path == f"/{file}" else file
            values = {"path": permalinks.normalise(path), "kind": Address.Kind.FILE, "source_path": lay}
            address, _ = Address.objects.get_or_create(
                path_digest=permalinks.digest(values["path"]), defaults=values
            )
            if address.kind != Address.Kind.FILE:
                raise ValueError(
                    f"The address {path} of a file is also that of a {address.get_kind_display().lower()}."
                )
            self.addresses[path] = address
        return self.addresses[path]

    def forget(self, drafts: Iterable[DraftFile]) -> None:
        """After a rollback: what the transaction created is not there."""
        for draft in drafts:
            self.addresses.pop(draft.path, None)
            self.blobs.pop(draft.file, None)


class Saver:
    """Saves the drafts of one run; `at` is the time of the import."""

    def __init__(
        self, files: Files, sections: dict[str, Section], report: ImportReport, at: dt.datetime
    ) -> None:
        self.files, self.sections, self.report, self.at = files, sections, report, at
        self.words = Batch()

    def create(self, draft: Draft, fingerprint: str, content: bytes) -> None:
        """A release with its first edition: live from its date at 00:00 in the newsroom's zone."""
        with transaction.atomic():
            written = self._write(Edition(origin=Edition.Origin.IMPORT), draft)
            edition, release = written.edition, written.edition.release
            away = draft.post.extras.away
            if draft.post.published or (away and away.kind == Absence.Kind.REMOVED):
                self._approve(written, live_from=start_of_day(draft.post.date))
            if away:
                values = {"kind": away.kind, "since": away.since, "reason": away.reason}
                Absence.objects.create(release=release, **values)
            self._keep_source(Source(release=release), draft, edition, fingerprint, content)
            self._record(release, edition, draft)
        self._index(edition, draft)
        self.report.count("created", locate_section(draft.facts.category))

    def update(self, source: Source, draft: Draft, fingerprint: str, content: bytes) -> None:
        """A changed post becomes the next edition, live from the import; people's newer edition makes it a draft."""
        with transaction.atomic():
            release = Release.objects.select_for_update().get(pk=source.release_id)
            last = release.editions.order_by("-number")[0]
            unseen = _never_seen(last, self.at)
            edition = Edition(
                release=release,
                number=last.number + 1,
                based_on=last.based_on if unseen else last,
                origin=Edition.Origin.IMPORT,
            )
            written = self._write(edition, draft)
            self._keep_source(source, draft, edition, fingerprint, content)
            if unseen:
                _take_place(edition, last)
            self._publish_next(written, last, draft)
            self._record(release, edition, draft)
        self._index(edition, draft)
        self.report.count("updated", locate_section(draft.facts.category))

    def _publish_next(self, written: WrittenDraft, last: Edition, draft: Draft) -> None:
        edition = written.edition
        if _worked_on(last) or _worked_on(edition.based_on):
            self._conflict(draft, "People have worked on it here; the changed post is a draft.")
        elif draft.post.published:
            predecessor = edition.based_on
            live_from = self.at if predecessor else max(self.at, start_of_day(draft.post.date))
            approved = Edition.objects.filter(release=edition.release_id, state=Edition.State.APPROVED)
            approved.filter(live_until=None).update(live_until=live_from)
            first_live_at = predecessor.first_live_at if predecessor else None
            self._approve(written, live_from=live_from, first_live_at=first_live_at)
        elif edition.based_on:
            self._conflict(draft, "It is no longer published on the old site; its live edition stays.")

    def _conflict(self, draft: Draft, reason: str) -> None:
        self.report.add(
            "conflicts", locate_section(draft.facts.category), post=draft.post.path, reason=reason
        )

    def _write(self, edition: Edition, draft: Draft) -> WrittenDraft:
        """The edition of a post as a draft, with its issuers and files."""
        post = draft.post
        values = DraftValues(
            title=post.title,
            release_date=post.date,
            permalink=draft.facts.address,
            section=self.sections[draft.facts.category],
            kind=post.kind,
            summary=post.description,
            body=post.body,
            body_html=draft.body_html,
            renderer_version=draft.renderer_version,
            link_url=post.external,
            language=draft.language,
            contacts=post.extras.contacts,
            issuers=tuple(
                IssuerValues(agency, name=name, acronym=acronym) for agency, name, acronym in draft.issuers
            ),
            annexes=tuple(
                AnnexValues(
                    self.files.blob(file.file).pk,
                    file.label,
                    file.title,
                    file.language,
                    address=self.files.address(file.file),
                )
                for file in draft.annexes
            ),
            pictures=tuple(
                PictureValues(self.files.address(file.file), self.files.blob(file.file).pk, file.title)
                for file in draft.illustrations
            ),
        )
        [written] = write_drafts([DraftToWrite(edition, values, address=self._address(values.permalink))])
        return written

    def _address(self, path: str) -> Address | None:
        """An unsaved one, where nobody has this path."""
        address = Address(path=path, kind=Address.Kind.RELEASE)
        return None if address.path_digest in self.files.taken else address

    def _approve(
        self, written: WrittenDraft, *, live_from: dt.datetime, first_live_at: dt.datetime | None = None
    ) -> None:
        edition = written.edition
        edition.state, edition.digest = Edition.State.APPROVED, written.digest
        edition.live_from, edition.first_live_at = live_from, first_live_at or live_from
        fast_insert.update(edition, "state", "digest", "live_from", "first_live_at")

    def _keep_source(
        self, source: Source, draft: Draft, edition: Edition, fingerprint: str, content: bytes
    ) -> None:
        source.path, source.path_digest = draft.post.path, digest_of(draft.post.path)
        source.edition, source.fingerprint, source.content = edition, fingerprint, content
        if source.pk:
            source.save()
        else:
            fast_insert.insert(source)

    def _index(self, edition: Edition, draft: Draft) -> None:
        """Once its transaction has ended: an edition that did not come in is not found."""
        if edition.state == Edition.State.APPROVED:
            issuers = [f"{issuer.name} {issuer.acronym}" for issuer in draft.issuers]
            self.words.add(edition, [*issuers, *(f"{file.label} {file.title}" for file in draft.annexes)])

    def _record(self, release: Release, edition: Edition, draft: Draft) -> None:
        LedgerEntry.objects.record(
            LedgerEntry.Verb.IMPORT, at=self.at, release=release, edition=edition, subject=draft.post.path,
            after=edition.digest, note={"edition": edition.number},
        )  # fmt: skip


def start_of_day(day: dt.date) -> dt.datetime:
    """00:00 of `day` in the newsroom's zone (TIME_ZONE)."""
    return dt.datetime.combine(day, dt.time(), tzinfo=timezone.get_default_timezone())


def _never_seen(edition: Edition, at: dt.datetime) -> bool:
    """An imported edition that the public never saw and nobody worked on: the changed post takes its place."""
    waiting = edition.live_from is None or edition.live_from > at
    return waiting and not _worked_on(edition)


def _worked_on(edition: Edition | None) -> bool:
    """Whether people wrote it, or did anything with what was imported: saved, approved, unscheduled it."""
    return edition is not None and (edition.origin == Edition.Origin.DESK or edition.lock_version > 0)


def _take_place(edition: Edition, last: Edition) -> None:
    """Delete `last`, which nobody saw, and give `edition` its number."""
    if last.live_from:
        Edition.objects.filter(release=last.release_id, live_until=last.live_from).update(live_until=None)
    Edition.objects.filter(pk=last.pk).update(
        state=Edition.State.DRAFT, live_from=None, live_until=None, first_live_at=None, digest=""
    )
    Edition.objects.get(pk=last.pk).delete()
    edition.number = last.number
    edition.save(update_fields=["number"])
