"""What else a site has at its addresses: files that no post uses, and redirects."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from releases.content.jekyll.layout import locate_file
from releases.content.text import permalinks
from releases.models import Address, LedgerEntry, Redirect, SiteFile
from releases.services.jekyll.mapper import why_not_serve
from releases.services.jekyll.report import ImportReport
from releases.services.jekyll.site import Site
from releases.services.jekyll.stored_files import StoredFiles
from releases.services.website.redirects import why_not_redirect


def save_site_files(
    live_from: Mapping[str, dt.datetime], files: StoredFiles, report: ImportReport, at: dt.datetime
) -> None:
    """Keep the address of each of these files from its instant on; changed bytes then replace the old ones.

    What the store has lost of them comes back. In a dry run it is only told.
    """
    whole = (file for file in live_from if not why_not_serve(files.place_file(file)))
    report.restored.extend({"path": path} for path in files.restore_lost(whole))
    if files.dry_run:
        report.site_files.extend({"path": locate_file(file)} for file in live_from)
        return
    SiteFile.objects.filter(live_from__gt=at).delete()  # what nobody saw is settled anew
    SiteFile.objects.filter(live_until__gt=at).update(live_until=None)
    held = {row.address_id: row for row in SiteFile.objects.filter(live_until__isnull=True)}
    for file, start in live_from.items():
        if reason := why_not_serve(files.place_file(file)):
            report.absent_bytes.append({"post": "", "target": file, "reason": reason})
            continue
        try:
            _save_site_file(file, start, files, held, at)
        except ValueError as error:
            report.warnings.append({"post": file, "reason": str(error)})
        else:
            report.site_files.append({"path": locate_file(file)})


def _save_site_file(
    file: str, start: dt.datetime, files: StoredFiles, held: Mapping[int, SiteFile], at: dt.datetime
) -> None:
    """`held`: what is served now, by the key of its address."""
    blob = files.store_blob(file)
    with transaction.atomic():
        address = files.get_address(file)
        row = held.get(address.pk)
        if row and row.blob_id == blob.pk:
            return
        if row:
            SiteFile.objects.filter(pk=row.pk).update(live_until=start)
        SiteFile.objects.create(address=address, blob=blob, live_from=start)
        note = {"before": row.blob_id if row else ""}
        LedgerEntry.objects.record(
            LedgerEntry.Verb.SITE_FILE, at=at, subject=locate_file(file), after=blob.pk, note=note
        )


def save_redirects(site: Site, report: ImportReport, at: dt.datetime, *, dry_run: bool) -> None:
    """Save the rules of `_redirects` (old path, target, optional status) as of `at`; what is none is told,
    not guessed."""
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
    problem = _why_no_redirect(source, "" if gone else target, status, gone=gone)
    if problem or dry_run:
        return problem
    path = permalinks.normalise_path(source)
    found = Address.objects.at(path).first()
    if found and found.kind != Address.Kind.REDIRECT:
        return f"A {found.get_kind_display().lower()} has this address."
    with transaction.atomic():
        address = found or Address.objects.create(path=path, kind=Address.Kind.REDIRECT)
        values = {"target": "" if gone else target, "origin": "import"}
        Redirect.objects.get_or_create(address=address, defaults={**values, "valid_from": at})
    return ""


def _why_no_redirect(source: str, target: str, status: str, *, gone: bool) -> str:
    if not source.startswith("/") or "://" in source or source.startswith(("/http:", "/https:")):
        return "The old address is not a path of this site."
    if (not gone and not target.startswith(("/", "https://", "http://"))) or target.startswith("//"):
        return "The target is neither a path nor a web address."
    if status.rstrip("!") not in ("", "301", "302", "303", "307", "308", "410"):
        return f"Status {status} is not a redirect."
    try:
        return why_not_redirect(permalinks.normalise_path(source), target)
    except permalinks.PermalinkError as error:
        return str(error)
