"""Titles and Markdown bodies of made-up releases, of several kinds and lengths, drawn from a `Random`."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from releases.services.samples import stories, words
from releases.services.samples.stories import Story

NOTICE = "*This release belongs to a sample newsroom. Everything in it is made up.*"

Facts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SampleLink:
    """`label` is Markdown text, `target` a path or an address."""

    label: str
    target: str

    def __str__(self) -> str:
        return f"[{self.label}]({self.target})"


def draw_from(seed: int, *names: object) -> Random:
    """Chance that is the same for the same seed and names, and depends on nothing that was drawn before."""
    return random.Random("/".join(map(str, (seed, *names))))  # noqa: S311 (a sample, no secret)


def draw_facts(chance: Random, *, agency: str, field: str, year: int) -> Facts:
    """What title and text of one release say alike, by slot; `year` is that of its day."""
    place, other = chance.sample(words.PLACES, 2)
    thing = chance.choice(words.THINGS[field])
    return {
        "agency": agency,
        "field": field,
        "place": place,
        "other": other,
        "thing": thing,
        "things": f"{thing}s",
        "Thing": _capitalise(thing),
        "Things": f"{_capitalise(thing)}s",
        "year": str(year),
        "past": str(year - 1),
        "future": str(year + chance.randrange(1, 5)),
        "person": chance.choice(words.PEOPLE),
        "office": chance.choice(words.OFFICES),
        "few": str(chance.randrange(3, 25)),
        "count": str(chance.randrange(4, 90) * 10),
        "money": f"${chance.randrange(2, 90)} million",
    }


def compose_title(story: Story, facts: Facts) -> str:
    """From 20 to 200 characters."""
    return story.title.format_map(facts)


class Composer:
    """Says what one release tells, from its facts: no sentence again before all of them were said."""

    def __init__(self, chance: Random, story: Story, facts: Facts) -> None:
        self.chance = chance
        self.story = story
        self.facts = facts
        self._slots = _Slots(facts, chance)
        self._left: list[str] = []  # what was not said yet, the next one last

    def compose_body(self, links: Sequence[SampleLink]) -> str:
        """A body in Markdown that begins with the lead, names all `links`, and ends with the notice."""
        is_numbered = self.chance.random() < 0.1
        shape = _plain if is_numbered else self._choose_shape()
        parts = [f"{self.say(self.story.lead)} {self.compose_paragraph(3)}", *shape(self)]
        for link in links:
            form = self.chance.choice(stories.LINKING)
            parts.insert(self.chance.randrange(1, len(parts) + 1), form.format(link=link))
        if is_numbered:
            parts = _number(parts)
        return "\n\n".join([*parts, NOTICE]) + "\n"

    def compose_speech(self) -> str:
        """A long body in numbered paragraphs."""
        parts = [self.say(self.story.lead)]
        parts += [self.compose_paragraph(4) for _ in range(self.chance.randrange(8, 22))]
        parts.append(self.say(self.chance.choice(stories.ENDINGS)))
        return "\n\n".join([*_number(parts), NOTICE]) + "\n"

    def compose_summary(self) -> str:
        """One or two sentences."""
        return " ".join(map(self.say, self.chance.sample(stories.SUMMARIES, self.chance.randrange(1, 3))))

    def compose_paragraph(self, most: int = 5) -> str:
        """Up to `most` sentences, sometimes bold or emphasised words among them."""
        return " ".join(self._compose_sentence() for _ in range(self.chance.randrange(1, most + 1)))

    def compose_theme(self, heading: str) -> str:
        """Up to four sentences of a theme under its heading."""
        theme = stories.THEMES[heading]
        fresh = [form for form in theme if form in self._left] or theme
        told = self.chance.sample(fresh, min(len(fresh), self.chance.randrange(2, 5)))
        self._left = [form for form in self._left if form not in told]
        return f"## {heading}\n\n{' '.join(map(self.say, told))}"

    def say(self, form: str) -> str:
        """A form with its slots filled."""
        return form.format_map(self._slots)

    def _choose_shape(self) -> "Callable[[Composer], list[str]]":
        return self.chance.choice(SHAPES) if self.story.matter.themes else _brief

    def _compose_sentence(self) -> str:
        if not self._left:
            self._left = self._shuffle_forms()
        return self.say(self._left.pop())

    def _shuffle_forms(self) -> list[str]:
        """All that there is to say, the matter at the end and one theme after the other before it."""
        told, themes = self.story.matter
        shuffled = self.chance.sample(themes, len(themes))
        groups = [*(stories.THEMES[theme] for theme in shuffled), told]
        return [form for group in groups for form in self.chance.sample(group, len(group))]


class _Slots(dict[str, str]):
    """The facts of a release; what is none of them is drawn anew each time."""

    def __init__(self, facts: Facts, chance: Random) -> None:
        super().__init__(facts)
        self._chance = chance

    def __missing__(self, slot: str) -> str:
        return self._chance.choice(words.SPOKEN[slot])


def _capitalise(thing: str) -> str:
    return " ".join(word[0].upper() + word[1:] for word in thing.split())


def _number(parts: Sequence[str]) -> list[str]:
    return [f"{number}. {part}" for number, part in enumerate(parts, 1)]


def _brief(composer: Composer) -> list[str]:
    return [composer.compose_paragraph() for _ in range(composer.chance.randrange(1, 4))]


def _quoted(composer: Composer) -> list[str]:
    return [*_brief(composer), composer.say(composer.chance.choice(stories.QUOTES)), *_brief(composer)]


def _plain(composer: Composer) -> list[str]:
    return [*_quoted(composer), *(composer.compose_paragraph() for _ in range(composer.chance.randrange(8)))]


def _listed(composer: Composer) -> list[str]:
    chance = composer.chance
    mark = chance.choice(("*", "-", "1."))
    items = chance.sample(stories.ITEMS, chance.randrange(3, 8))
    asked = composer.say(chance.choice(stories.ASKED))
    listed = ";\n".join(f"{mark} {item}" for item in items) + "."
    return [composer.compose_paragraph(), f"{asked}\n\n{listed}", *_quoted(composer)]


def _headed(composer: Composer) -> list[str]:
    chance = composer.chance
    known = (*composer.story.matter.themes, stories.ASKED_OFTEN)
    headings = chance.sample(known, chance.randrange(2, len(known) + 1))
    themes = [composer.compose_theme(heading) for heading in headings]
    return [*_quoted(composer), *themes]


def _tabled(composer: Composer) -> list[str]:
    chance = composer.chance
    rows = [
        f"| {place} | {chance.randrange(10, 9000):,} | {chance.randrange(1, 100)} % |"
        for place in chance.sample(words.PLACES, chance.randrange(3, 14))
    ]
    table = "\n".join(["| Place | Visitors | Change |", "| --- | ---: | ---: |", *rows])
    return [*_brief(composer), f"{chance.choice(stories.TABLED)}\n\n{table}", *_quoted(composer)]


SHAPES: tuple[Callable[[Composer], list[str]], ...] = (
    _brief,
    _quoted,
    _plain,
    _plain,
    _listed,
    _headed,
    _headed,
    _tabled,
)
