"""Two people's changes to the fields of one form, brought together as the texts that a browser sends."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from releases.content.text.merge3 import merge_texts

LIST = "\n"


class FieldKind(Enum):
    """Lines of prose combine, choices of several combine, of anything else one value wins."""

    PLAIN = "plain"
    PROSE = "prose"
    SEVERAL = "several"


class Combined(NamedTuple):
    """`is_whole`: nothing is left to choose."""

    text: str
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Merge:
    """What came of a merge, each by the name of a field.

    `theirs`: what others changed; `texts`: what a field holds now, where that is not what was typed there;
    `conflicts`: what it holds where somebody has to choose.
    """

    theirs: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    conflicts: Mapping[str, str] = field(default_factory=dict)


def merge_fields(
    base: Mapping[str, str | None],
    mine: Mapping[str, str],
    stored: Mapping[str, str],
    kinds: Mapping[str, FieldKind],
) -> Merge:
    """Bring together what a form held when it was opened, what was typed since, and what is stored now.

    A field that the base does not name counts as unchanged by others; one whose base nobody can tell (None)
    is asked for wherever both differ. `kinds` has the fields that can be merged; `mine` those of them that
    hold a valid value.
    """
    theirs = {name: text for name, text in stored.items() if text != base.get(name, text)}
    texts, conflicts = {}, {}
    for name in theirs:
        if name not in mine:
            continue
        combined = combine(kinds[name], base[name], mine[name], theirs[name])
        if combined.text != mine[name]:
            texts[name] = combined.text
        if not combined.is_whole:
            conflicts[name] = combined.text
    return Merge(theirs, texts, conflicts)


def combine(kind: FieldKind, base: str | None, mine: str, theirs: str) -> Combined:
    """Take theirs, keep mine, bring both together, or leave it to be asked."""
    if base is None:
        return Combined(mine, mine == theirs)
    if kind is FieldKind.PROSE:
        return Combined(*merge_texts(base, mine, theirs))
    if kind is FieldKind.SEVERAL:
        return Combined(combine_choices(base, mine, theirs), is_whole=True)
    return Combined(theirs if mine == base else mine, mine in (base, theirs))


def combine_choices(base: str, mine: str, theirs: str) -> str:
    """What both chose of several: theirs, with what I added and without what I took out."""
    before, own, other = (set(filter(None, text.split(LIST))) for text in (base, mine, theirs))
    return LIST.join(sorted((other | (own - before)) - (before - own)))


def read_base(text: str | None) -> dict[str, str | None] | None:
    """{name: text, or None where it is none}; None for what is no base at all."""
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    return {name: value if isinstance(value, str) else None for name, value in found.items()}
