"""Other names for what a reader typed: of agencies and agreements as the public knows them, those that editors wrote
down, and acronyms that texts introduce. Whoever types one finds releases that have another. Beside them everyday
words, which count less."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from django.utils.timezone import localdate

from releases.content.text.acronyms import find_acronyms
from releases.content.text.everyday_words import find_related
from releases.content.text.tokens import FUNCTION_WORDS, Query, Term, split_ideographs, split_words
from releases.models import AgencyName, Agreement, Synonym
from releases.services.editions.facts import find_once
from releases.services.search.filters import Filters
from releases.services.search.openings import read_openings

MOST_WAYS = 6
"""Other names of one thing that are looked for."""
Way = tuple[str, ...]
"""Words as they are compared, one behind another."""
Names = dict[Way, tuple[Way, ...]]


def add_synonyms(at: dt.datetime, filters: Filters) -> Filters:
    """The same search, in which other public names of what was typed serve as well, and words that mean about the
    same, where little has what was typed."""
    query = filters.query
    if not query.plain:
        return filters
    query = _expand(query, _find_names(at))
    related = dict(zip(query.plain, find_related([term.words for term in query.plain]), strict=True))
    terms = tuple(
        replace(term, related=(*related.get(term, ()), *split_ideographs(term))) for term in query.terms
    )
    return replace(filters, query=replace(query, terms=terms))


def _expand(query: Query, names: Names) -> Query:
    """The longest run of words that is a name goes first; each of its words can be another name instead."""
    terms, start = list(query.terms), 0
    while start < len(terms):
        end = next(_find_ends(terms, start, names), start)
        for place in range(start, end):
            others = dict.fromkeys((*terms[place].others, *names[_join(terms[start:end])]))
            terms[place] = replace(terms[place], others=tuple(others))
        start = max(end, start + 1)
    return replace(query, terms=tuple(terms))


def _find_ends(terms: list[Term], start: int, names: Names) -> Iterator[int]:
    """Where a name ends that begins at `start`, the longest first."""
    for end in range(len(terms), start, -1):
        run = terms[start:end]
        if all(not (term.without or term.days) for term in run) and _join(run) in names:
            yield end


def _join(terms: Iterable[Term]) -> Way:
    return _strip(word for term in terms for word in term.words)


def _strip(words: Iterable[str]) -> Way:
    """Without what no search has to have, which readers leave out."""
    return tuple(word for word in words if word not in FUNCTION_WORDS)


@find_once
def _find_names(at: dt.datetime) -> Names:
    """What each name can be called otherwise."""
    found: dict[Way, dict[Way, None]] = {}
    for group in _read_groups(at):
        ways = dict.fromkeys(tuple(split_words(name)) for name in group if name)
        for way in ways:
            found.setdefault(_strip(way), {}).update(ways)
    found.pop((), None)  # of names such as "On", which are no words to look for
    return {
        key: tuple(other for other in others if _strip(other) != key)[:MOST_WAYS]
        for key, others in found.items()
    }


def _read_groups(at: dt.datetime) -> Iterator[list[str]]:
    """The names of each thing, those that editors wrote down first."""
    yield from (synonym.ways for synonym in Synonym.objects.all())
    for agreement in Agreement.objects.public(at):
        yield [agreement.short_title, *agreement.acronyms, agreement.title, *agreement.former_titles]
    names = AgencyName.objects.by(localdate(at)).select_related("agency").order_by("agency", "-valid_from")
    for agency, its_names in groupby(names, key=lambda name: name.agency):
        called = [text for name in its_names for text in (name.acronym, name.name)]
        yield [agency.acronym, *called, *agency.aliases]
    yield from _read_acronyms(read_openings(at))


def _read_acronyms(texts: Sequence[str]) -> Iterator[list[str]]:
    """Acronyms that texts introduce, each with the name that most of them say it stands for; none that the texts have
    as a word, as in "us" for US."""
    names: dict[str, Counter[str]] = {}
    for text in texts:
        for acronym, name in find_acronyms(text):
            names.setdefault(acronym, Counter())[name.lower()] += 1
    words = FUNCTION_WORDS.union(*map(str.split, texts))
    for acronym, said in names.items():
        [(name, count)] = said.most_common(1)
        if 2 * count > said.total() and acronym.lower() not in words:
            yield [acronym, name]
