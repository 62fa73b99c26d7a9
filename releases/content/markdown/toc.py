"""The contents of a body: its headings, for the list that stands before a long one."""

import re
from dataclasses import dataclass

_HEADING = re.compile(r'<h([1-6])[^<>]*\sid="([^"]+)"[^<>]*>(.*?)</h\1>', re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
FEWEST_HEADINGS = 3


@dataclass(frozen=True, slots=True)
class Heading:
    """`words` is HTML text, entities as they stand in the body; `level` is that of the page's h2 to h6."""

    level: int
    address: str
    words: str


def list_headings(html: str) -> list[Heading]:
    """The headings of a decorated body in their order; none when they are fewer than three."""
    found = [
        Heading(int(level), address, " ".join(_TAG.sub("", inner).split()))
        for level, address, inner in _HEADING.findall(html)
    ]
    found = [heading for heading in found if heading.words]
    return found if len(found) >= FEWEST_HEADINGS else []
