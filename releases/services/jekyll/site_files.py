"""The sections of a site, the files that no post uses, and its redirects."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

from django.db import transaction

from releases.content.jekyll.layout import locate_file, locate_page, locate_section, read_title
from releases.content.text import permalinks
from releases.models import Address, LedgerEntry, Redirect, Section, SiteFile, SitePage
from releases.services.jekyll.mapper import why_not_serve
from releases.services.jekyll.report import ImportReport
from releases.services.jekyll.site import Site
from releases.services.jekyll.writer import Files
from releases.services.website.redirects import why_not_redirect

LABELS = {
    "press": "Press release",
    "speech": "Speech",
    "parliament": "Parliamentary reply",
    "forum": "Forum reply",
    "repl": "Reply",
    "consultation": "Public consultation",
    "newsletter": "Newsletter",
    "announcement": "Announcement",
    "advisor": "Advisory",
    "statement": "Statement",
    "publication": "Publication",
    "report": "Report",
}


def save_sections(site: Site, categories: Iterable[str], claimed: Collection[str]) -> dict[str, Section]:
    """The Section of every category, and of the room above it; `claimed` are digests of the posts' addresses."""
    rooms = {category.rpartition("/")[0] for category in categories} - {""}
    sections: dict[str, Section] = {}
    for folder in sorted(
        {*categories, *(room for room in rooms if (site.root / room / "index.html").is_file())}
    ):
        parent = sections.get(folder.rpartition("/")[0]) if "/" in folder else None
        sections[folder] = _save_section(site, folder, parent, claimed)
    return sections


def keep_pages(site: Site, folders: Iterable[str]) -> None:
    """Keep what tells how the old site is built, to give it back: `_config.yml` and the pages of its categories."""
    kept = dict(SitePage.objects.values_list("path", "content"))
    for path in ("_config.yml", *map(locate_page, folders)):
        content = site.page(path)
        if content and content != bytes(kept.get(path, b"")):
            SitePage.objects.update_or_create(path=path, defaults={"content": content})


def _save_section(site: Site, folder: str, parent: Section | None, claimed: Collection[str]) -> Section:
    found = Section.objects.filter(folder=folder).first()
    if found:
        return found
    page = site.front_matter_of(locate_page(folder))
    title = read_title(page, folder)
    with transaction.atomic():
        section = Section.objects.create(
            folder=folder, title=title, parent=parent, release_label=_label(folder, title)
        )
        path = str(page.get("permalink") or locate_section(folder))
        Address.objects.create(path=_free(path, claimed), kind=Address.Kind.SECTION, section=section)
    return section


def _label(folder: str, title: str) -> str:
    words = f"{folder.rpartition('/')[2]} {title}".lower()
    return next((label for part, label in LABELS.items() if part in words), "Release")


def _free(path: str, claimed: Collection[str]) -> str:
    path = permalinks.normalise(path)
    while permalinks.digest(path) in claimed or Address.objects.at(path).exists():
        path = f"{path.rstrip('/')}-releases/"
    return path


def save_site_files(
    site: Site, unused: Mapping[str, dt.datetime], files: Files, report: ImportReport, at: dt.datetime
) -> None:
    """Keep the address of each file that no post uses, from its instant on; changed bytes then replace the old ones."""
    SiteFile.objects.filter(live_from__gt=at).delete()  # what nobody saw is settled anew
    SiteFile.objects.filter(live_until__gt=at).update(live_until=None)
    held = {row.address_id: row for row in SiteFile.objects.filter(live_until__isnull=True)}
    for file, start in unused.items():
        path = locate_file(file)
        if reason := why_not_serve(site, file):
            report.absent_bytes.append({"post": "", "target": file, "reason": reason})
            continue
        try:
            _save_site_file(path, file, files, held, start, at)
        except ValueError as error:
            report.warnings.append({"post": file, "reason": str(error)})
        else:
            report.site_files.append({"path": path})


def _save_site_file(
    path: str, file: str, files: Files, held: dict[int, SiteFile], start: dt.datetime, at: dt.datetime
) -> None:
    blob = files.blob(file)
    with transaction.atomic():
        address = files.address(file)
        row = held.get(address.pk)
        if row and row.blob_id == blob.pk:
            return
        if row:
            SiteFile.objects.filter(pk=row.pk).update(live_until=start)
        SiteFile.objects.create(address=address, blob=blob, live_from=start)
        note = {"before": row.blob_id if row else ""}
        LedgerEntry.objects.record(LedgerEntry.Verb.SITE_FILE, at=at, subject=path, after=blob.pk, note=note)


def save_redirects(site: Site, report: ImportReport, at: dt.datetime, *, dry_run: bool) -> None:
    """The rules of `_redirects` (old path, target, optional status); what is no redirect is told, not guessed."""
    try:
        text = (site.root / "_redirects").read_text(encoding="utf-8-sig")
    except (OSError, ValueError):
        return
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split("#")[0].split() if line.lstrip().startswith("#") else line.split()
        if words:
            problem = _save_redirect(words, at, dry_run=dry_run)
            report.redirects.append({"line": number, "rule": line.strip(), "problem": problem})


def _save_redirect(words: list[str], at: dt.datetime, *, dry_run: bool) -> str:
    """Save one rule; returns why it was left out, "" when it is in."""
    source, target, status = (*words, "", "")[:3]
    gone = "410" in (target, status)
    problem = _redirect_problem(source, "" if gone else target, status, gone=gone)
    if problem or dry_run:
        return problem
    path = permalinks.normalise(source)
    found = Address.objects.at(path).first()
    if found and found.kind != Address.Kind.REDIRECT:
        return f"A {found.get_kind_display().lower()} has this address."
    with transaction.atomic():
        address = found or Address.objects.create(path=path, kind=Address.Kind.REDIRECT)
        values = {"target": "" if gone else target, "origin": "import"}
        Redirect.objects.get_or_create(address=address, defaults={**values, "valid_from": at})
    return ""


def _redirect_problem(source: str, target: str, status: str, *, gone: bool) -> str:
    if not source.startswith("/") or "://" in source or source.startswith(("/http:", "/https:")):
        return "The old address is not a path of this site."
    if (not gone and not target.startswith(("/", "https://", "http://"))) or target.startswith("//"):
        return "The target is neither a path nor a web address."
    if status.rstrip("!") not in ("", "301", "302", "303", "307", "308", "410"):
        return f"Status {status} is not a redirect."
    try:
        return why_not_redirect(permalinks.normalise(source), target)
    except permalinks.PermalinkError as error:
        return str(error)
