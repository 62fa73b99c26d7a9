"""Bringing in the posts and files of a Jekyll or Isomer site, again and again, with nothing lost and nothing
doubled.

Every post is read (`survey`), what becomes of all of them is settled (`plan`), and each is written
(`writer`).
"""

import datetime as dt
from pathlib import Path

from releases.models import Address, Section
from releases.services.agencies.lexicon import load_lexicon
from releases.services.jekyll.embargo import plan_unused_files
from releases.services.jekyll.plan import plan_import, report_plan
from releases.services.jekyll.report import ImportReport, Progress
from releases.services.jekyll.settlement import NOTHING_SETTLED, Settlement, settle_targets
from releases.services.jekyll.site import NotASite, open_site
from releases.services.jekyll.site_files import save_redirects, save_site_files
from releases.services.jekyll.site_sections import keep_pages, save_sections
from releases.services.jekyll.stored_files import StoredFiles
from releases.services.jekyll.survey import survey_posts
from releases.services.jekyll.writer import PostWriter
from releases.services.search import Batch, index_missing

__all__ = ["ImportReport", "NotASite", "import_site"]


def import_site(
    source: Path,
    *,
    at: dt.datetime,
    dry_run: bool,
    progress: Progress,
    settlement: Settlement = NOTHING_SETTLED,
) -> ImportReport:
    """Import a site, or one post of it, as of the aware instant `at`, with what people settled after a report.

    A post that can't be read is named in the report and never stops the others. Raises NotASite, OSError when
    the store can't be written, and django.db.OperationalError when the database is locked or gone; run again,
    it goes on.
    """
    site = open_site(source)
    survey = survey_posts(site, progress, at)
    known = load_lexicon()
    plan = plan_import(site, survey, known.by_slug, known.lexicon)
    settled = settle_targets(plan, survey, settlement)
    if settled.survey is not survey:
        plan = plan_import(settled.site, settled.survey, known.by_slug, known.lexicon)
    report = report_plan(plan)
    report.warnings.extend(settled.warnings)
    files = StoredFiles(plan.site, dry_run=dry_run)
    taken = frozenset(Address.objects.values_list("path_digest", flat=True))
    sections: dict[str, Section] = {}
    if not dry_run:
        sections = save_sections(plan)
        keep_pages(site, sections)
    PostWriter(plan, files, sections, taken, Batch(), report, at, dry_run).write_posts(progress)
    if not site.only:
        unused = plan_unused_files(plan, [str(row["path"]) for row in report.failed], at)
        report.warnings.extend(unused.warnings)
        save_site_files(unused.live_from, files, report, at)
        save_redirects(site, report, at, dry_run=dry_run)
    report.lost.extend({"sha256": sha256} for sha256 in sorted(files.lost))
    if not dry_run:
        index_missing(progress)
    return report
