"""The home page: press releases first, what somebody said or answered beside them, and what is pinned above
both."""

import datetime as dt
from dataclasses import dataclass
from functools import cache

from django.db import connection
from django.db.models import Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from releases.models import Edition, Release
from releases.models.edition import NEWEST_FIRST
from releases.services.editions.facts import find_once
from releases.services.editions.listings import read_editions
from releases.services.editions.statements import Statement

SPOKEN = ("speech", "oral-reply", "written-reply", "parliamentary-reply", "forum-reply")
"""The kinds that stand beside the others."""
MOST_PINNED = 2
MAIN_COUNT, BESIDE_COUNT = 8, 5
LATEST_COUNT = 1_000
_ALL = (
    "SELECT 'pinned', pinned.* FROM ({pinned}) pinned UNION ALL SELECT 'main', main.* FROM ({main}) main"
    " UNION ALL SELECT 'spoken', spoken.* FROM ({spoken}) spoken"
)


@dataclass(frozen=True, slots=True)
class FrontPage:
    """Editions, the newest first; what is `pinned` is in neither of the others. Where nothing but speeches and
    replies is published, these are in `main`."""

    pinned: list[Edition]
    main: list[Edition]
    spoken: list[Edition]


@find_once
def find_front_page(at: dt.datetime) -> FrontPage:
    """Main and spoken are looked for among the LATEST_COUNT newest of the archive."""
    parts = {name: statement.sql_and_parameters(at=at) for name, statement in _statements().items()}
    with connection.cursor() as cursor:
        values = [value for part in parts.values() for value in part.parameters]
        cursor.execute(_ALL.format(**{name: part.sql for name, part in parts.items()}), values)
        placed = cursor.fetchall()
    pinned = [key for place, key in placed if place == "pinned"]
    main, spoken = (
        [key for place, key in placed if place == name and key not in pinned] for name in ("main", "spoken")
    )
    if not main:
        main, spoken = spoken, []
    main, spoken = main[:MAIN_COUNT], spoken[:BESIDE_COUNT]
    most = MOST_PINNED + MAIN_COUNT + BESIDE_COUNT
    shown = {edition.pk: edition for edition in read_editions(at, [*pinned, *main, *spoken], most)}
    return FrontPage(*([shown[key] for key in keys if key in shown] for keys in (pinned, main, spoken)))


@cache
def _statements() -> dict[str, Statement]:
    def pick(editions: QuerySet[Edition], length: int) -> QuerySet[Edition, tuple[int]]:
        return editions.order_by(*NEWEST_FIRST).values_list("pk")[:length]

    most = MAIN_COUNT + MOST_PINNED
    return {
        "pinned": Statement(
            lambda at: pick(
                Edition.objects.listed(at).filter(
                    release__in=Release.objects.filter(pinned_until__gt=at).values("pk")
                ),
                MOST_PINNED,
            )
        ),
        "main": Statement(lambda at: pick(_among_latest(at, is_spoken=False), most)),
        "spoken": Statement(lambda at: pick(_among_latest(at, is_spoken=True), most)),
    }


def _among_latest(at: dt.datetime, *, is_spoken: bool) -> QuerySet[Edition]:
    begun = Edition.objects.filter(state=Edition.State.APPROVED, live_from__lte=at).order_by(*NEWEST_FIRST)
    day = Subquery(begun.values("release_date")[LATEST_COUNT : LATEST_COUNT + 1])
    latest = Edition.objects.listed(at).filter(release_date__gte=Coalesce(day, dt.date.min))
    # The kind as no index has it, by which a database would read all speeches of the archive.
    spoken = Q(what__in=SPOKEN)
    return latest.alias(what=Coalesce("kind", Value(""))).filter(spoken if is_spoken else ~spoken)
