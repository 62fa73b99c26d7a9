"""Jekyll's own tags of Liquid, and those of the standard that a post may use."""

from html import escape
from io import StringIO
from typing import Any, TextIO

from liquid import Token, TokenStream
from liquid.ast import BlockNode, Node
from liquid.builtin.output import Output, OutputNode
from liquid.builtin.tags.for_tag import ForNode, ForTag
from liquid.exceptions import LiquidError, LiquidSyntaxError
from liquid.parser import get_parser
from liquid.tag import Tag
from liquid.token import TOKEN_CONTENT, TOKEN_EXPRESSION, TOKEN_ILLEGAL, TOKEN_OUTPUT, TOKEN_TAG

from releases.content.jekyll.liquid_filters import to_text

STANDARD = frozenset(
    (
        *(TOKEN_CONTENT, TOKEN_OUTPUT, TOKEN_ILLEGAL),
        *"assign break capture case comment continue cycle decrement for if ifchanged increment unless".split(),
    )
)
TOLERANT = tuple("assign capture case cycle decrement for if increment unless".split())
LONGEST_RANGE = 100_000
LONGEST_NAME = 80


def shorten(source: str) -> str:
    """A construct in one line, for a report."""
    line = " ".join(source[: LONGEST_NAME * 2].split())
    return line if len(line) <= LONGEST_NAME else f"{line[: LONGEST_NAME - 1]}…"


class _TypedNode(Node):
    """What is not understood: it shows `text`, its own source or nothing, and is told under `name`."""

    def __init__(self, token: Token, text: str, name: str) -> None:
        super().__init__(token)
        self.text, self.name, self.blank = text, name, False

    def render_to_output(self, context: Any, buffer: TextIO) -> int:
        begun = (one.lstrip("{%- ").partition(" ")[0] for one in context.unknown)
        if not (self.name.startswith("end") and self.name.removeprefix("end") in begun):
            context.unknown[self.name] = None
        return buffer.write(self.text)


class _UnknownTag(Tag):
    """A tag of some plugin stays as it was typed."""

    name = TOKEN_ILLEGAL
    block = False

    def parse(self, stream: TokenStream) -> Node:
        token = stream.current
        if token.kind != TOKEN_TAG or token.value in ("raw", "doc"):
            raise LiquidSyntaxError(f"{token.value[:9]} is not closed", token=token)
        if stream.peek.kind == TOKEN_EXPRESSION:
            next(stream)
        return _TypedNode(token, _read_source(token), token.value)


def _read_source(token: Token) -> str:
    """A tag as it was typed; its token stands at its name."""
    source = token.source
    start = source.rfind("{%", 0, token.start_index)
    return source[start : source.index("%}", token.start_index) + 2]


class TolerantTag(Tag):
    """A tag whose own expression can't be read stays as it was typed, and what it begins is text like any
    other.

    One that fails later, since it is not closed, is not read twice: that would take a time that doubles with
    each.
    """

    def get_node(self, stream: TokenStream) -> Node:
        """The node of the tag. Raises LiquidSyntaxError for one that is not closed."""
        token, start, depth = stream.current, stream.pos, stream.block_depth
        try:
            return self.parse(stream)
        except LiquidError:
            if token.kind != TOKEN_TAG or stream.pos > start + 2:
                raise
        stream.pos, stream.block_depth = start, depth
        if stream.peek.kind == TOKEN_EXPRESSION:
            next(stream)
        source = _read_source(token)
        return _TypedNode(token, source, shorten(source))


class _Include(Tag):
    """What it names is a file of the site's templates: it is left out, and told."""

    name = "include"
    block = False

    def parse(self, stream: TokenStream) -> Node:
        token = stream.current
        if stream.peek.kind == TOKEN_EXPRESSION:
            next(stream)
        return _TypedNode(token, "", shorten(_read_source(token)))


class _IncludeRelative(_Include):
    name = "include_relative"


class _IncludeCached(_Include):
    name = "include_cached"


class _ValueNode(OutputNode):
    def render_to_output(self, context: Any, buffer: TextIO) -> int:
        return buffer.write(to_text(self.expression.evaluate(context)))


class _Value(Output):
    """A value whose expression can't be read stays as it was typed."""

    node_class = _ValueNode

    def get_node(self, stream: TokenStream) -> Node:
        token = stream.current
        try:
            return self.parse(stream)
        except LiquidError:
            return _TypedNode(token, token.value, shorten(token.value))


class _AddressNode(Node):
    def __init__(self, token: Token, expression: str) -> None:
        super().__init__(token)
        self.expression, self.blank = expression, False

    def render_to_output(self, context: Any, buffer: TextIO) -> int:
        site, wanted = context.env.site, self.expression
        if "{{" in wanted:
            within = StringIO()
            context.env.from_string(wanted, matter={"nodes": 1}).render_with_context(context, within)
            wanted = within.getvalue()
        locate = site.locate_post if self.token.value == "post_url" else site.locate_file
        address = locate(wanted.strip())
        if address is None:
            context.unknown[f"{self.token.value} to a post that is not public"] = None
            return 0
        if not address:
            raise LiquidError(f"{wanted} is not in the site", token=self.token)
        return buffer.write(address)


class _PostUrl(Tag):
    """The address of a post by its file's name, or of a file or post by its path."""

    name = "post_url"
    block = False

    def parse(self, stream: TokenStream) -> Node:
        token = stream.eat(TOKEN_TAG)
        return _AddressNode(token, stream.expect(TOKEN_EXPRESSION).value)


class _Link(_PostUrl):
    name = "link"


class _HighlightNode(Node):
    def __init__(self, token: Token, block: BlockNode) -> None:
        super().__init__(token)
        self.block, self.blank = block, False

    def render_to_output(self, context: Any, buffer: TextIO) -> int:
        within = context.get_buffer(buffer)
        self.block.render(context, within)
        code = escape(within.getvalue().strip("\n"), quote=False)
        return buffer.write(f"<pre><code>{code}</code></pre>")


class _Highlight(Tag):
    """A block of code; its colours are not shown."""

    name = "highlight"
    end = "endhighlight"

    def parse(self, stream: TokenStream) -> Node:
        token = stream.eat(TOKEN_TAG)
        if stream.current.kind == TOKEN_EXPRESSION:
            next(stream)
        block = get_parser(self.env).parse_block(stream, (self.end,))
        if stream.current.value != self.end:
            raise LiquidSyntaxError("highlight is not closed", token=token)
        return _HighlightNode(token, block)


class _ForNode(ForNode):
    def render_to_output(self, context: Any, buffer: TextIO) -> int:
        """A loop over a reversed range would hold all of its numbers before they are counted."""
        looped = self.expression.iterable.evaluate(context)
        if isinstance(looped, range) and looped.stop - looped.start > LONGEST_RANGE:
            context.spend(looped.stop - looped.start)
            raise LiquidError("a range of it is too long", token=self.token)
        return super().render_to_output(context, buffer)


class _For(ForTag):
    node_class = _ForNode


JEKYLL: tuple[type[Tag], ...] = (
    _UnknownTag,
    _Include,
    _IncludeRelative,
    _IncludeCached,
    _Value,
    _PostUrl,
    _Link,
    _Highlight,
    _For,
)
