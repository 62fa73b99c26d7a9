"""Bringing in the posts and files of a Jekyll or Isomer site, again and again, with nothing lost and nothing doubled."""

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.db import DataError, IntegrityError

from releases.content.extraction.bylines import Lexicon
from releases.content.jekyll.layout import locate_file, locate_section
from releases.content.jekyll.post import Post, PostError, with_body
from releases.content.text import permalinks
from releases.models import Address, Agency, Edition, Source
from releases.services.agencies.lexicon import load_lexicon
from releases.services.jekyll.embargo import hold_back_files, leave_out_kept
from releases.services.jekyll.mapper import Draft, Drafter, why_not_serve
from releases.services.jekyll.report import ImportReport
from releases.services.jekyll.site import NotASite, Site
from releases.services.jekyll.site_files import keep_pages, save_redirects, save_sections, save_site_files
from releases.services.jekyll.survey import PostFacts, Progress, Survey, explain_error, fingerprint_post
from releases.services.jekyll.writer import Files, Saver
from releases.services.search import index_missing

__all__ = ["ImportReport", "NotASite", "import_site"]


def import_site(source: Path, *, at: dt.datetime, dry_run: bool, progress: Progress) -> ImportReport:
    """Import a site, or one post of it, as of the instant `at`.

    A post that can't be read is named in the report and never stops the others. Raises NotASite, OSError when the
    store can't be written, and django.db.OperationalError when the database is locked or gone; run again, it goes on.
    """
    report = ImportReport()
    site = Site.open(source)
    run = _Run(site, report, at, dry_run=dry_run)
    run.survey.read(progress)
    run.settle()
    run.save_posts(progress)
    if not site.only:
        run.save_rest()
    report.lost.extend({"sha256": sha256} for sha256 in sorted(run.files.lost))
    if not dry_run:
        index_missing(progress)
    return report


class _Run:
    def __init__(self, site: Site, report: ImportReport, at: dt.datetime, *, dry_run: bool) -> None:
        self.site, self.report, self.at, self.dry_run = site, report, at, dry_run
        agencies, lexicon = load_lexicon()
        owner = _owner(site, agencies, lexicon)
        hosts = {site.host, *(agencies[owner].hosts if owner else ())} - {""}
        self.survey = Survey(site, hosts, report)
        self.drafter = Drafter(self.survey, report, agencies, lexicon, owner)
        self.sources = {source.path: source for source in Source.objects.defer("content")}
        erased = Edition.objects.filter(erased_at__isnull=False)
        self.erased = set(erased.values_list("release_id", flat=True))
        self.files = Files(site)
        report.stray.extend({"path": path, "reason": reason} for path, reason in site.strays)

    def settle(self) -> None:
        """Recognise renamed posts, settle who has which address, and make the sections."""
        present = {facts.path for facts in self.survey.posts} | {
            str(row["path"]) for row in self.report.failed
        }
        vanished = {path: source for path, source in self.sources.items() if path not in present}
        owners = dict(_owners())
        if not self.site.only:
            self._follow_renames(vanished, owners)
            self.report.gone.extend({"path": path} for path in sorted(vanished))
        self.survey.settle_addresses(owners)
        categories = {facts.category for facts in self.survey.posts}
        claimed = {permalinks.digest(facts.address) for facts in self.survey.posts}
        self.sections = {} if self.dry_run else save_sections(self.site, categories, claimed)
        if not self.dry_run:
            keep_pages(self.site, self.sections)
        self.saver = Saver(self.files, self.sections, self.report, self.at)

    def save_posts(self, progress: Progress) -> None:
        for facts in progress(self.survey.posts, "Importing"):
            try:
                self._save(facts)
            except PostError as error:
                self._fail(facts, error.reason)
            except (ValueError, IntegrityError, DataError, FileNotFoundError, PermissionError) as error:
                self._fail(facts, explain_error(error))
        self.saver.words.write()

    def save_rest(self) -> None:
        unused = leave_out_kept(self.site, self.survey.unused_files(), self.report, self.at)
        failed = [str(row["path"]) for row in self.report.failed]
        kept_back = hold_back_files(self.site, self.survey.posts, failed, unused, self.at)
        live_from = {file: kept_back.get(file, self.at) for file in unused}
        for file in (file for file, start in live_from.items() if start is None):
            reason = "A post that is not public names this file; it is not served before the post is."
            self.report.warnings.append({"post": file, "reason": reason})
        shown = {file: start for file, start in live_from.items() if start}
        self._restore(file for file in shown if not why_not_serve(self.site, file))
        if self.dry_run:
            self.report.site_files.extend({"path": locate_file(file)} for file in shown)
        else:
            save_site_files(self.site, shown, self.files, self.report, self.at)
        save_redirects(self.site, self.report, self.at, dry_run=self.dry_run)

    def _save(self, facts: PostFacts) -> None:
        content = self.site.read(facts.path)
        draft = self.drafter.draft(facts, post := with_body(facts.post, content, facts.body_length))
        source = self.sources.get(facts.path)
        mark = fingerprint_post(facts, self._blobs(draft, facts))
        self._restore(file.file for file in draft.files)
        unchanged = source and source.fingerprint == mark
        if source and not unchanged and source.release_id in self.erased:
            reason = "It was erased here and stays erased."
            self.report.add("conflicts", locate_section(facts.category), post=facts.path, reason=reason)
            unchanged = True
        if unchanged:
            self.report.count("unchanged", locate_section(facts.category))
        elif self.dry_run:
            self.report.count("updated" if source else "created", locate_section(facts.category))
        else:
            self._write(draft, post, source, mark, content)

    def _write(self, draft: Draft, post: Post, source: Source | None, mark: str, content: bytes) -> None:
        try:
            if source:
                self.saver.update(source, draft, mark, content)
            else:
                self.saver.create(draft, mark, content)
        except BaseException:
            self.files.forget(draft.files)
            raise

    def _restore(self, files: Iterable[str]) -> None:
        """Bring back what the store has lost of these files, also where their posts are as they were."""
        for file in files if self.files.lost else ():
            if (sha256 := self.files.sha256(file)) in self.files.lost:
                self.files.lost.remove(sha256)
                self.report.restored.append({"path": locate_file(file)})
                if not self.dry_run:
                    self.files.restore(file)

    def _blobs(self, draft: Draft, facts: PostFacts) -> Iterator[str]:
        """Path and SHA-256 of each file that the post uses, and its address: what changes an edition besides its text."""
        yield facts.address
        for file in draft.files:
            yield f"{file.path} {self.files.sha256(file.file)}"

    def _follow_renames(self, vanished: dict[str, Source], owners: dict[str, str]) -> None:
        """The same permalink under another file name is the same release."""
        for facts in self.survey.posts:
            key = permalinks.digest(facts.permalink)
            if facts.path not in self.sources and owners.get(key) in vanished:
                self.sources[facts.path] = vanished.pop(owners[key])
                owners[key] = facts.path

    def _fail(self, facts: PostFacts, reason: str) -> None:
        self.report.add("failed", locate_section(facts.category), path=facts.path, reason=reason)


def _owners() -> Iterator[tuple[str, str]]:
    """(digest of a permalink, path of the post whose release has it)."""
    addresses = Address.objects.filter(kind=Address.Kind.RELEASE, release__source__isnull=False)
    yield from addresses.values_list("path_digest", "release__source__path")


def _owner(site: Site, agencies: dict[str, Agency], lexicon: Lexicon) -> str:
    """Whose site it is: SITE_AGENCY (slug or acronym), else the agency that `_config.yml` names; "" when unknown."""
    named = settings.SITE_AGENCY
    if named:
        return next((slug for slug, agency in agencies.items() if named in (slug, agency.acronym)), "")
    by_host = next((slug for slug, agency in agencies.items() if site.host and site.host in agency.hosts), "")
    return lexicon.owner_of(str(site.config.get("title", ""))) or by_host
