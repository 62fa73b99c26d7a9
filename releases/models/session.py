"""Sessions that say whose they are, so that somebody can be signed out everywhere by one query, and when they
were last used, so that a computer that somebody left ends them.

Django's own table keeps neither where a query finds it. `SESSION_ENGINE` names this module.
"""

import datetime as dt
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone

BEGAN = "began"
"""Where a session's data says when somebody signed in, in ISO 8601."""
IDLE = dt.timedelta(hours=1)
"""After so long without a request a session is over."""
NOTED_EVERY = dt.timedelta(minutes=5)


class Session(AbstractBaseSession):
    """`user_id` is the key of the account that is signed in, null for nobody; kept with each save of the
    session. `seen_at` is right to NOTED_EVERY."""

    user_id = models.BigIntegerField(null=True, db_index=True)
    seen_at = models.DateTimeField(default=timezone.now)

    @classmethod
    def get_session_store_class(cls) -> type["SessionStore"]:
        return SessionStore


class SessionStore(db.SessionStore):
    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """No save makes the session of somebody last longer than from when they signed in."""
        session = cast(Session, super().create_model_instance(data))
        session.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        session.seen_at = timezone.now()
        if BEGAN in data:
            age = dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)
            session.expire_date = min(session.expire_date, dt.datetime.fromisoformat(data[BEGAN]) + age)
        return session

    def _get_session_from_db(self) -> Session | None:
        """Django's way to the row, for one that is in use; that it is used now is noted."""
        session = cast("Session | None", super()._get_session_from_db())  # type: ignore[misc]  # the stubs lack it
        now = timezone.now()
        if session is None or (session.user_id and session.seen_at < now - IDLE):
            self._session_key = None
            return None
        if session.user_id and session.seen_at < now - NOTED_EVERY:
            Session.objects.filter(pk=session.pk).update(seen_at=now)
        return session
