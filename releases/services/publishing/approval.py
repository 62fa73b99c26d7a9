"""What makes an edition public, and takes one that is scheduled back: each asks why not, then changes all in
one transaction."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from releases.content.documents.embargoes import find_embargoes
from releases.content.text.dates import format_date
from releases.models import Annex, Clearance, Edition, Illustration, LedgerEntry, Mail, Proposal, fast_insert
from releases.services.accounts import consent, notices
from releases.services.editing import checks, drafts
from releases.services.editing.checks import Check
from releases.services.editions.derivation import RULES, confirm_facts
from releases.services.editions.digests import digest_edition
from releases.services.editions.transitions import ActionRefused, lock_edition, lock_editions, refuse_if
from releases.services.mail import notifications
from releases.services.publishing import proposals
from releases.services.publishing.review import DIGESTED
from releases.services.search import index_editions

Verb = LedgerEntry.Verb
OPEN = (Edition.State.DRAFT, Edition.State.SUBMITTED)
NO_WRITER = "You wrote in this version. Another approver of the lead agency changes its time."
PARTS = (*consent.PARTS, *DIGESTED)
DECIDED = (
    "state",
    "approver",
    "urgent_reason",
    "digest",
    *RULES,
    "live_from",
    "first_live_at",
    "lock_version",
    "updated_at",
)


@dataclass(frozen=True, slots=True)
class Decision:
    """That `approver` makes `edition` public from `live_from`, decided at `at`, which is now; both are aware.

    `seen` is the `consent.sight` of what the approver read ("" where nobody read it first). With `urgent_reason`
    nobody else is asked, neither a second person nor joint agencies, unless the lead was taken out or put
    behind.
    """

    edition: Edition
    approver: AbstractBaseUser
    at: datetime
    live_from: datetime
    seen: str = ""
    urgent_reason: str = ""


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What stands beside an edition: the one that it would succeed, what blocks its publication, addresses.

    `shared`: keys of the addresses at which both it and other releases have files.
    """

    predecessor: Edition | None
    blocking: list[Check]
    shared: set[int]


def approve(
    edition: Edition,
    *,
    approver: AbstractBaseUser,
    at: datetime,
    live_from: datetime | None = None,
    seen: str = "",
    urgent_reason: str = "",
) -> Edition:
    """Make `edition` public from `live_from` (none: from `at`), as a `Decision` says.

    Raises ActionRefused.
    """
    [approved] = approve_each([Decision(edition, approver, at, live_from or at, seen, urgent_reason.strip())])
    return approved


def approve_each(decisions: Sequence[Decision]) -> list[Edition]:
    """Carry out decisions about different releases in one transaction: all, or none; many cost less together.

    Each is judged by what stood before all of them: an edition whose text leads to the page of another is
    approved after that. Raises ActionRefused with the reasons of the first that is refused, and ValueError
    where two are about one release, or put files at one address.
    """
    _settle_days({decision.edition: decision.live_from for decision in decisions})
    with transaction.atomic():
        editions = lock_editions([decision.edition for decision in decisions])
        prefetch_related_objects(editions, *PARTS)
        _require_apart(editions)
        around = _read_surroundings(editions)
        entries = [
            _decide(decision, edition, around[edition.pk])
            for decision, edition in zip(decisions, editions, strict=True)
        ]
        index_editions(editions)
        LedgerEntry.objects.append(entries)
        for decision, edition in zip(decisions, editions, strict=True):
            _tell_approved(decision, edition, around[edition.pk].predecessor)
        at_once = {one.edition.release_id: one for one in decisions if one.live_from <= one.at}
        for proposal in Proposal.objects.standing(Proposal.Verb.REMOVE).filter(release__in=at_once):
            one = at_once[proposal.release_id]
            proposals.drop_removal(proposal, one.edition, actor=one.approver, at=one.at)
    return editions


def _tell_approved(decision: Decision, edition: Edition, predecessor: Edition | None) -> None:
    """What others did not agree to, or readers of the old address meet."""
    actor, at = decision.approver, decision.at
    if edition.urgent_reason:
        notices.tell(edition, f"published it urgently: {edition.urgent_reason}", actor=actor, at=at)
    if predecessor and predecessor.address_id != edition.address_id:
        notices.tell(edition, "approved a version with another address", actor=actor, at=at)


def _require_apart(editions: list[Edition]) -> None:
    releases = [edition.release_id for edition in editions]
    addresses = [address for edition in editions for address in _file_addresses(edition)]
    if len(set(releases)) < len(releases) or len(set(addresses)) < len(addresses):
        raise ValueError(
            "Editions of one release, or with files at one address, are approved one after another."
        )


def _decide(decision: Decision, edition: Edition, around: _Surroundings) -> LedgerEntry:
    """Approve a locked edition, and draw up what the ledger shall say of it. Raises ActionRefused."""
    starts, predecessor = decision.live_from, around.predecessor
    if not consent.is_as_seen(edition, decision.seen):
        raise ActionRefused(["This version changed after you opened it. Read it again, then approve it."])
    edition.urgent_reason = decision.urgent_reason
    refuse_if(_why_not(edition, decision.approver, decision.at, starts, around))
    if predecessor:
        Edition.objects.filter(pk=predecessor.pk).update(live_until=starts)
    confirm_facts(edition)
    before, edition.digest = edition.digest, digest_edition(edition)
    edition.state, edition.approver_id = Edition.State.APPROVED, decision.approver.pk
    edition.live_from = starts
    edition.first_live_at = predecessor.first_live_at if predecessor else starts
    edition.lock_version += 1
    fast_insert.update(edition, *DECIDED)
    note = {"live_from": starts.isoformat()}
    if edition.urgent_reason:
        note["urgent"] = edition.urgent_reason
    return LedgerEntry.objects.draw_up(
        Verb.APPROVE,
        at=decision.at,
        actor=decision.approver,
        edition=edition,
        before=before,
        after=edition.digest,
        note=note,
    )


def approve_together(
    editions: list[Edition],
    *,
    approver: AbstractBaseUser,
    at: datetime,
    live_from: datetime | None = None,
    seen: dict[int, str] | None = None,
) -> list[Edition]:
    """Approve a package for one instant: all, or none. Raises ActionRefused with each edition's title before
    its reasons.

    `seen`: the digest of what the approver read, by edition. Releases are locked in one order, so that two
    packages never wait for each other.
    """
    starts = live_from or at
    reasons: list[str] = []
    approved = []
    _settle_days(dict.fromkeys(editions, starts))
    with transaction.atomic():
        for edition in sorted(editions, key=lambda one: one.release_id):
            read = (seen or {}).get(edition.pk, "")
            try:
                approved.append(approve(edition, approver=approver, at=at, live_from=starts, seen=read))
            except ActionRefused as refused:
                reasons += [f"{edition.title}: {reason}" for reason in refused.reasons]
        refuse_if(reasons)
    return approved


def _settle_days(starts: Mapping[Edition, datetime]) -> None:
    """The release date, where nobody set it, and what an agency is called on it are written before anything is
    judged: they stay if the approval is refused and read again."""
    with transaction.atomic():
        editions = [one for one in lock_editions(list(starts)) if one.state in OPEN]
        for edition in editions:
            if not edition.release_date_is_set:
                edition.release_date = timezone.localdate(starts[edition])
                fast_insert.update(edition, "release_date")
        drafts.name_issuers(editions)


def why_not_approve(
    edition: Edition, *, approver: AbstractBaseUser, at: datetime, live_from: datetime
) -> Iterator[str]:
    """The reasons, in the editor's words, why `edition` can't be approved now."""
    return _why_not(edition, approver, at, live_from, _read_surroundings([edition])[edition.pk])


def _why_not(
    edition: Edition,
    approver: AbstractBaseUser,
    at: datetime,
    live_from: datetime,
    around: _Surroundings,
) -> Iterator[str]:
    if edition.state not in OPEN:
        yield f"This version is {edition.get_state_display().lower()}; only a draft or a submitted version can be approved."
    if edition.urgent_reason:
        yield from consent.why_not_urgent(edition)
    else:
        yield from _same_person(edition, approver)
        yield from (debt.words for debt in consent.find_debts(edition, live_from))
    if live_from < at:
        yield "The time of publication has passed. Choose a future date and time, or publish now."
    yield from _broken_embargo(edition, live_from)
    yield from (check.words for check in around.blocking)
    yield from _out_of_turn(edition, around.predecessor, at)
    yield from _clashing_files(edition, around.shared, live_from)


def _broken_embargo(edition: Edition, live_from: datetime) -> Iterator[str]:
    """Where the text came with an embargo, somebody confirmed the time that its author wants, and no earlier one."""
    wanted = edition.wanted_from
    if wanted and live_from < wanted and (edition.embargo or find_embargoes(edition.body)):
        yield (
            f"The text is under an embargo until {consent.format_local(wanted)}. Choose that time or a later one. If the"
            " embargo ends earlier, change “Publish at” in a draft of this version and confirm it there."
        )


def _same_person(edition: Edition, approver: AbstractBaseUser) -> Iterator[str]:
    """Whoever wrote in it is not the second person."""
    if edition.author_id == approver.pk:
        yield "You wrote this version. Someone else has to approve it."
    elif consent.has_written(edition, approver):
        yield "You changed this version. Someone else has to approve it."


def find_predecessor(edition: Edition) -> Edition | None:
    """The approved edition that `edition` would succeed: the release's last one, live or still to come."""
    return _find_predecessors([edition]).get(edition.release_id)


def _find_predecessors(editions: Iterable[Edition]) -> dict[int, Edition]:
    """`find_predecessor` of each, by its release."""
    keys = {edition.pk: edition.release_id for edition in editions}
    approved = Edition.objects.filter(release__in=keys.values(), state=Edition.State.APPROVED)
    last = approved.filter(live_until__isnull=True).exclude(pk__in=keys)
    return {edition.release_id: edition for edition in last}


def _read_surroundings(editions: list[Edition]) -> dict[int, _Surroundings]:
    """By edition, in a number of queries that does not grow with them."""
    blocking = checks.blocking_each(editions)
    predecessors = _find_predecessors(editions)
    shared = _shared_addresses(editions)
    return {
        edition.pk: _Surroundings(predecessors.get(edition.release_id), blocking[edition.pk], shared)
        for edition in editions
    }


def _shared_addresses(editions: Iterable[Edition]) -> set[int]:
    """Keys of the addresses of their files at which more than one release has a file."""
    addresses = {address for edition in editions for address in _file_addresses(edition)}
    users = {
        user
        for model in (Annex, Illustration)
        for user in model.objects.filter(address__in=addresses).values_list(
            "address_id", "edition__release_id"
        )
    }
    return {address for address, number in Counter(address for address, _ in users).items() if number > 1}


def _file_addresses(edition: Edition) -> set[int]:
    return {file.address_id for files in (edition.annexes, edition.illustrations) for file in files.all()}


def unschedule_edition(edition: Edition, *, actor: AbstractBaseUser, at: datetime) -> Edition:
    """Return an edition that is not live yet to draft; its predecessor's interval reopens. Clearances stay:
    they are of its digest.

    Raises ActionRefused.
    """
    with transaction.atomic():
        edition = lock_edition(edition)
        prefetch_related_objects([edition], *PARTS)
        _require_scheduled(edition, at, "unscheduled")
        before, starts = _take_back(edition)
        note = {"live_from": starts.isoformat()}
        LedgerEntry.objects.record(
            Verb.UNSCHEDULE, at=at, actor=actor, edition=edition, before=before, note=note
        )
        notices.tell(edition, "unscheduled it; it is a draft again", actor=actor, at=at)
    return edition


def reschedule(
    edition: Edition,
    *,
    actor: AbstractBaseUser,
    at: datetime,
    live_from: datetime,
    resubmits: bool = False,
    seen: str = "",
) -> Edition:
    """Move an edition that is scheduled to the aware instant `live_from`, by somebody who wrote nothing in it.

    Approval and clearances stay, but for clearances that were given for a later instant than the new one.
    Where there are some, it is refused unless `resubmits` is set: then those clearances are void, and the
    edition is submitted again for that instant. Raises ActionRefused.
    """
    with transaction.atomic():
        edition = lock_edition(edition)
        prefetch_related_objects([edition], *PARTS)
        at = _require_scheduled(edition, at, "given another time")
        void = [] if edition.urgent_reason else _voided(edition, live_from)
        refuse_if(_why_not_reschedule(edition, actor, at, live_from, seen))
        refuse_if([] if resubmits else (_tell_void(one) for one in void))
        before, starts = edition.digest, edition.live_from
        if void:
            _take_back(edition)
            edition.state, edition.wanted_from = Edition.State.SUBMITTED, live_from
            edition.save()
            edition.clearances.filter(pk__in=[one.pk for one in void]).delete()
        else:
            _give_time(edition, live_from)
        note: dict[str, object] = {"from": str(starts and starts.isoformat()), "to": live_from.isoformat()}
        note |= {"void": [one.agency.slug for one in void]} if void else {}
        LedgerEntry.objects.record(
            Verb.RESCHEDULE,
            at=at,
            actor=actor,
            edition=edition,
            before=before,
            after=edition.digest,
            note=note,
        )
        when = consent.format_local(live_from)
        words = "it has to be cleared again for" if void else "it becomes public on"
        notices.tell(edition, f"gave it another time; {words} {when}", actor=actor, at=at)
        notifications.tell_void(edition, [one.agency for one in void], Mail.Why.TIME, actor=actor, at=at)
    return edition


def _require_scheduled(edition: Edition, at: datetime, done: str) -> datetime:
    """The instant at which the edition, which is locked, is not live yet. Raises ActionRefused."""
    at = max(at, timezone.now())  # the lock may have been long in coming
    if edition.state != Edition.State.APPROVED or not edition.live_from or edition.live_from <= at:
        raise ActionRefused([f"Only a version that is scheduled and not live yet can be {done}."])
    return at


def _why_not_reschedule(
    edition: Edition, actor: AbstractBaseUser, at: datetime, live_from: datetime, seen: str
) -> Iterator[str]:
    if not consent.is_as_seen(edition, seen):
        yield "The time of this version changed after you opened it. Read it again."
    if live_from <= at:
        yield "The time of publication has passed. Choose a future date and time."
    if live_from == edition.live_from:
        yield "It is scheduled for this time already."
    if consent.has_written(edition, actor):
        yield NO_WRITER
    yield from _broken_embargo(edition, live_from)
    yield from _renamed_issuers(edition, live_from)
    yield from _clashing_files(edition, _shared_addresses([edition]), live_from)


def _renamed_issuers(edition: Edition, live_from: datetime) -> Iterator[str]:
    """Agencies that are called otherwise on the day of `live_from`, where the release date follows it."""
    day = timezone.localdate(live_from)
    for issuer in [] if edition.release_date_is_set else edition.issuers.all():
        held = issuer.agency.name_on(day)
        if held and (held.name, held.acronym) != (issuer.name, issuer.acronym):
            old, new = (f"{one.name} ({one.acronym})" if one.acronym else one.name for one in (issuer, held))
            yield (
                f"On {format_date(day)} {old} is called {new}. Stop the publication, then approve it for that"
                " time: the page names the agency as it is called then, and every agency clears that."
            )


def _voided(edition: Edition, live_from: datetime) -> list[Clearance]:
    """The clearances that an approval needed and that were given for a later instant than `live_from`."""
    given = (stake.clearance for stake in consent.find_stakes(edition) if stake.owes)
    return [one for one in given if one and consent.is_too_early(one, live_from)]


def _tell_void(clearance: Clearance) -> str:
    return (
        f"{clearance.agency} cleared this for {consent.format_local(clearance.shown_from)} or later. An earlier time voids"
        " its clearance: the version then waits until it clears again and somebody approves it. Tick the box"
        " to do that, or choose a later time."
    )


def _take_back(edition: Edition) -> tuple[str, datetime]:
    """Make a locked, scheduled edition a draft and reopen its predecessor. Returns what its digest was, and
    from when it was to be live."""
    digest, starts = edition.digest, cast(datetime, edition.live_from)
    edition.state, edition.digest, edition.approver = Edition.State.DRAFT, "", None
    edition.urgent_reason = ""
    edition.live_from = edition.live_until = edition.first_live_at = None
    edition.lock_version += 1
    edition.save()
    Edition.objects.filter(release=edition.release_id, live_until=starts).update(live_until=None)
    return digest, starts


def _give_time(edition: Edition, live_from: datetime) -> None:
    """Give a locked, scheduled edition and the end of its predecessor another instant; the intervals never
    overlap between."""
    old = edition.live_from
    before = Edition.objects.filter(release=edition.release_id, live_until=old)
    is_first = edition.first_live_at == old
    edition.live_from = live_from
    if not edition.release_date_is_set:
        edition.release_date = timezone.localdate(live_from)
    edition.first_live_at = live_from if is_first else edition.first_live_at
    edition.lock_version += 1
    if old and live_from < old:
        before.update(live_until=live_from)
        edition.save()
    else:
        edition.save()
        before.update(live_until=live_from)


def _out_of_turn(edition: Edition, predecessor: Edition | None, at: datetime) -> Iterator[str]:
    if predecessor and predecessor.live_from and predecessor.live_from > at:
        yield "Another version of this release is already scheduled. Stop its publication first."
    elif (predecessor.pk if predecessor else None) != edition.based_on_id:
        yield "A newer version has been published since this one was started. Start again from that one."


def _clashing_files(edition: Edition, shared: set[int], live_from: datetime) -> Iterator[str]:
    """Two releases that are live at once, now or later, and share a path must agree on its bytes."""
    files: list[Annex | Illustration] = [*edition.annexes.all(), *edition.illustrations.all()]
    for file in files:
        for model in (Annex, Illustration) if file.address_id in shared else ():
            others = model.objects.live_from_then_on(live_from).filter(address=file.address_id)
            if others.exclude(edition__release=edition.release_id).exclude(blob=file.blob_id).exists():
                yield f"Another release serves a different file at {file.address.path}. Give the new file its own address."
