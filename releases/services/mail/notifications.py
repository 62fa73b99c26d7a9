"""Who is told by email of what happens to an edition. Each person chooses for each kind whether at once, once a
day or never; what is told holds no word of the release.

Call these inside the transaction of what happened. Without mail they do nothing.
"""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, User
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from releases.models import Agency, Edition, Mail, Membership
from releases.services.accounts import consent, notices
from releases.services.accounts.permissions import Role

Kind, Why = Mail.Kind, Mail.Why


def tell_waiting(edition: Edition, *, actor: AbstractBaseUser, at: dt.datetime) -> None:
    """It was submitted: the approvers of the lead who wrote nothing in it, and those of each agency that still has
    to clear it."""
    issuers = list(edition.issuers.all()[:1])
    lead = _approvers([one.agency for one in issuers], at)
    written = edition.contributors.values("user")
    owing = _approvers([debt.agency for debt in consent.find_debts(edition)], at)
    _post(Kind.WAITING, [*lead.exclude(pk__in=written), *owing], edition, actor, at)


def tell_reminded(
    edition: Edition, agencies: Iterable[Agency], *, actor: AbstractBaseUser, at: dt.datetime
) -> None:
    """It still waits for `agencies`: their approvers who wrote nothing in it, or who only have to clear it."""
    people = _approvers(agencies, at)
    if consent.find_debts(edition):
        _post(Kind.WAITING, people, edition, actor, at, Why.AGAIN)
    else:
        written = edition.contributors.values("user")
        _post(Kind.WAITING, people.exclude(pk__in=written), edition, actor, at, Why.AGAIN)


def tell_sent_back(edition: Edition, *, actor: AbstractBaseUser, at: dt.datetime) -> None:
    """It was sent back: those who wrote in it."""
    _post(Kind.SENT_BACK, _writers(edition), edition, actor, at)


def tell_void(
    edition: Edition, agencies: Iterable[Agency], why: Mail.Why, *, actor: AbstractBaseUser, at: dt.datetime
) -> None:
    """The clearances of `agencies` do not count any more: their approvers."""
    _post(Kind.CLEARANCE_VOID, _approvers(agencies, at), edition, actor, at, why)


def tell_comment(edition: Edition, *, actor: AbstractBaseUser, at: dt.datetime) -> None:
    """Somebody commented or replied: those who wrote in it, and those who commented before."""
    said = User.objects.filter(pk__in=edition.comments.values("author"))
    _post(Kind.COMMENT, [*_writers(edition), *said], edition, actor, at)


def tell_published(edition: Edition, at: dt.datetime) -> None:
    """It went live: those who wrote, cleared or approved it."""
    cleared = User.objects.filter(pk__in=edition.clearances.values("given_by"))
    approver = [edition.approver] if edition.approver else []
    _post(Kind.PUBLISHED, [*_writers(edition), *cleared, *approver], edition, None, at)


def tell_failing(edition: Edition, why: Mail.Why, at: dt.datetime) -> None:
    """Its instant is near and something stands in the way: those who wrote in it, and the approvers of all whom it
    concerns."""
    concerned = [stake.agency for stake in consent.find_stakes(edition)]
    people = [*_writers(edition), *_approvers(concerned, at)]
    _post(Kind.CHECK_FAILED, people, edition, None, at, why)


def _post(
    kind: Mail.Kind,
    people: Iterable[User],
    edition: Edition,
    actor: AbstractBaseUser | None,
    at: dt.datetime,
    why: Mail.Why | str = "",
) -> None:
    if settings.EMAIL_URL:
        Mail.objects.post(kind, people, at=at, edition=edition, why=why, actor=actor)


def _writers(edition: Edition) -> QuerySet[User]:
    return User.objects.filter(Q(pk__in=edition.contributors.values("user")) | Q(pk=edition.author_id))


def _approvers(agencies: Iterable[Agency], at: dt.datetime) -> QuerySet[User]:
    """Of these agencies and of those that act for them now."""
    acting = {key for agency in agencies for key in notices.acting_agencies(agency, localdate(at))}
    held = Membership.objects.filter(agency__in=acting, role=Role.APPROVER, is_waiting=False)
    return User.objects.filter(pk__in=held.order_by().values("user"))
