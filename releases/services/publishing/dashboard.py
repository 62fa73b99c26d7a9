"""What waits for somebody when they come to the desk."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from releases.models import (
    Comment,
    Delegation,
    Edition,
    LedgerEntry,
    Membership,
    Notice,
    Proposal,
    SecondFactorReset,
)
from releases.services.accounts import consent, delegations, factor_resets, members, notices
from releases.services.accounts.permissions import Authority, Right, Role
from releases.services.editing import checks
from releases.services.files import scanning
from releases.services.mail import outbox
from releases.services.operations import workers
from releases.services.operations.clock import clock
from releases.services.publishing import workflow

LIST_LENGTH = 12
State = Edition.State


class ScheduledEdition(NamedTuple):
    """`countdown` says how long it is until it goes live: in 2 days 3 hours."""

    edition: Edition
    countdown: str


class FailingEdition(NamedTuple):
    """`number` of checks that block it."""

    edition: Edition
    number: int


class ProposedEdition(NamedTuple):
    """What somebody else proposed of the release of `edition`, and this person can confirm."""

    edition: Edition
    proposal: Proposal


@dataclass(slots=True)
class Dashboard:
    """Editions by what they wait for, and for administrators what ails; `unsent` is the number of emails."""

    to_approve: list[Edition] = field(default_factory=list)
    to_clear: list[Edition] = field(default_factory=list)
    mine: list[Edition] = field(default_factory=list)
    scheduled: list[ScheduledEdition] = field(default_factory=list)
    failing: list[FailingEdition] = field(default_factory=list)
    published: list[Edition] = field(default_factory=list)
    urgent: list[Edition] = field(default_factory=list)
    is_worker_silent: bool = False
    to_confirm: list[ProposedEdition] = field(default_factory=list)
    told: list[Notice] = field(default_factory=list)
    scanner_trouble: str = ""
    roles: list[Membership] = field(default_factory=list)
    resets: list[SecondFactorReset] = field(default_factory=list)
    account: list[LedgerEntry] = field(default_factory=list)
    unsent: int = 0
    acting: list[Delegation] = field(default_factory=list)
    clock_offset: float = 0.0
    clock_trouble: str = ""

    @property
    def needs_somebody(self) -> bool:
        """Whether anything waits for the user."""
        people, releases = (self.roles, self.resets), (self.to_confirm, self.to_approve, self.to_clear)
        return any((*people, *releases, self.mine, self.failing))

    @property
    def clock_is(self) -> str:
        """ "5 seconds fast", where the clock is further off than releases may bear; else ""."""
        if abs(self.clock_offset) <= workers.CLOCK_TOLERANCE:
            return ""
        return f"{abs(self.clock_offset):.0f} seconds {'fast' if self.clock_offset > 0 else 'slow'}"


def build_dashboard(authority: Authority) -> Dashboard:
    """What waits for somebody now; of each kind the most pressing dozen."""
    user, at = authority.user, authority.at
    seen = (
        authority.editions.filter(erased_at__isnull=True)
        .select_related("release", "author")
        .defer("body", "body_html")
    )
    seen = seen.prefetch_related(*consent.PARTS)
    unapproved = seen.filter(live_from__isnull=True)
    submitted = unapproved.filter(state=State.SUBMITTED).order_by("wanted_from", "updated_at")
    waiting = list(submitted[:LIST_LENGTH])
    drafts = unapproved.filter(state__in=(State.DRAFT, State.REJECTED), author=user.pk).order_by(
        "-updated_at"
    )
    said = Comment.objects.filter(edition=OuterRef("pk")).order_by().values("edition")
    number = Coalesce(Subquery(said.annotate(number=Count("pk")).values("number")), 0)
    mine: list[Edition] = list(drafts.annotate(comment_count=number)[:LIST_LENGTH])
    approved = seen.filter(state=State.APPROVED)
    scheduled = approved.filter(live_from__gt=at).order_by("live_from")[:LIST_LENGTH]
    public = approved.filter(live_from__lte=at, origin=Edition.Origin.DESK).order_by("-live_from")
    desk = Dashboard(
        [
            edition
            for edition in waiting
            if authority.may(Right.LEAD, edition) and edition.author_id != user.pk
        ],
        [edition for edition in waiting if workflow.clearable_agencies(edition, authority)],
        mine,
        [
            ScheduledEdition(edition, format_countdown(edition.live_from, at))
            for edition in scheduled
            if edition.live_from
        ],
        list(_failing(waiting + [edition for edition in mine if edition.state == State.DRAFT])),
        list(public[:LIST_LENGTH]),
        list(public.exclude(urgent_reason="").filter(live_from__gt=at - dt.timedelta(days=7))[:LIST_LENGTH]),
        to_confirm=list(_proposed(seen, authority)),
        told=notices.recent_notices(authority),
        account=notices.of_the_account(authority),
        acting=delegations.find_current(authority),
    )
    desk.roles, desk.resets = _people(authority)
    if authority.agencies(Role.ADMINISTRATOR):
        _note_troubles(desk, authority)
    return desk


def _note_troubles(desk: Dashboard, authority: Authority) -> None:
    """What ails the service, which administrators tell to whoever runs it."""
    desk.is_worker_silent = workers.is_worker_silent(authority.at)
    desk.scanner_trouble = scanning.find_trouble()
    desk.clock_trouble = clock.describe_trouble()
    if settings.EMAIL_URL:
        desk.unsent = outbox.given_up(authority).count()
    if settings.CLOCK_URL:
        desk.clock_offset = workers.largest_clock_offset(authority.at)


def _people(authority: Authority) -> tuple[list[Membership], list[SecondFactorReset]]:
    """What another administrator did that waits for the user to confirm."""
    if not (authority.has_all or authority.agencies(Role.ADMINISTRATOR)):
        return [], []
    return list(members.waiting_roles(authority)[:LIST_LENGTH]), factor_resets.waiting_resets(authority)


def _proposed(seen: QuerySet[Edition], authority: Authority) -> Iterator[ProposedEdition]:
    standing = Proposal.objects.standing(*Proposal.Verb).exclude(made_by=authority.user.pk)
    known = authority.scope(standing, "release__editions")
    proposals = list(known.select_related("made_by", "release")[: 4 * LIST_LENGTH])
    if not proposals:
        return
    of_them = seen.filter(release__in=[one.release_id for one in proposals], live_from__lte=authority.at)
    editions = {edition.release_id: edition for edition in of_them.order_by("number")}
    for proposal in proposals:
        edition = editions.get(proposal.release_id)
        if edition and workflow.VERBS[proposal.verb].refusal(authority, edition) == "":
            yield ProposedEdition(edition, proposal)


def format_countdown(moment: dt.datetime, at: dt.datetime) -> str:
    """in 2 days 3 hours; in 4 minutes"""
    minutes = max(0, round((moment - at).total_seconds() / 60))
    days, hours, minutes = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = [(days, "day"), (hours if days < 60 else 0, "hour"), (minutes if days < 60 else 0, "minute")]
    told = [f"{number:,} {name}{'' if number == 1 else 's'}" for number, name in parts if number][:2]
    return f"in {' '.join(told)}" if told else "within a minute"


def _failing(editions: list[Edition]) -> Iterable[FailingEdition]:
    found = checks.problems(edition.pk for edition in editions)
    for edition in editions:
        if number := len(found.get(edition.pk, [])):
            yield FailingEdition(edition, number)
