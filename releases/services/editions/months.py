"""How many releases are public, by the day, the month and the year of their release date."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Count

from releases.models import Edition
from releases.services.editions.facts import find_once
from releases.services.editions.statements import Statement


class DayCount(NamedTuple):
    """A release date with its releases."""

    day: dt.date
    releases: int


class YearCount(NamedTuple):
    year: int
    releases: int


class GridMonth(NamedTuple):
    """A month (1 to 12) and its releases; `shade` 0 for none, 1 to 4 by the share of the month with the
    most."""

    month: int
    releases: int
    shade: int


class GridYear(NamedTuple):
    """A year with its twelve months in their order."""

    year: int
    months: tuple[GridMonth, ...]


@find_once
def count_days(at: dt.datetime) -> list[DayCount]:
    """Every day with a release that is public at the instant `at`, in no order."""
    return [DayCount(*row) for row in _DAYS.rows(at=at)]


# By day and not by month, as the index has them: no row with its text is read.
_DAYS = Statement(
    lambda at: Edition.objects.listed(at).order_by().values_list("release_date").annotate(Count("pk"))
)


@find_once
def build_month_grid(at: dt.datetime) -> list[GridYear]:
    """How many releases are public at the instant `at` by month, the newest year first. Years without a
    release are left out."""
    known: Counter[tuple[int, int]] = Counter()
    for day, releases in count_days(at):
        known[day.year, day.month] += releases
    most = max(known.values(), default=1)
    return [
        GridYear(
            year,
            tuple(
                GridMonth(month, count := known[year, month], find_shade(count, most))
                for month in range(1, 13)
            ),
        )
        for year in sorted({year for year, _ in known}, reverse=True)
    ]


def count_years(releases_by_day: Iterable[tuple[dt.date, int]]) -> list[YearCount]:
    """The years of these days, the newest first."""
    years: Counter[int] = Counter()
    for day, releases in releases_by_day:
        years[day.year] += releases
    return [YearCount(*row) for row in sorted(years.items(), reverse=True)]


def find_shade(count: int, most: int) -> int:
    """0 for none, else 1 to 4 by the share of the most."""
    return -(-4 * count // most)
