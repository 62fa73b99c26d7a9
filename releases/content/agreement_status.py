"""The status of an agreement on a day, from its dated events; never typed, never stored."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from itertools import combinations

from releases.content.text.dates import format_date

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
SETTLED = frozenset(
    "signed approved provisional-application entry-into-force registered amended suspended terminated superseded".split()
)
"""Events after which the text of an agreement is known."""
JOINS = frozenset(("accession",))
LEAVES = frozenset(("denunciation", "withdrawal"))
_RANK = {kind: rank for rank, kind in enumerate(_LEADS_TO)}
_ORDER = {
    "negotiations-launched": "Negotiations launched",
    "concluded": "Negotiations concluded",
    "initialled": "Initialled",
    "signed": "Signed",
    "entry-into-force": "In force",
    "terminated": "Terminated",
}
"""Events that can come in one order only, with the words for them."""


def derive_status(day: dt.date, events: Iterable[tuple[str, dt.date]]) -> str:
    """The status on a day, a key of STATUSES: what the last event by `day` led to. Events are (kind, date),
    in any order.

    Of several on one day the one that stands later in an agreement's life counts. Registration, approval and
    amendment leave the status as it is.
    """
    held = [(date, _RANK[kind]) for kind, date in events if kind in _RANK and date <= day]
    if not held:
        return NEGOTIATION
    return list(_LEADS_TO.values())[max(held)[1]]


def find_disorder(events: Iterable[tuple[str, dt.date]]) -> list[str]:
    """Sentences on events that stand in an order which no agreement can have, such as a force before a
    signature."""
    first: dict[str, dt.date] = {}
    for kind, date in events:
        first[kind] = min(date, first.get(kind, date))
    wrong = [
        (earlier, later)
        for earlier, later in combinations(_ORDER, 2)
        if earlier in first and later in first and first[later] < first[earlier]
    ]
    return [
        f"{_ORDER[later]} on {format_date(first[later])}, before {_ORDER[earlier].lower()} on {format_date(first[earlier])}."
        for earlier, later in wrong
    ]


def find_departure(day: dt.date, moves: Iterable[tuple[str, dt.date]]) -> dt.date | None:
    """The day on which a party left, when it is out on `day`; what it did is (kind of action, from when), in
    any order."""
    held = [(date, kind in JOINS, date) for kind, date in moves if kind in JOINS | LEAVES and date <= day]
    _, joined, date = max(held, default=(day, True, day))
    return None if joined else date


def has_joined(day: dt.date, moves: Iterable[tuple[str, dt.date]]) -> bool:
    """Whether a party was one by `day`: from the beginning, or where it acceded from that on."""
    joined = [date for kind, date in moves if kind in JOINS]
    return not joined or min(joined) <= day


def find_repeated_names(names: Iterable[str]) -> list[str]:
    """A sentence for each name that stands there more than once, however it is spelled."""
    first: dict[str, str] = {}
    counted: Counter[str] = Counter()
    for name in names:
        counted[first.setdefault(name.casefold(), name)] += 1
    return [f"{name} is a party twice." for name in sorted(counted) if counted[name] > 1]


def has_cycle(start: int, pairs: Iterable[tuple[int, int]]) -> bool:
    """Whether following the pairs from `start` comes back to it."""
    below: dict[int, set[int]] = {}
    for one, other in pairs:
        below.setdefault(one, set()).add(other)
    reached, waiting = set[int](), list(below.get(start, ()))
    while waiting:
        if (one := waiting.pop()) not in reached:
            reached.add(one)
            waiting += below.get(one, ())
    return start in reached
