"""What is typed of a draft, as plain values: what an editor's form, a pasted release and a post of an old
site become."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from releases.content.files.annex_names import AnnexName, format_annex_name, split_label
from releases.models import Address, Agency, Agreement, Release, Section

LAST_PLACE = 30_000
Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class IssuerValues:
    """An issuing agency. `row` is the key of the stored row that it continues; None: it is added.

    Without a name it gets the name and acronym that the agency had on the release date.
    """

    agency: Agency
    row: int | None = None
    name: str = ""
    acronym: str = ""


@dataclass(frozen=True, slots=True)
class AnnexValues:
    """A file that is listed beside the text; `blob` is the SHA-256 of its bytes.

    Without an address it gets one of its own, which nobody can guess and which ends in `file_name`.
    """

    blob: str
    label: str = ""
    title: str = ""
    language: str = ""
    row: int | None = None
    address: Address | None = None
    file_name: str = ""


@dataclass(frozen=True, slots=True)
class PictureValues:
    """A picture that the text shows; `blob` is the SHA-256 of its bytes."""

    address: Address
    blob: str
    alt_text: str = ""
    row: int | None = None


@dataclass(frozen=True, slots=True)
class DraftValues:
    """All that is typed of an edition. Issuers (the lead first) and annexes stand in their order.

    `body` is Markdown. `body_html` is its rendering with the renderer's version, where somebody has rendered
    it already; None: whoever writes it renders it. Where the release date is not set on purpose, it is that of the
    publication when it comes; another one is confirmed once somebody said that it is right. `kind` is one of KINDS,
    "": a rule finds it. `issuers_rule` names the rule that found the issuers, "": somebody named them. `wanted_from` is
    an aware instant. `awaited` has a line for each annex whose file is still to come. `embargo` are the words of one in the text that was brought, "" for
    none; it is confirmed once somebody said that `wanted_from` keeps it.
    """

    title: str
    release_date: dt.date
    permalink: str
    section: Section
    form: str = Release.Form.TEXT
    summary: str = ""
    body: str = ""
    body_html: str | None = None
    renderer_version: int = 0
    release_date_is_set: bool = True
    release_date_is_confirmed: bool = False
    link_url: str = ""
    language: str = "en"
    kind: str = ""
    issuers_rule: str = ""
    contacts: str = ""
    awaited: str = ""
    embargo: str = ""
    embargo_is_confirmed: bool = False
    change_class: str = ""
    change_note: str = ""
    wanted_from: dt.datetime | None = None
    issuers: tuple[IssuerValues, ...] = ()
    annexes: tuple[AnnexValues, ...] = ()
    pictures: tuple[PictureValues, ...] = ()
    agreements: tuple[Agreement, ...] = ()


def in_order(parts: Iterable[tuple[int | None, Part]]) -> tuple[Part, ...]:
    """The parts of (place, part) by the places that were typed; those without one follow in the order
    given."""
    return tuple(part for _, part in sorted(parts, key=lambda pair: pair[0] or LAST_PLACE))


def name_annex(file_name: str) -> AnnexName:
    """What an annex is called after its file; a name without words makes a plain "File"."""
    label, title = split_label("", file_name)
    return AnnexName(label, title or ("" if label else "File"))


def pending_annexes(awaited: str) -> list[AnnexName]:
    """The annexes that are named, a line each ("Annex A: Key features"), and whose files are still to
    come."""
    lines = [" ".join(line.split()) for line in awaited.splitlines()]
    parted = [line.partition(":") for line in lines if line]
    return [AnnexName(label.strip(), title.strip()) for label, _, title in parted]


def clear_arrived(values: DraftValues) -> DraftValues:
    """The values without the annexes to come that are there now."""
    there = {(annex.label or annex.title).casefold() for annex in values.annexes} - {""}
    left = [name for name in pending_annexes(values.awaited) if name.label.casefold() not in there]
    return replace(values, awaited="\n".join(format_annex_name(*name) for name in left))


def as_new(values: DraftValues) -> DraftValues:
    """The same for another edition, which gets rows of its own."""
    return replace(
        values,
        issuers=tuple(replace(one, row=None) for one in values.issuers),
        annexes=tuple(replace(one, row=None) for one in values.annexes),
        pictures=tuple(replace(one, row=None) for one in values.pictures),
    )
