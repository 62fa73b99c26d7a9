"""Raw HTML that begins a line with a tag of the block level: it runs to its end tag, blank lines or not."""

import re

from releases.content.rendering import attributes, patterns, tags
from releases.content.rendering.blocks import Region
from releases.content.rendering.nodes import Node

_REST_OF_LINE = re.compile(r"[ \t\r\f\v]*\n")
_INDENT = re.compile(r" {0,3}")
_AS_MARKDOWN = ("1", "block")


def html(region: Region) -> bool:
    start = _INDENT.match(region.text, region.position).end()  # type: ignore[union-attr]
    if end := tags.comment(region.text, start, region.document):
        return _taken(region, end)
    tag = tags.TAG.match(region.text, start)
    if tag is None or tag[1].lower() in patterns.SPAN_TAGS:
        return False
    if tags.attributes_of(tag[2]).get("markdown") in _AS_MARKDOWN:
        return _with_markdown(region, tag)
    extra, region.waiting = region.waiting, {}
    markup, end = tags.element(region.text, tag, region.document, extra)
    if markup:
        region.nodes.append(Node("html", markup))
    return _taken(region, end)


def _taken(region: Region, end: int) -> bool:
    rest = _REST_OF_LINE.match(region.text, end)
    region.position = rest.end() if rest else end
    return True


def _with_markdown(region: Region, tag: re.Match[str]) -> bool:
    """`<div markdown="1">`: what lies between the tags is read as Markdown."""
    name = tag[1].lower()
    end = _matching_end(region, name, tag.end())
    inside = region.text[tag.end() : end.start() if end else len(region.text)]
    given = {key: value for key, value in tags.attributes_of(tag[2]).items() if key != "markdown"}
    attributes.merge(given, region.waiting)
    region.waiting = {}
    region.nodes.append(Node("html", tags.opening(name, given)))
    region.nodes += region.nested(inside.lstrip("\n"))
    region.nodes.append(Node("html", f"</{name}>"))
    return _taken(region, end.end() if end else len(region.text))


def _matching_end(region: Region, name: str, position: int) -> re.Match[str] | None:
    depth = 1
    for found in re.compile(rf"<(/)?{name}\b[^<>]*>", re.IGNORECASE).finditer(region.text, position):
        depth += -1 if found[1] else 1
        if depth == 0:
            return found
    return None
