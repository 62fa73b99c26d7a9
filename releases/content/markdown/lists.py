"""Lists and definition lists: where an item ends, what belongs to it, and whether it stands in a
paragraph."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from releases.content.markdown import attributes, limits, patterns
from releases.content.markdown.blocks import Region
from releases.content.markdown.nodes import Node

_START = {
    "ul": re.compile(r"( {0,3}[+*-])([\t |][^\n]*\n)"),
    "ol": re.compile(r"( {0,3}[0-9]{1,9}\.)([\t |][^\n]*\n)"),
    "dd": re.compile(r"( {0,3}:)([\t ][^\n]*\n)"),
}
_ANY_START = re.compile(patterns.LIST_LINE, re.ASCII)
_ITEM_ATTRIBUTES = re.compile(rf"\s*{patterns.ATTRIBUTE_LIST}\s*", re.ASCII)
_BARE_MARKER = re.compile(rf"(?:[ \t]*{patterns.ATTRIBUTE_LIST})?[ \t\r\f\v]*\n", re.ASCII)
_INDENT = re.compile(r"[ \t]*")


@dataclass(frozen=True)
class _Shape:
    """How the lines of an item with its text at `column` look: going on, lazily going on, the next item."""

    goes_on: re.Pattern[str]
    lazy: re.Pattern[str]
    indent: re.Pattern[str]
    next_item: re.Pattern[str]


@lru_cache(maxsize=64)
def _shape(kind: str, column: int) -> _Shape:
    stops, rest, most = column // 4, column % 4, min(3, column)
    marker = {"ul": "[+*-]", "ol": "[0-9]{1,9}\\.", "dd": ":"}[kind]
    fewer = min(3, max(column - 1, 0))
    return _Shape(
        re.compile(
            rf"(?:(?:\t| {{4}}){{{stops}}} {{{rest}}}|(?:\t| {{4}}){{{stops + 1}}})[^\n]*?[^ \t\r\f\v\n][^\n]*\n"
        ),
        re.compile(
            rf"(?! {{0,{most}}}(?:{patterns.ATTRIBUTE_LIST}[ \t]*\n|</?(?!(?:{patterns.STAYS_IN_PARAGRAPH})\b)[A-Za-z_]))"
            r"[^\n]*?[^ \t\r\f\v\n][^\n]*\n",
            re.ASCII,
        ),
        re.compile(rf" {{{column}}}"),
        re.compile(rf"( {{0,{fewer}}}{marker})([\t |][^\n]*\n)"),
    )


@dataclass
class _Item:
    """An item being gathered; `parts`, in lines, are read one after the other: a list inside begins a part of
    its own."""

    node: Node
    column: int
    parts: list[list[str]]
    has_list: bool = False
    own_attributes: dict[str, str] = field(default_factory=dict)


def read_list(region: Region) -> bool:
    kind = next((kind for kind in ("ul", "ol") if region.match(_START[kind])), "")
    if not kind:
        return False
    items, ended = _gather(region, kind)
    node = region.add(Node(kind))
    node.children = [item.node for item in items]
    _read(region, items)
    trailing = _settle(node.children, ended)
    if trailing and not ended:
        region.nodes.append(trailing)
    return True


def read_definitions(region: Region) -> bool:
    """`: text` under a paragraph: its lines are the terms."""
    terms = _terms(region)
    if not region.match(_START["dd"]) or terms is None:
        return False
    spaced = region.nodes.pop().kind == "blank"
    if spaced:
        region.nodes.pop()
    items, _ = _gather(region, "dd")
    _read(region, items)
    for item in items:
        children = item.node.children
        if children and children[0].kind == "p":
            children[0].tight = not spaced
        spaced = bool(children) and children[-1].kind == "blank"
    node = _list_before(region) or region.add(Node("dl"))
    region.document.budget.spend(limits.STEPS_OF_A_PART * terms.text.count("\n"))
    node.children += [Node("dt", line.strip(" \t")) for line in terms.text.split("\n")]
    node.children += [item.node for item in items]
    return True


def _list_before(region: Region) -> Node | None:
    """The list of definitions that stands right before, or before a blank line: more terms belong to it."""
    kinds = [node.kind for node in region.nodes[-2:]]
    if kinds == ["dl", "blank"]:
        region.nodes.pop()
    return region.nodes[-1] if kinds[-1:] == ["dl"] or kinds == ["dl", "blank"] else None


def _terms(region: Region) -> Node | None:
    last = region.nodes[-2:]
    if last and last[-1].kind == "blank":
        last.pop()
    return last[-1] if last and last[-1].kind == "p" else None


def _gather(region: Region, kind: str) -> tuple[list[_Item], bool]:
    """The items of the list that begins here, and whether a `^` ended it."""
    items: list[_Item] = []
    start, after_blank = _START[kind], False
    while region.position < len(region.text):
        region.document.budget.spend()
        if after_blank and region.match(patterns.RULE):
            return items, False
        if items and (ended := region.match(patterns.BOUNDARY)):
            region.position = ended.end()
            return items, True
        if found := region.match(start):
            region.position = found.end()
            region.document.budget.spend(limits.STEPS_OF_A_PART)
            items.append(_first_line(kind, found))
            start, after_blank = _shape(kind, items[-1].column).next_item, False
        elif _take_line(region, kind, items[-1], after_blank=after_blank):
            after_blank = False
        elif blank := region.match(patterns.BLANK):
            region.position = blank.end()
            items[-1].has_list = after_blank = True
            items[-1].parts[-1].append(blank[0])
        else:
            break
    return items, False


def _first_line(kind: str, found: re.Match[str]) -> _Item:
    marker, text = found.groups()
    column = len(marker)
    column = 4 if _BARE_MARKER.match(text) else _behind(column, _INDENT.match(text)[0])  # type: ignore[index]
    node = Node("dd" if kind == "dd" else "li", typed=int(marker.strip(" .")) if kind == "ol" else 0)
    text = text.lstrip(" \t\r\n\f\v")
    if own := _ITEM_ATTRIBUTES.match(text):
        attributes.merge_attributes(node.attributes, attributes.parse_attributes(own[1]))
        text = text[own.end() :]
    return _Item(node, column, [[text]], has_list=bool(_ANY_START.match(text)))


def _behind(column: int, indent: str) -> int:
    """The column behind spaces and tabs; a tab reaches to the next multiple of four."""
    for sign in indent:
        column += 4 - column % 4 if sign == "\t" else 1
    return column


def _take_line(region: Region, kind: str, item: _Item, *, after_blank: bool) -> bool:
    shape = _shape(kind, item.column)
    found = region.match(shape.goes_on) or (None if after_blank else region.match(shape.lazy))
    if found is None:
        return False
    region.position = found.end()
    line = found[0]
    tabs = len(line) - len(line.lstrip("\t"))
    line = " " * (4 * tabs) + line[tabs:]
    indent = shape.indent.match(line)
    line = line[indent.end() :] if indent else line
    begins_list = bool(_ANY_START.match(line))
    if begins_list and indent and not item.has_list:
        item.parts.append([])
        item.has_list = True
    elif begins_list and not indent and item.has_list:
        line = " " * (item.column + 4) + line
    item.parts[-1].append(line)
    return True


def _read(region: Region, items: list[_Item]) -> None:
    for item in items:
        inner = region.inner()
        for part in item.parts:
            inner.read_part("".join(part))
        item.node.children = inner.nodes


def _settle(items: list[Node], ended: bool) -> Node | None:
    """Decide per item whether its text stands without a paragraph; gives the blank that ends the last
    item."""
    trailing = None
    for item in items:
        children = item.children
        trailing = None
        if not children:
            continue
        if _is_tight(item, items, ended):
            children[0].tight = True
            if len(children) > 1 and children[1].kind == "html":
                children[0].text += "\n"
        if children[-1].kind == "blank":
            trailing = children.pop()
    return trailing


def _is_tight(item: Node, items: list[Node], ended: bool) -> bool:
    first = item.children[0]
    second = item.children[1].kind if len(item.children) > 1 else ""
    last = item is items[-1]
    if first.kind != "p":
        return False
    if second == "blank" and not (last and len(item.children) == 2 and not ended):
        return False
    if not last or len(items) == 1:
        return True
    others = (other.children[0] if other.children else None for other in items[:-1])
    return any(other is None or other.kind != "p" or other.tight for other in others)
