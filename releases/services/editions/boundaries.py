"""The instants at which the public's view changes by the clock alone."""

import datetime as dt
from typing import Any

from django.utils.timezone import localdate, make_aware

from releases.models import Absence, AgreementEvent, Edition, PartyAction, Redirect, Release, SiteFile
from releases.services.editions.statements import Rows, Statement

ONE_DAY = dt.timedelta(days=1)


def _next(model: Any, column: str, **where: Any) -> Statement:
    """The first instant in a column that lies after `at`."""

    def build(at: dt.datetime) -> Rows:
        later = model.objects.filter(**where, **{f"{column}__gt": at})
        return later.order_by(column).values_list(column)[:1]

    return Statement(build)


NEXT_INSTANTS = {
    (Edition, "live_from"): _next(Edition, "live_from", state="approved"),
    (Edition, "live_until"): _next(Edition, "live_until", live_until__isnull=False),
    (Absence, "since"): _next(Absence, "since"),
    (Absence, "until"): _next(Absence, "until"),
    (SiteFile, "live_from"): _next(SiteFile, "live_from"),
    (SiteFile, "live_until"): _next(SiteFile, "live_until"),
    (Redirect, "valid_from"): _next(Redirect, "valid_from"),
    (AgreementEvent, "public_from"): _next(AgreementEvent, "public_from"),
    (Release, "pinned_until"): _next(Release, "pinned_until", pinned_until__isnull=False),
    (PartyAction, "public_from"): _next(PartyAction, "public_from"),
}
"""Days, of names and agreements, begin with a midnight of the newsroom."""


def find_next_boundary(at: dt.datetime) -> dt.datetime:
    """The first instant after `at` from which a page may be another although nothing is written: the next
    midnight of the newsroom's zone at the latest."""
    midnight = make_aware(dt.datetime.combine(localdate(at) + ONE_DAY, dt.time.min))
    return min([midnight, *(row[0] for next_one in NEXT_INSTANTS.values() for row in next_one.rows(at=at))])
