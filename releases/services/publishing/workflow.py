"""The one table of what can be done with an edition: from which state, by whom, and why not."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from releases.models import Absence, Agency, Edition, Proposal
from releases.services.accounts import consent
from releases.services.accounts.permissions import Authority, Right, Role
from releases.services.agreements import disclosure
from releases.services.editing import checks
from releases.services.editions.transitions import ActionRefused, refuse_if
from releases.services.publishing import approval, new_editions, proposals, review, takedown

Stage = str


def stage_of(edition: Edition, at: dt.datetime) -> Stage:
    """The stored state, and of an approved edition what the clock makes of it.

    draft, submitted, rejected, scheduled, live, superseded, withdrawn, removed or erased.
    """
    if edition.erased_at:
        return "erased"
    if edition.state != Edition.State.APPROVED or edition.live_from is None:
        return edition.state
    if edition.live_from > at:
        return "scheduled"
    if edition.live_until and edition.live_until <= at:
        return "superseded"
    absences = [one for one in edition.release.absences.all() if one.holds(at)]
    return str(absences[0].kind) if absences else "live"


STAGE_NAMES = {
    "draft": "Draft",
    "submitted": "For approval",
    "rejected": "Sent back",
    "scheduled": "Scheduled",
    "live": "Published",
    "superseded": "Replaced",
    "withdrawn": "Withdrawn",
    "removed": "Taken offline",
    "erased": "Erased",
}
"""What each stage is called at the desk."""

Refusal = Callable[[Authority, Edition], str]
"""Why somebody may not do it to an edition; "" where they may."""


def _refuse_without(right: Right, reason: str) -> Refusal:
    return lambda authority, edition: "" if authority.may(right, edition) else reason


_writer = _refuse_without(Right.WRITE, "Only a writer of an issuing agency can do this.")
_approver = _refuse_without(Right.APPROVE, "Only an approver of an issuing agency can do this.")
_lead = _refuse_without(Right.LEAD, "Only an approver of the lead agency can do this.")
_urgent = _refuse_without(
    Right.PUBLISH_URGENTLY, "Only somebody with the right to publish urgently can do this."
)


def _absence(edition: Edition) -> Absence | None:
    """What keeps its release away and has not ended."""
    return next((one for one in edition.release.absences.all() if one.until is None), None)


def _second(authority: Authority, edition: Edition) -> str:
    """Who took the release away is told before they press anything, and for whom others wait."""
    if refusal := _lead(authority, edition):
        return refusal
    absence = _absence(edition)
    if absence is None:
        return ""
    if refusal := takedown.why_not_end(absence, authority.user):
        return refusal
    return " ".join(debt.words for debt in consent.find_return_debts(edition, absence.since))


def _no_writer(authority: Authority, edition: Edition) -> str:
    if refusal := _lead(authority, edition):
        return refusal
    return approval.NO_WRITER if consent.has_written(edition, authority.user) else ""


def _remover(authority: Authority, edition: Edition) -> str:
    return _lead(authority, edition) or _alone(Proposal.Verb.REMOVE, authority, edition)


def _superuser(authority: Authority, edition: Edition) -> str:
    if not authority.has_all:
        return "Only a superuser can erase a release."
    return _alone(Proposal.Verb.ERASE, authority, edition)


def _alone(verb: Proposal.Verb, authority: Authority, edition: Edition) -> str:
    """Whoever asked for it is told that it takes another person."""
    proposal = proposals.standing_proposal(edition.release, verb)
    return proposals.NOT_ALONE[verb] if proposal and proposal.made_by_id == authority.user.pk else ""


def _keeper(authority: Authority, edition: Edition) -> str:
    asked = {verb for verb in Proposal.Verb if proposals.standing_proposal(edition.release, verb)}
    if not asked:
        return "Nobody asked to take this release offline or to erase it."
    if Proposal.Verb.REMOVE not in asked and not authority.has_all:
        return "Only a superuser decides on an erasure."
    return _lead(authority, edition)


def _may_agree(authority: Authority, edition: Edition) -> str:
    if returning_agencies(edition, authority):
        return ""
    return "Only an approver of a joint agency that has not agreed yet can do this."


@dataclass(frozen=True, slots=True)
class Verb:
    """`stages` where it makes sense; `refusal` says why somebody may not; `asks` names the form that it needs.

    `obstacles` are what else stands in the way of who may. It needs no page of its own where it is done `at_once`:
    it asks nothing and can be taken back. With `needs_proof` only somebody does it who proved lately who they are;
    with `takes_away` readers lose the release. Who may not do it is told why: always where it `is_explained`, and
    people of the lead where it `waits_for_others`.
    """

    name: str
    label: str
    stages: tuple[Stage, ...]
    refusal: Refusal
    do: Callable[..., Any]
    done: str
    asks: str = ""
    obstacles: Callable[[Authority, Edition], list[str]] = lambda authority, edition: []
    at_once: bool = False
    needs_proof: bool = False
    takes_away: bool = False
    is_explained: bool = False
    waits_for_others: bool = False


def _clear(
    edition: Edition, *, actor: AbstractBaseUser, at: dt.datetime, note: str = "", seen: str = ""
) -> object:
    """Clear for every agency that `actor` may clear for and that has not cleared yet."""
    authority = Authority(actor, at)
    agencies = clearable_agencies(edition, authority)
    refuse_if([] if agencies else ["Every agency that you can clear for has cleared this text."])
    note = _note(agencies, note, authority)
    with transaction.atomic():
        return [
            review.record_clearance(edition, agency=agency, actor=actor, at=at, note=note, seen=seen)
            for agency in agencies
        ]


def _agree(
    edition: Edition, *, actor: AbstractBaseUser, at: dt.datetime, note: str = "", seen: str = ""
) -> object:
    """Agree to the return of a release for every agency that `actor` may speak for."""
    authority = Authority(actor, at)
    agencies = returning_agencies(edition, authority)
    refuse_if([] if agencies else ["Every agency that you can speak for has agreed."])
    note = _note(agencies, note, authority)
    with transaction.atomic():
        return [
            review.agree_to_return(edition, agency=agency, actor=actor, at=at, note=note, seen=seen)
            for agency in agencies
        ]


def _note(agencies: list[Agency], note: str, authority: Authority) -> str:
    """Who agreed and how, for agencies that have no approver here; "" for one's own, where it would say nothing.
    Raises ActionRefused."""
    is_own = any(agency.pk in authority.agencies(Role.APPROVER) for agency in agencies)
    names = ", ".join(map(str, agencies))
    if is_own and note.strip():
        raise ActionRefused(
            [
                f"You speak for {names} yourself. Empty “Who agreed, and how”: it is for agencies without an approver here."
            ]
        )
    if not is_own and not note.strip():
        raise ActionRefused([f"Say how {names} gave consent."])
    return note.strip()


def clearable_agencies(edition: Edition, authority: Authority) -> list[Agency]:
    """The agencies for which somebody can clear the edition now: their own, else those that have no approver
    here."""
    starts = review.wanted_from(edition, authority.at) or authority.at
    waiting = review.uncleared_agencies(edition, starts)
    return _choose_agencies(waiting, edition, authority)


def returning_agencies(edition: Edition, authority: Authority) -> list[Agency]:
    """The agencies for which somebody can agree that a release comes back: their own, else those that have
    no approver here."""
    absence = _absence(edition)
    waiting = [debt.agency for debt in consent.find_return_debts(edition, absence.since)] if absence else []
    return _choose_agencies(waiting, edition, authority)


def _choose_agencies(waiting: list[Agency], edition: Edition, authority: Authority) -> list[Agency]:
    """Those of `waiting` that somebody can speak for."""
    own = authority.agencies(Role.APPROVER)
    mine = [agency for agency in waiting if agency.pk in own]
    if (
        mine
        or not waiting
        or not authority.may(Right.LEAD, edition)
        or consent.has_written(edition, authority.user)
    ):
        return mine
    return [agency for agency in waiting if agency.pk not in authority.approved_agencies]


def _may_clear(authority: Authority, edition: Edition) -> str:
    if clearable_agencies(edition, authority):
        return ""
    if authority.may(Right.LEAD, edition) and consent.has_written(edition, authority.user):
        return "You wrote in this version. Another approver of the lead agency notes what others agreed to."
    return "Only an approver of an agency that still has to clear this text can clear it."


def _approval_obstacles(authority: Authority, edition: Edition) -> list[str]:
    """What stands in the way of an approval for the time that its author wants, or for now."""
    at, approver = authority.at, cast(AbstractBaseUser, authority.user)
    starts = review.wanted_from(edition, at) or at
    return list(approval.why_not_approve(edition, approver=approver, at=at, live_from=starts))


def _as_approver(verb: Callable[..., Any]) -> Callable[..., Any]:
    return lambda edition, *, actor, at, **values: verb(edition, approver=actor, at=at, **values)


def _as_author(verb: Callable[..., Any]) -> Callable[..., Any]:
    return lambda edition, *, actor, at: verb(edition, author=actor, at=at)


def _of_release(verb: Callable[..., Any]) -> Callable[..., Any]:
    return lambda edition, **values: verb(edition.release, **values)


OPEN, AWAY = ("draft", "submitted"), ("withdrawn", "removed")
PUBLIC = ("live", "superseded", *AWAY)
TABLE = [
    Verb(
        "submit",
        "Submit for approval",
        ("draft", "rejected"),
        _writer,
        review.submit,
        "Submitted for approval.",
        at_once=True,
        is_explained=True,
    ),
    Verb("clear", "Give your agency's clearance", OPEN, _may_clear, _clear, "Cleared.", "note"),
    Verb(
        "approve",
        "Read and approve",
        OPEN,
        _lead,
        _as_approver(approval.approve),
        "The version is approved.",
        "when",
        obstacles=_approval_obstacles,
        needs_proof=True,
        is_explained=True,
    ),
    Verb(
        "publish-urgently",
        "Publish urgently",
        OPEN,
        _urgent,
        _as_approver(approval.approve),
        "The version is approved, urgently.",
        "urgent",
        needs_proof=True,
    ),
    Verb(
        "take-back",
        "Stop the approval",
        ("submitted",),
        _writer,
        review.take_back,
        "It is a draft again.",
        at_once=True,
    ),
    Verb(
        "reject", "Send back", ("submitted",), _approver, review.reject, "Sent back to the author.", "reason"
    ),
    Verb(
        "unschedule",
        "Stop the publication",
        ("scheduled",),
        _lead,
        approval.unschedule_edition,
        "It is a draft again.",
    ),
    Verb(
        "reschedule",
        "Change the time",
        ("scheduled",),
        _no_writer,
        approval.reschedule,
        "The time is changed.",
        "new-time",
    ),
    Verb(
        "next",
        "Correct or update",
        ("live", "withdrawn"),
        _writer,
        _as_author(new_editions.open_next_edition),
        "You are now editing the next version. What is public stays until this one is approved.",
        at_once=True,
    ),
    Verb(
        "again",
        "Restore as a new draft",
        ("superseded",),
        _writer,
        _as_author(new_editions.restore_as_draft),
        "This draft has the text of the old version.",
        at_once=True,
    ),
    Verb(
        "withdraw",
        "Withdraw",
        ("live",),
        _lead,
        _of_release(takedown.withdraw),
        "The release is withdrawn; its page says why.",
        "public-reason",
        takes_away=True,
    ),
    Verb(
        "remove",
        "Take offline",
        ("live", "withdrawn"),
        _remover,
        proposals.remove,
        "The release is offline.",
        "proposal",
        needs_proof=True,
        takes_away=True,
    ),
    Verb("keep", "Keep it", PUBLIC, _keeper, proposals.keep, "The release stays as it is."),
    Verb(
        "agree",
        "Agree to republish it",
        AWAY,
        _may_agree,
        _agree,
        "You agreed that it is republished.",
        "note",
    ),
    Verb(
        "restore",
        "Republish",
        AWAY,
        _second,
        _of_release(takedown.restore),
        "The release is public again.",
        waits_for_others=True,
    ),
    Verb(
        "erase",
        "Permanently erase (legal order)",
        PUBLIC,
        _superuser,
        proposals.erase,
        "The release is erased.",
        "erasure",
        needs_proof=True,
        takes_away=True,
    ),
]
VERBS = {verb.name: verb for verb in TABLE}


class AvailableVerb(NamedTuple):
    """`refusal` is the sentence why somebody may not; "" where they may."""

    verb: Verb
    refusal: str


def available_verbs(edition: Edition, authority: Authority) -> list[AvailableVerb]:
    """The verbs that make sense now; of those that somebody may not do only what it helps to see refused."""
    now = stage_of(edition, authority.at)
    found = [(verb, verb.refusal(authority, edition)) for verb in TABLE if now in verb.stages]
    return [
        AvailableVerb(verb, refusal)
        for verb, refusal in found
        if not refusal or verb.is_explained or _is_for_others(verb, refusal, edition, authority)
    ]


def _is_for_others(verb: Verb, refusal: str, edition: Edition, authority: Authority) -> bool:
    """Whether somebody who might do it waits for others, which it helps to be told."""
    waits = verb.waits_for_others or refusal in (*proposals.NOT_ALONE.values(), approval.NO_WRITER)
    return waits and not _lead(authority, edition)


def why_not_perform(name: str, edition: Edition, authority: Authority) -> list[str]:
    """Every reason, in the editor's words, why somebody can't do this to the edition now."""
    verb = VERBS.get(name)
    if verb is None:
        return ["There is no such step."]
    if (now := stage_of(edition, authority.at)) not in verb.stages:
        return [f"This version has the status “{STAGE_NAMES[now]}”. “{verb.label}” is not possible then."]
    if refusal := verb.refusal(authority, edition):
        return [refusal]
    return verb.obstacles(authority, edition)


def perform_verb(name: str, edition: Edition, *, user: Any, at: dt.datetime, **values: Any) -> Any:
    """Do it as `user`, or raise ActionRefused: the desk's one door to every verb."""
    verb, authority = VERBS.get(name), Authority(user, at)
    if verb is None or stage_of(edition, at) not in verb.stages or verb.refusal(authority, edition):
        raise ActionRefused(why_not_perform(name, edition, authority))
    return verb.do(edition, actor=user, at=at, **values)


@dataclass(frozen=True, slots=True)
class Briefing:
    """What somebody reads before they do something with an edition.

    `reasons` why they can't; every agency that is concerned with what it still has to do; what somebody
    asked for and another person has to confirm; `clearable`: the agencies that they speak for. While it is
    still being written, what is to be mended, and what will be known of agreements with it.
    """

    reasons: list[str]
    stakes: list["StakeView"]
    proposal: Proposal | None
    clearable: list[Agency]
    checks: list[checks.Check]
    disclosed: list[disclosure.Disclosure]


class StakeView(NamedTuple):
    """An agency that is concerned: what the step needs of it, and in words what it still has to do (""
    where that is nothing)."""

    stake: consent.Stake
    need: str
    owed: str


CONSENTED = {"clear": "approve", "agree": "restore"}
"""Steps by which agencies consent to another one."""


def brief(verb: Verb, edition: Edition, authority: Authority) -> Briefing:
    """What somebody reads before they do `verb`."""
    is_open = verb.stages == OPEN
    speaks_for = {"clear": clearable_agencies, "agree": returning_agencies}.get(verb.name)
    stakes = list(_view_stakes(verb, edition, authority))
    told = {view.owed for view in stakes}
    return Briefing(
        reasons=[reason for reason in why_not_perform(verb.name, edition, authority) if reason not in told],
        stakes=stakes,
        proposal=find_proposal(verb.name, edition, authority),
        clearable=speaks_for(edition, authority) if speaks_for else [],
        checks=checks.checks(edition, authority) if is_open else [],
        disclosed=disclosure.disclosed_with([edition], authority.at, authority.public_agreement_keys)
        if is_open
        else [],
    )


def find_proposal(verb: str, edition: Edition, authority: Authority) -> Proposal | None:
    """What somebody asked for of the release of an edition and nobody has ended, for those whom it concerns."""
    proposal = proposals.standing_proposal(edition.release, verb)
    return proposal if proposal and _is_concerned(edition, authority) else None


def _is_concerned(edition: Edition, authority: Authority) -> bool:
    """Whether somebody follows the edition, or works for an agency with a part in it: what others agreed to is
    not for everybody who may read it."""
    mine = authority.agencies()
    return authority.may(Right.FOLLOW, edition) or any(
        stake.agency.pk in mine for stake in consent.find_stakes(edition)
    )


def _view_stakes(verb: Verb, edition: Edition, authority: Authority) -> Iterator[StakeView]:
    """The agencies that an edition concerns, if there is more than one and the step asks for consent."""
    step, stakes = CONSENTED.get(verb.name, verb.name), consent.find_stakes(edition)
    if step not in consent.TABLE or len(stakes) < 2 or not _is_concerned(edition, authority):
        return
    owed = {debt.agency: debt.words for debt in _debts(step, edition, authority)}
    for stake in stakes:
        need = stake.need(step)
        if need is consent.Need.CLEARS and stake.agency.pk not in authority.approved_agencies:
            need = consent.TABLE[step].silent
        if stake.is_excused and need is not consent.Need.TOLD:
            need = consent.Need.NOTHING
        yield StakeView(stake, str(need), owed.get(stake.agency, ""))


def _debts(step: str, edition: Edition, authority: Authority) -> list[consent.Debt]:
    """The consents that the step still needs."""
    absence = _absence(edition)
    if step == "approve":
        starts = review.wanted_from(edition, authority.at) or authority.at
        return consent.find_debts(edition, starts)
    return consent.find_return_debts(edition, absence.since) if step == "restore" and absence else []
