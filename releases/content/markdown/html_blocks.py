"""Raw HTML that begins a line with a tag of the block level: it runs to its end tag, blank lines or not."""

import re
from collections.abc import Iterator
from itertools import groupby

from releases.content.markdown import patterns, tags
from releases.content.markdown.blocks import Region
from releases.content.markdown.nodes import Node

_REST_OF_LINE = re.compile(r"[ \t\r\f\v]*\n")
_INDENT = re.compile(r" {0,3}")


def read_html(region: Region) -> bool:
    start = _INDENT.match(region.text, region.position).end()  # type: ignore[union-attr]
    if end := tags.find_comment_end(region.text, start, region.document):
        return _taken(region, end)
    tag = tags.TAG.match(region.text, start)
    if tag is None or tag[1].lower() in patterns.SPAN_TAGS:
        return False
    extra, region.waiting = region.waiting, {}
    parts, end = tags.read_element(region.text, tag, region.document, extra)
    region.nodes += [*_nodes(region, parts)] or [Node("boundary", "html")]
    if tag[3] or tag[1].lower() in (*patterns.VOID_TAGS, "script", "style"):
        region.position = end
        return True
    return _taken(region, end)


def _taken(region: Region, end: int) -> bool:
    rest = _REST_OF_LINE.match(region.text, end)
    region.position = rest.end() if rest else end
    return True


def _nodes(region: Region, parts: tags.Parts) -> Iterator[Node]:
    for _, group in groupby(parts, type):
        alike = list(group)
        if markup := "".join([part for part in alike if isinstance(part, str)]):
            yield Node("html", markup)
        for part in alike:
            if isinstance(part, tags.Markdown) and part.kind == "block":
                yield from region.inner(part.text.lstrip("\n")).read()
            elif isinstance(part, tags.Markdown):
                yield Node("p", part.text, tight=True)
