"""What stands around every page: what the newsroom says of itself, and what there is to go to."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Exists, Q, QuerySet, Subquery

from releases.models import Agreement, ContentVersion, Edition, Newsroom
from releases.models.newsroom import KEY
from releases.services.editions.facts import find_once
from releases.services.editions.json_subqueries import JSONOne
from releases.services.editions.statements import Statement

TEXTS = {"about": "About", "contact": "Contact", "privacy": "Privacy", "terms": "Terms of use"}
"""The pages that the newsroom may have, by their addresses."""
SAID = tuple(
    "name line colour email phone licence licence_url official_note security_contact footer_links".split()
)


class FooterLink(NamedTuple):
    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What a page has around it. `texts` names the pages of TEXTS that there are; `has_*`: there is something to
    go to."""

    name: str
    line: str = ""
    colour: str = ""
    email: str = ""
    phone: str = ""
    licence: str = ""
    licence_url: str = ""
    official_note: str = ""
    security_contact: str = ""
    footer_links: tuple[FooterLink, ...] = ()
    texts: tuple[str, ...] = ()
    has_releases: bool = False
    has_agreements: bool = False


@find_once
def find_frame(at: dt.datetime) -> Frame:
    """The frame of the pages of the instant `at`."""
    found, release, agreement = next(iter(FRAME.rows(at=at)), (None, None, None))
    said: dict[str, Any] = found or {}
    texts = tuple(name for name in TEXTS if said.pop(f"has_{name}", False))
    if "contact" not in texts and (said.get("email") or said.get("phone")):
        texts = (*texts, "contact")
    links = tuple(read_footer_link(line) for line in said.pop("footer_links", "").splitlines())
    name = said.pop("name", "") or settings.SITE_NAME
    return Frame(
        name,
        **said,
        footer_links=links,
        texts=texts,
        has_releases=release is not None,
        has_agreements=agreement is not None,
    )


def read_footer_link(line: str) -> FooterLink:
    """Of a line as it is typed: words, then the address. Raises ValueError where it has not both."""
    words, _, address = line.strip().rpartition(" ")
    if not words or not address.startswith(("/", "https://", "http://", "mailto:")):
        raise ValueError(line)
    return FooterLink(words.strip(), address)


def find_text(name: str) -> str:
    """One of TEXTS as it was typed, in Markdown."""
    return Newsroom.objects.filter(pk=KEY).values_list(name, flat=True).first() or ""


def find_newsroom() -> Newsroom:
    """Its one row, made where nobody has said anything yet."""
    return Newsroom.objects.get_or_create(pk=KEY)[0]


def _frame_rows(at: dt.datetime) -> QuerySet[ContentVersion, tuple[Any, ...]]:
    """By the one row that every database has, since nothing may be said of the newsroom yet."""
    has_text = {f"has_{name}": Exists(Newsroom.objects.filter(~Q(**{name: ""}), pk=KEY)) for name in TEXTS}
    said = JSONOne(Newsroom.objects.filter(pk=KEY), **{name: name for name in SAID}, **has_text)
    newest = Edition.objects.listed(at).order_by("-live_from").values("pk")[:1]
    agreements = Agreement.objects.public(at).order_by().values("pk")[:1]
    return ContentVersion.objects.filter(pk=1).values_list(said, Subquery(newest), Subquery(agreements))


FRAME = Statement(_frame_rows)
