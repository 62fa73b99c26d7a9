"""What is typed in the form of an edition and not saved yet, kept for whoever typed it: no contribution, no save, and
nothing that anybody else reads."""

import datetime as dt
import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import cast
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser, User
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from releases.models import Autosave
from releases.services.accounts.permissions import Authority
from releases.services.operations import workers

KEPT = dt.timedelta(days=30)
PAUSE = dt.timedelta(seconds=1)
"""Between two copies of one person."""
MOST_FORMS = 20
"""Of one person; the oldest give way."""
LARGEST = 1_500_000
"""Bytes of one form: a text of 300 kB in any script, as JSON, and all fields beside it."""
EVERY = dt.timedelta(hours=1)


def keep_typed(
    authority: Authority, form_token: UUID, edition: int | None, values: Sequence[tuple[str, str]]
) -> bool:
    """Keep what the form with this token holds now, in the place of what it held before; False where it has to come
    again later, was saved meanwhile, or is of an edition that the user may not see."""
    user, at, text = cast(User, authority.user), authority.at, json.dumps(values)
    mine = Autosave.objects.filter(user=user)
    before = mine.filter(form_token=form_token, ended_at=None, typed_at__lte=at - PAUSE)
    if before.update(values=text, typed_at=at):
        return True
    if edition is not None and not authority.editions.filter(pk=edition).exists():
        return False
    with transaction.atomic():
        others = list(mine.order_by("-typed_at", "-pk").values_list("pk", "form_token", "typed_at"))
        if any(token == form_token or typed_at > at - PAUSE for _, token, typed_at in others):
            return False
        mine.filter(pk__in=[pk for pk, *_ in others[MOST_FORMS - 1 :]]).delete()
        row = Autosave(user=user, edition_id=edition, form_token=form_token, values=text, typed_at=at)
        Autosave.objects.bulk_create([row], ignore_conflicts=True)
    return True


def end_autosave(user: AbstractBaseUser, form_token: UUID, edition: int | None, *, at: dt.datetime) -> None:
    """The form was saved: forget what it held. Call it inside the transaction of the save."""
    row = Autosave(
        user_id=user.pk, edition_id=edition, form_token=form_token, values="[]", typed_at=at, ended_at=at
    )
    Autosave.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["user", "form_token"],
        update_fields=["edition", "values", "typed_at", "ended_at"],
    )


def find_unsaved(authority: Authority) -> QuerySet[Autosave]:
    """What the user typed in the last 30 days and did not save, the newest first, without that of editions which
    they may not see any more."""
    seen = Q(edition=None) | Q(edition__in=authority.editions.order_by().values("pk"))
    mine = Autosave.objects.filter(user=authority.user.pk)
    return mine.filter(seen).unsaved(authority.at - KEPT)


def is_typed_in(authority: Authority) -> Exists:
    """Of an edition in a query: whether the user has typed in it what they did not save."""
    mine = Autosave.objects.filter(user=authority.user.pk, edition=OuterRef("pk"))
    return Exists(mine.unsaved(authority.at - KEPT).order_by())


def keep_forgetting() -> AbstractContextManager[None]:
    """Forget what is old, in a thread, until the end."""
    return workers.repeat("autosaves", EVERY, lambda: forget_old(timezone.now()))


def forget_old(at: dt.datetime) -> None:
    """Delete what nobody typed on in the 30 days before `at`."""
    old = Autosave.objects.filter(typed_at__lte=at - KEPT)
    if old.exists():  # else nobody is kept from writing
        old.delete()
