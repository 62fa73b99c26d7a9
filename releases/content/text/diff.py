"""Two texts compared word by word, paragraph by paragraph."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_PIECE = re.compile(r"\s+|[^\s]+")
# A blank line, or the line before an item of a list.
_BREAK = re.compile(r"\n[ \t]*\n|\n(?=[ \t]{0,3}(?:\d{1,3}[.)]|[-*+])[ \t])")
LONGEST = 4_000
MOST_PAIRS = 100_000
"""Equal pieces, each with each, that are looked at in one comparison: readers wait for it. What is left is shown whole."""

Change = tuple[str, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`pieces` are (text, mark): "" for what stayed, "ins" and "del" for what came and went."""

    pieces: tuple[tuple[str, str], ...]

    @property
    def changed(self) -> bool:
        return any(mark for _, mark in self.pieces)


def compare(before: str, after: str) -> list[Paragraph]:
    """The paragraphs of both texts in their order; a changed one shows what came and what went."""
    old, new = _paragraphs(before), _paragraphs(after)
    comparing = _Comparing()
    found: list[Paragraph] = []
    for kind, i1, i2, j1, j2 in comparing.changes(old, new):
        if kind == "equal":
            found += [Paragraph(((text, ""),)) for text in new[j1:j2]]
        elif kind == "replace" and i2 - i1 == j2 - j1:
            found += [comparing.words(one, other) for one, other in zip(old[i1:i2], new[j1:j2], strict=True)]
        else:
            found += [Paragraph(((text, "del"),)) for text in old[i1:i2]]
            found += [Paragraph(((text, "ins"),)) for text in new[j1:j2]]
    return found


def changed_words(paragraphs: list[Paragraph]) -> int:
    """How many words came or went; one that was replaced counts once."""
    total = 0
    for paragraph in paragraphs:
        counts = {
            mark: sum(len(text.split()) for text, kind in paragraph.pieces if kind == mark)
            for mark in ("ins", "del")
        }
        total += max(counts.values())
    return total


def _paragraphs(text: str) -> list[str]:
    return [block.strip() for block in _BREAK.split(text) if block.strip()]


class _Comparing:
    """One comparison, which ends in time: its time grows with the pairs of equal pieces."""

    def __init__(self) -> None:
        self._left = MOST_PAIRS

    def words(self, before: str, after: str) -> Paragraph:
        old, new = _PIECE.findall(before), _PIECE.findall(after)
        if max(len(old), len(new)) > LONGEST:
            return Paragraph(((before, "del"), (after, "ins")))
        pieces: list[tuple[str, str]] = []
        for kind, i1, i2, j1, j2 in self.changes(old, new):
            if kind == "equal":
                pieces.append(("".join(new[j1:j2]), ""))
                continue
            pieces += [("".join(old[i1:i2]), "del")] if i2 > i1 else []
            pieces += [("".join(new[j1:j2]), "ins")] if j2 > j1 else []
        return Paragraph(tuple(pieces))

    def changes(self, old: Sequence[str], new: Sequence[str]) -> list[Change]:
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

    def _inner_changes(self, old: Sequence[str], new: Sequence[str]) -> Sequence[Change]:
        counted = Counter(new)
        self._left -= sum(counted[piece] for piece in old if not piece.isspace())
        if self._left < 0:
            return [("replace", 0, len(old), 0, len(new))]
        return SequenceMatcher(str.isspace, old, new, autojunk=False).get_opcodes()


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many pieces both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (piece, twin) in pairs if piece != twin), min(len(one), len(other)))
