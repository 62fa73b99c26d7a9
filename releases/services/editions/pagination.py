"""The order of all lists, and positions in it from which the next page starts."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Q

from releases.content.text.dates import Days
from releases.models import Edition

PAGE_LENGTH = 20
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
# A day, microseconds since EPOCH (fewer than none before it) and a key of the database.
POSITION = re.compile(r"(\d{8})-(-?\d{1,18})-([1-9]\d{0,17})", re.ASCII)


class BadCursor(ValueError):
    """A paging position that nobody was given."""


class Cursor(NamedTuple):
    """The place of a release in the order of all lists: its date, the instant at which it first went live,
    and its key."""

    day: dt.date
    first_live_at: dt.datetime
    release: int


@dataclass(frozen=True, slots=True)
class Listing:
    """`older` is the position from which the next page starts, "" on the last one; `newer` that from which the page
    before starts, "" where it is the first."""

    editions: Sequence[Edition]
    older: str
    newer: str = ""

    @property
    def days(self) -> Days:
        """The first and the last release date of a page that has something."""
        days = [edition.release_date for edition in self.editions]
        return Days(min(days), max(days))


class Key(NamedTuple):
    """What tells an edition, and its place in the order of all lists."""

    edition: int
    release_date: dt.date
    first_live_at: dt.datetime | None
    release_id: int


def format_cursor(edition: Edition | Key) -> str:
    """The position just after `edition` in the order of all lists: date, first live instant, release."""
    first = edition.first_live_at.timestamp() if edition.first_live_at else 0
    return f"{edition.release_date:%Y%m%d}-{round(first * 1_000_000)}-{edition.release_id}"


def read_cursor(text: str) -> Cursor:
    """The inverse of `format_cursor`. Raises BadCursor."""
    found = POSITION.fullmatch(text)
    if found is None:
        raise BadCursor(text)
    day, micros, release = found.groups()
    try:
        instant = EPOCH + dt.timedelta(microseconds=int(micros))
        date = dt.datetime.strptime(day, "%Y%m%d").date()  # noqa: DTZ007 (a date has no zone)
        return Cursor(date, instant, int(release))
    except (ValueError, OverflowError) as error:
        raise BadCursor(text) from error


def keyset_q(day: Any, first: Any, release: Any, *, newer: bool = False) -> Q:
    """What stands on one side of a position in the order of all lists."""
    side = "gt" if newer else "lt"
    same_day = Q(release_date=day)
    return (
        Q(**{f"release_date__{side}": day})
        | same_day & Q(**{f"first_live_at__{side}": first})
        | same_day & Q(**{"first_live_at": first, f"release_id__{side}": release})
    )
