"""Who may do what for which agency, and which editions somebody may see: one scoping for the whole desk."""

import datetime as dt
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.timezone import localdate

from releases.models import (
    Agency,
    Agreement,
    AgreementEvent,
    Edition,
    Issuer,
    Membership,
    Mention,
    Party,
    PartyAction,
    Release,
)

Person = AbstractBaseUser | AnonymousUser
Role = Membership.Role

_READ = "address agency agencyname agreement annex blob edition illustration issuer release section sitefile source suggestion party"
_WRITE = (
    "add_edition change_edition delete_edition add_issuer change_issuer delete_issuer add_annex change_annex delete_annex"
    " change_illustration delete_illustration change_suggestion add_previewlink view_previewlink change_release"
    " view_comment add_comment view_ledgerentry view_absence"
)
_AGREEMENTS = [
    f"{verb}_{model}"
    for verb in ("add", "change", "delete", "view")
    for model in (
        "agreement", "party", "signatory", "partyaction", "agreementevent", "agreementtext", "relation", "mention",
    )
]  # fmt: skip
_PEOPLE = [f"{verb}_{model}" for verb in ("add", "change", "view") for model in ("membership", "redirect")]
_WRITER = {f"view_{model}" for model in _READ.split()} | set(_WRITE.split()) | set(_AGREEMENTS)
PERMISSIONS = {
    Role.WRITER: _WRITER,
    Role.APPROVER: _WRITER,
    Role.ADMINISTRATOR: _WRITER | set(_PEOPLE) | {"delete_membership", "delete_redirect"},
}


class RoleBackend(BaseBackend):
    """Gives the permissions of the roles that somebody has for any agency; which rows, `editions_for` decides."""

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        roles = {role for role, _ in _roles(user_obj)}
        names = set().union(*(PERMISSIONS[Role(role)] for role in roles))
        return {f"releases.{name}" for name in names}

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return app_label == "releases" and bool(self.get_user_permissions(user_obj))


def agencies_of(user: Person, *roles: Role) -> set[int]:
    """The agencies for which `user` has one of `roles` (any, when none is named), and those that they succeeded."""
    found = {agency for role, agency in _roles(user) if not roles or role in roles}
    return with_predecessors(found)


def with_predecessors(agencies: set[int], day: dt.date | None = None) -> set[int]:
    """These agencies and, however far back, those for which they act on `day` (today) as their successors."""
    if not agencies:
        return set()
    before: dict[int, list[int]] = {}
    for former in Agency.objects.filter(successor__isnull=False):
        if successor := former.acting_on(day or localdate()):
            before.setdefault(successor, []).append(former.pk)
    found, waiting = set(), list(agencies)
    while waiting:
        if (agency := waiting.pop()) not in found:
            found.add(agency)
            waiting += before.get(agency, ())
    return found


def editions_for(user: Person, at: dt.datetime | None = None) -> QuerySet[Edition]:
    """What `user` may see at the desk: what is or was public, their own drafts and those of their agencies."""
    if _has_all(user):
        return Edition.objects.all()
    public = Edition.objects.on_record(at or timezone.now())
    return Edition.objects.filter(Q(pk__in=work_of(user).values("pk")) | Q(pk__in=public.values("pk")))


def work_of(user: Person) -> QuerySet[Edition]:
    """The editions whose making `user` may follow (who did what, comments, clearances): public text is not enough."""
    if _has_all(user):
        return Edition.objects.all()
    issued = Edition.objects.filter(issuers__agency__in=agencies_of(user))
    return Edition.objects.filter(Q(pk__in=issued.values("pk")) | Q(author=user.pk))


def scoped(rows: QuerySet[Any], user: Person, edition: str) -> QuerySet[Any]:
    """Those of `rows` that belong to an edition that `user` may see; `edition` is the lookup that leads there."""
    if _has_all(user):
        return rows
    return rows.filter(**{f"{edition}__in": editions_for(user).values("pk")}).distinct()


def may(user: Person, role: Role, edition: Edition) -> bool:
    """Whether `user` has `role` for an agency that issues `edition`; who wrote one without issuers is its writer."""
    if _has_all(user):
        return True
    issuers = set(edition.issuers.values_list("agency_id", flat=True))
    roles = (role,) if role != Role.WRITER else ()
    if not issuers and role == Role.WRITER:
        return edition.author_id == user.pk
    return bool(issuers & agencies_of(user, *roles))


def may_place(user: Person, release: Release) -> bool:
    """Whether `user` may move a release to another section or join its translations: once it is approved, an approver."""
    approved = release.editions.filter(state=Edition.State.APPROVED).order_by("number").last()
    if approved:
        return may(user, Role.APPROVER, approved)
    return work_of(user).filter(release=release).exists()


def may_lead(user: Person, edition: Edition) -> bool:
    """Whether `user` approves for the lead agency."""
    lead = edition.issuers.order_by("position").values_list("agency_id", flat=True).first()
    return _has_all(user) or lead in agencies_of(user, Role.APPROVER)


def has_approver(agency: Agency, day: dt.date | None = None) -> bool:
    """Whether anybody in this newsroom approves for `agency` or for one that acts for it on `day` (today)."""
    chain: set[int] = set()
    one: Agency | None = agency
    while one and one.pk not in chain:
        chain.add(one.pk)
        one = one.successor if one.acting_on(day or localdate()) else None
    held = Membership.objects.filter(agency__in=chain, role=Role.APPROVER, user__is_active=True)
    return held.exists()


def may_publish_urgently(user: Person, edition: Edition) -> bool:
    """The named right to publish alone, for the lead agency."""
    if _has_all(user):
        return True
    lead = edition.issuers.order_by("position").values_list("agency_id", flat=True).first()
    held = Membership.objects.filter(user=user.pk, urgent=True, user__is_active=True)
    return lead in with_predecessors(set(held.values_list("agency_id", flat=True)))


def keepers(agreement: Agreement) -> set[int]:
    """The agencies that an agreement is of: its lead, its parties, and who issues the releases that it is tied to.

    A draft that names it ties nobody, since whoever writes one would make themself a keeper.
    """
    told = Q(mentions__agreement=agreement) | Q(events__agreement=agreement)
    releases = Release.objects.filter(told | Q(party_actions__party__agreement=agreement))
    tied = Q(edition__release__in=releases.values("pk"))
    named = Q(edition__agreements=agreement, edition__state=Edition.State.APPROVED)
    issuers = Issuer.objects.filter(tied | named).values_list("agency", flat=True)
    parties = agreement.parties.filter(agency__isnull=False).values_list("agency", flat=True)
    return {*issuers, *parties, *filter(None, [agreement.lead_agency_id])}


def agreements_for(user: Person, at: dt.datetime | None = None) -> QuerySet[Agreement]:
    """The records that `user` may see at the desk: what readers know of, what is of their agencies or their work, what is nobody's."""
    if _has_all(user):
        return Agreement.objects.all()
    public = Agreement.objects.public(at or timezone.now())
    return Agreement.objects.filter(
        Q(pk__in=public.values("pk")) | _kept_by(user) | _named_in(work_of(user)) | ~_is_somebodys()
    )


def kept_by(user: Person) -> QuerySet[Agreement]:
    """The records of which `user` may see all: those of their agencies, and those that are nobody's yet."""
    if _has_all(user):
        return Agreement.objects.all()
    return Agreement.objects.filter(_kept_by(user) | ~_is_somebodys())


def parties_for(user: Person, at: dt.datetime | None = None) -> QuerySet[Party]:
    """The parties of these; of a record that others keep, those that readers may know of."""
    if _has_all(user):
        return Party.objects.all()
    public = Party.objects.public(at or timezone.now()).filter(
        agreement__in=agreements_for(user, at).values("pk")
    )
    return Party.objects.filter(Q(agreement__in=kept_by(user).values("pk")) | Q(pk__in=public.values("pk")))


def _kept_by(user: Person) -> Q:
    """The rows of Agreement that have an agency of `user` among their keepers."""
    held, work = agencies_of(user), work_of(user)
    parties = Party.objects.filter(agreement=OuterRef("pk"), agency__in=held)
    named = _named_in(work.filter(state=Edition.State.APPROVED))
    return Q(lead_agency__in=held) | Q(Exists(parties)) | _told_in(work) | named


def _is_somebodys() -> Q:
    parties = Party.objects.filter(agreement=OuterRef("pk"), agency__isnull=False)
    everything = Edition.objects.all()
    return Q(lead_agency__isnull=False) | Q(Exists(parties)) | _told_in(everything) | _named_in(everything)


def _named_in(editions: QuerySet[Edition]) -> Q:
    through = Agreement.editions.through.objects
    return Q(Exists(through.filter(agreement=OuterRef("pk"), edition__in=editions.values("pk"))))


def _told_in(editions: QuerySet[Edition]) -> Q:
    """Whether the release of one of these is about an agreement, or evidence of something in its record."""
    releases = editions.values("release")
    mentions = Mention.objects.filter(agreement=OuterRef("pk"), release__in=releases)
    events = AgreementEvent.objects.filter(agreement=OuterRef("pk"), release__in=releases)
    actions = PartyAction.objects.filter(party__agreement=OuterRef("pk"), release__in=releases)
    return Q(Exists(mentions)) | Q(Exists(events)) | Q(Exists(actions))


def may_keep(user: Person, agreement: Agreement) -> bool:
    """Whether `user` may change this record: somebody of its keepers; once readers will see it, who approves for one."""
    if Agreement.objects.promised().filter(pk=agreement.pk).exists():
        return may_show(user, agreement)
    return keeps(user, agreement)


def may_show(user: Person, agreement: Agreement) -> bool:
    """Whether `user` may make something of this record public: whoever approves for one of its keepers."""
    return keeps(user, agreement, Role.APPROVER)


def keeps(user: Person, agreement: Agreement, *roles: Role) -> bool:
    """Whether `user` is of a keeper, in one of `roles` (any, when none is named). A record without keepers is everybody's."""
    held = agencies_of(user, *roles)
    kept_by = keepers(agreement) if agreement.pk and held else set()
    return _has_all(user) or bool(held & kept_by if kept_by else held)


def _roles(user: Person) -> list[tuple[str, int]]:
    """(role, agency) of each membership; asked once for each user object, which lives as long as a request."""
    if not user.is_active or user.pk is None:
        return []
    if "_memberships" not in vars(user):
        held = Membership.objects.filter(user=user.pk).values_list("role", "agency_id")
        vars(user)["_memberships"] = list(held)
    return list(vars(user)["_memberships"])


def _has_all(user: Person) -> bool:
    return bool(user.is_active and getattr(user, "is_superuser", False))
