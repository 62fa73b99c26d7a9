"""What waits for somebody when they come to the desk."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Self

from django.conf import settings
from django.db.models import Exists, OuterRef, prefetch_related_objects

from releases.models import (
    Agency,
    AgencyContact,
    Delegation,
    Edition,
    LedgerEntry,
    Membership,
    Newsroom,
    Notice,
    SecondFactorReset,
    Suggestion,
    SuperuserGrant,
)
from releases.services.accounts import delegations, factor_resets, members, notices, superusers
from releases.services.accounts.permissions import Authority, Role
from releases.services.desk import reminders
from releases.services.desk.worklist import AwaitedItem, WorkItem, find_awaited, find_submitted, find_waiting
from releases.services.editing import outside_links
from releases.services.files import virus_scans
from releases.services.mail import outbox
from releases.services.operations import workers
from releases.services.operations.clock import clock
from releases.services.publishing.schedule import Schedule, build_schedule, find_upcoming

LIST_LENGTH = 12
MOST_COUNTED = 1_000
URGENT_FOR = dt.timedelta(days=7)


@dataclass(slots=True)
class FirstSteps:
    """What a new newsroom still lacks: agencies, and a second person who can approve."""

    has_agency: bool
    has_colleague: bool

    @classmethod
    def read(cls) -> Self:
        approvers = Membership.objects.filter(role=Role.APPROVER, is_waiting=False, user__is_active=True)
        people = approvers.order_by().values("user").distinct()[:2].count()
        return cls(Agency.objects.exists(), people > 1)


@dataclass(slots=True)
class Dashboard:
    """What waits for the user and for others, what is to come and what became public, and for administrators what
    ails; `unsent` is the number of emails, `has_no_address`: readers find no email address to ask at, `suggestions` that of open ones, counted to MOST_COUNTED."""

    waiting: list[WorkItem]
    awaited: list[AwaitedItem]
    schedule: Schedule
    published: list[Edition]
    urgent: list[Edition]
    suggestions: int = 0
    first_steps: FirstSteps | None = None
    is_worker_silent: bool = False
    worker_seen_at: dt.datetime | None = None
    told: list[Notice] = field(default_factory=list)
    scanner_trouble: str = ""
    roles: list[Membership] = field(default_factory=list)
    resets: list[SecondFactorReset] = field(default_factory=list)
    superusers: list[SuperuserGrant] = field(default_factory=list)
    new_superusers: list[SuperuserGrant] = field(default_factory=list)
    account: list[LedgerEntry] = field(default_factory=list)
    unsent: int = 0
    acting: list[Delegation] = field(default_factory=list)
    clock_is: str = ""
    clock_trouble: str = ""
    may_remind: bool = False
    reminded: set[int] = field(default_factory=set)
    dead_links: int = 0
    has_no_address: bool = False

    @property
    def needs_somebody(self) -> bool:
        """Whether anything waits for the user."""
        return any((self.roles, self.superusers, self.resets, self.waiting))


def build_dashboard(authority: Authority) -> Dashboard:
    """What waits for somebody now; of each kind the most pressing dozen."""
    at = authority.at
    seen = authority.editions.filter(erased_at__isnull=True).select_related("release", "author")
    seen = seen.defer("body", "body_html")
    public = seen.filter(live_from__lte=at, origin=Edition.Origin.DESK).order_by("-live_from")
    urgent = list(public.exclude(urgent_reason="").filter(live_from__gt=at - URGENT_FOR)[:LIST_LENGTH])
    published = list(public.exclude(live_until__lte=at)[:LIST_LENGTH])
    upcoming = find_upcoming(seen, at, 4 * LIST_LENGTH)
    submitted = find_submitted(seen)
    waiting = find_waiting(seen, submitted, authority, LIST_LENGTH)
    shown = [*urgent, *published, *upcoming, *(one.edition for one in waiting)]
    prefetch_related_objects(shown, "issuers", "release__absences")
    desk = Dashboard(
        waiting,
        find_awaited(submitted, waiting, authority),
        build_schedule(upcoming, authority),
        published,
        urgent,
        suggestions=_open_suggestions(authority),
        told=notices.recent_notices(authority),
        account=notices.of_the_account(authority),
        acting=delegations.find_current(authority),
    )
    if settings.LINK_CHECKS:
        desk.dead_links = outside_links.count_dead(authority)
    _note_people(desk, authority)
    if settings.EMAIL_URL and desk.awaited:
        desk.may_remind = True
        desk.reminded = reminders.find_reminded([one.edition.pk for one in desk.awaited], at)
    if authority.agencies(Role.ADMINISTRATOR) or authority.has_all:
        _note_troubles(desk, authority)
        if not desk.published:
            desk.first_steps = FirstSteps.read()
    return desk


def _open_suggestions(authority: Authority) -> int:
    found = Suggestion.objects.filter(state=Suggestion.State.OPEN).order_by()
    if not authority.has_all:
        own = authority.editable_editions.filter(release=OuterRef("release")).order_by()
        found = found.filter(Exists(own))
    return found[: MOST_COUNTED + 1].count()


def _note_troubles(desk: Dashboard, authority: Authority) -> None:
    """What ails the service, which administrators tell to whoever runs it."""
    desk.is_worker_silent = workers.is_worker_silent(authority.at)
    desk.worker_seen_at = workers.last_seen()
    desk.scanner_trouble = virus_scans.find_trouble()
    desk.clock_trouble = clock.describe_trouble()
    with_address = AgencyContact.objects.exclude(email="").values("email")
    desk.has_no_address = not with_address.union(Newsroom.objects.exclude(email="").values("email")).exists()
    if settings.EMAIL_URL:
        desk.unsent = outbox.given_up(authority).count()
    if settings.CLOCK_URL:
        desk.clock_is = workers.describe_clock_offset(authority.at)


def _note_people(desk: Dashboard, authority: Authority) -> None:
    """What another administrator did that waits for the user to confirm, and who may do everything since
    lately."""
    if authority.has_all or authority.agencies(Role.ADMINISTRATOR):
        desk.roles = list(members.waiting_roles(authority)[:LIST_LENGTH])
        desk.resets = factor_resets.waiting_resets(authority)
    if authority.has_all:
        desk.superusers = list(superusers.waiting_grants(authority)[:LIST_LENGTH])
        desk.new_superusers = superusers.recent_superusers(authority)


def format_countdown(moment: dt.datetime, at: dt.datetime) -> str:
    """in 2 days 3 hours; in 4 minutes"""
    minutes = max(0, round((moment - at).total_seconds() / 60))
    days, hours, minutes = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = [(days, "day"), (hours if days < 60 else 0, "hour"), (minutes if days < 60 else 0, "minute")]
    told = [f"{number:,} {name}{'' if number == 1 else 's'}" for number, name in parts if number][:2]
    return f"in {' '.join(told)}" if told else "within a minute"
