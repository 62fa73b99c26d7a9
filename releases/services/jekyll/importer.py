"""Bringing in the posts and files of a Jekyll or Isomer site, again and again, with nothing lost and nothing
doubled.

Every post is read (`survey`), what becomes of all of them is settled (`plan`), and each is written
(`writer`).
"""

import datetime as dt
from collections.abc import Collection
from pathlib import Path

from django.core.management import call_command

from releases.content.jekyll.record import locate_newsroom
from releases.models import Address, Agency
from releases.services.agencies.lexicon import load_lexicon
from releases.services.editions.progress import Progress
from releases.services.jekyll.embargo import plan_unused_files
from releases.services.jekyll.newsroom import restore_named, restore_newsroom
from releases.services.jekyll.ownership import UnknownOwner, find_owner, is_singapores
from releases.services.jekyll.plan import Plan, plan_import, report_plan
from releases.services.jekyll.record_importer import RecordImporter
from releases.services.jekyll.redirects import RedirectWriter
from releases.services.jekyll.remains import report_remains
from releases.services.jekyll.report import ImportReport, Row
from releases.services.jekyll.settlement import NOTHING_SETTLED, Settlement, settle_targets
from releases.services.jekyll.site import NotASite, Site, UnknownCollection, open_site
from releases.services.jekyll.site_files import save_site_files
from releases.services.jekyll.site_sections import keep_pages, save_sections
from releases.services.jekyll.stored_files import StoredFiles
from releases.services.jekyll.survey import survey_posts
from releases.services.jekyll.writer import PostWriter
from releases.services.search import index_missing

__all__ = ["ImportReport", "NotASite", "UnknownCollection", "UnknownOwner", "import_site", "load_agencies"]


def load_agencies(source: Path, *, singapores: bool) -> None:
    """Load agencies where there are none: those that an export has with it, else Singapore's, if the site is
    Singapore's or somebody said so (`singapores`).

    Raises NotASite and OSError.
    """
    if Agency.objects.exists():
        return
    restore_named(source.resolve())
    if not Agency.objects.exists() and (singapores or is_singapores(source)):
        call_command("loaddata", "agencies", verbosity=0)


def import_site(
    source: Path,
    *,
    at: dt.datetime,
    dry_run: bool,
    progress: Progress,
    owner: str = "",
    collections: Collection[str] = (),
    settlement: Settlement = NOTHING_SETTLED,
) -> ImportReport:
    """Import a site, or one post of it, as of the aware instant `at`, with what people settled after a
    report; `owner` is the slug of the agency whose site it is, where somebody said so; documents of the
    `collections` with these labels come in like posts.

    A post that can't be read is named in the report and never stops the others. Raises NotASite,
    UnknownCollection, UnknownOwner, OSError when the store can't be written, and django.db.OperationalError when the database is
    locked or gone; run again, it goes on.
    """
    site = open_site(source, collections)
    absent = [] if dry_run or site.only else restore_named(site.root)
    plan, warnings = _plan_site(site, at, progress, owner, settlement)
    report = report_plan(plan)
    report.warnings.extend({"post": locate_newsroom(), "reason": reason} for reason in absent)
    report.warnings.extend(warnings)
    files = StoredFiles(plan.site, dry_run=dry_run)
    taken = frozenset(Address.objects.values_list("path_digest", flat=True))
    sections = {} if dry_run else save_sections(plan)
    if not dry_run:
        keep_pages(plan.site, sections)
    record_importer = RecordImporter(plan, sections, report, at, dry_run)
    PostWriter(plan, files, record_importer, sections, taken, report, at, dry_run).write_posts(progress)
    if not plan.site.only:
        unused = plan_unused_files(plan, [str(row["path"]) for row in report.failed], at)
        report.warnings.extend(unused.warnings)
        save_site_files(unused.live_from, files, report, at)
        redirects = RedirectWriter(plan, report, at, dry_run)
        redirects.save_rules()
        redirects.save_redirects_of_posts()
        redirects.save_feeds()
        report_remains(plan, report)
        restore_newsroom(plan.site.root, plan.agencies, report, at, dry_run=dry_run)
    report.lost.extend({"sha256": sha256} for sha256 in sorted(files.lost))
    if not dry_run:
        index_missing(progress)
    return report


def _plan_site(
    site: Site, at: dt.datetime, progress: Progress, owner: str, settlement: Settlement
) -> tuple[Plan, tuple[Row, ...]]:
    """What is to become of each post, with what people settled, and what of that could not be done."""
    survey = survey_posts(site, progress, at)
    known = load_lexicon()
    owned_by = find_owner(site, known.by_slug, known.lexicon, owner)
    plan = plan_import(site, survey, known.by_slug, known.lexicon, owned_by, at)
    settled = settle_targets(plan, survey, settlement)
    if settled.survey is not survey:
        plan = plan_import(settled.site, settled.survey, known.by_slug, known.lexicon, owned_by, at)
    return plan, settled.warnings
