"""Raw HTML: tags as kramdown reads them, and how far an element reaches."""

import html
import re
from dataclasses import dataclass
from typing import NamedTuple

from releases.content.markdown import attributes, limits, patterns
from releases.content.markdown.nodes import Attributes, Document

_VALUE = r"""(?:\w+|"[^"]*"|'[^']*')"""
TAG = re.compile(rf"<({patterns.NAME})((?:\s+{patterns.NAME}(?:\s*=\s*{_VALUE})?+)*+)\s*(/)?>")
CLOSING = re.compile(rf"</({patterns.NAME})\s*>")
_ATTRIBUTE = re.compile(rf"""\s*({patterns.NAME})(?:\s*=\s*(?:(\w+)|"([^"]*)"|'([^']*)'))?""")
_ANY = re.compile(rf"<(/)?({patterns.NAME})\b[^<>]*>")
_RAW_START = re.compile(r"<(?=[A-Za-z_/!])")
_AMPERSAND = re.compile(r"&(?!(?:[\w:][\w:.-]*|#\d+|#[xX][0-9a-fA-F]+);)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Markdown:
    """The text inside an element that asks for it, as `<div markdown="1">` does: to be read as "block" or as
    "span"."""

    text: str
    kind: str


Parts = list[str | Markdown]


def parse_attributes(text: str) -> Attributes:
    """The attributes of a tag, names in small letters; of a repeated one the last wins, as in kramdown."""
    found: Attributes = {}
    for name, *values in _ATTRIBUTE.findall(text) if text else ():
        found[name.lower()] = html.unescape(next((value for value in values if value), ""))
    return found


def format_tag(name: str, given: Attributes, *, closed: bool = False) -> str:
    """An opening tag, values escaped; `closed`: one without an end tag."""
    words = "".join([f' {key}="{html.escape(value)}"' for key, value in given.items()]) if given else ""
    return f"<{name}{words}{' />' if closed else '>'}"


def add_attributes(markup: str, more: Attributes) -> str:
    """An element with the attributes of the line behind it; a number there is meant for the list that
    follows."""
    tag = TAG.match(markup)
    if tag is None:
        return markup
    given = parse_attributes(tag[2])
    attributes.merge_attributes(given, {key: value for key, value in more.items() if key != "start"})
    return format_tag(tag[1], given, closed=bool(tag[3])) + markup[tag.end() :]


def escape_text(text: str) -> str:
    """Text for HTML; entities stay what they are."""
    if "&" in text:
        text = _AMPERSAND.sub("&amp;", text)
    return text.replace("<", "&lt;").replace(">", "&gt;")


class Element(NamedTuple):
    """An element with everything inside, and where it ends in the text."""

    parts: Parts
    end: int


def read_element(text: str, tag: re.Match[str], document: Document, extra: Attributes) -> Element:
    """The element that `tag` opens in `text`, with everything inside as it is; it gets the `extra`
    attributes.

    An element reaches to the end tag that fits; without one it reaches to the end of the text and is closed
    there. An end tag that fits nothing is shown as text, as kramdown shows it.
    """
    copy = _Copy(text, document)
    position = copy.open(tag, extra)
    while copy.open_tags:
        document.budget.spend()
        found = _RAW_START.search(text, position)
        copy.parts.append(escape_text(text[position : found.start() if found else len(text)]))
        if not found:
            position = len(text)
            break
        position = copy.take(found.start())
    while copy.open_tags:
        copy.close()
    return Element(copy.parts, position)


class _Copy:
    """The HTML of an element while its text is read."""

    def __init__(self, text: str, document: Document) -> None:
        self.text = text
        self.document = document
        self.parts: Parts = []
        self.open_tags: list[str] = []

    def take(self, position: int) -> int:
        """Copy what the `<` at `position` begins; gives where that ends."""
        sign = self.text[position + 1]
        if sign == "!" and (hidden := find_comment_end(self.text, position, self.document)):
            return hidden
        if sign == "/" and (closing := CLOSING.match(self.text, position)):
            if closing[1].lower() == self.open_tags[-1]:
                self.close()
            else:
                self.parts.append(escape_text(closing[0]))
            return closing.end()
        if tag := TAG.match(self.text, position):
            return self.open(tag, {})
        self.parts.append("&lt;")
        return position + 1

    def open(self, tag: re.Match[str], extra: Attributes) -> int:
        """Write a start tag; a script or style is passed over whole, and tags that nest too deeply leave only
        their text."""
        name, closed = tag[1].lower(), bool(tag[3])
        if name in ("script", "style") and not closed:
            end = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(self.text, tag.end())
            return end.end() if end else len(self.text)
        given = parse_attributes(tag[2])
        attributes.merge_attributes(given, extra)
        kind = _markdown(name, given)
        void = name in patterns.VOID_TAGS
        if closed or void:
            self._write(format_tag(name, given, closed=void) + ("" if void else f"</{name}>"))
            return tag.end()
        if kind:
            inside, position = _inside(self.text, name, tag.end(), self.document)
            self.parts += [format_tag(name, given), Markdown(inside, kind), f"</{name}>"]
            return position
        self._write(format_tag(name, given))
        self.open_tags.append(name)
        return tag.end()

    def close(self) -> None:
        """Write the end tag of the innermost element."""
        name = self.open_tags.pop()
        self._write(f"</{name}>")

    def _write(self, markup: str) -> None:
        """Tags that nest too deeply are not written."""
        if len(self.open_tags) < limits.DEEPEST_TAG:
            self.parts.append(markup)


def _markdown(name: str, given: Attributes) -> str:
    """How the text inside is to be read, "" for as it is; the attribute that says so goes."""
    asked = given.pop("markdown", "")
    if asked == "1":
        return "block" if name in patterns.HOLD_BLOCKS else "span" if name in patterns.HOLD_SPANS else ""
    return asked if asked in ("block", "span") else ""


def _inside(text: str, name: str, start: int, document: Document) -> tuple[str, int]:
    """(The text up to the end tag that fits, else to the end; where the element ends.)"""
    depth = 1
    for found in _ANY.finditer(text, start):
        document.budget.spend()
        if found[2].lower() == name:
            depth += -1 if found[1] else 1
            if depth == 0:
                return text[start : found.start()], found.end()
    return text[start:], len(text)


def find_comment_end(text: str, position: int, document: Document) -> int:
    """Where the comment ends that begins at `position`; 0 when none does."""
    if not text.startswith("<!--", position):
        return 0
    if document.without_comment_end is text:
        return 0
    end = text.find("-->", position + 4)
    if end < 0:
        document.without_comment_end = text
    return end + 3 if end >= 0 else 0
