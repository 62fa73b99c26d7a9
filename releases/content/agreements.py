"""The status of an agreement on a day, from its dated events; never typed, never stored."""

import datetime as dt
from collections.abc import Iterable
from itertools import combinations

NEGOTIATION = "in-negotiation"
NOT_RECORDED = "not-recorded"
STATUSES = {
    NEGOTIATION: "In negotiation",
    "concluded": "Concluded",
    "signed": "Signed",
    "provisionally-applied": "Provisionally applied",
    "in-force": "In force",
    "suspended": "Suspended",
    "terminated": "Terminated",
    "superseded": "Superseded",
    NOT_RECORDED: "Not recorded",
}
_LEADS_TO = {
    "negotiations-launched": NEGOTIATION,
    "concluded": "concluded",
    "initialled": "concluded",
    "signed": "signed",
    "provisional-application": "provisionally-applied",
    "entry-into-force": "in-force",
    "suspended": "suspended",
    "terminated": "terminated",
    "superseded": "superseded",
}
_RANK = {kind: rank for rank, kind in enumerate(_LEADS_TO)}
_ORDER = ("negotiations-launched", "concluded", "initialled", "signed", "entry-into-force", "terminated")


def status_on(day: dt.date, events: Iterable[tuple[str, dt.date]]) -> str:
    """A key of STATUSES: what the last event by `day` led to. Events are (kind, date), in any order.

    Of several on one day the one that stands later in an agreement's life counts. Registration, approval and amendment
    leave the status as it is.
    """
    held = [(date, _RANK[kind]) for kind, date in events if kind in _RANK and date <= day]
    if not held:
        return NEGOTIATION
    return list(_LEADS_TO.values())[max(held)[1]]


def disorder(events: Iterable[tuple[str, dt.date]]) -> list[str]:
    """Sentences on events that stand in an order which no agreement can have, such as a force before a signature."""
    first: dict[str, dt.date] = {}
    for kind, date in events:
        first[kind] = min(date, first.get(kind, date))
    wrong = [
        (earlier, later)
        for earlier, later in combinations(_ORDER, 2)
        if earlier in first and later in first and first[later] < first[earlier]
    ]
    return [
        f"{_words(later)} on {_day(first[later])}, before {_words(earlier).lower()} on {_day(first[earlier])}."
        for earlier, later in wrong
    ]


def _words(kind: str) -> str:
    return {
        "negotiations-launched": "Negotiations launched", "concluded": "Negotiations concluded", "initialled": "Initialled",
        "signed": "Signed", "entry-into-force": "In force", "terminated": "Terminated",
    }[kind]  # fmt: skip


def _day(date: dt.date) -> str:
    return f"{date.day} {date:%B %Y}"
