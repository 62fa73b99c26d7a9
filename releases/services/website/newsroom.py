"""What stands around every page: what the newsroom says of itself, and what there is to go to."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet, Subquery

from releases.content.files.media_types import SVG
from releases.models import Agreement, Blob, ContentVersion, Edition, Newsroom
from releases.models.newsroom import KEY
from releases.services.editions.facts import find_once
from releases.services.editions.json_subqueries import JSONOne
from releases.services.editions.statements import Statement

TEXTS = {"about": "About", "contact": "Contact", "privacy": "Privacy", "terms": "Terms of use"}
"""The pages that the newsroom may have, by their addresses."""
SAID = tuple(
    "name line colour logo_says_name email phone licence licence_url official_note security_contact footer_links".split()
)
PICTURES = ("logo", "logo_dark", "social_picture")
SUFFIXES = {"image/png": "png", "image/webp": "webp", "image/jpeg": "jpg", SVG: "svg"}
SHOWN_HEIGHT, SHOWN_WIDTH = 48, 280
"""Pixels of a page that a logo has at most."""


class FooterLink(NamedTuple):
    words: str
    address: str


@dataclass(frozen=True, slots=True)
class OwnPicture:
    """A picture of the newsroom's own, and its pixels; `size`: of its bytes."""

    sha256: str
    size: int
    media_type: str
    width: int
    height: int

    @property
    def address(self) -> str:
        return locate_picture(self.sha256, self.media_type)

    @property
    def shown(self) -> tuple[int, int]:
        """(width, height) in pixels of a page, as a logo."""
        scale = min(SHOWN_HEIGHT / self.height, SHOWN_WIDTH / self.width)
        return round(self.width * scale), round(self.height * scale)

    @property
    def is_square(self) -> bool:
        """Nearly: so that a browser may show it as its icon of the site."""
        return 4 / 5 <= self.width / self.height <= 5 / 4


@dataclass(frozen=True, slots=True)
class Frame:
    """What a page has around it. `texts` names the pages of TEXTS that there are; `has_*`: there is something to
    go to."""

    name: str
    line: str = ""
    colour: str = ""
    logo: OwnPicture | None = None
    logo_dark: OwnPicture | None = None
    logo_says_name: bool = True
    social_picture: OwnPicture | None = None
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

    @property
    def shared_picture(self) -> OwnPicture | None:
        """What stands for the newsroom where a page is shared; no drawing, which few programs show there."""
        if self.social_picture:
            return self.social_picture
        return self.logo if self.logo and self.logo.media_type != SVG else None


@find_once
def find_frame(at: dt.datetime) -> Frame:
    """The frame of the pages of the instant `at`."""
    found, release, agreement = next(iter(FRAME.rows(at=at)), (None, None, None))
    said: dict[str, Any] = found or {}
    keys = {name: said.pop(name, None) for name in PICTURES}
    free = _find_pictures(filter(None, keys.values()))
    pictures: dict[str, Any] = {name: free.get(key) for name, key in keys.items()}
    texts = tuple(name for name in TEXTS if said.pop(f"has_{name}", False))
    if "contact" not in texts and (said.get("email") or said.get("phone")):
        texts = (*texts, "contact")
    links = tuple(read_footer_link(line) for line in said.pop("footer_links", "").splitlines())
    name = said.pop("name", "") or settings.SITE_NAME
    return Frame(
        name,
        **said,
        **pictures,
        footer_links=links,
        texts=texts,
        has_releases=release is not None,
        has_agreements=agreement is not None,
    )


def locate_picture(sha256: str, media_type: str) -> str:
    """The path of a picture of the newsroom's own."""
    return f"/newsroom/{sha256}.{SUFFIXES[media_type]}"


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
    has_text = {f"has_{name}": ExpressionWrapper(~Q(**{name: ""}), BooleanField()) for name in TEXTS}
    keys = {name: f"{name}_id" for name in PICTURES}
    said = JSONOne(Newsroom.objects.filter(pk=KEY), **{name: name for name in SAID}, **keys, **has_text)
    newest = Edition.objects.listed(at).order_by("-live_from").values("pk")[:1]
    agreements = Agreement.objects.public(at).order_by().values("pk")[:1]
    return ContentVersion.objects.filter(pk=1).values_list(said, Subquery(newest), Subquery(agreements))


def _find_pictures(keys: Iterable[str]) -> dict[str, OwnPicture]:
    """Those that may be shown, by their SHA-256."""
    wanted = set(keys)
    free = Blob.objects.exclude(scan__in=Blob.HELD).filter(
        pk__in=wanted, media_type__in=SUFFIXES, picture_width__gt=0
    )
    columns = ("sha256", "size", "media_type", "picture_width", "picture_height")
    return {row[0]: OwnPicture(*row) for row in free.values_list(*columns)} if wanted else {}


FRAME = Statement(_frame_rows)
