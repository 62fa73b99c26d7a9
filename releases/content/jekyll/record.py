"""All that a newsroom holds and a Jekyll site has no place for, in a folder that Jekyll does not build.

`FOLDER` of an export holds `NAME.json` for the post at NAME, `newsroom.json` for what is said of the newsroom,
its agencies and agreements, and below `files/` the bytes that the site itself does not serve, under their SHA-256.
"""

import dataclasses
import datetime as dt
import json
import re
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

from releases.content.text.limits import CONTROLS, SURROGATES

FOLDER = "_pressroom"
LARGEST_RECORD = 50_000_000
"""Bytes of a file: many editions of long texts."""

_UNWRITABLE = re.compile(f"[{CONTROLS}{SURROGATES}]")
_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_CHOICES = {
    "form": ("text", "file", "link"),
    "state": ("draft", "submitted", "approved", "rejected"),
    "origin": ("desk", "import"),
    "change_class": ("", "correction", "update", "typography"),
    "absence_kind": ("withdrawn", "removed"),
    "place": ("logo", "logo_dark", "social_picture"),
}


class RecordError(ValueError):
    """A record that can't be read; the message says what of it."""


@dataclass(frozen=True, slots=True)
class IssuerRecord:
    """An issuer as it was named on the day of approval; `agency` is the slug of the agency."""

    agency: str
    name: str
    acronym: str


@dataclass(frozen=True, slots=True)
class AnnexRecord:
    """`path` is the public path, `sha256` that of the bytes."""

    label: str
    title: str
    language: str
    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class PictureRecord:
    """A picture that a text shows."""

    path: str
    sha256: str
    alt_text: str


@dataclass(frozen=True, slots=True)
class AbsenceRecord:
    """Withdrawn or removed from an instant until another (None: still)."""

    absence_kind: str
    since: dt.datetime
    until: dt.datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class RedirectRecord:
    """An old path that leads to the release."""

    path: str
    valid_from: dt.datetime


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """The post that a release came from: its path, the SHA-256 of its bytes, its fingerprint, and the number
    of the edition that was made of it."""

    path: str
    sha256: str
    fingerprint: str
    edition: int


@dataclass(frozen=True, slots=True)
class EditionRecord:
    """All that is typed of an edition or was found by a rule, which a `…_rule` names, and when it is public.
    `based_on` is a number; `agreements` are slugs."""

    number: int
    based_on: int | None
    state: str
    origin: str
    lock_version: int
    permalink: str
    title: str
    summary: str
    release_date: dt.date
    release_date_is_set: bool
    release_date_is_confirmed: bool
    body: str
    link_url: str
    language: str
    kind: str
    kind_rule: str
    lead_text: str
    lead_rule: str
    issuers_rule: str
    contacts: str
    awaited: str
    embargo: str
    embargo_is_confirmed: bool
    change_note: str
    change_class: str
    wanted_from: dt.datetime | None
    rejection: str
    urgent_reason: str
    live_from: dt.datetime | None
    live_until: dt.datetime | None
    first_live_at: dt.datetime | None
    issuers: tuple[IssuerRecord, ...]
    annexes: tuple[AnnexRecord, ...]
    pictures: tuple[PictureRecord, ...]
    agreements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReleaseRecord:
    """A release with all its editions, in the order of their numbers; `addresses` are those that it ever
    had."""

    form: str
    translation_group: UUID
    source: SourceRecord | None
    addresses: tuple[str, ...]
    editions: tuple[EditionRecord, ...]
    absences: tuple[AbsenceRecord, ...]
    redirects: tuple[RedirectRecord, ...]


@dataclass(frozen=True, slots=True)
class OwnPictureRecord:
    """A logo or the picture for sharing."""

    place: str
    sha256: str


@dataclass(frozen=True, slots=True)
class SaidRecord:
    """What the newsroom says of itself."""

    name: str
    line: str
    colour: str
    logo_says_name: bool
    email: str
    phone: str
    security_contact: str
    about: str
    contact: str
    privacy: str
    terms: str
    licence: str
    licence_url: str
    official_note: str
    footer_links: str
    pictures: tuple[OwnPictureRecord, ...]


@dataclass(frozen=True, slots=True)
class ContactRecord:
    """Whom journalists ask; `agency` is the slug of the agency."""

    agency: str
    name: str
    phone: str
    email: str
    hours: str
    valid_from: dt.date | None
    valid_until: dt.date | None


@dataclass(frozen=True, slots=True)
class ClosingTextRecord:
    """What an agency says of itself below its releases; `agency` is its slug."""

    agency: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class AgencyNameRecord:
    """What an agency is called from a day on; None: from the beginning."""

    name: str
    acronym: str
    valid_from: dt.date | None


@dataclass(frozen=True, slots=True)
class AgencyRecord:
    """An agency with all its names; `parent` and `successor` are slugs, "" for none."""

    slug: str
    acronym: str
    kind: str
    parent: str
    successor: str
    succeeded_on: dt.date | None
    hosts: tuple[str, ...]
    aliases: tuple[str, ...]
    is_active: bool
    names: tuple[AgencyNameRecord, ...]


@dataclass(frozen=True, slots=True)
class SignatoryRecord:
    """Who signed."""

    person: str
    office: str


@dataclass(frozen=True, slots=True)
class PartyActionRecord:
    """What a party did; `release` is an address of the release that tells of it, "" for none."""

    kind: str
    action_on: dt.date
    effective_on: dt.date | None
    statement: str
    source: str
    source_url: str
    release: str
    public_from: dt.datetime | None


@dataclass(frozen=True, slots=True)
class PartyRecord:
    """A party with those who signed for it and what it did; `country` is a code, `agency` a slug, "" for none."""

    position: int
    kind: str
    country: str
    agency: str
    name: str
    signatories: tuple[SignatoryRecord, ...]
    actions: tuple[PartyActionRecord, ...]


@dataclass(frozen=True, slots=True)
class EventRecord:
    """What became of an agreement on a day; `release` as with `PartyActionRecord`."""

    kind: str
    date: dt.date
    venue: str
    note: str
    source: str
    source_url: str
    release: str
    public_from: dt.datetime | None


@dataclass(frozen=True, slots=True)
class AgreementTextRecord:
    """A text of an agreement in one language."""

    kind: str
    language: str
    sha256: str


@dataclass(frozen=True, slots=True)
class RelationRecord:
    """How an agreement stands to another one, whose slug `other` is."""

    kind: str
    other: str


@dataclass(frozen=True, slots=True)
class AgreementRecord:
    """All that the register holds of an agreement; `signatories` are those of no party, `mentions` addresses of
    releases."""

    slug: str
    title: str
    short_title: str
    acronyms: tuple[str, ...]
    former_titles: tuple[str, ...]
    instrument_type: str
    binding: str
    summary: str
    subjects: tuple[str, ...]
    lead_agency: str
    contact: str
    depositary: str
    registration: str
    duration: str
    renewal: str
    expires_on: dt.date | None
    source_url: str
    parties: tuple[PartyRecord, ...]
    signatories: tuple[SignatoryRecord, ...]
    events: tuple[EventRecord, ...]
    texts: tuple[AgreementTextRecord, ...]
    relations: tuple[RelationRecord, ...]
    mentions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewsroomRecord:
    """What is no release's; None where nothing was ever said of the newsroom. `synonyms` as they are typed."""

    said: SaidRecord | None
    contacts: tuple[ContactRecord, ...]
    closing_texts: tuple[ClosingTextRecord, ...]
    synonyms: tuple[str, ...]
    agencies: tuple[AgencyRecord, ...] = ()
    agreements: tuple[AgreementRecord, ...] = ()


def locate_record(post: str) -> str:
    """Where the record of the post at `post` lies below the root of the site."""
    return f"{FOLDER}/{post}.json"


def locate_newsroom() -> str:
    """Where the record of the newsroom lies below the root of the site."""
    return f"{FOLDER}/newsroom.json"


def locate_bytes(sha256: str) -> str:
    """Where bytes lie below the root of the site that it does not serve."""
    return f"{FOLDER}/files/{sha256}"


def format_record(record: ReleaseRecord | NewsroomRecord) -> bytes:
    """A record as JSON in UTF-8."""
    told = json.dumps(dataclasses.asdict(record), ensure_ascii=False, indent=1, default=_say)
    return f"{told}\n".encode()


def parse_record(data: bytes) -> ReleaseRecord:
    """The inverse of `format_record`: everything is there and of its kind, and nothing is shown of it that
    could not be typed. Raises RecordError."""
    record: ReleaseRecord = _parse(ReleaseRecord, data)
    if not record.editions:
        raise RecordError("it has no edition")
    return record


def parse_newsroom(data: bytes) -> NewsroomRecord:
    """`parse_record` of what is said of the newsroom and its agencies. Raises RecordError."""
    record: NewsroomRecord = _parse(NewsroomRecord, data)
    return record


def _parse(kind: Any, data: bytes) -> Any:
    try:
        return _read_fields(kind, json.loads(data))
    except (ValueError, RecursionError) as error:
        raise RecordError(str(error) or "it is no JSON") from error


def _say(value: object) -> str:
    return str(value) if isinstance(value, UUID) else value.isoformat()  # type: ignore[attr-defined]


def _read_fields(kind: Any, told: object) -> Any:
    """A record; an older one lacks the fields that have a default."""
    if not isinstance(told, dict):
        raise RecordError(f"{kind.__name__} is no object")
    hints = get_type_hints(kind)
    later = {one.name for one in dataclasses.fields(kind) if one.default is not dataclasses.MISSING}
    return kind(
        **{
            name: _read(name, hint, told.get(name))
            for name, hint in hints.items()
            if name in told or name not in later
        }
    )


def _read(name: str, hint: Any, value: object) -> object:
    """A value of this type; instants have a zone. Raises RecordError, and ValueError."""
    kind = get_origin(hint)
    if kind is types.UnionType:
        return None if value is None else _read(name, get_args(hint)[0], value)
    if kind is tuple and isinstance(value, list):
        return tuple(_read(name, get_args(hint)[0], one) for one in value)
    if dataclasses.is_dataclass(hint):
        return _read_fields(hint, value)
    if isinstance(value, str):
        return _read_text(name, hint, value)
    if hint in (int, bool) and type(value) is hint:
        return value
    raise RecordError(f"{name} is missing or no value of its kind")


def _read_text(name: str, hint: Any, value: str) -> object:
    if hint is str:
        _check_text(name, value)
        return value
    if hint not in _READERS:
        raise RecordError(f"{name} is no value of its kind")
    return _READERS[hint](value)


def _check_text(name: str, value: str) -> None:
    if _UNWRITABLE.search(value):
        raise RecordError(f"{name} holds control characters")
    if value not in _CHOICES.get(name, (value,)):
        raise RecordError(f"{name} is {value[:40]!r}, which is none that there is")
    if name == "sha256" and not _SHA256.fullmatch(value):
        raise RecordError(f"{name} is no digest")
    if name == "link_url" and value and not _WEB.match(value):
        raise RecordError(f"{name} is no web address")


def _read_instant(value: str) -> dt.datetime:
    instant = dt.datetime.fromisoformat(value)
    if instant.tzinfo is None:
        raise RecordError(f"{value} has no zone")
    return instant


_READERS: dict[Any, Callable[[str], object]] = {
    dt.datetime: _read_instant,
    dt.date: dt.date.fromisoformat,
    UUID: UUID,
}
