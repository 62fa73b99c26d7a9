"""Putting an edition that is being written in its place, and its issuers and files beside it."""

import datetime as dt
import secrets
from collections.abc import Sequence
from pathlib import PurePosixPath
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F
from django.utils.text import slugify

from releases.content.files.annex_names import full_name, split_label
from releases.content.files.links import find_images
from releases.models import Address, Annex, Blob, Edition, Issuer, Release, Section, Upload
from releases.services.files.inspection import enqueue_blob

LAST = 30_000


def place(
    edition: Edition, *, permalink: str, section: Section, kind: str, author: AbstractBaseUser, opened: UUID | None = None
) -> None:  # fmt: skip
    """Save an edition with its release and its address; a new one gets all three. `opened` names the form it came from."""
    with transaction.atomic():
        if not edition.pk:
            edition.release = Release.objects.create(section=section, kind=kind, opened=opened)
            edition.author_id = author.pk
        elif not edition.release.editions.filter(state=Edition.State.APPROVED).exists():
            Release.objects.filter(pk=edition.release_id).update(section=section, kind=kind)
        found = Address.objects.at(permalink).first()
        edition.address = found or Address.objects.create(
            path=permalink, kind=Address.Kind.RELEASE, release=edition.release
        )
        edition.save()


def name_issuer(issuer: Issuer, day: dt.date) -> None:
    """The name and acronym that the agency had on `day`."""
    held = issuer.agency.name_on(day)
    issuer.name = held.name if held else str(issuer.agency)
    issuer.acronym = held.acronym if held else issuer.agency.acronym


def name_issuers(edition: Edition) -> None:
    """Copy the names again of an edition that is still open: an agency may have been named anew since it was written."""
    for issuer in edition.issuers.select_related("agency"):
        before = issuer.name, issuer.acronym
        name_issuer(issuer, edition.release_date)
        if (issuer.name, issuer.acronym) != before:
            issuer.save(update_fields=["name", "acronym"])


def attach(edition: Edition, annex: Annex, blob: Blob, name: str) -> None:
    """Give an unsaved or changed annex the bytes of `blob`, at an address of its own where it has none.

    The worker reads them once the transaction has ended.
    """
    annex.edition, annex.blob = edition, blob
    transaction.on_commit(lambda: enqueue_blob(blob))
    if not annex.address_id:
        annex.address = Address.objects.create(path=new_file_path(edition, name), kind=Address.Kind.FILE)


def names_of(file: str) -> tuple[str, str]:
    """Label and title that an annex gets from the name of its file; a name without words makes a plain "File"."""
    label, title = split_label("", file)
    return label, title or ("" if label else "File")


def awaited(edition: Edition) -> list[tuple[str, str]]:
    """(label, title) of each annex that is named and whose file is still to come."""
    lines = [" ".join(line.split()) for line in edition.awaited.splitlines()]
    return [
        (label.strip(), title.strip()) for label, _, title in (line.partition(":") for line in lines if line)
    ]


def arrived(edition: Edition) -> None:
    """Take the annexes that are there now from those that are awaited."""
    there = {annex.label.casefold() for annex in edition.annexes.all()} - {""}
    there |= {annex.title.casefold() for annex in edition.annexes.all() if not annex.label}
    left = [pair for pair in awaited(edition) if pair[0].casefold() not in there]
    text = "\n".join(full_name(*pair) for pair in left)
    if text != edition.awaited:
        Edition.objects.filter(pk=edition.pk).update(awaited=text)
        edition.awaited = text


def put_in_order(parts: Sequence[tuple[int | None, Issuer | Annex]]) -> None:
    """Save issuers or annexes of one edition, each with the place that was typed for it, numbered from 1.

    Parts without a place follow the others. Their rows first leave the places that others will take, and issuers that
    change their agencies with each other are written anew.
    """
    _leave([part for _, part in parts if part.pk and isinstance(part, Issuer)])
    saved = [part.pk for _, part in parts if part.pk]
    ordered = sorted(parts, key=lambda pair: pair[0] or LAST)
    for _, part in parts[:1]:
        type(part).objects.filter(pk__in=saved).update(position=F("position") + LAST)
    for position, (_, part) in enumerate(ordered, 1):
        part.position = position
        part.save()


def _leave(issuers: Sequence[Issuer]) -> None:
    """Delete the rows of those whose agency another of their rows still holds."""
    held = {
        issuer.pk: issuer.agency_id for issuer in Issuer.objects.filter(pk__in=[one.pk for one in issuers])
    }
    moved = [one for one in issuers if held[one.pk] != one.agency_id and one.agency_id in held.values()]
    Issuer.objects.filter(pk__in=[one.pk for one in moved]).delete()
    for issuer in moved:
        issuer.pk = None
        issuer._state.adding = True  # noqa: SLF001 (Django's documented way to copy a row)


def keep_pictures(edition: Edition) -> None:
    """Make illustrations of the uploaded pictures that the text shows, and forget those that it no longer shows.

    Alternative texts are those of the text.
    """
    shown = {image.target: image.label for image in find_images(edition.body)}
    uploads = Upload.objects.filter(address__path__in=shown)
    gone = edition.illustrations.filter(address__upload__isnull=False)
    gone.exclude(address__in=uploads.values("address")).delete()
    for upload in uploads.select_for_update(of=("self",)):  # none is removed as unused meanwhile
        edition.illustrations.update_or_create(
            address_id=upload.address_id, defaults={"blob_id": upload.blob_id}
        )
    for picture in edition.illustrations.filter(address__path__in=shown).select_related("address"):
        picture.alt_text = shown[picture.address.path]
        picture.save(update_fields=["alt_text"])


def discard(edition: Edition) -> None:
    """Delete a draft; with its last edition the release and its addresses go too. What the ledger tells of stays a number."""
    with transaction.atomic():
        release = edition.release
        edition.delete()
        if release.editions.exists():
            return
        for rows in (release.addresses, release.suggestions, release.mentions):
            rows.all().delete()
        if release.ledger.exists():
            Release.objects.filter(pk=release.pk).update(opened=None)
        else:
            release.delete()


def told_by(edition: Edition) -> list[str]:
    """What would lose the release that tells of it, or that it leads to, with this edition, its last."""
    release = edition.release
    if release.editions.exclude(pk=edition.pk).exists():
        return []
    found = [f"{event} ({event.agreement})" for event in release.events.select_related("agreement")]
    actions = release.party_actions.select_related("party__agreement", "party__agency")
    found += [f"{action}, {action.party} ({action.party.agreement})" for action in actions]
    return found + [f"Redirect from {redirect.address}" for redirect in release.redirects.all()]


def new_file_path(edition: Edition, name: str) -> str:
    """A path for a new file that nobody has and nobody can guess: /files/2026/1f0c7a9b52d4e683/annex-a.pdf."""
    stem, suffix = PurePosixPath(name).stem, PurePosixPath(name).suffix.lower()
    return (
        f"/files/{edition.release_date.year}/{secrets.token_hex(8)}/{slugify(stem)[:100] or 'file'}{suffix}"
    )
