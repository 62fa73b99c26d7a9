"""What else a site has at its addresses: files that no post uses."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from releases.models import LedgerEntry, SiteFile
from releases.services.jekyll.mapper import why_not_serve
from releases.services.jekyll.report import ImportReport
from releases.services.jekyll.stored_files import StoredFiles


def save_site_files(
    live_from: Mapping[str, dt.datetime], files: StoredFiles, report: ImportReport, at: dt.datetime
) -> None:
    """Keep the address of each of these files from its instant on; changed bytes then replace the old ones.

    What the store has lost of them comes back. In a dry run it is only told.
    """
    whole = (file for file in live_from if not why_not_serve(files.place_file(file)))
    report.restored.extend({"path": path} for path in files.restore_lost(whole))
    if files.dry_run:
        report.site_files.extend({"path": files.locate(file)} for file in live_from)
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
            report.site_files.append({"path": files.locate(file)})


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
            LedgerEntry.Verb.SITE_FILE, at=at, subject=files.locate(file), after=blob.pk, note=note
        )
