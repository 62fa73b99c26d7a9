"""What is read from a document before its fields are found."""

from dataclasses import dataclass, field
from typing import NamedTuple

from releases.content.documents.lines import Line


class DocumentRefused(ValueError):
    """A document that cannot be taken; the message is for the editor."""


class FoundPicture(NamedTuple):
    """Bytes, and their media type as the document says. Markdown shows it at `picture:N`, counted from 0."""

    data: bytes
    media_type: str
    alt_text: str


@dataclass(slots=True)
class ReadDocument:
    """`edges` are the words of headers and footers; `left_out` says in words what a body cannot hold; `html` is
    the document itself, cleaned, to be shown beside what was made of it."""

    lines: list[Line]
    html: str = ""
    edges: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    pictures: list[FoundPicture] = field(default_factory=list)
