"""Making a sample newsroom: batches of releases are written, cleared and approved, each batch in one
transaction."""

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import transaction

from releases.models import Address, Edition, LedgerEntry, Release
from releases.services.editing.draft_writer import DraftToWrite, WrittenDraft, write_drafts
from releases.services.editions.transitions import record_writing
from releases.services.publishing import review, takedown
from releases.services.publishing.approval import Decision, approve_each
from releases.services.samples.directory import Directory, find_agreement, prepare_directory, tell_step
from releases.services.samples.outlines import BATCH, Fate, ReleaseOutline, Step, outline_release
from releases.services.samples.values import compose_values, correct_values
from releases.services.search.indexing import Progress

REASON = "A made-up reason: this release of the sample was taken away."
LARGEST_SEED, LARGEST_NUMBER = (1 << 30) - 1, (1 << 32) - 1
MARK = 0x5A3B1E00526F8000 << 64
"""How the form token of a made release begins (a UUID of version 8); its seed and its number follow."""
VARIANT = 1 << 63


class NotMade(Exception):
    """The sample is not made; the message tells the operator why."""


@dataclass(frozen=True, slots=True)
class MadeSample:
    """How many releases were made now, and how many of those asked for were there before."""

    made: int
    there: int


def make_newsroom(number: int, *, seed: int, is_beside: bool, progress: Progress) -> MadeSample:
    """Make the first `number` releases of the sample with this seed, those of them that are not there yet.

    The same seed and number give the same content (`digest_site`), in one run or in many, and a larger number
    adds to a smaller one. `is_beside`: other releases may be there too. Raises NotMade, OSError when the
    store can't be written, and django.db.DatabaseError; run again, it goes on.
    """
    _require_own(seed, is_beside=is_beside)
    made = Release.objects.filter(opened__range=_tokens(seed)).values_list("opened", flat=True)
    there = {token.int & LARGEST_NUMBER for token in made if token}
    missing = [one for one in range(number) if one not in there]
    if missing:
        directory = prepare_directory(seed)
        for _, batch in itertools.groupby(progress(missing, "Making"), lambda one: one // BATCH):
            _make_batch(directory, list(batch))
    return MadeSample(len(missing), number - len(missing))


def form_token(seed: int, number: int) -> UUID:
    """By which a release is known to be this one of the sample with this seed, and is made once only."""
    return UUID(int=MARK | VARIANT | seed << 32 | number)


def _require_own(seed: int, *, is_beside: bool) -> None:
    """Raises NotMade."""
    made = (UUID(int=MARK), UUID(int=MARK | (VARIANT << 1) - 1))
    if not is_beside and Release.objects.written().exclude(opened__range=made).exists():
        raise NotMade(
            "This newsroom has releases that are no sample. Readers would find made-up releases among them."
            " Use another database, or say --beside if you want that."
        )
    others = Release.objects.filter(opened__range=made).exclude(opened__range=_tokens(seed))
    if (token := others.values_list("opened", flat=True).first()) is not None:
        own = token.int >> 32 & LARGEST_SEED
        raise NotMade(f"This newsroom has a sample of seed {own}. Go on with --seed {own}.")


def _tokens(seed: int) -> tuple[UUID, UUID]:
    return form_token(seed, 0), form_token(seed, LARGEST_NUMBER)


@dataclass(frozen=True, slots=True)
class _Made:
    """A release that is being made: what it shall be, and its edition as it was written."""

    outline: ReleaseOutline
    written: WrittenDraft

    @property
    def edition(self) -> Edition:
        return self.written.edition


def _make_batch(directory: Directory, numbers: Sequence[int]) -> None:
    """All of these releases with all that becomes of them, or none."""
    outlines = [outline_release(directory.seed, number) for number in numbers]
    with transaction.atomic():
        made = _write_first(directory, outlines)
        _publish(directory, [one for one in made if one.outline.fate not in (Fate.DRAFT, Fate.SUBMITTED)])
        _publish(directory, _write_corrections(directory, made))
        for one in made:
            _finish(directory, one)


def _write_first(directory: Directory, outlines: Sequence[ReleaseOutline]) -> list[_Made]:
    """The first edition of each."""
    blocks = {outline.block for outline in outlines if outline.step}
    agreements = {block: find_agreement(directory, block) for block in blocks}
    drafts = []
    for outline in outlines:
        agreement = agreements[outline.block] if outline.step else None
        values = compose_values(directory, outline, agreement)
        drafts.append(
            DraftToWrite(
                Edition(author=directory.writer),
                values,
                address=Address(path=values.permalink, kind=Address.Kind.RELEASE),
                form_token=form_token(directory.seed, outline.number),
            )
        )
    annexes = (annex for draft in drafts for annex in draft.values.annexes)
    places = [annex.address for annex in annexes if annex.address]
    Address.objects.bulk_create(places)
    made = [_Made(*pair) for pair in zip(outlines, write_drafts(drafts), strict=True)]
    for one in made:
        _record(directory, one, at=one.outline.drafted_at)
    return made


def _write_corrections(directory: Directory, made: Iterable[_Made]) -> list[_Made]:
    """The second edition of those that are corrected, decided at the time of their aftermath."""
    corrected = [one for one in made if one.outline.fate == Fate.CORRECTED]
    drafts = [
        DraftToWrite(
            Edition(release=one.edition.release, number=2, based_on=one.edition, author=directory.writer),
            correct_values(directory.seed, one.outline, one.written.values),
            address=one.edition.address,
        )
        for one in corrected
    ]
    later = []
    for one, written in zip(corrected, write_drafts(drafts), strict=True):
        at = one.outline.aftermath_at
        later.append(_Made(replace(one.outline, decided_at=at, live_from=at), written))
        _record(directory, later[-1], at=at, before=one.written.digest)
    return later


def _record(directory: Directory, made: _Made, *, at: dt.datetime, before: str = "") -> None:
    verb, digest = LedgerEntry.Verb.DRAFT, made.written.digest
    record_writing(verb, made.edition, actor=directory.writer, at=at, before=before, after=digest)


def _publish(directory: Directory, made: Sequence[_Made]) -> None:
    """Every joint agency clears, then all are approved."""
    review.record_clearances(
        [
            review.NewClearance(one.edition, issuer.agency, directory.approver, one.outline.decided_at)
            for one in made
            for issuer in one.written.values.issuers[1:]
        ]
    )
    approve_each(
        [
            Decision(one.edition, directory.approver, one.outline.decided_at, one.outline.live_from)
            for one in made
        ]
    )


def _finish(directory: Directory, made: _Made) -> None:
    """What happens to a release once it is written or public, and what it tells of its agreement."""
    outline, edition, values = made.outline, made.edition, made.written.values
    match outline.fate:
        case Fate.SUBMITTED:
            review.submit(edition, actor=directory.writer, at=outline.decided_at)
        case Fate.WITHDRAWN | Fate.REMOVED:
            take_away = takedown.withdraw if outline.fate == Fate.WITHDRAWN else takedown.remove
            take_away(edition.release, actor=directory.approver, reason=REASON, at=outline.aftermath_at)
    if outline.step and outline.step != Step.NAMED:
        text = values.annexes[0].blob if values.annexes else ""
        tell_step(directory, values.agreements[0], outline.step, edition, text)
