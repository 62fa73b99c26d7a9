"""What is said of a newsroom, its agencies and its agreements, and is no release's: on the way out, and back."""

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.validators import validate_email
from django.db import transaction

from releases.content.files.digests import digest_file
from releases.content.files.media_types import identify_file
from releases.content.jekyll.record import (
    LARGEST_RECORD,
    ClosingTextRecord,
    ContactRecord,
    NewsroomRecord,
    OwnPictureRecord,
    RecordError,
    SaidRecord,
    locate_bytes,
    locate_newsroom,
    parse_newsroom,
)
from releases.content.markdown import BodyRefused, render
from releases.content.text.colours import ColourRefused, find_shades, read_colour
from releases.models import Agency, AgencyContact, Blob, Boilerplate, LedgerEntry, Newsroom, Synonym
from releases.models.newsroom import KEY
from releases.services.files.images import PictureRefused, check_picture
from releases.services.files.logos import SOCIAL_SIZE, keep_size, store_logo
from releases.services.files.storage import store_bytes
from releases.services.jekyll.agencies import gather_agencies, write_agencies
from releases.services.jekyll.agreements import gather_agreements, write_agreements, write_parts
from releases.services.jekyll.report import ImportReport
from releases.services.website.newsroom import PICTURES, SUFFIXES, TEXTS, read_footer_link

SAID = tuple(one.name for one in dataclasses.fields(SaidRecord) if one.name != "pictures")
HERE = (
    "The newsroom here says something of itself already, so what the export says of its own did not come in."
)


class _NewRecord(NamedTuple):
    """The record of a newsroom, with the SHA-256 of its bytes."""

    record: NewsroomRecord
    digest: str


def gather_newsroom() -> NewsroomRecord | None:
    """None where nothing is said."""
    contacts = AgencyContact.objects.select_related("agency").order_by("agency__slug", "name", "pk")
    texts = Boilerplate.objects.select_related("agency").order_by("agency__slug", "title")
    record = NewsroomRecord(
        said=_gather_said(),
        contacts=tuple(
            ContactRecord(
                one.agency.slug, one.name, one.phone, one.email, one.hours, one.valid_from, one.valid_until
            )
            for one in contacts
        ),
        closing_texts=tuple(ClosingTextRecord(one.agency.slug, one.title, one.text) for one in texts),
        agencies=gather_agencies(),
        agreements=gather_agreements(),
        synonyms=tuple(Synonym.objects.order_by("words").values_list("words", flat=True)),
    )
    return record if any(dataclasses.astuple(record)) else None


def _gather_said() -> SaidRecord | None:
    newsroom = Newsroom.objects.select_related(*PICTURES).filter(pk=KEY).first()
    if newsroom is None or newsroom.is_blank:
        return None
    blobs: dict[str, Blob | None] = {place: getattr(newsroom, place) for place in PICTURES}
    pictures = tuple(OwnPictureRecord(place, blob.pk) for place, blob in blobs.items() if blob)
    return SaidRecord(**{name: getattr(newsroom, name) for name in SAID}, pictures=pictures)


def restore_newsroom(
    root: Path, agencies: Mapping[str, Agency], report: ImportReport, at: dt.datetime, *, dry_run: bool
) -> None:
    """Bring back the record of the newsroom in the site at `root`, once; what is here already stays as it is, and
    what can't come in is told."""
    path = locate_newsroom()
    try:
        new = _read_new(root)
        if new is None or dry_run:
            return
        with transaction.atomic():
            reasons = _write(new.record, root, agencies)
            LedgerEntry.objects.record(LedgerEntry.Verb.IMPORT, at=at, subject=path, after=new.digest)
    except (RecordError, ValidationError) as error:
        why = " ".join(error.messages) if isinstance(error, ValidationError) else f"{error}."
        reasons = [f"What is said of the newsroom did not come in: {why}"]
    report.warnings.extend({"post": path, "reason": reason} for reason in reasons)


def restore_named(root: Path) -> list[str]:
    """Bring back the agencies and agreements of the record in the site at `root`, which posts and the rest of the
    record name, once; those that are here stay as they are. Returns why some did not come in."""
    try:
        new = _read_new(root)
    except RecordError:
        return []  # which is told of the record as a whole
    if new is None:
        return []
    return [*write_agencies(new.record.agencies), *write_agreements(new.record.agreements)]


def _read_new(root: Path) -> _NewRecord | None:
    """None where there is none, or it has come in. Raises RecordError."""
    place = root / locate_newsroom()
    if not place.is_file() or not place.resolve().is_relative_to(root):
        return None
    if place.stat().st_size > LARGEST_RECORD:
        raise RecordError("it is too large")
    data = place.read_bytes()
    new = _NewRecord(parse_newsroom(data), hashlib.sha256(data).hexdigest())
    entries = LedgerEntry.objects.filter(verb=LedgerEntry.Verb.IMPORT, subject=locate_newsroom())
    return None if entries.filter(after=new.digest).exists() else new


def _write(record: NewsroomRecord, root: Path, agencies: Mapping[str, Agency]) -> list[str]:
    """Why some of it did not come in. Raises RecordError, and ValidationError."""
    reasons = _write_said(record.said, root) if record.said else []
    named = {one.agency for one in record.contacts} | {one.agency for one in record.closing_texts}
    reasons += write_parts(record.agreements, root)
    reasons += [f"No agency here has the short name {slug}." for slug in sorted(named - set(agencies))]
    for row in _list_new(record, agencies):
        row.full_clean()
        row.save()
    return reasons


def _list_new(
    record: NewsroomRecord, agencies: Mapping[str, Agency]
) -> Iterator[AgencyContact | Boilerplate | Synonym]:
    """What is not here yet, of the agencies that are. Raises RecordError."""
    for contact in record.contacts:
        values = dataclasses.asdict(contact) | {"agency": agencies.get(contact.agency)}
        if values["agency"] and not AgencyContact.objects.filter(**values).exists():
            yield AgencyContact(**values)
    for text in record.closing_texts:
        agency = agencies.get(text.agency)
        if agency and not Boilerplate.objects.filter(agency=agency, title=text.title).exists():
            _check_body(text.text)
            yield Boilerplate(agency=agency, title=text.title, text=text.text)
    for words in record.synonyms:
        if not Synonym.objects.filter(words=words).exists():
            yield Synonym(words=words)


def _write_said(said: SaidRecord, root: Path) -> list[str]:
    here = Newsroom.objects.filter(pk=KEY).first()
    if here and not here.is_blank:
        return [HERE]
    newsroom = Newsroom(pk=KEY, **{name: getattr(said, name) for name in SAID})
    reasons = []
    for picture in said.pictures:
        try:
            setattr(newsroom, picture.place, _store_picture(picture, root))
        except (PictureRefused, FileNotFoundError) as error:
            words = str(error) if isinstance(error, PictureRefused) else "Its bytes are not in this copy."
            reasons.append(f"The {picture.place.replace('_', ' ')} of the newsroom did not come in. {words}")
    _check_said(newsroom)
    newsroom.full_clean(validate_unique=False, validate_constraints=False)
    newsroom.save()
    return reasons


def _store_picture(picture: OwnPictureRecord, root: Path) -> Blob:
    """As strictly as at the desk. Raises PictureRefused, and FileNotFoundError."""
    place = root / locate_bytes(picture.sha256)
    if not place.resolve().is_relative_to(root) or digest_file(place) != picture.sha256:
        raise FileNotFoundError(place)
    data = place.read_bytes()
    suffix = SUFFIXES.get(identify_file(data, "picture.svg").media_type, "")
    file = ContentFile(data, name=f"picture.{suffix}")
    if picture.place != "social_picture":
        return store_logo(file).blob
    check_picture(file)
    return keep_size(store_bytes(data, "picture.jpg"), *SOCIAL_SIZE)


def _check_said(newsroom: Newsroom) -> None:
    """As the desk's form does. Raises RecordError."""
    try:
        if newsroom.colour:
            find_shades(read_colour(newsroom.colour))
        for line in newsroom.footer_links.splitlines():
            read_footer_link(line)
        if newsroom.security_contact and not newsroom.security_contact.startswith("https://"):
            validate_email(newsroom.security_contact)
    except (ColourRefused, ValueError) as error:
        raise RecordError(str(error)) from error
    for name in TEXTS:
        _check_body(getattr(newsroom, name))


def _check_body(text: str) -> None:
    try:
        render(text)
    except BodyRefused as error:
        raise RecordError(str(error)) from error
