"""What must hold for each release that is to become public within a day and a half, and who sees to it."""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from releases.models import Edition
from releases.services.accounts import consent
from releases.services.accounts.people import name_person
from releases.services.accounts.permissions import Authority
from releases.services.desk import worklist
from releases.services.editing import checks
from releases.services.editing.checks import Check

HORIZON = dt.timedelta(hours=36)
MOST = 40
OF_FILES = ("annexes", "awaited")


class Requirement(NamedTuple):
    """Something that must hold, whether it does, in words; `step`: the verb whose page leads on ("": the form)."""

    name: str
    holds: bool
    words: str
    step: str = ""


class Due(NamedTuple):
    """An edition with the instant at which it becomes public, or is wanted to."""

    edition: Edition
    at: dt.datetime
    requirements: list[Requirement]

    @property
    def holds(self) -> bool:
        return all(one.holds for one in self.requirements)


def list_due(authority: Authority) -> list[Due]:
    """Of the editions that the user may see, those due within HORIZON, the earliest first; at most MOST."""
    at, until = authority.at, authority.at + HORIZON
    seen = authority.editions.filter(erased_at__isnull=True).select_related("release", "author", "approver")
    seen = seen.prefetch_related(*consent.PARTS, "annexes").defer(
        "body_html", "lead_text", "lead_rule", "issuers_rule"
    )
    approved = seen.filter(live_from__gt=at, live_from__lte=until).order_by("live_from")
    wanted = seen.filter(live_from__isnull=True, wanted_from__gt=at, wanted_from__lte=until)
    wanted = wanted.order_by("wanted_from")
    editions = [*approved[:MOST], *wanted[:MOST]]
    problems = checks.problems(edition.pk for edition in editions)
    people = worklist.find_approvers({one.agency_id for edition in editions for one in edition.issuers.all()})
    due = [
        Due(edition, starts, list(_requirements(edition, starts, problems.get(edition.pk, []), people)))
        for edition in editions
        if (starts := edition.live_from or edition.wanted_from)
    ]
    return sorted(due, key=lambda one: (one.at, one.edition.pk))[:MOST]


def _requirements(
    edition: Edition, starts: dt.datetime, problems: list[Check], people: dict[int, list[str]]
) -> Iterator[Requirement]:
    is_approved = edition.live_from is not None
    yield _clearances(edition, starts)
    yield _approval(edition, people)
    mend = "unschedule" if is_approved else ""
    files = [check.words for check in problems if check.field in OF_FILES]
    others = [check.words for check in problems if check.field not in OF_FILES]
    number = len(edition.annexes.all())
    told = f"{number} file{'' if number == 1 else 's'}, read and clean" if number else "No files"
    yield Requirement("Files", not files, " ".join(files) or told, mend if files else "")
    yield Requirement("Text and links", not others, " ".join(others) or "No problems", mend if others else "")


def _clearances(edition: Edition, starts: dt.datetime) -> Requirement:
    if len(consent.find_stakes(edition)) < 2:
        return Requirement("Clearances", True, "No other agency is concerned")
    debts = [] if edition.live_from else consent.find_debts(edition, starts)
    told = " ".join(debt.words for debt in debts) or "Every agency has cleared it"
    return Requirement("Clearances", not debts, told, "clear" if debts else "")


def _approval(edition: Edition, people: dict[int, list[str]]) -> Requirement:
    if edition.live_from and edition.approver:
        return Requirement("Approval", True, f"Approved by {name_person(edition.approver)}")
    if edition.live_from:
        return Requirement("Approval", True, "Came with the old site")
    if edition.state != Edition.State.SUBMITTED:
        return Requirement("Approval", False, "Not submitted for approval yet")
    lead = next((one.agency_id for one in edition.issuers.all()), 0)
    who = " or ".join(people.get(lead, [])) or "somebody of the lead agency"
    return Requirement("Approval", False, f"Not approved yet. {who} can approve it.", "approve")
