"""Raw HTML: tags as kramdown reads them, and how far an element reaches."""

import html
import re
from dataclasses import dataclass

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
    """The text inside an element that asks for it, as `<div markdown="1">` does: to be read as "block" or as "span"."""

    text: str
    kind: str


Parts = list[str | Markdown]


def attributes_of(text: str) -> Attributes:
    """The attributes of a tag, names in small letters; of a repeated one the last wins, as in kramdown."""
    found: Attributes = {}
    for name, *values in _ATTRIBUTE.findall(text) if text else ():
        found[name.lower()] = html.unescape(next((value for value in values if value), ""))
    return found


def opening(name: str, given: Attributes, *, closed: bool = False) -> str:
    words = "".join([f' {key}="{html.escape(value)}"' for key, value in given.items()]) if given else ""
    return f"<{name}{words}{' />' if closed else '>'}"


def marked(markup: str, more: Attributes) -> str:
    """An element with the attributes of the line behind it; a number there is meant for the list that follows."""
    tag = TAG.match(markup)
    if tag is None:
        return markup
    given = attributes_of(tag[2])
    attributes.merge(given, {key: value for key, value in more.items() if key != "start"})
    return opening(tag[1], given, closed=bool(tag[3])) + markup[tag.end() :]


def escape(text: str) -> str:
    """Text for HTML; entities stay what they are."""
    if "&" in text:
        text = _AMPERSAND.sub("&amp;", text)
    return text.replace("<", "&lt;").replace(">", "&gt;")


def element(text: str, tag: re.Match[str], document: Document, extra: Attributes) -> tuple[Parts, int]:
    """(HTML, where it ends) of the element that `tag` opens in `text`, with everything inside as it is.

    An element reaches to the end tag that fits; without one it reaches to the end of the text and is closed there.
    An end tag that fits nothing is shown as text, as kramdown shows it.
    """
    parts: Parts = []
    open_tags: list[str] = []
    position = _open(text, tag, extra, parts, open_tags, document)
    while open_tags:
        document.budget.spend()
        found = _RAW_START.search(text, position)
        parts.append(escape(text[position : found.start() if found else len(text)]))
        if not found:
            position = len(text)
            break
        position = _one(text, found.start(), parts, open_tags, document)
    while open_tags:
        parts.append(_end(open_tags))
    return parts, position


def _end(open_tags: list[str]) -> str:
    """The end tag of the innermost element, which leaves the list; none where tags nest too deeply to be written."""
    name = open_tags.pop()
    return f"</{name}>" if len(open_tags) < limits.DEEPEST_TAG else ""


def _one(text: str, position: int, parts: Parts, open_tags: list[str], document: Document) -> int:
    sign = text[position + 1]
    if sign == "!" and (hidden := comment(text, position, document)):
        return hidden
    if sign == "/" and (closing := CLOSING.match(text, position)):
        fits = closing[1].lower() == open_tags[-1]
        parts.append(_end(open_tags) if fits else escape(closing[0]))
        return closing.end()
    if tag := TAG.match(text, position):
        return _open(text, tag, {}, parts, open_tags, document)
    parts.append("&lt;")
    return position + 1


def _open(
    text: str,
    tag: re.Match[str],
    extra: Attributes,
    parts: Parts,
    open_tags: list[str],
    document: Document,
) -> int:
    """Write a start tag; a script or style is passed over whole, and tags that nest too deeply leave only their text."""
    name = tag[1].lower()
    if name in ("script", "style") and not tag[3]:
        end = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(text, tag.end())
        return end.end() if end else len(text)
    given = attributes_of(tag[2])
    if extra:
        attributes.merge(given, extra)
    void = name in patterns.VOID_TAGS
    if (kind := _markdown(name, given)) and not tag[3] and not void:
        inside, position = _inside(text, name, tag.end(), document)
        parts += [opening(name, given), Markdown(inside, kind), f"</{name}>"]
        return position
    if len(open_tags) < limits.DEEPEST_TAG:
        parts.append(opening(name, given, closed=void))
        if tag[3] and not void:
            parts.append(f"</{name}>")
    if not tag[3] and not void:
        open_tags.append(name)
    return tag.end()


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


def comment(text: str, position: int, document: Document) -> int:
    """Where the comment ends that begins at `position`; 0 when none does."""
    if not text.startswith("<!--", position):
        return 0
    if document.without_comment_end is text:
        return 0
    end = text.find("-->", position + 4)
    if end < 0:
        document.without_comment_end = text
    return end + 3 if end >= 0 else 0
