"""The order of what a search for words found, best first: `scores` of the candidates."""

import datetime as dt
from typing import NamedTuple

from releases.content.text.tokens import Query
from releases.models import Edition
from releases.services.editions.facts import find_once
from releases.services.editions.statements import Statement
from releases.services.search.candidates import Candidates
from releases.services.search.engine import Places, editions_among, format_keys, read_places
from releases.services.search.indexing import LEAD
from releases.services.search.scores import Held, score

MOST_READ = 40
"""So many are ranked by their whole text; of more, those that are the best by title and first words."""
YEAR = 365.25


class Scored(NamedTuple):
    """`order`: the score, the other way round; equals stay as the candidates were."""

    order: float
    place: int
    key: int


class Facts(NamedTuple):
    """What is known of a candidate beside its words."""

    day: dt.date
    title_length: int


@find_once
def rank_found(at: dt.datetime, query: Query, candidates: Candidates) -> tuple[int, ...]:
    """The keys of the candidates, best first."""
    if not candidates.keys:
        return ()
    rows = FACTS.rows(keys=format_keys(candidates.keys))
    facts = {key: Facts(day, len(title.split())) for key, day, title in rows}
    ranked = candidates.keys
    if len(ranked) > MOST_READ:
        ranked = _rank(at, ranked, candidates, query, facts, "lead")
    best = _rank(at, ranked[:MOST_READ], candidates, query, facts, "words")
    return best + ranked[MOST_READ:]


def _rank(
    at: dt.datetime,
    keys: tuple[int, ...],
    candidates: Candidates,
    query: Query,
    facts: dict[int, Facts],
    column: str,
) -> tuple[int, ...]:
    """`keys`, best first by their title and a column: the first words, or all."""
    words = {word for term in query.plain for way in term.ways for word in way}
    held_of = dict(zip(candidates.keys, candidates.held, strict=False))
    all_words = sum(candidates.rarities)
    places = read_places(keys, words, ("title", column)) if words else {}
    nothing: list[Places] = [{}, {}]
    scored = []
    for place, key in enumerate(keys):
        title, text = places.get(key, nothing)
        day, title_length = facts[key]
        is_on_day = any(term.days and term.days[0] <= day <= term.days[1] for term in query.dates)
        age = (at.date() - day).days / YEAR
        held = Held(title, text, title_length, age, is_on_day, held_of.get(key, all_words))
        scored.append(Scored(-score(held, query.plain, candidates.rarities, LEAD), place, key))
    return tuple(one.key for one in sorted(scored))


FACTS = Statement(
    lambda keys: (
        Edition.objects.filter(pk__in=editions_among(keys))
        .order_by()
        .values_list("pk", "release_date", "title")
    )
)
