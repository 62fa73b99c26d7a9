"""The block level in kramdown's order: which lines make a paragraph, a list, a quotation, raw HTML, and so
on.

A `Region` is a text that is read from its beginning to its end: a body, a list item, a quotation. Each rule
looks at the place that the region has reached; it either takes some lines and says so, or leaves everything
as it was.
"""

import re
from collections.abc import Callable

from releases.content.markdown import attributes, limits, patterns
from releases.content.markdown.nodes import Attributes, Document, Node

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*([^\n]*)\n")
_QUOTE_MARK = re.compile(r"^ {0,3}> ?", re.MULTILINE)
_INDENT_MARK = re.compile(r"^(?:\t| {4})", re.MULTILINE)
_LAZY = re.compile(r"\n {0,3}(?=[^ \t\n])()")
_HEADING = re.compile(r"(#{1,6})[\t ]+([^ \t\n][^\n]*)\n")
_HEADING_ID = re.compile(r"[A-Za-z][\w:-]*\}", re.ASCII)
_UNDERLINED = re.compile(r" {0,3}([^ \t\n][^\n]*)\n([-=])[-=]*[ \t\r\f\v]*\n")
_REFERENCE = re.compile(
    r""" {0,3}\[([^\n\]]+)\]:[ \t]*+(?:<([^\n>]*)>|((?:[ \t]*[^\s"']+)++|[^\s"']\S*+))(?:[ \t]*+(?:\n[ \t]*+)?(["'])([^\n]+?)\4)?[ \t]*\n""",
    re.ASCII,
)
_NOTE = re.compile(r" {0,3}\[\^(\w[\w:-]*)\]:[ \t]*([^\n]*\n)", re.ASCII)
_COMMENT = re.compile(r" {0,3}\{::comment\}")
_COMMENT_END = re.compile(r"\{:/(?:comment)?\}[ \t]*\n")
_STRAY = re.compile(r" {1,3}\t[ \t]*([^\n]*)\n")
_MARKUP = re.compile(r"<[^<>]*>|[*`]|\]\([^()]*\)")
_NOT_IN_SLUGS = re.compile(r"[^\w\- \t]")


Rule = Callable[["Region"], bool]
RulesAt = Callable[[str, int], tuple[Rule, ...]]


class Region:
    """A text being read; `nodes` are the blocks found so far, `waiting` the attributes meant for the next
    one.

    `rules_at` gives the rules that can hold for the line that begins at a place of a text.
    """

    def __init__(self, text: str, document: Document, rules_at: RulesAt, depth: int = 0) -> None:
        limits.check_depth(depth)
        self.text = text if text.endswith("\n") else text + "\n"
        self.document = document
        self.rules_at = rules_at
        self.depth = depth
        self.position = 0
        self.nodes: list[Node] = []
        self.waiting: Attributes = {}
        self.stray: Node | None = None

    def read(self) -> list[Node]:
        """All blocks from the position on."""
        while self.position < len(self.text):
            self.document.budget.spend()
            for rule in self.rules_at(self.text, self.position):
                if rule(self):
                    break
        return self.nodes

    def read_part(self, text: str) -> list[Node]:
        """Read a text that is the next part of this one: blocks go on where the part before it ended."""
        if text:
            self.text, self.position = text if text.endswith("\n") else text + "\n", 0
            self.read()
        return self.nodes

    def inner(self, text: str = "") -> "Region":
        """A text that stands inside this one, a level deeper."""
        return Region(text, self.document, self.rules_at, self.depth + 1)

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What the pattern finds at the position, which stays."""
        return pattern.match(self.text, self.position)

    def line(self) -> str:
        """The line at the position, which moves behind it."""
        end = self.text.find("\n", self.position) + 1 or len(self.text)
        start, self.position = self.position, end
        return self.text[start:end]

    def add(self, node: Node) -> Node:
        """Append a block; it takes the attributes that wait."""
        self.document.budget.spend(limits.STEPS_OF_A_PART // 2)
        if self.waiting:
            attributes.merge_attributes(node.attributes, self.waiting)
            self.waiting = {}
        self.nodes.append(node)
        return node

    def last(self) -> Node | None:
        """The last block so far; None before the first."""
        return self.nodes[-1] if self.nodes else None

    def after_boundary(self) -> bool:
        """Whether nothing stands above that a block would have to be parted from by an empty line."""
        last = self.last()
        return (
            last is None
            or last.kind == "blank"
            or (last.kind, last.text) == ("boundary", "^")
            or bool(self.waiting)
        )


def read_blank(region: Region) -> bool:
    found = region.match(patterns.BLANK)
    if found is None:
        return False
    region.position = found.end()
    last = region.last()
    if last is None or last.kind != "blank":
        region.add(Node("blank"))
    return True


def read_indented_code(region: Region) -> bool:
    if not region.match(patterns.INDENTED) or not (found := region.match(patterns.CODE)):
        return False
    region.position = found.end()
    joined = _LAZY.sub(r" \1", found[0])
    region.add(Node("code", _INDENT_MARK.sub("", joined)))
    return True


def read_fenced_code(region: Region) -> bool:
    """A fence without an end is text."""
    found = region.match(_FENCE)
    if found is None:
        return False
    fence = found[1]
    ending = re.compile(rf"^ {{0,3}}{re.escape(fence)}{re.escape(fence[0])}*[ \t]*\n", re.MULTILINE)
    closed = _end(region, found.end(), ending)
    if closed is None:
        return False
    region.position = closed.end()
    region.add(Node("code", region.text[found.end() : closed.start()]))
    return True


def _end(region: Region, position: int, ending: re.Pattern[str]) -> re.Match[str] | None:
    """Where a block ends that may go on to the end of the text; one that does not end has cost its
    reading."""
    found = ending.search(region.text, position)
    if found is None:
        region.document.budget.spend((len(region.text) - position) // limits.CHARACTERS_OF_A_STEP)
    return found


def read_quotation(region: Region) -> bool:
    start = region.position
    region.line()
    _to_block_end(region)
    quoted = _QUOTE_MARK.sub("", region.text[start : region.position])
    region.add(Node("quote", children=[])).children = region.inner(quoted).read()
    return True


def _to_block_end(region: Region) -> None:
    while not region.match(patterns.BLOCK_END):
        region.document.budget.spend()
        region.line()


def read_heading(region: Region) -> bool:
    found = region.match(_HEADING)
    if found is None:
        return False
    region.position = found.end()
    text, name = _named(found[2])
    bare = text.rstrip("#")
    if bare.endswith((" ", "\t")):
        text = bare.rstrip(" \t")
    _add_heading(region, text, len(found[1]), name)
    return True


def _named(text: str) -> tuple[str, str]:
    """The words of a heading, and the id that stands behind them: `Reply {#reply}`."""
    text = text.rstrip(" \t")
    words, _, name = text.rpartition("{#")
    if words.endswith((" ", "\t")) and _HEADING_ID.fullmatch(name):
        return words.rstrip(" \t"), name[:-1]
    return text, ""


def read_underlined_heading(region: Region) -> bool:
    below = region.text.find("\n", region.position) + 1
    if not region.text.startswith(("-", "="), below) or not region.after_boundary():
        return False
    found = region.match(_UNDERLINED)
    if found is None:
        return False
    region.position = found.end()
    text, name = _named(found[1])
    _add_heading(region, text, 1 if found[2] == "=" else 2, name)
    return True


def _add_heading(region: Region, text: str, level: int, name: str) -> None:
    region.document.budget.spend(limits.STEPS_OF_A_PART // 2)
    node = region.add(Node("heading", text, level))
    node.attributes.setdefault("id", name or _slug(text, region.document))


def _slug(text: str, document: Document) -> str:
    """The id of a heading as GitHub makes it: in-page links of old posts lead there."""
    words = _NOT_IN_SLUGS.sub("", _MARKUP.sub("", text).lower())
    slug = words.strip(" \t").replace(" ", "-").replace("\t", "-") or "section"
    seen = document.slugs.get(slug, -1) + 1
    document.slugs[slug] = seen
    return f"{slug}-{seen}" if seen else slug


def read_rule(region: Region) -> bool:
    found = region.match(patterns.RULE)
    if found is None:
        return False
    region.position = found.end()
    region.add(Node("rule"))
    return True


def read_note(region: Region) -> bool:
    """`[^1]: Text`, with the indented lines below it; of two with one name the last wins."""
    found = region.match(_NOTE)
    if found is None:
        return False
    region.position = found.end()
    more = region.match(patterns.CODE)
    if more:
        region.position = more.end()
    region.document.budget.spend(2 * limits.STEPS_OF_A_PART)
    text = found[2] + (_INDENT_MARK.sub("", more[0]) if more else "")
    region.document.notes[found[1]] = region.inner(text).read()
    region.nodes.append(Node("boundary", "definition"))
    return True


def read_reference(region: Region) -> bool:
    """`[name]: /address "title"`."""
    found = region.match(_REFERENCE)
    if found is None:
        return False
    region.position = found.end()
    address = found[2] if found[2] is not None else found[3].strip(" \t")
    region.document.references[fold_reference(found[1])] = (address, found[5] or "")
    region.nodes.append(Node("boundary", "definition"))
    return True


def fold_reference(name: str) -> str:
    return re.sub(r"[ \t\n]+", " ", name).strip(" ").lower()


def read_attribute_line(region: Region) -> bool:
    """`{:start="2"}`: right behind a block it belongs to that block, else to the next one."""
    found = region.match(patterns.ATTRIBUTE_BLOCK)
    if found is None:
        return False
    region.position = found.end()
    last = region.last()
    if last is not None and last.kind not in ("blank", "boundary"):
        attributes.merge_attributes(last.attributes, attributes.parse_attributes(found[1]))
        if not region.match(patterns.ATTRIBUTE_BLOCK):
            region.nodes.append(Node("boundary"))
    else:
        attributes.merge_attributes(region.waiting, attributes.parse_attributes(found[1]))
    return True


def read_hidden(region: Region) -> bool:
    """`{::comment}` to `{:/comment}`."""
    found = region.match(_COMMENT)
    closed = found and _end(region, found.end(), _COMMENT_END)
    if not closed:
        return False
    region.position = closed.end()
    region.nodes.append(Node("boundary"))
    return True


def read_boundary(region: Region) -> bool:
    """`^` alone ends the block before it."""
    found = region.match(patterns.BOUNDARY)
    if found is None:
        return False
    region.position = found.end()
    region.nodes.append(Node("boundary", "^"))
    return True


def read_stray_line(region: Region) -> bool:
    """A line that begins with one to three spaces and a tab belongs to no paragraph; such lines make one
    together."""
    found = region.match(_STRAY)
    if found is None:
        return False
    region.position = found.end()
    last = region.last()
    if last is not None and last is region.stray:
        last.text += "\n" + found[1].rstrip(" \t\r\f\v")
    else:
        region.stray = region.add(Node("p", found[1].rstrip(" \t\r\f\v")))
    return True


def read_paragraph(region: Region) -> bool:
    start = region.position
    region.line()
    while not region.match(patterns.PARAGRAPH_END):
        region.document.budget.spend()
        region.line()
    text = region.text[start : region.position].rstrip(" \t\r\n\f\v\0")
    last = region.last()
    if last is not None and last.kind == "p" and last is not region.stray:
        broken = region.text[max(start - 3, 0) : start] == "  \n"
        last.text += ("  \n" if broken else "\n") + text
    else:
        region.add(Node("p", text.lstrip(" \t\r\n\f\v")))
    return True
