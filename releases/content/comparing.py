"""Two texts compared word by word, paragraph by paragraph."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_PIECE = re.compile(r"\s+|[^\s]+")
# A blank line, or the line before an item of a list.
_BREAK = re.compile(r"\n[ \t]*\n|\n(?=[ \t]{0,3}(?:\d{1,3}[.)]|[-*+])[ \t])")
LONGEST = 4_000


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
    found: list[Paragraph] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found += [Paragraph(((text, ""),)) for text in new[j1:j2]]
        elif kind == "replace" and i2 - i1 == j2 - j1:
            found += [_words(one, other) for one, other in zip(old[i1:i2], new[j1:j2], strict=True)]
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


def _words(before: str, after: str) -> Paragraph:
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    if max(len(old), len(new)) > LONGEST:
        return Paragraph(((before, "del"), (after, "ins")))
    pieces: list[tuple[str, str]] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(("".join(new[j1:j2]), ""))
            continue
        pieces += [("".join(old[i1:i2]), "del")] if i2 > i1 else []
        pieces += [("".join(new[j1:j2]), "ins")] if j2 > j1 else []
    return Paragraph(tuple(pieces))
