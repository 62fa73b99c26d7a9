"""Two texts compared word by word, paragraph by paragraph."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import NamedTuple

_PIECE = re.compile(r"\s+|[^\s]+")
# A blank line, or the line before an item of a list.
_BREAK = re.compile(r"\n[ \t]*\n|\n(?=[ \t]{0,3}(?:\d{1,3}[.)]|[-*+])[ \t])")
MOST_PIECES = 4_000
"""Words and blanks of a paragraph; one with more is shown whole."""
MOST_PAIRS = 100_000
"""Equal pieces, each with each, that are looked at in one comparison: readers wait for it.

What is left is shown whole.
"""

_Change = tuple[str, int, int, int, int]
"""(kind, first and last place in the old text, first and last in the new), as SequenceMatcher has them."""


class DiffPiece(NamedTuple):
    """`mark` is "" for a text that stayed, "ins" and "del" for one that came and went."""

    text: str
    mark: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    pieces: tuple[DiffPiece, ...]

    @property
    def changed(self) -> bool:
        """Whether anything of it came or went."""
        return any(piece.mark for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Paragraphs next to each other that all changed, or that all stayed."""

    changed: bool
    paragraphs: tuple[Paragraph, ...]


def compare_texts(before: str, after: str) -> list[Paragraph]:
    """`compare_paragraphs` of two texts as they were typed."""
    return compare_paragraphs(_split_paragraphs(before), _split_paragraphs(after))


def compare_paragraphs(old: list[str], new: list[str]) -> list[Paragraph]:
    """The paragraphs of both texts in their order; a changed one shows what came and what went."""
    comparing = _Comparing()
    found: list[Paragraph] = []
    for kind, i1, i2, j1, j2 in comparing.changes(old, new):
        found += comparing.paragraphs(kind, old[i1:i2], new[j1:j2])
    return found


def group_paragraphs(paragraphs: list[Paragraph]) -> list[Stretch]:
    """The same paragraphs, so that those that stayed can be folded together."""
    runs = groupby(paragraphs, key=lambda paragraph: paragraph.changed)
    return [Stretch(changed, tuple(run)) for changed, run in runs]


def count_changed_words(paragraphs: list[Paragraph]) -> int:
    """How many words came or went; one that was replaced counts once."""
    total = 0
    for paragraph in paragraphs:
        counts = {
            mark: sum(len(piece.text.split()) for piece in paragraph.pieces if piece.mark == mark)
            for mark in ("ins", "del")
        }
        total += max(counts.values())
    return total


def _split_paragraphs(text: str) -> list[str]:
    return [block.strip() for block in _BREAK.split(text) if block.strip()]


class _Comparing:
    """One comparison, which ends in time: its time grows with the pairs of equal pieces."""

    def __init__(self) -> None:
        self._left = MOST_PAIRS

    def paragraphs(self, kind: str, old: list[str], new: list[str]) -> list[Paragraph]:
        """The paragraphs of one change; as many that replace as many are compared by their words, each with
        its own."""
        if kind == "equal":
            return [Paragraph((DiffPiece(text, ""),)) for text in new]
        if kind == "replace" and len(old) == len(new):
            return [self.words(one, other) for one, other in zip(old, new, strict=True)]
        gone = [Paragraph((DiffPiece(text, "del"),)) for text in old]
        return gone + [Paragraph((DiffPiece(text, "ins"),)) for text in new]

    def words(self, before: str, after: str) -> Paragraph:
        old, new = _PIECE.findall(before), _PIECE.findall(after)
        if max(len(old), len(new)) > MOST_PIECES:
            return Paragraph((DiffPiece(before, "del"), DiffPiece(after, "ins")))
        pieces: list[DiffPiece] = []
        for kind, i1, i2, j1, j2 in self.changes(old, new):
            if kind == "equal":
                pieces.append(DiffPiece("".join(new[j1:j2]), ""))
                continue
            pieces += [DiffPiece("".join(old[i1:i2]), "del")] if i2 > i1 else []
            pieces += [DiffPiece("".join(new[j1:j2]), "ins")] if j2 > j1 else []
        return Paragraph(tuple(pieces))

    def changes(self, old: Sequence[str], new: Sequence[str]) -> list[_Change]:
        """From `old` to `new`, as SequenceMatcher tells it. Blanks alone tie nothing together."""
        start = _shared(old, new)
        end = _shared(old[start:][::-1], new[start:][::-1])
        last_old, last_new = len(old) - end, len(new) - end
        inner = self._inner_changes(old[start:last_old], new[start:last_new])
        found = [
            ("equal", 0, start, 0, start),
            *((kind, i1 + start, i2 + start, j1 + start, j2 + start) for kind, i1, i2, j1, j2 in inner),
            ("equal", last_old, len(old), last_new, len(new)),
        ]
        return [change for change in found if change[2] > change[1] or change[4] > change[3]]

    def _inner_changes(self, old: Sequence[str], new: Sequence[str]) -> Sequence[_Change]:
        counted = Counter(new)
        self._left -= sum(counted[piece] for piece in old if not piece.isspace())
        if self._left < 0:
            return [("replace", 0, len(old), 0, len(new))]
        return SequenceMatcher(str.isspace, old, new, autojunk=False).get_opcodes()


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many pieces both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (piece, twin) in pairs if piece != twin), min(len(one), len(other)))
