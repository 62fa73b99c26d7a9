"""Who may do what for which agency: what the roles give, what somebody may see, and the table of every right
to a row.

Pages of the desk ask `Authority`, made once a request, so that each fact about somebody is read once.
"""

import datetime as dt
from collections.abc import Callable
from enum import StrEnum, auto
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar, cast

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from releases.models import Agency, Agreement, Edition, Issuer, Membership, Party, PastIssuer, Release
from releases.services.accounts import agreement_permissions

Person = AbstractBaseUser | AnonymousUser
Role = Membership.Role
Row = TypeVar("Row", bound=Model)

_READ = (
    "address agency agencycontact agencyname agreement annex blob boilerplate edition illustration issuer release section sitefile source"
    " suggestion party"
)
_WRITE = (
    "add_edition change_edition delete_edition add_issuer change_issuer delete_issuer add_annex change_annex delete_annex"
    " change_illustration delete_illustration change_suggestion add_previewlink view_previewlink change_release"
    " view_comment add_comment view_ledgerentry view_absence"
)
_RECORD = "agreement party signatory partyaction agreementevent agreementtext relation mention"
_VERBS = ("add", "change", "delete", "view")
_WRITER = {
    *(f"view_{model}" for model in _READ.split()),
    *_WRITE.split(),
    *(f"{verb}_{model}" for verb in _VERBS for model in _RECORD.split()),
}
_SPEAKER = _WRITER | {f"{verb}_{model}" for verb in _VERBS for model in ("agencycontact", "boilerplate")}
PERMISSIONS = {
    Role.WRITER: _WRITER,
    Role.APPROVER: _SPEAKER,
    Role.ADMINISTRATOR: _SPEAKER
    | {"view_mail", "view_newsroom", "change_newsroom"}
    | {f"{verb}_{model}" for verb in _VERBS for model in ("membership", "redirect", "synonym")},
}
SPEAKERS = (Role.APPROVER, Role.ADMINISTRATOR)


class HeldRole(NamedTuple):
    """A role that somebody has for the agency with the key `agency`; `urgent`: with the right to publish
    alone."""

    role: Role
    agency: int
    urgent: bool


def roles_of(user: Person) -> tuple[HeldRole, ...]:
    """The roles of `user`, none of somebody inactive.

    Kept on the user, as Django's backends keep their permissions.
    """
    if not user.is_active or user.pk is None:
        return ()
    keeper: Any = user  # that of a request stands for one that is read at its first use
    if not hasattr(keeper, "roles_held"):
        rows = (
            Membership.objects.filter(user=user.pk, is_waiting=False)
            .order_by()
            .values_list("role", "agency_id", "urgent")
        )
        keeper.roles_held = tuple(HeldRole(Role(role), agency, urgent) for role, agency, urgent in rows)
    return cast(tuple[HeldRole, ...], keeper.roles_held)


class RoleBackend(BaseBackend):
    """Gives the permissions of the roles that somebody has for any agency; which rows, `Authority`
    decides."""

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Names as Django has them: releases.view_edition. None for a single row, which `Authority`
        judges."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        names = set().union(*(PERMISSIONS[role] for role in {held.role for held in roles_of(user_obj)}))
        return {f"releases.{name}" for name in names}

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return app_label == "releases" and bool(self.get_user_permissions(user_obj))


class Right(StrEnum):
    """What somebody may do with a row; `RIGHTS` says who."""

    FOLLOW = auto()
    WRITE = auto()
    DISCARD = auto()
    APPROVE = auto()
    LEAD = auto()
    PUBLISH_URGENTLY = auto()
    PLACE = auto()
    SEE = auto()
    OWN = auto()
    CHANGE = auto()
    PUBLISH = auto()
    ADMINISTER = auto()
    SPEAK = auto()


class Authority:
    """What `user` may see and do at the desk at the instant `at`.

    Facts about the user are read once. So are those about rows, until `forget_rows`, which whoever locks or
    changes rows calls. Somebody who has all (an active superuser) sees and may everything.
    """

    def __init__(self, user: Person, at: dt.datetime) -> None:
        self.user, self.at = user, at
        self._agencies: dict[tuple[Role, ...], frozenset[int]] = {}
        self.forget_rows()

    def forget_rows(self) -> None:
        """From here on rows are looked at anew."""
        self._answers: dict[tuple[object, ...], bool] = {}
        self._owners: dict[int, frozenset[int]] = {}
        for name in ("owned_agreement_keys", "agreement_keys", "public_agreement_keys", "_ties"):
            vars(self).pop(name, None)

    def may(self, right: Right, row: Model) -> bool:
        """Whether the user has `right` to `row`: an edition, a release, an agreement or an agency, as
        `RIGHTS` says."""
        return RIGHTS[right](self, row)

    def answer(self, predicate: "Predicate[Row]", row: Row) -> bool:
        """What `predicate` says of `row`, asked once."""
        if row.pk is None:
            return predicate.test(self, row)
        key = (predicate, type(row), row.pk)
        if key not in self._answers:
            self._answers[key] = predicate.test(self, row)
        return self._answers[key]

    @property
    def has_all(self) -> bool:
        """Whether the user is an active superuser."""
        return bool(self.user.is_active and getattr(self.user, "is_superuser", False))

    def agencies(self, *roles: Role) -> frozenset[int]:
        """The keys of the agencies for which the user has one of `roles` (any, when none is named), and of
        those that they succeeded."""
        if roles not in self._agencies:
            held = {one.agency for one in roles_of(self.user) if not roles or one.role in roles}
            self._agencies[roles] = self._with_predecessors(held)
        return self._agencies[roles]

    @cached_property
    def urgent_agencies(self) -> frozenset[int]:
        """The keys of the agencies for which the user may publish alone, and of those that they succeeded."""
        return self._with_predecessors({one.agency for one in roles_of(self.user) if one.urgent})

    @cached_property
    def administered_slugs(self) -> list[str]:
        """The slugs, by which the ledger notes them, of the agencies that the user administers."""
        held = Agency.objects.filter(pk__in=self.agencies(Role.ADMINISTRATOR))
        return list(held.values_list("slug", flat=True))

    @cached_property
    def approved_agencies(self) -> frozenset[int]:
        """The keys of the agencies for which anybody in this newsroom approves, themselves or as their
        successor."""
        held = Membership.objects.filter(
            role=Role.APPROVER, is_waiting=False, user__is_active=True
        ).order_by()
        return self._with_predecessors(set(held.values_list("agency_id", flat=True).distinct()))

    @cached_property
    def _predecessors(self) -> dict[int, list[int]]:
        """By the key of an agency, those for which it acts on the day of `at` as their successor."""
        found: dict[int, list[int]] = {}
        rows = Agency.objects.filter(successor__isnull=False).order_by().only("successor", "succeeded_on")
        for former in rows:
            if successor := former.acting_on(localdate(self.at)):
                found.setdefault(successor, []).append(former.pk)
        return found

    def _with_predecessors(self, agencies: set[int]) -> frozenset[int]:
        """These agencies and, however far back, those for which they act."""
        found: set[int] = set()
        waiting = list(agencies)
        while waiting:
            if (agency := waiting.pop()) not in found:
                found.add(agency)
                waiting += self._predecessors.get(agency, ())
        return frozenset(found)

    @property
    def editions(self) -> QuerySet[Edition]:
        """What the user may see: what is or was public, their own drafts and those of their agencies."""
        if self.has_all:
            return Edition.objects.all()
        return self.editable_editions | Edition.objects.on_record(self.at)

    @property
    def editable_editions(self) -> QuerySet[Edition]:
        """Those whose making the user may follow (who did what, comments, clearances): public text is not
        enough. Agencies that were taken out follow what they still have to clear."""
        if self.has_all:
            return Edition.objects.all()
        mine: dict[str, Any] = {"edition": OuterRef("pk"), "agency__in": self.agencies()}
        issued = Issuer.objects.filter(**mine).order_by()
        left = PastIssuer.objects.filter(Q(imported=False) | Q(led=True), **mine).order_by()
        return Edition.objects.filter(Q(author=self.user.pk) | Q(Exists(issued)) | Q(Exists(left)))

    def scope(self, rows: QuerySet[Row], edition: str) -> QuerySet[Row]:
        """Those of `rows` that belong to an edition that the user may see; `edition` is the lookup that leads
        there."""
        if self.has_all:
            return rows
        return rows.filter(**{f"{edition}__in": self.editions.values("pk")}).distinct()

    @property
    def agreements(self) -> QuerySet[Agreement]:
        """The records that the user may see: what readers know of, what their agencies own, what their
        editions name, what is nobody's."""
        if self.has_all:
            return Agreement.objects.all()
        return Agreement.objects.filter(pk__in=self.agreement_keys)

    @property
    def owned_agreements(self) -> QuerySet[Agreement]:
        """The records of which the user may see all: those that their agencies own, and those that are
        nobody's yet."""
        if self.has_all:
            return Agreement.objects.all()
        return Agreement.objects.filter(pk__in=self.owned_agreement_keys)

    @property
    def parties(self) -> QuerySet[Party]:
        """The parties of `owned_agreements`, and of the other `agreements` those that readers may know of."""
        if self.has_all:
            return Party.objects.all()
        known = Party.objects.public(self.at).filter(agreement__in=self.agreement_keys)
        return Party.objects.filter(agreement__in=self.owned_agreement_keys) | known

    @cached_property
    def owned_agreement_keys(self) -> frozenset[int]:
        """Keys: what the user's agencies own, and what is nobody's.

        A superuser, who owns all, has no more of them.
        """
        return self._ties.owned | agreement_permissions.ownerless_keys()

    @cached_property
    def agreement_keys(self) -> frozenset[int]:
        """Keys: those, what the user's editions name, and what readers know of.

        A superuser has no more of them.
        """
        return self.owned_agreement_keys | self._ties.named | self.public_agreement_keys

    @cached_property
    def public_agreement_keys(self) -> frozenset[int]:
        """The keys of the agreements that readers know of at `at`."""
        return agreement_permissions.public_keys(self.at)

    @cached_property
    def _ties(self) -> agreement_permissions.Ties:
        return agreement_permissions.find_ties(self.agencies(), self.user.pk or 0)

    def owners(self, agreement: Agreement) -> frozenset[int]:
        """The keys of the agencies that own `agreement`; none for one that is not stored yet."""
        if agreement.pk is None:
            return frozenset()
        if agreement.pk not in self._owners:
            self._owners[agreement.pk] = agreement_permissions.owners(agreement)
        return self._owners[agreement.pk]


class Predicate(Generic[Row]):
    """A question about somebody and a row, composed of others by `|`, `&` and `~`."""

    def __init__(self, test: Callable[[Authority, Row], bool]) -> None:
        self.test = test

    def __call__(self, authority: Authority, row: Row) -> bool:
        return authority.answer(self, row)

    def __or__(self, other: "Predicate[Row]") -> "Predicate[Row]":
        return Predicate(lambda authority, row: self(authority, row) or other(authority, row))

    def __and__(self, other: "Predicate[Row]") -> "Predicate[Row]":
        return Predicate(lambda authority, row: self(authority, row) and other(authority, row))

    def __invert__(self) -> "Predicate[Row]":
        return Predicate(lambda authority, row: not self(authority, row))


@Predicate[Any]
def has_all(authority: Authority, row: Model) -> bool:
    return authority.has_all


@Predicate[Edition]
def is_author(authority: Authority, edition: Edition) -> bool:
    return edition.author_id is not None and edition.author_id == authority.user.pk


@Predicate[Edition]
def has_issuers(authority: Authority, edition: Edition) -> bool:
    return bool(edition.issuers.all())


@Predicate[Edition]
def is_issuer(authority: Authority, edition: Edition) -> bool:
    """Works for an agency that issues it."""
    return bool(authority.agencies() & _issuers(edition))


@Predicate[Edition]
def has_left(authority: Authority, edition: Edition) -> bool:
    """Works for an agency that issued an earlier state of it, or the edition before, and may still have to
    clear it."""
    left = {row.agency_id for row in edition.past_issuers.all() if row.led or not row.imported}
    return bool(authority.agencies() & left)


@Predicate[Edition]
def is_lead(authority: Authority, edition: Edition) -> bool:
    """Works for its lead agency."""
    return _lead(edition) in authority.agencies()


@Predicate[Edition]
def is_approver(authority: Authority, edition: Edition) -> bool:
    """Approves for an agency that issues it."""
    return bool(authority.agencies(Role.APPROVER) & _issuers(edition))


@Predicate[Edition]
def is_lead_approver(authority: Authority, edition: Edition) -> bool:
    return _lead(edition) in authority.agencies(Role.APPROVER)


@Predicate[Edition]
def may_go_alone(authority: Authority, edition: Edition) -> bool:
    """Has the named right to publish alone for the lead agency."""
    return _lead(edition) in authority.urgent_agencies


@Predicate[Release]
def is_approved(authority: Authority, release: Release) -> bool:
    return release.editions.filter(state=Edition.State.APPROVED).exists()


@Predicate[Release]
def leads_in_public(authority: Authority, release: Release) -> bool:
    """Approves for the lead of the edition that is public, or where none is yet, of the one that will be."""
    approved = release.editions.filter(state=Edition.State.APPROVED).prefetch_related("issuers")
    started = approved.ever_public(authority.at).order_by("number").last()
    edition = started or approved.order_by("number").first()
    return edition is not None and is_lead_approver(authority, edition)


@Predicate[Release]
def makes(authority: Authority, release: Release) -> bool:
    """Issues an edition of it, or wrote one."""
    editions = release.editions.prefetch_related("issuers")
    return any(is_author(authority, one) or is_issuer(authority, one) for one in editions)


@Predicate[Agreement]
def is_known(authority: Authority, agreement: Agreement) -> bool:
    return agreement.pk in authority.agreement_keys


@Predicate[Agreement]
def is_owner(authority: Authority, agreement: Agreement) -> bool:
    """Works for an owner; a record without owners is everybody's who works for an agency."""
    held = authority.agencies()
    return bool(held and held & (authority.owners(agreement) or held))


@Predicate[Agreement]
def is_owning_approver(authority: Authority, agreement: Agreement) -> bool:
    """Approves for an owner; a record without owners is every approver's."""
    held = authority.agencies(Role.APPROVER)
    return bool(held and held & (authority.owners(agreement) or held))


@Predicate[Agreement]
def is_public(authority: Authority, agreement: Agreement) -> bool:
    """Readers know of it."""
    return agreement.pk in authority.public_agreement_keys


@Predicate[Agreement]
def is_public_or_scheduled(authority: Authority, agreement: Agreement) -> bool:
    return agreement_permissions.is_public_or_scheduled(agreement)


@Predicate[Agency]
def is_administrator(authority: Authority, agency: Agency) -> bool:
    return agency.pk in authority.agencies(Role.ADMINISTRATOR)


@Predicate[Agency]
def is_spokesperson(authority: Authority, agency: Agency) -> bool:
    return agency.pk in authority.agencies(*SPEAKERS)


may_publish = has_all | is_owning_approver

RIGHTS: dict[Right, Predicate[Any]] = {
    # Of an edition: see who made it how; type in it; discard it; approve it for an agency; act for its lead
    # agency, alone too.
    Right.FOLLOW: has_all | is_author | is_issuer | has_left,
    Right.WRITE: has_all | is_issuer | is_author & ~has_issuers,
    Right.DISCARD: has_all | is_lead | is_author & (is_issuer | ~has_issuers),
    Right.APPROVE: has_all | is_approver,
    Right.LEAD: has_all | is_lead_approver,
    Right.PUBLISH_URGENTLY: has_all | may_go_alone,
    # Of a release: move it to another section, join its translations.
    Right.PLACE: has_all | leads_in_public | ~is_approved & makes,
    # Of an agreement: see what readers know of it; see all of its record; change it; make something of it
    # public.
    Right.SEE: has_all | is_known,
    Right.OWN: has_all | is_owner,
    Right.CHANGE: may_publish | ~is_public_or_scheduled & is_owner,
    Right.PUBLISH: may_publish,
    # Of an agency: invite its people, give them roles and let them go.
    Right.ADMINISTER: has_all | is_administrator,
    # Say whom journalists ask and what it says of itself, which readers see without an approval.
    Right.SPEAK: has_all | is_spokesperson,
}


def _issuers(edition: Edition) -> set[int]:
    """The keys of its issuers, as they were prefetched where they were."""
    return {issuer.agency_id for issuer in edition.issuers.all()}


def _lead(edition: Edition) -> int | None:
    """The key of its lead agency: the first issuer."""
    first = min(edition.issuers.all(), key=lambda issuer: issuer.position, default=None)
    return first.agency_id if first else None
