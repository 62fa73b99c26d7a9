"""Having files scanned for viruses: in a thread of the worker, which asks again until it has an answer."""

import datetime as dt
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.conf import settings
from django.db import DatabaseError, connection

from releases.models import Blob
from releases.services.files.virus_scanner import NotScanned, ScannerAway, scan_stream

PAUSE = dt.timedelta(seconds=2)
PAUSE_AFTER_FAILURE = dt.timedelta(seconds=30)
BATCH = 100
log = logging.getLogger(__name__)


@contextmanager
def keep_scanning() -> Iterator[None]:
    """Until the end, have every file scanned that waits for it, then those that are older than the scanner.

    Without a scanner no file waits any more: whoever switches it off lets them go.
    """
    if not settings.CLAMD_URL:
        Blob.objects.filter(scan=Blob.Scan.WAITING).update(scan=Blob.Scan.UNKNOWN, scan_finding="")
        yield
        return
    ended = Event()
    thread = Thread(target=_scan_until, args=(ended,), name="virus scans", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def scan_files() -> bool:
    """Have some files scanned, those that wait first; whether the scanner answered for each of them.

    Files that it gave no answer for are left until its next turn, those in use stay in use.
    """
    waiting = Blob.objects.filter(scan=Blob.Scan.WAITING).order_by("scan_finding", "stored_at")
    older = Blob.objects.filter(scan=Blob.Scan.UNKNOWN, scan_finding="").order_by("stored_at")
    try:
        answered = [_scan(blob) for files in (waiting, older) for blob in files.only("sha256")[:BATCH]]
    except ScannerAway as error:
        waiting.update(scan_finding=f"It does not answer ({error})."[:300])
        log.error("The virus scanner at %s does not answer: %s", settings.CLAMD_URL, error)
        return False
    return all(answered)


def find_trouble() -> str:
    """Why files wait that the scanner was asked for already; "" where none does."""
    if not settings.CLAMD_URL:
        return ""
    waiting = Blob.objects.filter(scan=Blob.Scan.WAITING).exclude(scan_finding="")
    return waiting.values_list("scan_finding", flat=True).first() or ""


def explain_hold(blob: Blob, name: str) -> str:
    """Why nobody gets the bytes of `blob`, which people know as `name`; "" where they may."""
    if blob.scan == Blob.Scan.INFECTED:
        return f"{name} holds harmful code ({blob.scan_finding}). Take it out, and attach a clean copy if you have one."
    if blob.scan == Blob.Scan.WAITING:
        trouble = (
            f" So far: {blob.scan_finding} It is asked again every half minute." if blob.scan_finding else ""
        )
        return f"{name} waits for the virus scanner; until then nobody can open or publish it.{trouble}"
    return ""


def _scan(blob: Blob) -> bool:
    """Whether there is an answer. Raises ScannerAway."""
    try:
        with blob.file.open("rb") as stream:
            found = scan_stream(settings.CLAMD_URL, stream)
    except (NotScanned, FileNotFoundError) as error:
        Blob.objects.filter(pk=blob.pk).update(
            scan_finding=f"It gave no answer for this file ({error})."[:300]
        )
        log.warning("The virus scanner gave no answer for %s: %s", blob.pk, error)
        return False
    scan = Blob.Scan.INFECTED if found else Blob.Scan.CLEAN
    Blob.objects.filter(pk=blob.pk).update(scan=scan, scan_finding=found[:300])
    if found:
        log.error("The virus scanner found %s in %s; nobody is handed it.", found, blob.pk)
    return True


def _scan_until(ended: Event) -> None:
    while not ended.is_set():
        pause = PAUSE_AFTER_FAILURE
        try:
            if scan_files():
                pause = PAUSE
        except DatabaseError as error:
            log.warning("No file could be scanned: %s", error)
        finally:
            connection.close()
        ended.wait(pause.total_seconds())
