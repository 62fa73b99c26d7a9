"""What each release of a sample is, before any row is written: drawn from the seed and its number, and from
nothing else."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from random import Random
from typing import NamedTuple

from releases.services.samples import stories, words
from releases.services.samples.stories import Story
from releases.services.samples.texts import draw_from

BLOCK = 100
"""So many releases share one agreement, and hold each fate in the same shares."""

BATCH = 50
"""So many releases are written together. Their links lead to releases of earlier batches only, which are
there then."""

FIRST_DAY, LAST_DAY = dt.date(2004, 1, 5), dt.date(2025, 6, 27)
FAR = dt.date(2090, 1, 2)
"""From when on what is scheduled goes live: far enough for a sample to stay the same on every day that it is
made."""

LONGEST_AFTERMATH = 180  # days


class Fate(StrEnum):
    """What becomes of a release."""

    LIVE = "live"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"
    SCHEDULED = "scheduled"
    SUBMITTED = "submitted"
    DRAFT = "draft"


class Step(StrEnum):
    """What a release tells of an agreement: an event, by its kind, or nothing but its name."""

    LAUNCHED = "negotiations-launched"
    CONCLUDED = "concluded"
    SIGNED = "signed"
    IN_FORCE = "entry-into-force"
    NAMED = "named"


PUBLIC = (Fate.LIVE, Fate.CORRECTED)
"""The fates of a release that readers find for good, so that others may link to it."""

_TOLD = (Step.LAUNCHED, Step.CONCLUDED, Step.SIGNED, Step.IN_FORCE, Step.NAMED, Step.NAMED)
_SHARES = {
    Fate.CORRECTED: 6,
    Fate.DRAFT: 3,
    Fate.SCHEDULED: 2,
    Fate.SUBMITTED: 1,
    Fate.WITHDRAWN: 1,
    Fate.REMOVED: 1,
}


class SectionOutline(NamedTuple):
    """`stories` are those that its releases tell; `share` of the releases in percent."""

    folder: str
    title: str
    kind: str
    stories: tuple[Story, ...]
    share: int


SECTIONS = (
    SectionOutline("press-releases", "Press releases", "press-release", stories.NEWS, 62),
    SectionOutline("speeches", "Speeches", "speech", stories.SPEECHES, 14),
    SectionOutline("replies", "Replies", "forum-reply", stories.REPLIES, 10),
    SectionOutline("advisories", "Advisories", "notice", stories.ADVISORIES, 9),
    SectionOutline("factsheets", "Factsheets", "factsheet", stories.FACTSHEETS, 5),
)


class NameOutline(NamedTuple):
    """A name of an agency since a day; None: from the beginning."""

    name: str
    acronym: str
    valid_from: dt.date | None


@dataclass(frozen=True, slots=True)
class AgencyOutline:
    """`place` is its own among the agencies, `field` what it looks after, `parent` the slug of its ministry
    ("" for none).

    From `ended_on` on the agency of the next place acts for it.
    """

    place: int
    slug: str
    field: str
    kind: str
    names: tuple[NameOutline, ...]
    parent: str
    ended_on: dt.date | None

    def name_on(self, day: dt.date) -> str:
        """What it was called on that day."""
        return [one.name for one in self.names if not one.valid_from or one.valid_from <= day][-1]


@dataclass(frozen=True, slots=True)
class AgreementOutline:
    """`agency` is the place of its lead agency among the agencies; `days` when each of its events is."""

    number: int
    kind: str
    title: str
    subject: str
    is_binding: bool
    agency: int
    states: tuple[str, ...]
    organisation: str
    days: dict[Step, dt.date]

    @property
    def slug(self) -> str:
        """Its short name in addresses."""
        return f"sample-agreement-{self.number + 1}"


@dataclass(frozen=True, slots=True)
class ReleaseOutline:
    """`number` counts from nought. `agencies` are places among the agencies, the lead first.

    `drafted_at`, `decided_at` (of the approval), `live_from` and `aftermath_at` (of a correction or the like)
    are aware instants. `step`: what it tells of the agreement of its block; None: nothing.
    """

    number: int
    fate: Fate
    step: Step | None
    form: str
    section: SectionOutline
    agencies: tuple[int, ...]
    annexes: int
    drafted_at: dt.datetime
    decided_at: dt.datetime
    live_from: dt.datetime
    aftermath_at: dt.datetime

    @property
    def release_date(self) -> dt.date:
        """The day on which it goes live."""
        return self.live_from.date()

    @property
    def block(self) -> int:
        """The number of its hundred, and of the agreement that it may tell of."""
        return self.number // BLOCK


@lru_cache(maxsize=4)
def outline_agencies(seed: int) -> tuple[AgencyOutline, ...]:
    """The agencies of a sample: every third was called otherwise before, and a few were taken over by the
    next one."""
    chance = draw_from(seed, "agencies")
    fields = chance.sample(words.FIELDS, len(words.FIELDS))
    return tuple(_outline_agency(chance, place, fields) for place in range(len(fields)))


def _outline_agency(chance: Random, place: int, fields: list[str]) -> AgencyOutline:
    field, ministry = fields[place], fields[place - place % 5]
    is_ministry, is_ended = place % 5 == 0, place % 20 == 7
    form = words.KINDS[0] if is_ministry else chance.choice(words.KINDS[1:])
    names = [_name(form, field, None)]
    if place % 3 == 1:
        day = _draw_day(chance, FIRST_DAY, LAST_DAY)
        names = [_name(chance.choice(words.FORMER_KINDS), field, None), _name(form, field, day)]
    return AgencyOutline(
        place=place,
        slug=f"sample-{field.lower()}",
        field=field,
        kind="ministry" if is_ministry else "statutory-board",
        names=tuple(names),
        parent="" if is_ministry else f"sample-{ministry.lower()}",
        ended_on=_draw_day(chance, FIRST_DAY, LAST_DAY) if is_ended else None,
    )


def _name(form: str, field: str, day: dt.date | None) -> NameOutline:
    name = f"Sample {form.format(field)}"
    return NameOutline(
        name, "".join(word[0] for word in name.split() if word[0].isupper()) + field[1].upper(), day
    )


@lru_cache(maxsize=64)
def outline_agreement(seed: int, number: int) -> AgreementOutline:
    """The agreement of one block of releases, with a day for each of its events, in their order."""
    chance = draw_from(seed, "agreement", number)
    kind, form, is_binding = chance.choice(words.INSTRUMENTS)
    subject = chance.choice(words.SUBJECTS)
    day = _draw_day(chance, FIRST_DAY, LAST_DAY - dt.timedelta(days=1500))
    days = {}
    for step in (Step.LAUNCHED, Step.CONCLUDED, Step.SIGNED, Step.IN_FORCE):
        days[step] = _weekday(day)
        day += dt.timedelta(days=chance.randrange(60, 480))
    return AgreementOutline(
        number,
        kind,
        f"{form.format(subject)}, No. {number + 1}",
        subject,
        is_binding,
        chance.randrange(len(words.FIELDS)),
        tuple(chance.sample(words.STATES, chance.randrange(1, 4))),
        chance.choice(("", *words.ORGANISATIONS)),
        days,
    )


def outline_release(seed: int, number: int) -> ReleaseOutline:
    """What the release with this number is."""
    chance = draw_from(seed, "release", number)
    fate, step = _places(seed, number // BLOCK)[number % BLOCK]
    day = _draw_day(chance, FIRST_DAY, LAST_DAY)
    if step and step != Step.NAMED:
        day = outline_agreement(seed, number // BLOCK).days[step]
    live_from = dt.datetime.combine(day, dt.time(1), dt.UTC) + dt.timedelta(minutes=5 * chance.randrange(108))
    drafted_at = live_from - dt.timedelta(hours=chance.randrange(30, 300))
    decided_at = live_from
    if fate == Fate.SCHEDULED:
        decided_at = live_from - dt.timedelta(hours=1)
        live_from += FAR - FIRST_DAY
    form = "text" if step else chance.choices(("text", "file", "link"), (94, 3, 3))[0]
    return ReleaseOutline(
        number=number,
        fate=fate,
        step=step,
        form=form,
        section=chance.choices(SECTIONS, [section.share for section in SECTIONS])[0],
        agencies=_draw_agencies(chance, seed, day),
        annexes=_count_annexes(chance, form, step),
        drafted_at=drafted_at,
        decided_at=decided_at,
        live_from=live_from,
        aftermath_at=live_from + dt.timedelta(hours=chance.randrange(2, 24 * LONGEST_AFTERMATH)),
    )


@lru_cache(maxsize=16)
def _places(seed: int, block: int) -> list[tuple[Fate, Step | None]]:
    """What becomes of the releases of a block, and what each tells of its agreement."""
    places: list[tuple[Fate, Step | None]] = [(Fate.LIVE, step) for step in _TOLD]
    places += [(fate, None) for fate, number in _SHARES.items() for _ in range(number)]
    places += [(Fate.LIVE, None)] * (BLOCK - len(places))
    draw_from(seed, "block", block).shuffle(places)
    return places


def _draw_day(chance: Random, first: dt.date, last: dt.date) -> dt.date:
    """A weekday from `first` to `last`, later ones more often, as newsrooms grow."""
    share = chance.random() ** 0.6
    return _weekday(first + dt.timedelta(days=int(share * ((last - first).days + 1))))


def _weekday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=max(0, day.weekday() - 4))


def _draw_agencies(chance: Random, seed: int, day: dt.date) -> tuple[int, ...]:
    """A few agencies issue most releases; three in ten are joint.

    For one that has ended the next one acts.
    """
    agencies = outline_agencies(seed)
    number = 1 if chance.random() < 0.7 else chance.randrange(2, 5)
    drawn = [agencies[int(len(agencies) * chance.random() ** 2)] for _ in range(number)]
    acting = [one.place + 1 if one.ended_on and one.ended_on <= day else one.place for one in drawn]
    return tuple(dict.fromkeys(acting))


def _count_annexes(chance: Random, form: str, step: Step | None) -> int:
    if form == "link":
        return 0
    least = 1 if form == "file" or step == Step.SIGNED else 0
    return max(least, chance.choices((0, 1, 2, 3, 6), (66, 18, 9, 5, 2))[0])
