"""The days to come at the desk: what is to become public when, and where two releases meet."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.timezone import localdate, localtime, make_aware

from releases.models import Edition
from releases.services.accounts.permissions import Authority, Right

DAYS = 7


class Slot(NamedTuple):
    """An edition at the instant that it has, or that its author wants (`is_approved`: which); `may_move`: the user may
    give it another one."""

    at: dt.datetime
    edition: Edition
    is_approved: bool
    may_move: bool


@dataclass(slots=True)
class Day:
    """`clashes` say in words which slots share an instant."""

    date: dt.date
    slots: list[Slot] = field(default_factory=list)
    clashes: list[str] = field(default_factory=list)


class Schedule(NamedTuple):
    """The days from today on, and the slots after them."""

    days: list[Day]
    later: list[Slot]

    def __bool__(self) -> bool:
        return bool(self.later or any(day.slots for day in self.days))


def find_upcoming(editions: QuerySet[Edition], at: dt.datetime, most: int) -> list[Edition]:
    """Of these what is approved for an instant after `at`, or wanted for one within DAYS: of both at most `most`,
    the earliest."""
    approved = editions.filter(live_from__gt=at).order_by("live_from")
    wanted = editions.filter(live_from__isnull=True, wanted_from__gt=at, wanted_from__lt=_end(at))
    return [*approved[:most], *wanted.order_by("wanted_from")[:most]]


def build_schedule(editions: Iterable[Edition], authority: Authority) -> Schedule:
    """The days from today on with what `find_upcoming` found."""
    today, until = localdate(authority.at), _end(authority.at)
    slots = sorted(
        (_slot(edition, authority) for edition in editions), key=lambda slot: (slot.at, slot.edition.pk)
    )
    days = [Day(today + dt.timedelta(days=number)) for number in range(DAYS)]
    for slot in slots:
        if slot.at < until:
            days[(localdate(slot.at) - today).days].slots.append(slot)
    for day in days:
        day.clashes = list(find_clashes(day.slots))
    return Schedule(days, [slot for slot in slots if slot.at >= until])


def _end(at: dt.datetime) -> dt.datetime:
    return make_aware(dt.datetime.combine(localdate(at) + dt.timedelta(days=DAYS), dt.time.min))


def _slot(edition: Edition, authority: Authority) -> Slot:
    starts = edition.live_from or edition.wanted_from
    if starts is None:
        raise ValueError("An edition without a time has no place in a calendar.")
    is_approved = edition.live_from is not None
    return Slot(starts, edition, is_approved, is_approved and authority.may(Right.LEAD, edition))


def find_clashes(slots: Sequence[Slot]) -> Iterator[str]:
    """2 at 09:00, both with IMDA"""
    together: dict[dt.datetime, list[set[str]]] = {}
    for slot in slots:
        named = {one.acronym or one.name for one in slot.edition.issuers.all()}
        together.setdefault(slot.at, []).append(named)
    for at, names in together.items():
        shared = ", ".join(sorted(set.intersection(*names)))
        every = "both" if len(names) == 2 else "all"
        if len(names) > 1:
            yield f"{len(names)} at {localtime(at):%H:%M}{f', {every} with {shared}' if shared else ''}"
