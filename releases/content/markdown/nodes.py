"""The blocks of a body before they become tokens."""

from dataclasses import dataclass, field

from releases.content.markdown.limits import Budget

Attributes = dict[str, str]


@dataclass(slots=True)
class Node:
    """A block.

    `text` is inline source (paragraph, heading, cell), code, or HTML; `typed` the number of a list item.
    """

    kind: str
    text: str = ""
    level: int = 0
    attributes: Attributes = field(default_factory=dict)
    children: list["Node"] = field(default_factory=list)
    tight: bool = False
    typed: int = 0


@dataclass
class Document:
    """What the blocks of one body share."""

    budget: Budget = field(default_factory=Budget)
    references: dict[str, tuple[str, str]] = field(default_factory=dict)
    notes: dict[str, list[Node]] = field(default_factory=dict)
    slugs: dict[str, int] = field(default_factory=dict)
    renumbered: bool = False
    without_comment_end: str = ""
