"""Deciding what texts seem to say: of agreements, which is written into their records, and of issuers, which is
written into a draft, so that consent is asked as for any draft."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from releases.content.markdown.limits import BodyRefused
from releases.models import Agreement, Edition, LedgerEntry, Suggestion
from releases.services.accounts import consent
from releases.services.accounts.permissions import Authority, Right
from releases.services.agreements import decisions
from releases.services.editing.draft_values import IssuerValues
from releases.services.editing.draft_writer import read_draft
from releases.services.editing.drafts import discard, save_draft
from releases.services.editions.digests import digest_edition
from releases.services.editions.transitions import ActionRefused
from releases.services.publishing.new_editions import open_next_edition

UNAPPROVED = (
    "left open: readers would see it at once, or the agreement is kept by others; so an approver of the agency that"
    " issues the release, or one of its keepers, accepts it."
)
UNWRITTEN = "left open: somebody who writes for an agency that issues the release decides."
SCHEDULED = "left open: the release is scheduled. Stop the publication first, or decide once it is public."
PUBLISHED = (
    "left as it is: the version that names the agency was approved. Take the agency out in a new version."
)


class Decided(NamedTuple):
    """How many suggestions were decided, and in words why others could not be."""

    number: int
    refused: list[str]


def decide_suggestions(
    verb: str, suggestions: Iterable[Suggestion], *, actor: AbstractBaseUser, at: dt.datetime
) -> Decided:
    """Do `verb` (accept, merge, dismiss, undo) to each that is still open ("undo": that is decided), under a
    lock, so that two clicks are one.

    What `actor` may not decide stays as it is, and so does what the state of its release refuses.
    """
    number, refused, authority = 0, [], Authority(actor, at)
    for pk in [suggestion.pk for suggestion in suggestions]:
        try:
            with transaction.atomic():
                number += _decide(verb, pk, authority)
        except (ActionRefused, BodyRefused) as why:
            refused.append(str(why))
    return Decided(number, refused)


def _decide(verb: str, pk: int, authority: Authority) -> bool:
    """Whether the suggestion is decided by it now."""
    authority.forget_rows()
    suggestion = Suggestion.objects.select_for_update().get(pk=pk)
    was = suggestion.state
    is_due = (was == Suggestion.State.OPEN) == (verb != "undo")
    decide = (OF_ISSUERS if suggestion.rule == Suggestion.Rule.ISSUER else OF_AGREEMENTS).get(verb)
    if decide and is_due and not why_not_decide(verb, suggestion, authority):
        decide(suggestion, actor=authority.user, at=authority.at)
    return bool(suggestion.state != was)


def why_not_decide(verb: str, suggestion: Suggestion, authority: Authority) -> str:
    """Why somebody may not do `verb`, in words that go on from their number; "" where they may."""
    if suggestion.rule != Suggestion.Rule.ISSUER:
        return "" if decisions.may_decide(verb, suggestion, authority) else UNAPPROVED
    base = _find_base(suggestion)
    if not authority.may(Right.WRITE, base):
        return UNWRITTEN
    if verb == "accept" and base.live_from and base.live_from > authority.at:
        return SCHEDULED
    if verb == "undo" and suggestion.state == Suggestion.State.ACCEPTED:
        return _why_not_take_out(suggestion, authority)
    return ""


def find_record(suggestion: Suggestion) -> Agreement | Edition | None:
    """Where what an accepted suggestion says stands now: the agreement, or the version that names the agency."""
    return _find_draft(suggestion) if suggestion.rule == Suggestion.Rule.ISSUER else suggestion.agreement


def accept_issuer(suggestion: Suggestion, *, actor: AbstractBaseUser, at: dt.datetime) -> None:
    """Name the agency behind the other issuers, unless it issues the release already: in the draft that there
    is, else in one of the next edition; in the ledger. Raises ActionRefused, and BodyRefused."""
    with transaction.atomic():
        base = _find_base(suggestion)
        is_named = base.issuers.filter(agency=suggestion.agency_id).exists()
        made = {} if is_named else _name_issuer(suggestion, base, actor, at)
        _record(suggestion, Suggestion.State.ACCEPTED, actor, at, made=made)


def dismiss_issuer(suggestion: Suggestion, *, actor: AbstractBaseUser, at: dt.datetime) -> None:
    """Keep that it was found wrong, so that it is not made again; in the ledger."""
    with transaction.atomic():
        _record(suggestion, Suggestion.State.DISMISSED, actor, at)


def undo_issuer(suggestion: Suggestion, *, actor: AbstractBaseUser, at: dt.datetime) -> None:
    """Open a decided one again. A draft that was begun for it and that nobody has touched is discarded; from any
    other the agency is taken out, by the rules for taking an agency out of a draft. Raises ActionRefused."""
    with transaction.atomic():
        made, draft = _find_made(suggestion), _find_draft(suggestion)
        is_as_begun = (
            draft is not None
            and bool(made["is_begun"])
            and draft.state == Edition.State.DRAFT
            and digest_edition(draft) == made["digest"]
            and not draft.comments.exists()
        )
        if draft and is_as_begun and Authority(actor, at).may(Right.DISCARD, draft):
            verb = LedgerEntry.Verb.DISCARD
            subject = f"release {draft.release_id} edition {draft.number}"
            LedgerEntry.objects.record(
                verb, at=at, actor=actor, edition=draft, subject=subject, before=made["digest"]
            )
            discard(draft)
        elif draft:
            stored = read_draft(draft.pk)
            left = [one for one in stored.values.issuers if one.agency.pk != suggestion.agency_id]
            values = replace(stored.values, issuers=tuple(left))
            save_draft(stored.edition, values, base=stored.edition.lock_version, actor=actor, at=at)
        _record(suggestion, Suggestion.State.OPEN, actor, at)


Decision = Callable[..., object]
OF_AGREEMENTS: dict[str, Decision] = {
    "accept": decisions.accept_suggestion,
    "merge": decisions.merge_suggestion,
    "dismiss": decisions.dismiss_suggestion,
    "undo": decisions.undo_suggestion,
}
OF_ISSUERS: dict[str, Decision] = {
    "accept": accept_issuer,
    "dismiss": dismiss_issuer,
    "undo": undo_issuer,
}


def _name_issuer(
    suggestion: Suggestion, base: Edition, actor: AbstractBaseUser, at: dt.datetime
) -> dict[str, Any]:
    """Write the agency into a draft; what an undo has to know of it."""
    keys = set(suggestion.release.editions.values_list("pk", flat=True))
    is_approved = base.state == Edition.State.APPROVED
    draft = open_next_edition(base, author=actor, at=at) if is_approved else base
    stored = read_draft(draft.pk)
    if suggestion.agency is None or suggestion.agency in [one.agency for one in stored.issuers]:
        return {}
    values = replace(stored.values, issuers=(*stored.values.issuers, IssuerValues(suggestion.agency)))
    saved = save_draft(stored.edition, values, base=stored.edition.lock_version, actor=actor, at=at)
    return {"draft": draft.pk, "is_begun": draft.pk not in keys, "digest": saved.after}


def _find_base(suggestion: Suggestion) -> Edition:
    """The version that is public or scheduled; of a release without one, the newest draft."""
    editions = suggestion.release.editions.order_by("number")
    return editions.filter(state=Edition.State.APPROVED).last() or editions.latest("number")


def _why_not_take_out(suggestion: Suggestion, authority: Authority) -> str:
    draft = _find_draft(suggestion)
    if draft is None:
        return ""
    if draft.state == Edition.State.APPROVED:
        return PUBLISHED
    if not authority.may(Right.WRITE, draft):
        return UNWRITTEN
    before = [one.agency for one in draft.issuers.select_related("agency")]
    left = [agency for agency in before if agency.pk != suggestion.agency_id]
    words = consent.why_not_order(before, left, authority)
    return f"left as it is. {words}" if words else ""


def _find_draft(suggestion: Suggestion) -> Edition | None:
    """The version in which an acceptance named the agency, while it is there."""
    key = _find_made(suggestion).get("draft")
    return Edition.objects.filter(pk=key).first() if key else None


def _find_made(suggestion: Suggestion) -> dict[str, Any]:
    """What its last decision wrote, as the ledger has it."""
    told = LedgerEntry.objects.filter(
        verb=LedgerEntry.Verb.SUGGESTION,
        release=suggestion.release_id,
        subject=f"suggestion {suggestion.recorded_as}",
    )
    last = told.order_by("pk").last()
    made: dict[str, Any] = last.note.get("made", {}) if last else {}
    return made


def _record(
    suggestion: Suggestion, state: str, actor: AbstractBaseUser, at: dt.datetime, **note: object
) -> None:
    agency = suggestion.agency.slug if suggestion.agency else ""
    decisions.record_decision(suggestion, state, actor, at, agency=agency, **note)
