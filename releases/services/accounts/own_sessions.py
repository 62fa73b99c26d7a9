"""Where somebody is signed in, as they see it: when it began, in which browser; no network address is kept."""

import datetime as dt
import hashlib
from typing import Any, NamedTuple

from releases.models import LedgerEntry, Session
from releases.models.session import BEGAN, IDLE

BROWSER = "browser"


class OwnSession(NamedTuple):
    """`digest` stands for the key of the session, which nobody is shown; `began` is None for one that is older
    than this list."""

    digest: str
    began: dt.datetime | None
    browser: str
    is_here: bool


def begin(session: Any, browser: str, at: dt.datetime) -> None:
    """Somebody signed in; their session keeps what they know it by."""
    session[BEGAN], session[BROWSER] = at.isoformat(), browser[:200]


def find_sessions(user: Any, here: str, at: dt.datetime) -> list[OwnSession]:
    """Those of `user` that are not over, the newest first; `here` is the key of the one that asks."""
    rows = Session.objects.filter(user_id=user.pk, expire_date__gt=at, seen_at__gte=at - IDLE)
    found = [_describe(row, here) for row in rows]
    oldest = dt.datetime.min.replace(tzinfo=dt.UTC)
    return sorted(found, key=lambda one: one.began or oldest, reverse=True)


def _describe(row: Session, here: str) -> OwnSession:
    data = row.get_decoded()
    began = dt.datetime.fromisoformat(data[BEGAN]) if BEGAN in data else None
    return OwnSession(_digest(row.pk), began, data.get(BROWSER) or "unknown", row.pk == here)


def end_others(user: Any, here: str, digest: str, at: dt.datetime) -> int:
    """End the session of this digest, or all ("") but the one here, on record. Returns how many."""
    keys = Session.objects.filter(user_id=user.pk).exclude(pk=here).values_list("pk", flat=True)
    chosen = [key for key in keys if digest in ("", _digest(key))]
    number, _ = Session.objects.filter(pk__in=chosen).delete()
    note = {"sessions": number}
    LedgerEntry.objects.record(
        LedgerEntry.Verb.SIGN_OUT, at=at, actor=user, subject=user.get_username(), note=note
    )
    return number


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
