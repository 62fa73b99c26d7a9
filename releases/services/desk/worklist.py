"""What waits for somebody at the desk, and what waits for others: each release once, the most urgent first."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from django.db.models import Max, Q, QuerySet

from releases.models import Agency, Comment, Edition, LedgerEntry, Membership, Proposal
from releases.services.accounts import consent
from releases.services.accounts.people import name_person
from releases.services.accounts.permissions import Authority, Right, Role
from releases.services.editing import checks, comments
from releases.services.publishing import workflow

State = Edition.State
MOST_SUBMITTED = 24
LONGEST_QUOTE = 120
PARTS = (*consent.PARTS, "annexes__address", "annexes__blob", "illustrations__address", "agreements")
"""What tells who has to decide on an edition, and of which text."""


class WorkItem(NamedTuple):
    """An edition that waits for the user.

    `what` names it in a word, `kind` its colour, `step` is the verb whose page leads on ("": the form); `told` says
    more ("" where its title says enough); `due` is when it is to become public.
    """

    edition: Edition
    what: str
    kind: str
    step: str = ""
    told: str = ""
    due: dt.datetime | None = None
    problems: int = 0


class AwaitedItem(NamedTuple):
    """An edition that waits for others: `whom` in words, and since when."""

    edition: Edition
    whom: str
    since: dt.datetime


def find_submitted(seen: QuerySet[Edition]) -> list[Edition]:
    """Those that wait for a decision, the earliest first, with what tells whose it is."""
    rows = seen.filter(live_from__isnull=True, state=State.SUBMITTED).prefetch_related(*PARTS)
    return list(rows.order_by("wanted_from", "updated_at")[:MOST_SUBMITTED])


def find_waiting(
    seen: QuerySet[Edition], submitted: Sequence[Edition], authority: Authority, most: int
) -> list[WorkItem]:
    """Of the editions that the user sees, and of those that are `submitted`, those that wait for them: the
    earliest to be public first, drafts last."""
    mine = seen.filter(
        Q(author=authority.user.pk) | Q(release__assignee=authority.user.pk),
        live_from__isnull=True,
        state__in=(State.DRAFT, State.REJECTED),
    )
    found = [
        *_proposed(seen, authority, most),
        *_to_decide(submitted, authority),
        *_commented(seen, authority, most),
        *map(_draft, mine.order_by("-updated_at")[:most]),
    ]
    once: dict[int, WorkItem] = {}
    for one in found:
        once.setdefault(one.edition.release_id, one)
    problems = checks.problems(one.edition.pk for one in once.values() if one.edition.live_from is None)
    counted = [one._replace(problems=len(problems.get(one.edition.pk, ()))) for one in once.values()]
    last = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(counted, key=lambda one: (one.kind == "draft", one.due or last))


def _to_decide(submitted: Sequence[Edition], authority: Authority) -> Iterator[WorkItem]:
    for edition in submitted:
        wrote = edition.author_id == authority.user.pk or consent.has_written(edition, authority.user)
        if authority.may(Right.LEAD, edition) and not wrote:
            changed = f"{edition.get_change_class_display() or 'Version'} {edition.number}"
            told = changed if edition.number > 1 else ""
            yield WorkItem(edition, "Approve", "submitted", "approve", told, edition.wanted_from)
        elif agencies := workflow.clearable_agencies(edition, authority):
            told = f"Give the clearance of {', '.join(map(str, agencies))}"
            yield WorkItem(edition, "Clear", "submitted", "clear", told, edition.wanted_from)


def _draft(edition: Edition) -> WorkItem:
    if edition.state == State.REJECTED:
        told = f"“{edition.rejection}”" if edition.rejection else ""
        return WorkItem(edition, "Sent back", "rejected", "", told, edition.wanted_from)
    return WorkItem(edition, "Draft", "draft", "", "", edition.wanted_from)


def _commented(seen: QuerySet[Edition], authority: Authority, most: int) -> Iterator[WorkItem]:
    """What others said of what is still being written."""
    said: dict[int, list[Comment]] = {}
    for comment in comments.unread_comments(authority).select_related("author", "link")[: 4 * most]:
        said.setdefault(comment.edition_id, []).append(comment)
    for edition in seen.filter(pk__in=said, live_from__isnull=True)[:most] if said else ():
        newest, *others = map(_quote, said[edition.pk])
        told = f"{newest}, and {len(others)} more" if others else newest
        yield WorkItem(edition, "Comment", "comment", "", told, edition.wanted_from)


def _quote(comment: Comment) -> str:
    """Ivy Tan: “Is the figure right?”"""
    who = comment.link.person if comment.link else name_person(comment.author)
    text = comment.text if len(comment.text) < LONGEST_QUOTE else f"{comment.text[:LONGEST_QUOTE].rstrip()} …"
    return f"{who}: “{text}”" if text else f"{who} agrees"


def _proposed(seen: QuerySet[Edition], authority: Authority, most: int) -> Iterator[WorkItem]:
    """What somebody else asked for, and the user can confirm."""
    standing = Proposal.objects.standing(*Proposal.Verb).exclude(made_by=authority.user.pk)
    known = authority.scope(standing, "release__editions")
    proposals = list(known.select_related("made_by", "release")[: 4 * most])
    if not proposals:
        return
    of_them = seen.filter(release__in=[one.release_id for one in proposals], live_from__lte=authority.at)
    editions = {edition.release_id: edition for edition in of_them.order_by("number")}
    for proposal in proposals:
        edition = editions.get(proposal.release_id)
        if edition and workflow.VERBS[proposal.verb].refusal(authority, edition) == "":
            told = f"{name_person(proposal.made_by)} asks for this: {proposal.reason}"
            label = workflow.VERBS[proposal.verb].label
            yield WorkItem(edition, label, "removed", str(proposal.verb), told)


def find_awaited(
    submitted: Sequence[Edition], waiting: Iterable[WorkItem], authority: Authority
) -> list[AwaitedItem]:
    """Of those that are `submitted` what the user follows and others have to decide, the longest first."""
    own = {one.edition.pk for one in waiting}
    rows = [one for one in submitted if one.pk not in own and authority.may(Right.FOLLOW, one)]
    if not rows:
        return []
    entries = LedgerEntry.objects.filter(edition__in=[one.pk for one in rows], verb=LedgerEntry.Verb.SUBMIT)
    sent = dict(entries.order_by().values("edition").annotate(last=Max("at")).values_list("edition", "last"))
    owed = {edition.pk: owed_agencies(edition) for edition in rows}
    people = find_approvers({agency.pk for agencies in owed.values() for agency in agencies})
    found = [
        AwaitedItem(
            edition, _whom(edition, owed[edition.pk], people), sent.get(edition.pk, edition.updated_at)
        )
        for edition in rows
    ]
    return sorted(found, key=lambda one: one.since)


def owed_agencies(edition: Edition) -> list[Agency]:
    """Those that have to decide next: to clear, and where all have cleared, the lead to approve."""
    owing = [debt.agency for debt in consent.find_debts(edition, edition.wanted_from)]
    return owing or [issuer.agency for issuer in edition.issuers.all()][:1]


def _whom(edition: Edition, agencies: Sequence[Agency], people: dict[int, list[str]]) -> str:
    """IMDA’s clearance: Ivy Tan or Omar Lim"""
    lead = next((issuer.agency_id for issuer in edition.issuers.all()), None)
    return "; ".join(
        f"{agency}’s {'approval' if agency.pk == lead else 'clearance'}: "
        + (" or ".join(people.get(agency.pk, [])) or "nobody here can give it")
        for agency in agencies
    )


def find_approvers(agencies: set[int]) -> dict[int, list[str]]:
    """The names of those who approve for each of these agencies, by its key."""
    rows = Membership.objects.filter(
        agency__in=agencies, role=Role.APPROVER, is_waiting=False, user__is_active=True
    )
    found: dict[int, list[str]] = {}
    for row in rows.select_related("user").order_by("user__first_name", "user__username"):
        found.setdefault(row.agency_id, []).append(name_person(row.user))
    return found
