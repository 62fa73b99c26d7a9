"""The instants at which the public's view changes by the clock alone."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet, Subquery
from django.utils.timezone import localdate, make_aware

from releases.models import (
    Absence,
    AgreementEvent,
    ContentVersion,
    Edition,
    PartyAction,
    Redirect,
    Release,
    SiteFile,
)
from releases.services.editions.statements import Statement

ONE_DAY = dt.timedelta(days=1)
INSTANTS: dict[tuple[Any, str], dict[str, Any]] = {
    (Edition, "live_from"): {"state": "approved"},
    (Edition, "live_until"): {"live_until__isnull": False},
    (Absence, "since"): {},
    (Absence, "until"): {},
    (SiteFile, "live_from"): {},
    (SiteFile, "live_until"): {},
    (Redirect, "valid_from"): {},
    (AgreementEvent, "public_from"): {},
    (Release, "pinned_until"): {"pinned_until__isnull": False},
    (PartyAction, "public_from"): {},
}
"""Columns that hold them, each with what lets its index be used. Days, of names and agreements, begin with a midnight
of the newsroom."""


def find_next_boundary(at: dt.datetime) -> dt.datetime:
    """The first instant after `at` from which a page may be another although nothing is written: the next
    midnight of the newsroom's zone at the latest; `at` itself, so that nothing is kept, without a content version."""
    midnight = make_aware(dt.datetime.combine(localdate(at) + ONE_DAY, dt.time.min))
    rows = _NEXT.rows(at=at)
    return min([midnight, *(instant for instant in rows[0] if instant)]) if rows else at


def _next(at: dt.datetime) -> QuerySet[ContentVersion, Any]:
    """The first instant of each column that lies after `at`, in the one row that is always there."""
    first = [
        Subquery(model.objects.filter(**where, **{f"{column}__gt": at}).order_by(column).values(column)[:1])
        for (model, column), where in INSTANTS.items()
    ]
    return ContentVersion.objects.values_list(*first)[:1]


_NEXT = Statement(_next)
