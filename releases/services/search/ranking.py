"""The order of what a search for words found, best first: `scores` of the candidates."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from releases.content.text.tokens import Query, Term
from releases.services.editions.facts import find_once
from releases.services.search.candidates import Candidates
from releases.services.search.engine import Words, format_match, read_words, weigh_titles
from releases.services.search.indexing import LEAD
from releases.services.search.scores import Held, score

MOST_READ = 100
"""So many are ranked by their whole text; of more, those that are the best by title."""
YEAR = 365.25

UNKNOWN = Words({}, {}, dt.date.min, 0, 0)
"""Of an edition that was erased meanwhile."""


class Scored(NamedTuple):
    """`order`: the score, the other way round; equals stay as the candidates were."""

    order: float
    place: int
    key: int


@find_once
def rank_found(at: dt.datetime, query: Query, candidates: Candidates) -> tuple[int, ...]:
    """The keys of the candidates, best first."""
    ranked = candidates.keys
    if not ranked:
        return ()
    if len(ranked) > MOST_READ:
        ranked = _rank_by_title(candidates, query.plain)
    return _rank_by_text(at, ranked[:MOST_READ], candidates, query) + ranked[MOST_READ:]


def _rank_by_title(candidates: Candidates, terms: Sequence[Term]) -> tuple[int, ...]:
    """All of them, by how much of the words each has, in its title once more."""
    weights = [
        (format_match([term]), rarity) for term, rarity in zip(terms, candidates.rarities, strict=True)
    ]
    titles = weigh_titles(candidates.keys, weights) if weights else {}
    held = dict(zip(candidates.keys, candidates.held, strict=False))
    scored = [
        Scored(-titles.get(key, 0) - held.get(key, 0), place, key)
        for place, key in enumerate(candidates.keys)
    ]
    return tuple(one.key for one in sorted(scored))


def _rank_by_text(
    at: dt.datetime, keys: tuple[int, ...], candidates: Candidates, query: Query
) -> tuple[int, ...]:
    words = {word for term in query.plain for way in (*term.ways, *term.related) for word in way}
    held_of = dict(zip(candidates.keys, candidates.held, strict=False))
    all_words = sum(candidates.rarities)
    found = read_words(keys, words)
    usual = sum(one.length for one in found.values()) / max(1, len(found)) or 1
    scored = []
    for place, key in enumerate(keys):
        one = found.get(key, UNKNOWN)
        held = Held(
            one.title,
            one.text,
            one.title_length,
            one.length / usual,
            (at.date() - one.day).days / YEAR,
            any(term.days and term.days[0] <= one.day <= term.days[1] for term in query.dates),
            held_of.get(key, all_words),
        )
        scored.append(Scored(-score(held, query.plain, candidates.rarities, LEAD), place, key))
    return tuple(one.key for one in sorted(scored))
