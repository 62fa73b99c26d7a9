"""The one table of what can be done with an edition: from which state, by whom, and why not."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from releases.models import Agency, Edition
from releases.services.accounts.permissions import Authority, Right, Role
from releases.services.agreements import disclosure
from releases.services.editing import checks
from releases.services.editions.transitions import ActionRefused
from releases.services.publishing import approval, erasure, new_editions, review, takedown

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


def _second(authority: Authority, edition: Edition) -> str:
    """Who took the release away is told before they press anything."""
    own = edition.release.absences.filter(until__isnull=True, begun_by=authority.user.pk)
    return _lead(authority, edition) or (takedown.NOT_ALONE if own.exists() else "")


def _superuser(authority: Authority, edition: Edition) -> str:
    return "" if authority.has_all else "Only a superuser can erase a release."


@dataclass(frozen=True, slots=True)
class Verb:
    """`stages` where it makes sense; `refusal` says why somebody may not; `asks` names the form that it
    needs."""

    name: str
    label: str
    stages: tuple[Stage, ...]
    refusal: Refusal
    do: Callable[..., Any]
    done: str
    asks: str = ""

    @property
    def at_once(self) -> bool:
        """Whether it needs no page of its own: it asks nothing and can be taken back."""
        return self.name in ("submit", "take-back", "reopen", "next", "again")


def _clear(
    edition: Edition, *, actor: AbstractBaseUser, at: dt.datetime, note: str = "", seen: str = ""
) -> object:
    """Clear for every agency that `actor` may clear for and that has not cleared yet."""
    authority = Authority(actor, at)
    agencies = clearable_agencies(edition, authority)
    if not agencies:
        raise ActionRefused(["Every agency that you can clear for has cleared this text."])
    if any(agency.pk in authority.agencies(Role.APPROVER) for agency in agencies):
        note = ""  # it says how an agency consented that has nobody here
    elif not note.strip():
        raise ActionRefused([f"Say how {', '.join(map(str, agencies))} gave consent."])
    with transaction.atomic():
        return [
            review.record_clearance(edition, agency=agency, actor=actor, at=at, note=note.strip(), seen=seen)
            for agency in agencies
        ]


def clearable_agencies(edition: Edition, authority: Authority) -> list[Agency]:
    """The agencies for which somebody can clear the edition now: their own, else those that have no approver
    here."""
    waiting = review.uncleared_agencies(edition)
    own = authority.agencies(Role.APPROVER)
    mine = [agency for agency in waiting if agency.pk in own]
    if mine or not waiting or not authority.may(Right.LEAD, edition):
        return mine
    return [agency for agency in waiting if agency.pk not in authority.approved_agencies]


def _may_clear(authority: Authority, edition: Edition) -> str:
    if clearable_agencies(edition, authority):
        return ""
    return "Only an approver of a joint agency that has not cleared this text can clear it."


def _as_approver(verb: Callable[..., Any]) -> Callable[..., Any]:
    return lambda edition, *, actor, at, **values: verb(edition, approver=actor, at=at, **values)


def _as_author(verb: Callable[..., Any]) -> Callable[..., Any]:
    return lambda edition, *, actor, at: verb(edition, author=actor, at=at)


def _of_release(verb: Callable[..., Any]) -> Callable[..., Any]:
    return lambda edition, **values: verb(edition.release, **values)


OPEN, AWAY = ("draft", "submitted"), ("withdrawn", "removed")
TABLE = [
    Verb("submit", "Submit for approval", ("draft",), _writer, review.submit, "Submitted for approval."),
    Verb("clear", "Clear for your agency", OPEN, _may_clear, _clear, "Cleared.", "note"),
    Verb(
        "approve",
        "Approve and publish",
        OPEN,
        _lead,
        _as_approver(approval.approve),
        "The edition is approved.",
        "when",
    ),
    Verb(
        "publish-urgently",
        "Publish urgently",
        OPEN,
        _urgent,
        _as_approver(approval.approve),
        "The edition is approved, urgently.",
        "urgent",
    ),
    Verb(
        "take-back", "Take back to draft", ("submitted",), _writer, review.take_back, "It is a draft again."
    ),
    Verb(
        "reject", "Send back", ("submitted",), _approver, review.reject, "Sent back to the author.", "reason"
    ),
    Verb("reopen", "Take up again", ("rejected",), _writer, review.reopen, "It is a draft again."),
    Verb(
        "unschedule",
        "Unschedule",
        ("scheduled",),
        _lead,
        approval.unschedule_edition,
        "The edition is a draft again.",
    ),
    Verb(
        "next",
        "Edit",
        ("live", "withdrawn"),
        _writer,
        _as_author(new_editions.open_next_edition),
        "This is the draft of the next edition.",
    ),
    Verb(
        "again",
        "Restore as a new draft",
        ("superseded",),
        _writer,
        _as_author(new_editions.restore_as_draft),
        "This draft has the text of the old edition.",
    ),
    Verb(
        "withdraw",
        "Withdraw",
        ("live",),
        _lead,
        _of_release(takedown.withdraw),
        "The release is withdrawn; its page says why.",
        "public-reason",
    ),
    Verb(
        "remove",
        "Remove",
        ("live", "withdrawn"),
        _lead,
        _of_release(takedown.remove),
        "The release is removed.",
        "public-reason",
    ),
    Verb("restore", "Bring back", AWAY, _second, _of_release(takedown.restore), "The release is back."),
    Verb(
        "erase",
        "Erase by law",
        ("live", "superseded", *AWAY),
        _superuser,
        _of_release(erasure.erase_release),
        "The release is erased.",
        "public-reason",
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
        if not refusal or verb.name in ("approve", "submit") or refusal == takedown.NOT_ALONE
    ]


def why_not_perform(name: str, edition: Edition, authority: Authority) -> list[str]:
    """Every reason, in the editor's words, why somebody can't do this to the edition now."""
    verb = VERBS.get(name)
    if verb is None:
        return ["There is no such step."]
    if (now := stage_of(edition, authority.at)) not in verb.stages:
        return [f"This edition is {now}; “{verb.label}” is not possible then."]
    if refusal := verb.refusal(authority, edition):
        return [refusal]
    if name == "approve":
        at, approver = authority.at, cast(AbstractBaseUser, authority.user)
        return list(approval.why_not_approve(edition, approver=approver, at=at, live_from=at))
    return []


def perform_verb(name: str, edition: Edition, *, user: Any, at: dt.datetime, **values: Any) -> Any:
    """Do it as `user`, or raise ActionRefused: the desk's one door to every verb."""
    verb, authority = VERBS.get(name), Authority(user, at)
    if verb is None or stage_of(edition, at) not in verb.stages or verb.refusal(authority, edition):
        raise ActionRefused(why_not_perform(name, edition, authority))
    return verb.do(edition, actor=user, at=at, **values)


@dataclass(frozen=True, slots=True)
class Briefing:
    """What somebody reads before they do something with an edition.

    `reasons` why they can't; and while it is still being written what is to be mended, what will be known of
    agreements with it, and the agencies that have not cleared it. `clearable`: those that they clear for.
    """

    reasons: list[str]
    checks: list[checks.Check]
    disclosed: list[disclosure.Disclosure]
    waiting: list[Agency]
    clearable: list[Agency]


def brief(verb: Verb, edition: Edition, authority: Authority) -> Briefing:
    """What somebody reads before they do `verb`."""
    is_open = verb.stages == OPEN
    return Briefing(
        why_not_perform(verb.name, edition, authority),
        checks.checks(edition, authority) if is_open else [],
        disclosure.disclosed_with([edition], authority.at, authority.public_agreement_keys)
        if is_open
        else [],
        review.uncleared_agencies(edition) if is_open else [],
        clearable_agencies(edition, authority) if verb.name == "clear" else [],
    )
