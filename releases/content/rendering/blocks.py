"""The block level in kramdown's order: which lines make a paragraph, a list, a quotation, raw HTML, and so on.

A `Region` is a text that is read from its beginning to its end: a body, a list item, a quotation. Each rule looks at
the place that the region has reached; it either takes some lines and says so, or leaves everything as it was.
"""

import re
from collections.abc import Callable

from releases.content.rendering import attributes, limits, patterns
from releases.content.rendering.nodes import Attributes, Document, Node

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*([^\n]*)\n")
_QUOTE_MARK = re.compile(r"^ {0,3}> ?", re.MULTILINE)
_INDENT_MARK = re.compile(r"^(?:\t| {4})", re.MULTILINE)
_LAZY = re.compile(r"\n {0,3}(?=[^ \t\n])()")
_HEADING = re.compile(r"(#{1,6})[\t ]+([^ \t\n][^\n]*)\n")
_HEADING_ID = re.compile(r"[ \t]+\{#([A-Za-z][\w:-]*)\}$", re.ASCII)
_UNDERLINED = re.compile(r" {0,3}([^ \t\n][^\n]*)\n([-=])[-=]*[ \t\r\f\v]*\n")
_REFERENCE = re.compile(
    r""" {0,3}\[([^\n\]]+)\]:[ \t]*(?:<([^\n>]*)>|([^\s"'][^\n"']*?|[^\s"']\S*))(?:[ \t]*\n?[ \t]*(["'])([^\n]+?)\4)?[ \t]*\n""",
    re.ASCII,
)
_NOTE = re.compile(r" {0,3}\[\^(\w[\w:-]*)\]:[ \t]*([^\n]*\n)", re.ASCII)
_COMMENT_EXTENSION = re.compile(r" {0,3}\{::comment\}.*?\{:/(?:comment)?\}[ \t]*\n", re.DOTALL)
_BOUNDARY = re.compile(patterns.BOUNDARY_LINE)


class Region:
    """A text being read; `nodes` are the blocks found so far, `waiting` the attributes meant for the next one."""

    def __init__(self, text: str, document: Document, depth: int = 0) -> None:
        limits.check_depth(depth)
        self.text = text if text.endswith("\n") else text + "\n"
        self.document = document
        self.depth = depth
        self.position = 0
        self.nodes: list[Node] = []
        self.waiting: Attributes = {}

    def read(self) -> list[Node]:
        while self.position < len(self.text):
            self.document.budget.spend()
            for rule in _rules_for(self.text, self.position):
                if rule(self):
                    break
        return self.nodes

    def nested(self, text: str) -> list[Node]:
        return Region(text, self.document, self.depth + 1).read()

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        return pattern.match(self.text, self.position)

    def line(self) -> str:
        """The line at the position, which moves behind it."""
        end = self.text.find("\n", self.position) + 1 or len(self.text)
        start, self.position = self.position, end
        return self.text[start:end]

    def add(self, node: Node) -> Node:
        """Append a block; it takes the attributes that wait."""
        self.document.budget.spend(limits.STEPS_OF_A_PART // 2)
        attributes.merge(node.attributes, self.waiting)
        self.waiting = {}
        self.nodes.append(node)
        return node

    def last(self) -> Node | None:
        return self.nodes[-1] if self.nodes else None

    def after_boundary(self) -> bool:
        last = self.last()
        return last is None or last.kind in ("blank", "boundary") or bool(self.waiting)


def blank(region: Region) -> bool:
    found = region.match(patterns.BLANK)
    if found is None:
        return False
    region.position = found.end()
    last = region.last()
    if last is None or last.kind != "blank":
        region.add(Node("blank"))
    return True


def indented_code(region: Region) -> bool:
    if not region.match(patterns.INDENTED) or not (found := region.match(patterns.CODE)):
        return False
    region.position = found.end()
    joined = _LAZY.sub(r" \1", found[0])
    region.add(Node("code", _INDENT_MARK.sub("", joined)))
    return True


def fenced_code(region: Region) -> bool:
    """A fence without an end is text."""
    found = region.match(_FENCE)
    if found is None:
        return False
    fence, end = found[1], f"\n{found[1]}"
    ending = re.compile(rf"^ {{0,3}}{re.escape(fence)}{re.escape(fence[0])}*[ \t]*\n", re.MULTILINE)
    closed = ending.search(region.text, found.end()) if _may_end(region, end) else None
    if closed is None:
        return False
    region.position = closed.end()
    region.add(Node("code", region.text[found.end() : closed.start()]))
    return True


def _may_end(region: Region, end: str) -> bool:
    region.document.budget.spend(1 + (len(region.text) - region.position) // 2000)
    return region.text.find(end.strip(), region.position + len(end)) >= 0


def quotation(region: Region) -> bool:
    start = region.position
    region.line()
    _to_block_end(region)
    quoted = _QUOTE_MARK.sub("", region.text[start : region.position])
    region.add(Node("quote", children=[])).children = region.nested(quoted)
    return True


def _to_block_end(region: Region) -> None:
    while not region.match(patterns.BLOCK_END):
        region.line()


def heading(region: Region) -> bool:
    found = region.match(_HEADING)
    if found is None:
        return False
    region.position = found.end()
    text = found[2].rstrip(" \t")
    named = _HEADING_ID.search(text)
    text = re.sub(r"[ \t]+#+$", "", text[: named.start()] if named else text)
    _add_heading(region, text, len(found[1]), named[1] if named else "")
    return True


def underlined(region: Region) -> bool:
    found = region.match(_UNDERLINED) if region.after_boundary() else None
    if found is None:
        return False
    region.position = found.end()
    text = found[1].rstrip(" \t")
    named = _HEADING_ID.search(text)
    _add_heading(
        region,
        text[: named.start()] if named else text,
        1 if found[2] == "=" else 2,
        named[1] if named else "",
    )
    return True


def _add_heading(region: Region, text: str, level: int, name: str) -> None:
    node = region.add(Node("heading", text, level))
    node.attributes.setdefault("id", name or _slug(text, region.document))


def _slug(text: str, document: Document) -> str:
    """The id of a heading as GitHub makes it: in-page links of old posts lead there."""
    words = re.sub(r"[^\w\- \t]", "", re.sub(r"<[^<>]*>|[*`]|\]\([^()]*\)", "", text).lower())
    slug = words.strip(" \t").replace(" ", "-").replace("\t", "-") or "section"
    seen = document.slugs.get(slug, -1) + 1
    document.slugs[slug] = seen
    return f"{slug}-{seen}" if seen else slug


def rule(region: Region) -> bool:
    found = region.match(patterns.RULE)
    if found is None:
        return False
    region.position = found.end()
    region.add(Node("rule"))
    return True


def note(region: Region) -> bool:
    """`[^1]: Text`, with the indented lines below it."""
    found = region.match(_NOTE)
    if found is None:
        return False
    region.position = found.end()
    more = region.match(patterns.CODE)
    if more:
        region.position = more.end()
    if found[1] not in region.document.notes:
        region.document.notes[found[1]] = []
        text = found[2] + (_INDENT_MARK.sub("", more[0]) if more else "")
        region.document.notes[found[1]] = region.nested(text)
    region.nodes.append(Node("boundary", "definition"))
    return True


def reference(region: Region) -> bool:
    """`[name]: /address "title"`."""
    found = region.match(_REFERENCE)
    if found is None:
        return False
    region.position = found.end()
    address = found[2] if found[2] is not None else found[3].strip(" \t")
    region.document.references.setdefault(reference_key(found[1]), (address, found[5] or ""))
    region.nodes.append(Node("boundary", "definition"))
    return True


def reference_key(name: str) -> str:
    return re.sub(r"[ \t\n]+", " ", name).strip(" ").lower()


def attribute_line(region: Region) -> bool:
    """`{:start="2"}`: right behind a block it belongs to that block, else to the next one."""
    if comment := region.match(_COMMENT_EXTENSION):
        region.position = comment.end()
        region.nodes.append(Node("boundary"))
        return True
    found = region.match(patterns.ATTRIBUTE_BLOCK)
    if found is None:
        return False
    region.position = found.end()
    last = region.last()
    if last is not None and last.kind not in ("blank", "boundary"):
        attributes.merge(last.attributes, attributes.parse(found[1]))
        if not region.match(patterns.ATTRIBUTE_BLOCK):
            region.nodes.append(Node("boundary"))
    else:
        attributes.merge(region.waiting, attributes.parse(found[1]))
    return True


def boundary(region: Region) -> bool:
    """`^` alone ends the block before it."""
    found = region.match(_BOUNDARY)
    if found is None:
        return False
    region.position = found.end()
    region.nodes.append(Node("boundary"))
    return True


def paragraph(region: Region) -> bool:
    start = region.position
    region.line()
    while not region.match(patterns.PARAGRAPH_END):
        region.document.budget.spend()
        region.line()
    text = region.text[start : region.position].rstrip(" \t\r\n\f\v\0")
    last = region.last()
    if last is not None and last.kind == "p":
        broken = region.text[max(start - 3, 0) : start] == "  \n"
        last.text += ("  \n" if broken else "\n") + text
    else:
        region.add(Node("p", text.lstrip(" \t\r\n\f\v")))
    return True


Rule = Callable[[Region], bool]


def _rules_for(text: str, position: int) -> tuple[Rule, ...]:
    """The rules that can hold for a line, by its first character that is no space."""
    while text[position] == " ":
        position += 1
    first = text[position]
    return RULES.get("0" if first in "0123456789" else first, _OTHERS)


RULES: dict[str, tuple[Rule, ...]] = {}
_OTHERS: tuple[Rule, ...] = ()


def set_rules(*, lists: Rule, definitions: Rule, html: Rule, table: Rule) -> None:
    """The order in which kramdown tries its rules; those of a module of their own are handed in."""
    global _OTHERS
    always = (underlined, table)
    RULES.update(
        {
            "\n": (blank, indented_code),
            "\t": (blank, indented_code, paragraph),
            "\r": (blank, paragraph),
            "\f": (blank, paragraph),
            "\v": (blank, paragraph),
            "`": (indented_code, fenced_code, *always, paragraph),
            "~": (indented_code, fenced_code, *always, paragraph),
            ">": (indented_code, quotation),
            "#": (indented_code, heading, *always, paragraph),
            "*": (indented_code, rule, lists, *always, paragraph),
            "-": (indented_code, rule, lists, *always, paragraph),
            "_": (indented_code, rule, *always, paragraph),
            "+": (indented_code, lists, *always, paragraph),
            "0": (indented_code, lists, *always, paragraph),
            ":": (indented_code, definitions, *always, paragraph),
            "<": (indented_code, html, *always, paragraph),
            "[": (indented_code, *always, note, reference, paragraph),
            "{": (indented_code, *always, attribute_line, paragraph),
            "^": (indented_code, *always, boundary, paragraph),
        }
    )
    _OTHERS = (indented_code, *always, paragraph)
