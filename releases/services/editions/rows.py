"""What pages, feeds and the API show of an edition, as typed rows that no template or serializer has to take
apart."""

import datetime as dt
from dataclasses import dataclass

from releases.content.markdown import Name
from releases.models import Edition


@dataclass(frozen=True, slots=True)
class IssuerRow:
    """An issuing agency under the name of the day of approval; `slug` leads to its page, `agency` is its key,
    `today` its acronym or name now, `reachable` whether its page says whom to ask, and `email` where to write,
    where these were asked for."""

    name: str
    acronym: str
    slug: str
    agency: int
    today: str = ""
    reachable: bool = False
    email: str = ""


@dataclass(frozen=True, slots=True)
class AnnexRow:
    """A file of an edition. `size` in bytes; `pages` and the thumbnail's pixels once it was read, else None.

    `readable`: its text can be read as a web page.
    """

    label: str
    title: str
    language: str
    path: str
    media_type: str
    size: int
    sha256: str
    pages: int | None
    readable: bool
    thumbnail_width: int | None
    thumbnail_height: int | None


@dataclass(frozen=True, slots=True)
class PictureRow:
    """A picture in the text: its pixels, and how wide its smaller copies are, the narrowest first, with blanks between."""

    path: str
    sha256: str
    width: int
    height: int
    copy_widths: str


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """An agreement that a release is about; `event` is the kind of what the release evidences, "" for none.

    `status` is a key of STATUSES, where it was asked for.
    """

    slug: str
    title: str
    event: str
    status: str = ""


@dataclass(frozen=True, slots=True)
class ReleaseLink:
    """Another release, as a link to it."""

    path: str
    title: str
    language: str


@dataclass(frozen=True, slots=True)
class Update:
    """An edition that has been public, in the list of updates of its release."""

    number: int
    live_from: dt.datetime
    change_note: str
    change_class: str


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Since when and why a release is withdrawn."""

    since: dt.datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """A release's page. `edition` comes with its address, section and the section's room.

    Issuers, the lead first; annexes in order; `updates` from the newest to this edition; `newer` and `older`
    are its neighbours in the section. No release stands twice in `related`, `same_subject` and `from_lead`.
    `description` is its summary, else how its text begins. `agreement_names` are those that become links in
    the text; `absent_files` are paths that it links to, where no file is public; `with_contacts` the
    issuers whose pages say whom to ask now, `email` the address of the first of them that has one; `pictures`
    those in the text that were read.
    """

    edition: Edition
    description: str
    body_html: str
    issuers: list[IssuerRow]
    annexes: list[AnnexRow]
    agreements: list[AgreementRow]
    withdrawal: Withdrawal | None
    updates: list[Update]
    translations: list[ReleaseLink]
    newer: ReleaseLink | None
    older: ReleaseLink | None
    related: list[ReleaseLink]
    same_subject: list[ReleaseLink]
    from_lead: list[ReleaseLink]
    agreement_names: tuple[Name, ...]
    absent_files: frozenset[str] = frozenset()
    with_contacts: tuple[IssuerRow, ...] = ()
    pictures: tuple[PictureRow, ...] = ()
    email: str = ""
