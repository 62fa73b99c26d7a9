"""The third step of an import: what the plan says of each post is written, bytes first, then all rows in one
transaction."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
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
from releases.services.jekyll.embargo import find_start
from releases.services.jekyll.mapper import Draft, DraftFile, draft_post
from releases.services.jekyll.plan import Plan, PlannedPost
from releases.services.jekyll.report import Finding, ImportReport, explain_error
from releases.services.jekyll.restoration import Restorer
from releases.services.jekyll.stored_files import StoredFiles
from releases.services.search import Batch

Outcome = Literal["created", "updated", "unchanged"]
NOT_IN = (ValueError, IntegrityError, DataError, FileNotFoundError, PermissionError)


@dataclass(frozen=True, slots=True)
class PostWriter:
    """Writes the posts of a plan as of the instant `at`; in a dry run it only tells what would become of
    them.

    `sections` by category; `taken` has the digests of the addresses that there were before.
    """

    plan: Plan
    files: StoredFiles
    restorer: Restorer
    sections: Mapping[str, Section]
    taken: frozenset[str]
    words: Batch
    report: ImportReport
    at: dt.datetime
    dry_run: bool

    def write_posts(self, progress: Progress) -> None:
        """Write all posts, each in a transaction of its own. One that can't be written is told and stops
        nothing else.

        Raises OSError when the store can't be written, and django.db.OperationalError.
        """
        for planned in progress(self.plan.posts, "Importing"):
            section = locate_section(planned.facts.post.category)
            try:
                outcome = self._write_post(planned, section)
            except NOT_IN as error:
                reason = explain_error(error)
                self.report.add("failed", section, path=planned.facts.post.path, reason=reason)
            else:
                self.report.count(outcome, section)
        self.words.write()

    def _write_post(self, planned: PlannedPost, section: str) -> Outcome:
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
            return restored
        self._tell_hidden(planned.facts.post, section)
        self.report.without_issuer += not draft.issuers
        outcome = self._choose_outcome(draft, fingerprint, section)
        if outcome != "unchanged" and not self.dry_run:
            self._write_draft(draft, used, fingerprint)
        return outcome

    def _restore(self, planned: PlannedPost, fingerprint: str, section: str) -> Outcome | None:
        """What became of a post by the record beside it; one that can't be read is told, and costs no more
        than itself."""
        try:
            return self.restorer.restore_release(planned, fingerprint)
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

    def _write_draft(self, draft: Draft, used: list[DraftFile], fingerprint: str) -> None:
        try:
            with transaction.atomic():
                if source := draft.planned.source:
                    edition = self._update(source, draft, fingerprint)
                else:
                    edition = self._create(draft, fingerprint)
        except BaseException:
            self.files.forget(used)
            raise
        if (
            edition.state == Edition.State.APPROVED
        ):  # once its transaction has ended: what did not come in is not found
            issuers = [f"{issuer.name} {issuer.acronym}" for issuer in draft.issuers]
            self.words.add(edition, [*issuers, *(f"{file.label} {file.title}" for file in draft.annexes)])

    def _create(self, draft: Draft, fingerprint: str) -> Edition:
        """A release with its first edition: live from the instant that its builder honoured."""
        post = draft.planned.facts.post
        written = self._write_edition(Edition(origin=Edition.Origin.IMPORT), draft)
        edition, away = written.edition, post.extras.away
        if post.published or (away and away.kind == Absence.Kind.REMOVED):
            _approve(written, live_from=find_start(post, self.at))
        if away:
            Absence.objects.create(
                release=edition.release, kind=away.kind, since=away.since, reason=away.reason
            )
        _keep_source(Source(release=edition.release), draft, edition, fingerprint)
        self._record(edition, draft)
        return edition

    def _update(self, source: Source, draft: Draft, fingerprint: str) -> Edition:
        """A changed post becomes the next edition, live from the import; people's newer edition makes it a
        draft. Where only other issuers are found, the edition that is there gets them."""
        release = Release.objects.select_for_update().get(pk=source.release_id)
        last = release.editions.order_by("-number")[0]
        if (
            source.fingerprint == fingerprint
            and last.pk == source.edition_id
            and _may_find_issuers(last, draft)
        ):
            found = [(one.agency, one.name, one.acronym) for one in draft.issuers]
            derivation.replace_issuers(last, found, draft.issuers_rule, self.at)
            return last
        is_unseen = _is_unseen(last, self.at)
        edition = Edition(
            release=release,
            number=last.number + 1,
            based_on=last.based_on if is_unseen else last,
            origin=Edition.Origin.IMPORT,
        )
        written = self._write_edition(edition, draft)
        _keep_source(source, draft, edition, fingerprint)
        if is_unseen:
            _take_place(edition, last)
        self._publish_next(written, last, draft)
        self._record(edition, draft)
        return edition

    def _publish_next(self, written: WrittenDraft, last: Edition, draft: Draft) -> None:
        edition, post = written.edition, draft.planned.facts.post
        predecessor = edition.based_on
        if _is_worked_on(last) or _is_worked_on(predecessor):
            self._tell_conflict(draft, "People have worked on it here; the changed post is a draft.")
        elif post.published:
            start = find_start(post, self.at)
            live_from = self.at if predecessor else max(self.at, start)
            approved = Edition.objects.filter(release=edition.release_id, state=Edition.State.APPROVED)
            approved.filter(live_until=None).update(live_until=live_from)
            first_live_at = predecessor.first_live_at if predecessor else None
            _approve(written, live_from=live_from, first_live_at=first_live_at)
        elif predecessor:
            self._tell_conflict(draft, "It is no longer published on the old site; its live edition stays.")

    def _tell_conflict(self, draft: Draft, reason: str) -> None:
        post = draft.planned.facts.post
        self.report.add("conflicts", locate_section(post.category), post=post.path, reason=reason)

    def _write_edition(self, edition: Edition, draft: Draft) -> WrittenDraft:
        """The edition of a post as a draft, with its issuers and files."""
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
        [written] = write_drafts([DraftToWrite(edition, values, address=known)])
        return written

    def _record(self, edition: Edition, draft: Draft) -> None:
        LedgerEntry.objects.record(
            LedgerEntry.Verb.IMPORT,
            at=self.at,
            release=edition.release,
            edition=edition,
            subject=draft.planned.facts.post.path,
            after=edition.digest,
            note={"edition": edition.number},
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


def _may_find_issuers(edition: Edition, draft: Draft) -> bool:
    """Whether a rule found its issuers and finds them now, and nobody has touched it."""
    return bool(edition.issuers_rule and draft.issuers_rule) and not _is_worked_on(edition)


def _approve(
    written: WrittenDraft, *, live_from: dt.datetime, first_live_at: dt.datetime | None = None
) -> None:
    edition = written.edition
    edition.state = Edition.State.APPROVED
    edition.digest = written.digest  # without what a rule found, since nobody has confirmed it
    edition.live_from, edition.first_live_at = live_from, first_live_at or live_from
    fast_insert.update(edition, "state", "digest", "live_from", "first_live_at")


def _keep_source(source: Source, draft: Draft, edition: Edition, fingerprint: str) -> None:
    facts = draft.planned.facts
    source.path, source.path_digest = facts.post.path, digest_values(facts.post.path)
    source.edition, source.fingerprint, source.content = edition, fingerprint, facts.content
    if source.pk:
        source.save()
    else:
        fast_insert.insert(source)


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
