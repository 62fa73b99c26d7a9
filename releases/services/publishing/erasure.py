"""Legal erasure: the text and the bytes go for good; what stays is that there was something, in the
ledger."""

from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import QuerySet

from releases.models import (
    Absence,
    Address,
    Agreement,
    AgreementText,
    Annex,
    Autosave,
    Edition,
    Illustration,
    LedgerEntry,
    LinkReading,
    Notice,
    Release,
    SiteFile,
    Source,
    Upload,
)
from releases.services.accounts import consent, notices
from releases.services.editions.transitions import refuse_if
from releases.services.files.cleanup import delete_blob, delete_bytes
from releases.services.search import engine

ERASED = "Erased"
TEXTS = (
    "summary",
    "lead_text",
    "body",
    "body_html",
    "contacts",
    "awaited",
    "embargo",
    "change_note",
    "link_url",
    "rejection",
)
"""What an edition says beside its title."""


def erase_release(release: Release, *, actor: AbstractBaseUser, reason: str, at: datetime) -> None:
    """Delete every text and every file of `release` that no other release uses; its address answers 410.

    People ask for it by `proposals`, which has two of them agree. Raises ActionRefused.
    """
    refuse_if([] if reason.strip() else ["Give the reason; the ledger keeps it."])
    with transaction.atomic():
        Release.objects.select_for_update().get(pk=release.pk)
        editions = list(Edition.objects.filter(release=release).prefetch_related(*consent.PARTS))
        told = {stake.agency for edition in editions for stake in consent.find_stakes(edition)}
        digests = [edition.digest for edition in editions]
        _take_away(release, actor, reason.strip(), at)
        Edition.objects.filter(release=release).update(erased_at=at, title=ERASED, **dict.fromkeys(TEXTS, ""))
        files = [file for edition in editions for file in _forget_parts(edition)]
        Source.objects.filter(release=release).update(content=b"")
        _forget_log(release)
        release.suggestions.all().delete()
        LinkReading.objects.filter(edition__release=release).delete()
        Autosave.objects.filter(edition__release=release).delete()
        addresses = _forget_site_files(files)
        note = {
            "reason": reason.strip(),
            "digests": digests,
            "files": sorted(one.path_digest for one in addresses),
        }
        LedgerEntry.objects.record(
            LedgerEntry.Verb.ERASE,
            at=at,
            actor=actor,
            release=release,
            subject=f"release {release.pk}",
            before=digests[-1] if digests else "",
            note=note,
        )
        Notice.objects.filter(edition__release=release).delete()
        if editions:
            notices.tell(editions[-1], "erased it by law", actor=actor, at=at, agencies=told)
        _forget_texts(files)
        for blob in {file.blob for file in files}:
            if delete_blob(blob):
                transaction.on_commit(partial(delete_bytes, blob.pk))


def erased_path_digests() -> set[str]:
    """Digests of the paths at which the files of erased releases were; no import puts anything there
    again."""
    notes = LedgerEntry.objects.filter(verb=LedgerEntry.Verb.ERASE).values_list("note", flat=True)
    return {digest for note in notes for digest in note.get("files", ())}


def _forget_log(release: Release) -> None:
    """The desk's own log names the titles of releases and annexes, wherever they stood; the ledger does
    not."""
    agreements = Agreement.objects.filter(mentions__release=release)
    named: list[QuerySet[Any]] = [
        Release.objects.filter(pk=release.pk),
        release.editions.all(),
        release.redirects.all(),
        release.suggestions.all(),
        agreements,
    ]
    for rows in named:
        kind, keys = ContentType.objects.get_for_model(rows.model), rows.values_list("pk", flat=True)
        LogEntry.objects.filter(content_type=kind, object_id__in=[str(key) for key in keys]).delete()


def _take_away(release: Release, actor: AbstractBaseUser, reason: str, at: datetime) -> None:
    withdrawn = release.absences.at(at).filter(kind=Absence.Kind.WITHDRAWN)
    # One that begins at this very instant cannot end at it.
    withdrawn.filter(since=at).update(kind=Absence.Kind.REMOVED)
    withdrawn.update(until=at)
    if not release.absences.at(at).exists():
        Absence.objects.create(
            release=release, kind=Absence.Kind.REMOVED, since=at, reason=reason, begun_by_id=actor.pk
        )


def _forget_parts(edition: Edition) -> list[Annex | Illustration]:
    """The files that the edition had."""
    files: list[Annex | Illustration] = [
        *edition.annexes.select_related("blob", "address"),
        *edition.illustrations.select_related("blob", "address"),
    ]
    addresses = [file.address_id for file in files]
    Upload.objects.filter(blob__in=[file.blob_id for file in files], address__in=addresses).delete()
    for parts in (edition.annexes, edition.illustrations, edition.issuers, edition.comments):
        parts.all().delete()
    edition.preview_links.all().delete()
    edition.agreements.clear()
    engine.delete_row(engine.EDITIONS, edition.pk)
    return files


def _forget_site_files(files: list[Annex | Illustration]) -> set[Address]:
    """The addresses of `files` that no other release uses; what an import had put there goes too."""
    mine = [file.address_id for file in files]
    used = {
        address
        for model in (Annex, Illustration)
        for address in model.objects.filter(address__in=mine).values_list("address", flat=True)
    }
    addresses = {file.address for file in files if file.address_id not in used}
    SiteFile.objects.filter(address__in=addresses).delete()
    return addresses


def _forget_texts(files: list[Annex | Illustration]) -> None:
    """The texts of agreements that were annexes of this release alone: nobody could read them any more."""
    blobs = {file.blob_id for file in files}
    used = Annex.objects.filter(blob__in=blobs).values("blob")
    AgreementText.objects.filter(blob__in=blobs).exclude(blob__in=used).delete()
