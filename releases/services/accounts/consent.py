"""Whose consent each verb needs: one table, by the part that an agency has in an edition, and what it says
of an edition now. `docs/consent.md` shows the same table.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.utils.timezone import localtime

from releases.content.text.dates import format_date
from releases.models import Agency, Clearance, Edition, PastIssuer
from releases.services.accounts.permissions import Authority
from releases.services.editions.digests import digest_edition

PARTS = ("issuers__agency", "past_issuers__agency", "clearances", "contributors")
"""What tells who is concerned by an edition and who has cleared it, to be prefetched."""


class Part(StrEnum):
    """What an agency is to an edition. `LEFT`: it issued the edition's predecessor or an earlier state of the
    draft and was taken out, or it was the lead of one and is not any more."""

    LEAD = "lead"
    JOINT = "joint"
    LEFT = "taken out or put behind"


class Need(StrEnum):
    """What a verb needs of an agency."""

    NOTHING = "nothing"
    TOLD = "is told"
    WRITER = "one of its people"
    SELF = "its people take it out, nothing else"
    AUTHOR = "one of its people, or the author"
    APPROVER = "one approver, alone"
    SECOND = "an approver who wrote nothing in it"
    URGENT = "somebody with the right to publish urgently"
    OTHER = "an approver who did not take it away"
    TWO = "two approvers"
    CLEARS = "clears it"
    CLEARS_EARLIER = "is told; clears it again for an earlier time"
    RECORDED = "the lead's approver, who wrote nothing in it, records who agreed and how"
    REFUSED = "refused if it was the lead; else is told"
    SUPERUSERS = "is told; two superusers do it"


class Consent(NamedTuple):
    """What a verb needs of the lead, of each joint agency, of each that was taken out or put behind; and
    instead of the last two of an agency that has no approver here."""

    lead: Need
    joint: Need
    left: Need
    silent: Need


TABLE: dict[str, Consent] = {
    "write": Consent(Need.WRITER, Need.WRITER, Need.NOTHING, Need.NOTHING),
    "order": Consent(Need.WRITER, Need.SELF, Need.NOTHING, Need.NOTHING),
    "discard": Consent(Need.AUTHOR, Need.NOTHING, Need.NOTHING, Need.NOTHING),
    "approve": Consent(Need.SECOND, Need.CLEARS, Need.CLEARS, Need.RECORDED),
    "publish-urgently": Consent(Need.URGENT, Need.TOLD, Need.REFUSED, Need.TOLD),
    "reschedule": Consent(Need.SECOND, Need.CLEARS_EARLIER, Need.CLEARS_EARLIER, Need.RECORDED),
    "unschedule": Consent(Need.APPROVER, Need.TOLD, Need.TOLD, Need.TOLD),
    "withdraw": Consent(Need.APPROVER, Need.TOLD, Need.TOLD, Need.TOLD),
    "remove": Consent(Need.TWO, Need.TOLD, Need.TOLD, Need.TOLD),
    "restore": Consent(Need.OTHER, Need.CLEARS, Need.TOLD, Need.RECORDED),
    "erase": Consent(Need.SUPERUSERS, Need.TOLD, Need.TOLD, Need.TOLD),
    "place": Consent(Need.APPROVER, Need.TOLD, Need.TOLD, Need.TOLD),
}
"""By the verb. "order": the lead, the order of the agencies, and taking one out. "place": section and
translations of a release that is public. What rights of people alone hold ("write", "discard", "place", and
"order" by `why_not_order`) stands here too, so that all of it is on one page."""


def has_written(edition: Edition, person: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether somebody wrote in an edition, by `contributors` as they were prefetched."""
    return any(one.user_id == person.pk for one in edition.contributors.all())


def sight(edition: Edition) -> str:
    """What somebody is shown who decides on an edition: its digest; the instant of its publication, the one that
    its author wants where nobody has approved it, "-" where there is none; and where readers will find its
    release, as what."""
    starts, release = edition.live_from or edition.wanted_from, edition.release
    placed = f"{release.section_id} {release.form} {release.translation_group}"
    return f"{digest_edition(edition)} {starts.isoformat() if starts else '-'} {placed}"


def is_as_seen(edition: Edition, seen: str) -> bool:
    """Whether an edition is what was shown: `seen` is a `sight`, a digest alone, or "" where nobody looked."""
    return not seen or seen in (sight(edition), digest_edition(edition))


@dataclass(frozen=True, slots=True)
class Stake:
    """The part of `agency` in an edition, and what it last cleared of it.

    `issues`: it is an issuer now. `led`: it was the lead before, and is not. `is_excused`: only an import ever
    named it, and nobody cleared anything for it.
    """

    agency: Agency
    part: Part
    issues: bool
    led: bool = False
    is_excused: bool = False
    clearance: Clearance | None = None

    def need(self, verb: str) -> Need:
        """What `verb` needs of it, by the table; of an issuer that was put behind, the return of a release needs
        what it needs of a joint agency."""
        consent = TABLE[verb]
        part = Part.JOINT if verb == "restore" and self.led and self.issues else self.part
        return {Part.LEAD: consent.lead, Part.JOINT: consent.joint, Part.LEFT: consent.left}[part]

    @property
    def owes(self) -> bool:
        """Whether an approval needs its clearance."""
        return self.need("approve") is Need.CLEARS and not self.is_excused


def find_stakes(edition: Edition) -> list[Stake]:
    """Every agency that an edition concerns: its issuers in their order, then those that were taken out."""
    issuers, past = edition.issuers.all(), {row.agency_id: row for row in edition.past_issuers.all()}
    cleared = {row.agency_id: row for row in edition.clearances.all()}
    by_import = (
        edition.state == Edition.State.APPROVED
        and edition.origin == Edition.Origin.IMPORT
        and edition.approver_id is None
    )
    known: dict[int, Agency] = {one.agency_id: one.agency for one in issuers}
    parts = {key: Part.JOINT if number else Part.LEAD for number, key in enumerate(known)}
    concerned = known | {row.agency_id: row.agency for row in past.values()}
    return [
        _find_stake(agency, parts.get(key), past.get(key), cleared.get(key), by_import)
        for key, agency in concerned.items()
    ]


def _find_stake(
    agency: Agency, part: Part | None, past: PastIssuer | None, clearance: Clearance | None, by_import: bool
) -> Stake:
    """`part`: by the issuers of now (None: it is none); `by_import`: whether an import named and approved
    them."""
    led = past is not None and past.led and part is not Part.LEAD
    named = past.imported if past else by_import
    is_excused = named and not led and clearance is None
    return Stake(
        agency, Part.LEFT if led or part is None else part, part is not None, led, is_excused, clearance
    )


class Debt(NamedTuple):
    """An agency whose clearance is still needed, and why in words."""

    agency: Agency
    words: str


def find_debts(edition: Edition, starts: dt.datetime | None = None) -> list[Debt]:
    """The clearances that an approval still needs: of the edition as it is now, for publication at the aware
    instant `starts`; None: whenever."""
    owing = [stake for stake in find_stakes(edition) if stake.owes]
    if not owing:
        return []
    digest = digest_edition(edition)
    writers = {one.user_id for one in edition.contributors.all()}
    told = ((stake.agency, _why_owed(stake, digest, starts, writers)) for stake in owing)
    return [Debt(agency, words) for agency, words in told if words]


def _why_owed(stake: Stake, digest: str, starts: dt.datetime | None, writers: set[int]) -> str:
    """Why the clearance that there is, or none, is not enough; "" where it is."""
    given, agency = stake.clearance, stake.agency
    if given is None or given.digest != digest:
        if stake.part is Part.JOINT:
            return f"{agency} has not cleared this text."
        if stake.led:
            return f"{agency} was the lead and is not any more. It has to clear this text first."
        return f"{agency} was an issuer and was taken out. It has to clear this text first."
    if given.note and given.given_by_id in writers:
        return f"What {agency} agreed to was noted by somebody who wrote in this version. Another approver has to note it."
    if starts and is_too_early(given, starts):
        return (
            f"{agency} cleared this for {format_local(given.shown_from)} or later. Choose that time or a later one, or ask it to"
            " clear an earlier one."
        )
    return ""


def is_too_early(clearance: Clearance, starts: dt.datetime) -> bool:
    """Whether publication at `starts` comes before what was shown to whoever cleared."""
    return clearance.shown_from is not None and starts < clearance.shown_from


def format_local(moment: dt.datetime | None) -> str:
    """1 March 2024, 15:00, in the newsroom's zone; "any time" where there is no instant."""
    local = localtime(moment) if moment else None
    return f"{format_date(local)}, {local:%H:%M}" if local else "any time"


def why_not_urgent(edition: Edition) -> Iterator[str]:
    """Urgency waives the second person and the clearances of joint agencies, and never passes the lead."""
    for stake in find_stakes(edition):
        if stake.led and stake.need("publish-urgently") is Need.REFUSED:
            yield (
                f"{stake.agency} was the lead of this release and is not any more, so it cannot be published"
                f" urgently. {stake.agency} has to clear it, then somebody else approves it."
            )


def ordering_agency(edition: Edition, authority: Authority) -> Agency | None:
    """The lead of a joint edition, where the user is none of its people, who alone order the issuers."""
    agencies = [one.agency for one in edition.issuers.all()]
    return agencies[0] if len(agencies) > 1 and why_not_order(agencies, agencies[1:], authority) else None


def why_not_order(before: Sequence[Agency], after: Sequence[Agency], authority: Authority) -> str:
    """Why somebody may not make the issuers `before` of a draft those `after` ("" where they may).

    Who works for the lead may; others add agencies behind, or take out their own. A draft without issuers
    has no lead: the agency that is named first accepts by approving it.
    """
    was, is_now = [one.pk for one in before], [one.pk for one in after]
    if was == is_now or not was or authority.has_all or was[0] in authority.agencies():
        return ""
    kept = [key for key in was if key in is_now]
    gone = set(was) - set(is_now)
    if is_now[: len(kept)] == kept and was[0] in kept and gone <= authority.agencies():
        return ""
    return (
        f"Only people of {before[0]}, which is the lead, change the lead and the order of the agencies or take"
        " another agency out. You can add an agency at the end, or take out your own."
    )


def find_return_debts(edition: Edition, since: dt.datetime) -> list[Debt]:
    """The joint agencies that have not agreed yet that a release comes back which was taken away at `since`."""
    writers = {one.user_id for one in edition.contributors.all()}

    def agreed(stake: Stake) -> bool:
        given = stake.clearance
        return bool(given and given.given_at > since and not (given.note and given.given_by_id in writers))

    return [
        Debt(stake.agency, f"{stake.agency} has not agreed that the release comes back.")
        for stake in find_stakes(edition)
        if stake.need("restore") is Need.CLEARS and not stake.is_excused and not agreed(stake)
    ]


def find_moves(before: Sequence[Agency], after: Sequence[Agency]) -> dict[Agency, str]:
    """What happened to agencies by a change of the issuers `before` of a draft into those `after`, in words
    that go on from somebody's name."""
    moves = dict.fromkeys(before, "took your agency out of the issuers; it has to clear the draft")
    for agency in after:
        moves.pop(agency, None)
    new = [agency for agency in after if agency not in before]
    moves |= dict.fromkeys(new, "named your agency as an issuer; it has to clear the draft")
    if new and new[0] == after[0]:
        moves[after[0]] = "named your agency as the lead; it accepts by approving the draft"
    if before and before[0] in after[1:]:
        moves[before[0]] = "put another agency before yours, which was the lead; yours has to clear the draft"
    return moves
