"""Paragraphs that stand for headings: all of their words are bold, or all are underlined, and a text follows."""

import html as entities
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

FEWEST = 3
"""So many make headings of them; fewer are only strong words."""
LONGEST = 120
_TAG = re.compile(r"<(/?)(?!(?:br|hr|img|col)\b)[a-z][a-z0-9]*\b[^<>]*>")
_WHOLE = re.compile(
    r'(?P<before>\s*)<p(?P<attributes>[^<>]*)>\s*<(?P<tag>strong|b|u|span)(?P<class> class="(?:bold|underlined)")?>'
    r"(?P<words>(?:(?!</(?P=tag)>).)*)</(?P=tag)>(?P<after>[\s:\u00a0]*)</p>",
    re.DOTALL,
)
_ENDS = re.compile(r"</(?:strong|b|u|span)>[\s:\u00a0]*</p>")
_REFUSED = re.compile(r"<(?:a|br|img|sup)\b|^\W*\d{1,3}\.\s")
_ANY_TAG = re.compile(r"<[^<>]*>")
_BOLD, _UNDERLINED = 5, 6


class _Block(NamedTuple):
    """An element of the top level, and the level of the heading that it may stand for; 0 for none."""

    text: str
    level: int


def promote_headings(html: str) -> str:
    """A decorated body whose bold lines are headings, below those that are headings already: h5 for bold ones,
    h6 for underlined ones, which the caller brings into order. Their words and addresses stay."""
    if len(_ENDS.findall(html)) < FEWEST:
        return html
    blocks = list(_split_blocks(html))
    levels = [block.level for block in blocks]
    # Lines one after the other are a letterhead; a heading has a text or a lower heading below it.
    chosen = [
        place
        for place, (level, after) in enumerate(pairwise(levels))
        if level and (after == 0 or after > level)
    ]
    if len(chosen) < FEWEST:
        return html
    for number, place in enumerate(chosen, 1):
        blocks[place] = _Block(_as_heading(blocks[place], number), 0)
    return "".join(block.text for block in blocks)


def _split_blocks(html: str) -> Iterator[_Block]:
    """Elements of the top level, each with what stands before it. The end counts as bold: no text follows."""
    depth = begun = 0
    for tag in _TAG.finditer(html):
        depth += -1 if tag[1] else 1
        if depth == 0:
            yield _read_block(html[begun : tag.end()])
            begun = tag.end()
    yield _Block(html[begun:], _BOLD)


def _read_block(text: str) -> _Block:
    found = _WHOLE.fullmatch(text)
    if found is None or _REFUSED.search(found["words"]):
        return _Block(text, 0)
    words = " ".join(entities.unescape(_ANY_TAG.sub("", found["words"])).split())
    is_line = (
        2 <= len(words) <= LONGEST
        and any(map(str.isalpha, words))
        and not words.endswith((".", ",", ";", "。"))
    )
    is_bold = found["tag"] in ("strong", "b") or "bold" in (found["class"] or "")
    return _Block(text, (_BOLD if is_bold else _UNDERLINED) if is_line else 0)


def _as_heading(block: _Block, number: int) -> str:
    found = _WHOLE.fullmatch(block.text)
    if found is None:
        return block.text
    attributes = found["attributes"]
    if " id=" not in attributes:
        attributes += f' id="site-part-{number}"'
    return f"{found['before']}<h{block.level}{attributes}>{found['words'].strip()}{found['after']}</h{block.level}>"
