"""Two people's changes to one text brought together, where they do not touch the same lines (as diff3
does)."""

from collections.abc import Iterator
from difflib import Match, SequenceMatcher
from typing import NamedTuple

Lines = list[str]


class Merged(NamedTuple):
    """`is_whole` is False where both changed the same lines: mine stand there."""

    text: str
    is_whole: bool


def merge_texts(base: str, mine: str, theirs: str) -> Merged:
    """`base` with my changes and theirs, line by line."""
    merged: Lines = []
    whole = True
    for before, my, their in _regions(base.split("\n"), mine.split("\n"), theirs.split("\n")):
        merged += their if my == before else my
        whole = whole and (my == before or their in (before, my))
    return Merged("\n".join(merged), whole)


def _regions(base: Lines, mine: Lines, theirs: Lines) -> Iterator[tuple[Lines, Lines, Lines]]:
    """The three texts in step: in turn what one of them may have changed, and what all have in common."""
    in_base = in_mine = in_theirs = 0
    for b, m, t, size in _common(base, mine, theirs):
        yield base[in_base:b], mine[in_mine:m], theirs[in_theirs:t]
        in_base, in_mine, in_theirs = b + size, m + size, t + size
        yield base[b:in_base], mine[m:in_mine], theirs[t:in_theirs]


def _common(base: Lines, mine: Lines, theirs: Lines) -> Iterator[tuple[int, int, int, int]]:
    """(place in base, in mine, in theirs, length) of every run of lines that all three have; the last is
    empty."""
    one, other = (SequenceMatcher(None, base, text).get_matching_blocks() for text in (mine, theirs))
    i = j = 0
    while i < len(one) and j < len(other):
        start, end = max(one[i].a, other[j].a), min(_end(one[i]), _end(other[j]))
        if start < end:
            yield start, one[i].b + start - one[i].a, other[j].b + start - other[j].a, end - start
        if _end(one[i]) <= _end(other[j]):
            i += 1
        else:
            j += 1
    yield len(base), len(mine), len(theirs), 0


def _end(block: Match) -> int:
    return block.a + block.size
