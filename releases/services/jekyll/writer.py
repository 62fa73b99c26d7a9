"""The third step of an import: what the plan says of each post is written, bytes first, then all its rows; some
posts share a transaction, which is written again post by post where one of them fails."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Literal

from django.db import DataError, IntegrityError, transaction

from releases.content.extraction.kinds import KINDS
from releases.content.jekyll.layout import locate_section
from releases.content.jekyll.post import Post
from releases.content.markdown import RENDERER_VERSION
from releases.content.text.canonical import digest_values
from releases.models import (
    Absence,
    Address,
    Edition,
    LedgerEntry,
    Release,
    Section,
    Source,
    fast_insert,
)
from releases.services.editing.draft_values import AnnexValues, DraftValues, PictureValues
from releases.services.editing.draft_writer import DraftToWrite, WrittenDraft, write_drafts
from releases.services.editions import derivation
from releases.services.editions.progress import Progress
from releases.services.jekyll.doubtful_issuers import Doubt, save_doubts
from releases.services.jekyll.embargo import find_start
from releases.services.jekyll.mapper import Draft, DraftFile, draft_post
from releases.services.jekyll.plan import Plan, PlannedPost
from releases.services.jekyll.record_importer import RecordImporter
from releases.services.jekyll.report import Finding, ImportReport, explain_error
from releases.services.jekyll.stored_files import StoredFiles
from releases.services.search import index_named

Outcome = Literal["created", "updated", "unchanged"]
AT_ONCE = 60
"""Posts and files that are written together: a save of an editor waits for them."""
NOT_IN = (ValueError, IntegrityError, DataError, FileNotFoundError, PermissionError)


@dataclass(frozen=True, slots=True)
class _ReadPost:
    """A post that is to be written, with the files that it uses, and what becomes of it then."""

    draft: Draft
    used: list[DraftFile]
    fingerprint: str
    outcome: Outcome

    @property
    def post(self) -> Post:
        return self.draft.planned.facts.post

    @property
    def source(self) -> Source | None:
        return self.draft.planned.source

    @property
    def words(self) -> list[str]:
        """Names of its issuers and annexes, by which it is found."""
        issuers = [f"{one.name} {one.acronym}" for one in self.draft.issuers]
        return [*issuers, *(f"{one.label} {one.title}" for one in self.draft.annexes)]


@dataclass(frozen=True, slots=True)
class _WrittenPost:
    """`conflict`: why people have to decide about it; "" where they need not."""

    read: _ReadPost
    edition: Edition
    conflict: str = ""


@dataclass(frozen=True, slots=True)
class PostWriter:
    """Writes the posts of a plan as of the instant `at`; in a dry run it only tells what would become of
    them.

    `sections` by category; `taken` has the digests of the addresses that there were before. `doubts` are
    gathered of all posts that are read, of those that are unchanged too.
    """

    plan: Plan
    files: StoredFiles
    record_importer: RecordImporter
    sections: Mapping[str, Section]
    taken: frozenset[str]
    report: ImportReport
    at: dt.datetime
    dry_run: bool
    doubts: list[Doubt] = field(default_factory=list)

    def write_posts(self, progress: Progress) -> None:
        """Write all posts, some together. One that can't be written is told and stops nothing else.

        Raises OSError when the store can't be written, and django.db.OperationalError.
        """
        waiting: list[_ReadPost] = []
        for planned in progress(self.plan.posts, "Importing"):
            post = planned.facts.post
            try:
                if read := self._read_post(planned, locate_section(post.category)):
                    waiting.append(read)
            except NOT_IN as error:
                self._tell_failed(post, error)
            if sum(1 + len(one.used) for one in waiting) >= AT_ONCE:
                self._write_together(waiting)
                waiting = []
        if waiting:
            self._write_together(waiting)
        if not self.dry_run:
            save_doubts(self.doubts, self.plan)

    def _read_post(self, planned: PlannedPost, section: str) -> _ReadPost | None:
        """A post that is to be written, None where nothing is; what there is to tell is told."""
        draft = self._leave_out_files(draft_post(planned, self.plan))
        self.report.count("annex_links", section, draft.annex_links)
        self.report.count("annex_links_resolved", section, draft.annex_links_resolved)
        for finding in draft.findings:
            self.report.add(finding.key, section, **finding.row)
        used = [*draft.annexes, *draft.illustrations]
        digests = [f"{file.path} {self.files.digest_file(file.file)}" for file in used]
        for path in self.files.restore_lost(file.file for file in used):
            self.report.restored.append({"path": path})
        self.files.recognise(file.file for file in used)
        fingerprint = _fingerprint_post(
            planned, digests, self.plan.site.kept_back.get(planned.facts.post.path, "")
        )
        if restored := self._restore(planned, fingerprint, section):
            self.report.count(restored, section)
            return None
        if draft.doubtful:
            self.doubts.append(Doubt(planned, draft.doubtful, draft.signature))
        self._tell_hidden(planned.facts.post, section)
        self.report.without_issuer += not draft.issuers
        outcome = self._choose_outcome(draft, fingerprint, section)
        if outcome == "unchanged" or self.dry_run:
            self.report.count(outcome, section)
            return None
        return _ReadPost(draft, used, fingerprint, outcome)

    def _tell_failed(self, post: Post, error: Exception) -> None:
        self.report.add("failed", locate_section(post.category), path=post.path, reason=explain_error(error))

    def _restore(self, planned: PlannedPost, fingerprint: str, section: str) -> Outcome | None:
        """What became of a post by the record beside it; one that can't be read is told, and costs no more
        than itself."""
        try:
            return self.record_importer.import_release(planned, fingerprint)
        except NOT_IN as error:
            reason = f"Its record can't be read, so the post alone came in: {explain_error(error)}"
            self.report.add("warnings", section, post=planned.facts.post.path, reason=reason)
            return None

    def _leave_out_files(self, draft: Draft) -> Draft:
        """A draft without the files that can't have the addresses which they had; each is told."""
        reasons = {
            one.file: self.files.why_no_address(one.file) for one in (*draft.annexes, *draft.illustrations)
        }
        post = draft.planned.facts.post.path
        told = [
            Finding("absent_bytes", {"post": post, "target": file, "reason": reason})
            for file, reason in reasons.items()
            if reason
        ]
        return replace(
            draft,
            annexes=tuple(one for one in draft.annexes if not reasons[one.file]),
            illustrations=tuple(one for one in draft.illustrations if not reasons[one.file]),
            findings=(*draft.findings, *told),
        )

    def _tell_hidden(self, post: Post, section: str) -> None:
        settings = self.plan.site.settings
        if post.kept_back:
            self.report.add("kept_back", section, path=post.path, reason=post.kept_back)
        elif (start := find_start(post, self.at)) > self.at:
            at = start.astimezone(settings.zone).isoformat()
            self.report.add("scheduled", section, path=post.path, at=at)

    def _choose_outcome(self, draft: Draft, fingerprint: str, section: str) -> Outcome:
        planned = draft.planned
        if planned.source is None:
            return "created"
        if planned.source.fingerprint == fingerprint and (planned.is_erased or _has_its_issuers(draft)):
            return "unchanged"
        if planned.is_erased:
            reason = "It was erased here and stays erased."
            self.report.add("conflicts", section, post=planned.facts.post.path, reason=reason)
            return "unchanged"
        return "updated"

    def _write_together(self, posts: list[_ReadPost]) -> None:
        """All of them or none; where it is none, each by itself, so that a bad post takes nothing with it."""
        try:
            for one in self._write(posts):
                self._tell_written(one)
        except NOT_IN as error:
            if len(posts) == 1:
                self._tell_failed(posts[0].post, error)
                return
            for post in posts:
                self._write_together([post])

    def _tell_written(self, written: _WrittenPost) -> None:
        post = written.read.post
        section = locate_section(post.category)
        self.report.count(written.read.outcome, section)
        if written.conflict:
            self.report.add("conflicts", section, post=post.path, reason=written.conflict)

    def _write(self, posts: list[_ReadPost]) -> list[_WrittenPost]:
        """In one transaction, with the words by which they are found."""
        new = [post for post in posts if not post.source]
        changed = [(post, source) for post in posts if (source := post.source)]
        try:
            with transaction.atomic():
                written = self._create(new) + [self._update(post, source) for post, source in changed]
                approved = [one for one in written if one.edition.state == Edition.State.APPROVED]
                index_named([(one.edition, one.read.words) for one in approved])
                return written
        except BaseException:
            self.files.forget(file for post in posts for file in post.used)
            raise

    def _create(self, posts: list[_ReadPost]) -> list[_WrittenPost]:
        """Releases with their first editions: live from the instants that their builder honoured."""
        drafts = [self._draw_up(Edition(origin=Edition.Origin.IMPORT), one.draft) for one in posts]
        made = list(zip(posts, write_drafts(drafts), strict=True))
        for one, written in made:
            post, away, release = one.post, one.post.extras.away, written.edition.release
            if post.published or (away and away.kind == Absence.Kind.REMOVED):
                _approve(written, live_from=find_start(post, self.at))
            if away:
                Absence.objects.create(release=release, kind=away.kind, since=away.since, reason=away.reason)
        fast_insert.insert_all(
            [_fill_source(Source(release=done.edition.release), one, done.edition) for one, done in made]
        )
        finished = [_WrittenPost(one, written.edition) for one, written in made]
        self._record(finished)
        return finished

    def _update(self, read: _ReadPost, before: Source) -> _WrittenPost:
        """A changed post becomes the next edition, live from the import; people's newer edition makes it a
        draft. Where only other issuers are found, the edition that is there gets them."""
        draft, source = read.draft, copy(before)
        release = Release.objects.select_for_update().get(pk=source.release_id)
        last = release.editions.order_by("-number")[0]
        if _differs_in_issuers_alone(read, source, last):
            found = [(one.agency, one.name, one.acronym) for one in draft.issuers]
            derivation.replace_issuers(last, found, draft.issuers_rule, self.at)
            return _WrittenPost(read, last)
        is_unseen = _is_unseen(last, self.at)
        edition = Edition(
            release=release,
            number=last.number + 1,
            based_on=last.based_on if is_unseen else last,
            origin=Edition.Origin.IMPORT,
        )
        [written] = write_drafts([self._draw_up(edition, draft)])
        _fill_source(source, read, edition).save()
        if is_unseen:
            _take_place(edition, last)
        finished = _WrittenPost(read, edition, self._publish_next(written, last, read.post))
        self._record([finished])
        return finished

    def _publish_next(self, written: WrittenDraft, last: Edition, post: Post) -> str:
        """Approve the next edition of a post that is published; else why it waits for people, or ""."""
        edition = written.edition
        predecessor = edition.based_on
        if _is_worked_on(last) or _is_worked_on(predecessor):
            return "People have worked on it here; the changed post is a draft."
        if not post.published:
            return "It is no longer published on the old site; its live edition stays." if predecessor else ""
        live_from = self.at if predecessor else max(self.at, find_start(post, self.at))
        approved = Edition.objects.filter(release=edition.release_id, state=Edition.State.APPROVED)
        approved.filter(live_until=None).update(live_until=live_from)
        _approve(
            written,
            live_from=live_from,
            first_live_at=predecessor.first_live_at if predecessor else None,
        )
        return ""

    def _draw_up(self, edition: Edition, draft: Draft) -> DraftToWrite:
        """The edition of a post, with its issuers and files, which are stored."""
        post, permalink = draft.planned.facts.post, draft.planned.address
        stored = {one.file: self.files.store(one.file) for one in (*draft.annexes, *draft.illustrations)}
        values = DraftValues(
            title=post.title,
            release_date=post.date,
            permalink=permalink,
            section=self.sections[post.category],
            form=post.form,
            kind=post.extras.kind if post.extras.kind in KINDS else "",
            summary=post.description,
            body=post.body,
            body_html=draft.body_html,
            renderer_version=RENDERER_VERSION,
            link_url=post.external,
            language=draft.language,
            contacts=post.extras.contacts,
            issuers=draft.issuers,
            issuers_rule=draft.issuers_rule,
            annexes=tuple(
                AnnexValues(
                    stored[one.file].blob,
                    one.label,
                    one.title,
                    one.language,
                    address=stored[one.file].address,
                )
                for one in draft.annexes
            ),
            pictures=tuple(
                PictureValues(stored[one.file].address, stored[one.file].blob, one.title)
                for one in draft.illustrations
            ),
        )
        address = Address(path=permalink, kind=Address.Kind.RELEASE)
        known = None if address.path_digest in self.taken else address
        return DraftToWrite(edition, values, address=known)

    def _record(self, written: Iterable[_WrittenPost]) -> None:
        LedgerEntry.objects.append(
            [
                LedgerEntry.objects.draw_up(
                    LedgerEntry.Verb.IMPORT,
                    at=self.at,
                    release=one.edition.release,
                    edition=one.edition,
                    subject=one.read.post.path,
                    after=one.edition.digest,
                    note={"edition": one.edition.number},
                )
                for one in written
            ]
        )


def _fingerprint_post(planned: PlannedPost, files: list[str], kept_back: str) -> str:
    """SHA-256 over a post's bytes, its body where Liquid or people made another of it, its address, path and
    digest of each of its files, and what the settings say of it, where they say anything (`kept_back` by
    them): equal when nothing changed."""
    facts = planned.facts
    settled = [[facts.post.defaults, kept_back]] if facts.post.defaults or kept_back else []
    said = [facts.post.body] if facts.is_rewritten else []
    return digest_values(
        [
            hashlib.sha256(facts.content).hexdigest(),
            [planned.address, *files],
            *said,
            *settled,
        ]
    )


def _has_its_issuers(draft: Draft) -> bool:
    """Whether its imported edition names those that are found now, or those of a signature that an editor
    would decide on now."""
    before = draft.planned.issued_by
    if before is None or before == tuple(issuer.agency.pk for issuer in draft.issuers):
        return True
    return before != () and before == tuple(agency.pk for agency in draft.doubtful)


def _differs_in_issuers_alone(read: _ReadPost, source: Source, last: Edition) -> bool:
    """Whether a rule found other issuers of the last edition than it finds now, and nobody has touched it."""
    is_same = source.fingerprint == read.fingerprint and last.pk == source.edition_id
    found_by_rule = bool(last.issuers_rule and read.draft.issuers_rule)
    return is_same and found_by_rule and not _is_worked_on(last)


def _approve(
    written: WrittenDraft, *, live_from: dt.datetime, first_live_at: dt.datetime | None = None
) -> None:
    edition = written.edition
    edition.state = Edition.State.APPROVED
    edition.digest = written.digest  # without what a rule found, since nobody has confirmed it
    edition.live_from, edition.first_live_at = live_from, first_live_at or live_from
    fast_insert.update(edition, "state", "digest", "live_from", "first_live_at")


def _fill_source(source: Source, read: _ReadPost, edition: Edition) -> Source:
    source.path, source.path_digest = read.post.path, digest_values(read.post.path)
    source.edition, source.fingerprint = edition, read.fingerprint
    source.content = read.draft.planned.facts.content
    return source


def _is_unseen(edition: Edition, at: dt.datetime) -> bool:
    """Whether the public never saw an edition and nobody worked on it: a changed post takes its place."""
    is_waiting = edition.live_from is None or edition.live_from > at
    return is_waiting and not _is_worked_on(edition)


def _is_worked_on(edition: Edition | None) -> bool:
    """Whether people wrote it, or did anything with what was imported: saved, approved, unscheduled it."""
    return edition is not None and (edition.origin != Edition.Origin.IMPORT or edition.lock_version > 0)


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
