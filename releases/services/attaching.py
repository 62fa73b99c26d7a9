"""Putting an edition that is being written in its place, and its issuers and files beside it."""

import secrets
from pathlib import PurePosixPath

from django.contrib.auth.models import AbstractBaseUser
from django.core.files.base import File
from django.db import transaction
from django.db.models import Model
from django.utils.text import slugify

from releases.content.links import find_images
from releases.models import Address, Annex, Edition, Issuer, Release, Section, Upload
from releases.services.uploading import store_bytes


def place(edition: Edition, *, permalink: str, section: Section, kind: str, author: AbstractBaseUser) -> None:
    """Save an edition with its release and its address; a new one gets all three."""
    with transaction.atomic():
        if not edition.pk:
            edition.release = Release.objects.create(section=section, kind=kind)
            edition.author_id = author.pk
        found = Address.objects.at(permalink).first()
        edition.address = found or Address.objects.create(
            path=permalink, kind=Address.Kind.RELEASE, release=edition.release
        )
        edition.save()


def attach(edition: Edition, part: Model, file: File | None) -> None:
    """Save an issuer, annex or illustration of an edition, an annex with the bytes that came with it."""
    if isinstance(part, Issuer):
        held = part.agency.name_on(edition.release_date)
        part.name, part.acronym = (
            (held.name, held.acronym) if held else (str(part.agency), part.agency.acronym)
        )
    if isinstance(part, Annex):
        _fill_annex(edition, part, file)
    part.save()


def keep_pictures(edition: Edition) -> None:
    """Make illustrations of the uploaded pictures that the text shows, and forget those that it no longer shows."""
    shown = {image.target: image.label for image in find_images(edition.body)}
    uploads = {
        upload.address_id: upload
        for upload in Upload.objects.filter(address__path__in=shown).select_related("address")
    }
    kept = edition.illustrations.filter(address__upload__isnull=False)
    kept.exclude(address__in=uploads).delete()
    for upload in uploads.values():
        values = {"blob": upload.blob, "alt_text": shown[upload.address.path]}
        edition.illustrations.update_or_create(address=upload.address, defaults=values)


def discard(edition: Edition) -> None:
    """Delete a draft; with its last edition the release and its addresses go too."""
    with transaction.atomic():
        release = edition.release
        edition.delete()
        if not release.editions.exists():
            release.addresses.all().delete()
            release.delete()


def new_file_path(edition: Edition, name: str) -> str:
    """A path for a new file that nobody has and nobody can guess: /files/2026/1f0c7a9b52d4e683/annex-a.pdf."""
    stem, suffix = PurePosixPath(name).stem, PurePosixPath(name).suffix.lower()
    return (
        f"/files/{edition.release_date.year}/{secrets.token_hex(8)}/{slugify(stem)[:100] or 'file'}{suffix}"
    )


def _fill_annex(edition: Edition, annex: Annex, file: File | None) -> None:
    if file is None:
        return
    name = str(file.name)
    annex.blob = store_bytes(file.read(), name)
    if not annex.address_id:
        annex.address = Address.objects.create(path=new_file_path(edition, name), kind=Address.Kind.FILE)
