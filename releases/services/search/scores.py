"""How well a release has what was asked for: BM25F over title, first words and text, and what an engine leaves out,
such as words that stand together.

The formula is that of Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009): how
often a word occurs counts by the part where it occurs, and ever less the more often; the rarer the word, the more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp

from releases.content.text.tokens import Term
from releases.services.search.engine import Places

TITLE, LEAD, TEXT, ANNEX = 8.0, 1.5, 1.0, 1.0
RELATED = 0.25
"""How much a word counts that means about the same as the one typed."""
SATURATION = 3.0
LENGTH = 0.75
"""How much a long text counts less for each mention."""
MOST_IN_TEXT = 8
USUAL_TITLE = 12  # words
NEAR = 8  # words between two that are asked for
TOGETHER, ALL_IN_TITLE, WHOLE_TITLE = 0.6, 0.5, 0.8
RECENT, FADING = 0.08, 4.0  # years
ON_THE_DAY = 600.0
COMPLETE = 1.0


@dataclass(frozen=True, slots=True)
class Held:
    """Where an edition has words: places in the title, and in all that is indexed of it, which begins with the
    title. `title_length` in words; `length` of the text, 1 where it is as long as others; `age` in years; `rarity`: of
    all words that it has, those of its annexes among them."""

    title: Places
    text: Places
    title_length: int
    length: float
    age: float
    is_on_day: bool
    rarity: int


def score(held: Held, terms: Sequence[Term], rarities: Sequence[int], lead_length: int) -> float:
    """The higher, the better; comparable within one search."""
    in_title = [_locate(held.title, term.ways) for term in terms]
    in_text = [_locate(held.text, term.ways) for term in terms]
    total = 0.0
    for term, title, text, rarity in zip(terms, in_title, in_text, rarities, strict=True):
        often = _weigh(title, text, held, lead_length)
        if term.related:
            near = _locate(held.title, term.related), _locate(held.text, term.related)
            often = max(often, RELATED * _weigh(*near, held, lead_length))
        total += rarity * _saturate(often)
    in_text_rarity = sum(rarity for text, rarity in zip(in_text, rarities, strict=True) if text)
    total += _saturate(ANNEX) * max(0, held.rarity - in_text_rarity)
    total += COMPLETE * held.rarity * (held.rarity >= sum(rarities))
    total += TOGETHER * _add_nearness(in_text, rarities)
    if terms and all(in_title):
        covered = min(1.0, sum(len(term.words) for term in terms) / max(1, held.title_length))
        total += (ALL_IN_TITLE + WHOLE_TITLE * covered) * sum(rarities)
    total += ON_THE_DAY * held.is_on_day
    return total * (1 + RECENT * exp(-max(0.0, held.age) / FADING))


def _weigh(title: list[int], text: list[int], held: Held, lead_length: int) -> float:
    """How often a word occurs, each time as much as its place counts; 0 where it does not."""
    in_lead = sum(place < lead_length for place in text[:MOST_IN_TEXT])
    title_share = 1 / (0.6 + 0.4 * held.title_length / USUAL_TITLE)
    return (
        TITLE * title_share * min(1, len(title))
        + LEAD * min(2, in_lead)
        + TEXT * min(MOST_IN_TEXT, len(text)) / (1 - LENGTH + LENGTH * held.length)
    )


def _saturate(often: float) -> float:
    return often * (SATURATION + 1) / (often + SATURATION)


def _add_nearness(places: Sequence[list[int]], rarities: Sequence[int]) -> float:
    """For words that were typed one behind another and stand near each other, by the words between them."""
    near = 0.0
    for number, (ones, others) in enumerate(pairwise(places)):
        gap = min((abs(other - one) or 1 for one in ones for other in others), default=NEAR + 1)
        if gap <= NEAR:
            near += min(rarities[number], rarities[number + 1]) / gap
    return near


def _locate(places: Places, ways: Iterable[tuple[str, ...]]) -> list[int]:
    """Where any of them begins."""
    return sorted(place for way in ways for place in _locate_way(places, way))


def _locate_way(places: Places, words: tuple[str, ...]) -> list[int]:
    first = places.get(words[0], [])
    if len(words) == 1 or not first:
        return first
    behind = [set(places.get(word, ())) for word in words[1:]]
    return [place for place in first if all(place + step in held for step, held in enumerate(behind, 1))]
