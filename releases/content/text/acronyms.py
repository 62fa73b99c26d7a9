"""Acronyms that a text introduces: "the Committee of Supply (COS)"."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_SHORT = re.compile(r" \(([A-Z][A-Za-z]{0,8}[A-Z])s?\)")
_WORD = re.compile(r"[^\W_]+(?:['’][a-z]+)?")
_SMALL = frozenset("a and at by for from in of on or the to with".split())
"""Words whose letters an acronym may leave out."""
_REACH = 120  # characters before the bracket


class Introduced(NamedTuple):
    """An acronym and the words that it stands for, as the text writes them."""

    acronym: str
    name: str


def find_acronyms(text: str) -> Iterator[Introduced]:
    """Each acronym in brackets whose capitals begin the words before it."""
    for found in _SHORT.finditer(text):
        start = _find_start(text, found.start(), [letter for letter in found[1] if letter.isupper()])
        if start is not None:
            yield Introduced(found[1], text[start : found.start()])


def _find_start(text: str, end: int, capitals: list[str]) -> int | None:
    """Where the words begin that end at `end`, one for each capital; None where they have other letters."""
    for word in reversed(list(_WORD.finditer(text, max(0, end - _REACH), end))):
        if word[0][0].upper() == capitals[-1]:
            capitals = capitals[:-1]
            if not capitals:
                return word.start()
        elif word[0].lower() not in _SMALL:
            return None
    return None
