"""A draft made of a release that was pasted whole."""

import datetime as dt
from dataclasses import dataclass, replace
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.utils.timezone import get_current_timezone, localdate

from releases.content.documents.embargoes import read_embargo
from releases.content.documents.plain_text import read_plain_text
from releases.content.documents.release_fields import FoundRelease, find_fields, list_issuers
from releases.content.extraction.bylines import find_issuers
from releases.content.files.annex_names import format_annex_name
from releases.content.markdown.escaping import escape_words
from releases.content.text import permalinks
from releases.content.text.limits import LARGEST_BODY
from releases.models import Address, Edition, Section
from releases.services.agencies.lexicon import load_lexicon
from releases.services.editing.draft_values import DraftValues, IssuerValues
from releases.services.editing.drafts import save_draft
from releases.services.editions.transitions import ActionRefused


@dataclass(frozen=True, slots=True)
class PastedDraft:
    """`unknown` are issuers that nobody here knows; `left_out` lines that belong into no field."""

    edition: Edition
    unknown: tuple[str, ...]
    left_out: tuple[str, ...]


def paste_release(
    text: str, section: Section, *, author: AbstractBaseUser, at: dt.datetime, form_token: UUID | None = None
) -> PastedDraft:
    """Title, issuers, day, text, contacts and annexes to come recognised into a new draft. Raises
    ActionRefused and BodyRefused.

    A byline with a name that nobody here knows stays in the text; without one, a signature below the text
    names the issuer.
    """
    found = find_fields(read_plain_text(text))
    if not found.title:
        raise ActionRefused(["Paste the release; its first line is the title."])
    known = load_lexicon()
    issued = find_issuers(f"{list_issuers(found.byline) or found.body}\n", known.lexicon)
    if found.byline and not (issued.keys and not issued.unknown):
        found = replace(found, body=f"*{escape_words(found.byline.strip('*_ '))}*\n\n{found.body}")
    if (size := len(found.body.encode())) > LARGEST_BODY:
        raise ActionRefused([f"The text has {size:,} bytes; {LARGEST_BODY:,} are allowed."])
    edition = Edition()
    issuers = tuple(IssuerValues(known.by_slug[slug]) for slug in issued.keys)
    save_draft(
        edition, _values(found, issuers, section, at), base=None, actor=author, at=at, form_token=form_token
    )
    return PastedDraft(edition, issued.unknown, tuple(found.left_out))


def free_permalink(section: Section, title: str) -> str:
    """Below the section, of the title's words, with a number where that is taken; "" when the title has no
    words."""
    words = permalinks.make_slug(title).lower()[:200].strip("-")
    ends = ["", *(f"-{number}" for number in range(2, 100))]
    paths = (f"{section.address.path}{words}{end}/" for end in ends)
    return next((path for path in paths if words and not Address.objects.at(path).exists()), "")


def find_wanted_time(embargoes: list[str], at: dt.datetime) -> dt.datetime | None:
    """The last instant that embargoes name; None where one of them names none for sure, or all have passed at
    `at`."""
    zone = get_current_timezone()
    ends = [read_embargo(words, zone, localdate(at)).ends for words in embargoes]
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) and max(known) > at else None


def _values(
    found: FoundRelease, issuers: tuple[IssuerValues, ...], section: Section, at: dt.datetime
) -> DraftValues:
    permalink = free_permalink(section, found.title)
    return DraftValues(
        title=found.title,
        release_date=found.day or localdate(at),
        permalink=permalink or f"{section.address.path}release-{at:%Y%m%d%H%M%S}/",
        section=section,
        body=found.body,
        contacts=found.contacts,
        awaited="\n".join(format_annex_name(*annex) for annex in found.annexes),
        embargo="\n".join(found.embargoes),
        wanted_from=find_wanted_time(found.embargoes, at),
        issuers=issuers,
    )
