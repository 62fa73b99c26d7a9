"""A new release of what somebody brought: a Word file, a text with its formatting or plain words, and files
beside it. First what was recognised, which a person reads, then a draft."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.core.files.base import ContentFile
from django.utils.timezone import get_current_timezone, localdate

from releases.content.documents.document import FoundPicture, ReadDocument
from releases.content.documents.embargoes import is_embargo, read_embargo
from releases.content.documents.lines import write_lines
from releases.content.documents.plain_text import read_plain_text
from releases.content.documents.release_fields import find_fields, list_issuers
from releases.content.extraction.bylines import find_issuers
from releases.content.files.annex_names import AnnexName, format_annex_name
from releases.content.markdown.escaping import escape_line, escape_words
from releases.content.text import permalinks
from releases.content.text.limits import LARGEST_BODY
from releases.models import Address, Edition, Section
from releases.services.agencies.lexicon import load_lexicon
from releases.services.editing.draft_values import (
    AnnexValues,
    DraftValues,
    IssuerValues,
    name_annex,
)
from releases.services.editing.drafts import save_draft
from releases.services.editions.transitions import ActionRefused
from releases.services.files.images import PictureRefused, store_picture

NO_TITLE = "Nothing was found that could be a title. The first line of the text is the title."


@dataclass(frozen=True, slots=True)
class RecognisedRelease:
    """What a release would be made of. `issuers` are slugs, `unknown` names that nobody here knows, `embargo` the
    words of all that were found, a line each; `left_out` what belongs into no field, in words; `day` is that of the
    text, as ISO has it, "" for none."""

    title: str
    body: str
    day: str = ""
    contacts: str = ""
    annexes: tuple[tuple[str, str], ...] = ()
    embargo: str = ""
    issuers: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "RecognisedRelease":
        """The inverse of `dataclasses.asdict` behind JSON."""
        held: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in told.items()
        }
        return cls(**held)


@dataclass(frozen=True, slots=True)
class BroughtFile:
    """Bytes that are stored, by their SHA-256, and the name of the file that brought them."""

    blob: str
    name: str


def read_word_file(data: bytes) -> ReadDocument:
    """A `.docx`. Raises DocumentRefused."""
    from releases.content.documents.word import read_word  # noqa: PLC0415 (mammoth is large, and seldom needed)

    return read_word(data)


def read_formatted(html: str) -> ReadDocument:
    """The HTML of a clipboard. Raises DocumentRefused."""
    from releases.content.documents.html_text import read_html  # noqa: PLC0415 (as above)

    return read_html(html)


def read_plain(text: str) -> ReadDocument:
    """Plain words, a line for each paragraph."""
    return ReadDocument(read_plain_text(text))


def recognise_release(reading: ReadDocument) -> RecognisedRelease:
    """Title, issuers, day, text, contacts, annexes and embargoes recognised; pictures of the text are stored.

    A byline with a name that nobody here knows stays in the text; without one, a signature below the text names the
    issuer. Raises ActionRefused.
    """
    found = find_fields(reading.lines)
    if not found.title:
        raise ActionRefused([NO_TITLE])
    known = load_lexicon()
    issued = find_issuers(f"{list_issuers(found.byline) or found.body}\n", known.lexicon)
    if found.byline and not (issued.keys and not issued.unknown):
        found = replace(found, body=f"*{escape_words(found.byline.strip('*_ '))}*\n\n{found.body}")
    embargoes = [words for words in reading.edges if is_embargo(words)]
    edges = [words for words in reading.edges if not is_embargo(words)]
    body, without = show_pictures(found.body, reading.pictures)
    if (size := len(body.encode())) > LARGEST_BODY:
        raise ActionRefused([f"The text has {size:,} bytes; {LARGEST_BODY:,} are allowed."])
    return RecognisedRelease(
        title=found.title,
        body=body,
        day=found.day.isoformat() if found.day else "",
        contacts=found.contacts,
        annexes=tuple((one.label, one.title) for one in found.annexes),
        embargo="\n".join(dict.fromkeys([*embargoes, *found.embargoes])),
        issuers=tuple(issued.keys),
        unknown=tuple(issued.unknown),
        left_out=(*edges, *found.left_out, *reading.left_out, *without),
    )


def write_body(reading: ReadDocument) -> tuple[str, list[str]]:
    """Markdown of a piece of text, for the place in a body where it is put, and what is left out of it."""
    body, without = show_pictures(write_lines(reading.lines), reading.pictures)
    return body, [*reading.left_out, *without]


def show_pictures(body: str, pictures: list[FoundPicture]) -> tuple[str, list[str]]:
    """The body with each picture stored and shown at its own address, and which of them it does not show."""
    without = []
    for number in reversed(range(len(pictures))):
        mark, picture = f"](picture:{number})", pictures[number]
        told = f"Picture{f': {picture.alt_text}' if picture.alt_text else ''}"
        if mark not in body:
            without.append(told)
            continue
        try:
            kind = picture.media_type.rpartition("/")[2].partition("+")[0].replace("jpeg", "jpg")
            path = store_picture(ContentFile(picture.data, f"picture.{kind}"))
        except PictureRefused as refused:
            start = body.rindex("![", 0, body.index(mark))
            body = body[:start] + body[body.index(mark) + len(mark) :]
            without.append(f"{told} ({refused})")
        else:
            body = body.replace(mark, f"]({path})")
    return body, without[::-1]


def find_wanted_time(embargo: str, at: dt.datetime) -> dt.datetime | None:
    """The last instant that the embargoes name, a line each; None where one of them names none for sure, or all
    have passed at `at`."""
    zone = get_current_timezone()
    ends = [read_embargo(words, zone, localdate(at)).ends for words in embargo.splitlines()]
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) and max(known) > at else None


def match_files(files: Collection[BroughtFile], annexes: Collection[tuple[str, str]]) -> list[AnnexValues]:
    """The files as annexes with the names of the list that the text has, in its order, then the others; a file is
    of the list by its label, or by its title where it has none."""
    listed = [AnnexName(*one) for one in annexes]
    found = []
    for file in files:
        named = name_annex(file.name)
        place = _find_place(named, listed)
        label, title = listed[place] if place < len(listed) else named
        found.append((place, AnnexValues(file.blob, label, title or named.title, file_name=file.name)))
    return [values for _, values in sorted(found, key=lambda pair: pair[0])]


def _find_place(named: AnnexName, listed: list[AnnexName]) -> int:
    """Where an annex stands in the list; behind its end where it does not."""
    asked = (named.label or named.title).casefold()
    for place, one in enumerate(listed):
        if asked == (one.label if named.label else one.title).casefold():
            return place
    return len(listed)


def make_draft(
    recognised: RecognisedRelease,
    section: Section,
    *,
    author: AbstractBaseUser,
    at: dt.datetime,
    files: Collection[BroughtFile] = (),
    wanted_from: dt.datetime | None = None,
    embargo_is_confirmed: bool = False,
    put_in: Collection[int] = (),
    form_token: UUID | None = None,
) -> Edition:
    """The draft of what was recognised; `put_in` are the places of what was left out and goes below the text after all.

    Raises ActionRefused and BodyRefused.
    """
    known = load_lexicon()
    more = [escape_line(words) for place, words in enumerate(recognised.left_out) if place in put_in]
    body = "\n\n".join([recognised.body.rstrip("\n"), *more]) + "\n"
    permalink = free_permalink(section, recognised.title)
    day = dt.date.fromisoformat(recognised.day) if recognised.day else localdate(wanted_from or at)
    values = DraftValues(
        title=recognised.title,
        release_date=day,
        release_date_is_set=bool(recognised.day),
        permalink=permalink or f"{section.address.path}release-{at:%Y%m%d%H%M%S}/",
        section=section,
        body=body,
        contacts=recognised.contacts,
        awaited="\n".join(format_annex_name(*annex) for annex in recognised.annexes),
        embargo=recognised.embargo,
        embargo_is_confirmed=embargo_is_confirmed and wanted_from is not None,
        wanted_from=wanted_from,
        issuers=tuple(
            IssuerValues(known.by_slug[slug]) for slug in recognised.issuers if slug in known.by_slug
        ),
        annexes=tuple(match_files(files, recognised.annexes)),
    )
    edition = Edition()
    save_draft(edition, values, base=None, actor=author, at=at, form_token=form_token)
    return edition


def free_permalink(section: Section, title: str) -> str:
    """Below the section, of the title's words, with a number where that is taken; "" when the title has no
    words."""
    words = permalinks.make_slug(title).lower()[:200].strip("-")
    ends = ["", *(f"-{number}" for number in range(2, 100))]
    paths = (f"{section.address.path}{words}{end}/" for end in ends)
    return next((path for path in paths if words and not Address.objects.at(path).exists()), "")
