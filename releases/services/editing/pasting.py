"""A draft made of a release that was pasted whole."""

import datetime as dt
from dataclasses import dataclass, replace
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.timezone import localdate

from releases.content.extraction.bylines import attribute
from releases.content.extraction.pasted_release import Pasted, read
from releases.content.files.annex_names import full_name
from releases.content.markdown import RENDERER_VERSION, render
from releases.content.text import permalinks
from releases.models import Address, Edition, Issuer, LedgerEntry, Release, Section
from releases.services.agencies.lexicon import load_lexicon
from releases.services.editing import drafts
from releases.services.editions.digests import digest_edition
from releases.services.editions.transitions import ActionRefused, record_writing


@dataclass(frozen=True, slots=True)
class Draft:
    """`unknown` are issuers that nobody here knows; `left_out` lines that belong into no field."""

    edition: Edition
    unknown: tuple[str, ...]
    left_out: tuple[str, ...]


def paste(
    text: str, section: Section, *, author: AbstractBaseUser, at: dt.datetime, opened: UUID | None = None
) -> Draft:
    """Title, issuers, day, text, contacts and annexes to come recognised into a new draft. Raises Refused and BodyRefused.

    A byline with a name that nobody here knows stays in the text; without one, a signature below the text names the issuer.
    """
    found = read(text)
    if not found.title:
        raise ActionRefused(["Paste the release; its first line is the title."])
    agencies, lexicon = load_lexicon()
    issued = attribute(f"{found.byline or found.body}\n", lexicon)
    if found.byline and not (issued.keys and not issued.unknown):
        found = replace(found, body=f"*{found.byline.strip('*_ ')}*\n\n{found.body}")
    with transaction.atomic():
        edition = _edition(found, section, author, at, opened)
        for position, slug in enumerate(issued.keys, 1):
            issuer = Issuer(edition=edition, agency=agencies[slug], position=position)
            drafts.name_issuer(issuer, edition.release_date)
            issuer.save()
        record_writing(LedgerEntry.Verb.DRAFT, edition, actor=author, at=at, after=digest_edition(edition))
    return Draft(edition, issued.unknown, tuple(found.left_out))


def free_permalink(section: Section, title: str) -> str:
    """Below the section, of the title's words, with a number where that is taken; "" when the title has no words."""
    words = permalinks.jekyll_slug(title).lower()[:200].strip("-")
    ends = ["", *(f"-{number}" for number in range(2, 100))]
    paths = (f"{section.address.path}{words}{end}/" for end in ends)
    return next((path for path in paths if words and not Address.objects.at(path).exists()), "")


def _edition(
    found: Pasted, section: Section, author: AbstractBaseUser, at: dt.datetime, opened: UUID | None
) -> Edition:
    edition = Edition(
        title=found.title, body=found.body, body_html=render(found.body), renderer_version=RENDERER_VERSION,
        release_date=found.day or localdate(at), contacts=found.contacts,
        awaited="\n".join(full_name(*annex) for annex in found.annexes),
    )  # fmt: skip
    permalink = free_permalink(section, found.title) or f"{section.address.path}release-{at:%Y%m%d%H%M%S}/"
    drafts.place(
        edition, permalink=permalink, section=section, kind=Release.Kind.TEXT, author=author, opened=opened
    )
    return edition
