"""What an agency's people are told on their desk of what others did with an edition that concerns it."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, User
from django.db.models import Q
from django.utils.timezone import localdate

from releases.models import Agency, Edition, LedgerEntry, Mail, Notice
from releases.services.accounts.consent import find_stakes
from releases.services.accounts.permissions import Authority

SHOWN_FOR = dt.timedelta(days=14)
MOST = 12
OF_AN_ACCOUNT = [
    LedgerEntry.Verb.GRANT,
    LedgerEntry.Verb.CONFIRM,
    LedgerEntry.Verb.TAKE,
    LedgerEntry.Verb.RESET,
]


def tell(
    edition: Edition,
    text: str,
    *,
    actor: AbstractBaseUser,
    at: dt.datetime,
    agencies: Iterable[Agency] | None = None,
) -> None:
    """Tell these agencies (None: all that the edition concerns) that `actor` did what `text` says.

    Call it inside the transaction of what was done. `text` goes on from the actor's name and holds no title:
    "withdrew it: a figure is wrong".
    """
    if agencies is None:
        agencies = [stake.agency for stake in find_stakes(edition)]
    made = Notice.objects.bulk_create(
        Notice(agency=agency, edition_id=edition.pk, actor_id=actor.pk, at=at, text=text)
        for agency in agencies
    )
    if settings.EMAIL_URL:
        _post_mail(made, actor, at)


def is_told(authority: Authority, notice: Notice) -> bool:
    """Whether the desk shows the user this notice, as one of an agency's people."""
    if notice.agency_id not in authority.agencies():
        return False
    return bool(notice.edition.erased_at) or authority.editions.filter(pk=notice.edition_id).exists()


def _post_mail(made: list[Notice], actor: AbstractBaseUser, at: dt.datetime) -> None:
    """One email to each of the people who work for these agencies now, but the actor."""
    told: set[int] = {actor.pk}
    for notice in made:
        acting = acting_agencies(notice.agency, localdate(at))
        people = User.objects.filter(memberships__agency__in=acting).exclude(pk__in=told).distinct()
        Mail.objects.post(Mail.Kind.NOTICE, people, at=at, notice=notice, actor=actor)
        told.update(one.pk for one in people)


def acting_agencies(agency: Agency, day: dt.date) -> set[int]:
    """The keys of an agency and of those that act for it on `day`, however often it was succeeded."""
    acting: set[int] = set()
    current: Agency | None = agency
    while current and current.pk not in acting:
        acting.add(current.pk)
        current = current.successor if current.acting_on(day) else None
    return acting


def of_the_account(authority: Authority) -> list[LedgerEntry]:
    """What others did with the user's own account lately, the newest first."""
    user = authority.user
    found = LedgerEntry.objects.filter(subject=user.get_username(), verb__in=OF_AN_ACCOUNT)
    found = found.filter(at__gt=authority.at - SHOWN_FOR).exclude(actor=user.pk)
    return list(found.select_related("actor").order_by("-pk")[:MOST])


def recent_notices(authority: Authority) -> list[Notice]:
    """What the user is told now, the newest first: each thing once, nothing that they did themselves."""
    found = Notice.objects.filter(at__gt=authority.at - SHOWN_FOR, at__lte=authority.at)
    if not authority.has_all:
        shown = Q(edition__in=authority.editions.values("pk")) | Q(edition__erased_at__isnull=False)
        found = found.filter(shown, agency__in=authority.agencies())
    found = found.exclude(actor=authority.user.pk).select_related("edition", "actor")
    seen = {(one.edition_id, one.at, one.text): one for one in found[: 4 * MOST]}
    return list(seen.values())[:MOST]
