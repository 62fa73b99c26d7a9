"""Liquid, the template language in which Jekyll's posts may be written: what a text says once its values are
filled in.

A template reaches the values that it is given and nothing else, and does a limited amount of work, since
anybody may have written it.
"""

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from liquid import BoundTemplate, Environment, RenderContext, Token
from liquid.ast import Node
from liquid.exceptions import FilterError, LiquidError, LiquidInterrupt, ResourceLimitError
from liquid.output import LimitedStringIO
from liquid.token import TOKEN_TAG
from liquid.undefined import UNDEFINED, is_undefined
from liquid.utils import ReadOnlyChainMap

from releases.content.jekyll import liquid_filters, liquid_tags
from releases.content.jekyll.liquid_errors import Unknowable
from releases.content.jekyll.liquid_text import lead_to_root
from releases.content.text.limits import CONTROLS, LARGEST_BODY, SURROGATES

PUBLISHED = {"environment": "production"}
"""What Jekyll says of itself when it builds a site for the public."""
MOST_WORK = 20_000_000
"""Characters that filters may read and write, and nodes that loops may pass, for one post."""
LARGEST_VALUE = 1_000_000
LONGEST_TAG = 1000
"""Characters of a tag that is read further than to its name."""
LARGEST_NUMBER = 10**100

_OPENING = re.compile(r"\{[{%]")
_END = {"{{": re.compile(r"\}\}"), "{%": re.compile(r"%\}")}
_RAW = re.compile(r"\{%-?\s*(raw|doc)\s*-?%\}")
_INCLUDE = re.compile(r"\{%-?\s{0,9}include")
_RAW_END = {kind: re.compile(rf"\{{%-?\s*end{kind}\s*-?%\}}") for kind in ("raw", "doc")}
_LONG_GAP = re.compile(r"\s{100}")
_UNWRITABLE = re.compile(f"[{CONTROLS}{SURROGATES}]")
_FAILURES = (
    LiquidError,
    LiquidInterrupt,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


class TooMuchWork(ResourceLimitError):
    """A template that would read, write or repeat more than one post may."""


@dataclass(frozen=True, slots=True)
class LiquidSite:
    """What the templates of a site may use.

    `values` is what they call `site`; `url` is the site's own, without a slash at its end, and `base` the
    path below which it lay, "" for none; links that begin with them lead to the root here. `locate_post` and
    `locate_file` give the public path of what `post_url` and `link` name, "" for none, and None for a post
    that is not public, which no text may tell of.
    """

    values: Mapping[str, object]
    url: str
    base: str
    zone: dt.tzinfo
    locate_post: Callable[[str], str | None]
    locate_file: Callable[[str], str | None]
    render_markdown: Callable[[str], str]

    @property
    def host(self) -> str:
        """Without www."""
        return self.url.rpartition("//")[2].removeprefix("www.")


@dataclass(frozen=True, slots=True)
class LiquidText:
    """A text after Liquid; `unknown` names what is as it was typed, or left out, since it isn't
    understood."""

    text: str
    unknown: tuple[str, ...]


class LazyValues(Mapping[str, object]):
    """Values by their keys, some of which are `made` only when a template asks for them.

    Those named by `unknowable` are what no import can know: a template that asks for one raises Unknowable.
    """

    def __init__(
        self,
        name: str,
        values: Mapping[str, object],
        made: Mapping[str, Callable[[], object]],
        unknowable: Collection[str],
    ) -> None:
        self.name, self.made, self.unknowable = name, made, unknowable
        self._values = dict(values)

    def __getitem__(self, key: str) -> object:
        if key in self.unknowable:
            raise Unknowable(f"{self.name}.{key}")
        if key in self.made and key not in self._values:
            self._values[key] = self.made[key]()
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class LiquidRenderer:
    """Renders the texts of the posts of one site."""

    def __init__(self, site: LiquidSite) -> None:
        self.site = site
        self.environment = _Environment(site)

    def render_text(self, text: str, page: Mapping[str, object]) -> LiquidText:
        """What `text` says with `page`, the front matter of its post and what Jekyll adds.

        A construct that fails stays as it was typed, and so does a whole text that can't be read or does too
        much; nothing raises.
        """
        template = _parse(self.environment, text)
        if not isinstance(template, BoundTemplate):
            return LiquidText(text, (f"all of it is as typed: {template}",))
        context = _Context(template, globals={"site": self.site.values, "page": page, "jekyll": PUBLISHED})
        buffer = LimitedStringIO(LARGEST_BODY)
        try:
            for node, source in zip(template.nodes, _split_sources(template.nodes, text), strict=True):
                _render_node(node, source, context, buffer)
        except ResourceLimitError as error:
            return LiquidText(text, (f"all of it is as typed: {error.args[0]}",))
        said = lead_to_root(_UNWRITABLE.sub("", buffer.getvalue()), self.site.host, self.site.base)
        return LiquidText(said, tuple(context.unknown))


def _parse(environment: "_Environment", text: str) -> BoundTemplate | str:
    """The template that a text is, or why it is none."""
    nodes = 1 + 2 * (text.count("{%") + text.count("{{"))
    try:
        return _find_problem(text) or environment.from_string(text, matter={"nodes": nodes})
    except LiquidError as error:
        return str(error.args[0])


def _find_problem(text: str) -> str:
    """Why a text is no template that can be read in a time that grows with its length alone; "" when it is
    one.

    The lexer looks for an end from each beginning and tries each space of a gap, and expressions are read
    from each bracket on.
    """
    position = 0
    while opening := _OPENING.search(text, position):
        start = opening.start()
        if raw := _RAW.match(text, start):
            closing = _RAW_END[raw[1]].search(text, raw.end())
        else:
            closing = _END[opening[0]].search(text, start + 2)
        if closing is None:
            return "a tag is not closed"
        position = closing.end()
        is_long = position - start > LONGEST_TAG and not _INCLUDE.match(text, start)
        if not raw and (is_long or _LONG_GAP.search(text, start, position)):
            return "a tag is too long"
    return ""


def _split_sources(nodes: list[Node], text: str) -> Iterator[str]:
    """The source of each of the outermost nodes; a block reaches to the end of its end tag.

    The token of a tag stands at its name.
    """
    starts = [
        text.rfind("{%", 0, token.start_index) if token.kind == TOKEN_TAG else token.start_index
        for token in (node.token for node in nodes)
    ]
    yield from map(text.__getitem__, map(slice, starts, [*starts[1:], len(text)]))


def _render_node(node: Node, source: str, context: "_Context", buffer: LimitedStringIO) -> None:
    before = buffer.tell()
    try:
        node.render(context, buffer)
    except ResourceLimitError:
        raise
    except _FAILURES as error:
        name = error.name if isinstance(error, Unknowable) else liquid_tags.shorten(source)
        context.unknown[name] = None
        buffer.seek(before)
        buffer.truncate()
        buffer.write(source)


class _Context(RenderContext):
    """Counts the work that a template does; `unknown` has the names of what it asked for in vain, as keys."""

    __slots__ = ("unknown", "work_left")

    def __init__(self, template: BoundTemplate, **options: Any) -> None:
        super().__init__(template, **options)
        self.scope = ReadOnlyChainMap(self.locals, self.globals, self.counters)  # without `now` and `today`
        self.unknown: dict[str, None] = {}
        self.work_left = MOST_WORK

    def spend(self, work: int) -> None:
        """Raises TooMuchWork when a template has done what it may."""
        self.work_left -= work
        if self.work_left < 0:
            raise TooMuchWork("it repeats or copies more than one post may", token=None)

    def get(self, path: list[object], *, token: Token | None, default: object = UNDEFINED) -> object:
        found = super().get(path, token=token, default=default)
        if is_undefined(found) and path[0] in ("now", "today"):
            raise Unknowable(str(path[0]))
        self.spend(1 + (len(found) // 20 if isinstance(found, str) else 0))
        return found

    def raise_for_loop_limit(self, length: int = 1) -> None:
        self.spend(length * int(str(self.template.matter["nodes"])))

    def filter(self, name: str, token: Token | None) -> Callable[..., object]:
        if name in liquid_filters.UNKNOWABLE:
            raise Unknowable(f"filter {name}")
        if name not in self.env.filters:
            self.unknown[f"filter {name}"] = None
            return lambda value, *_, **__: value
        called = super().filter(name, token)

        def measured(value: object, *given: object, **named: object) -> object:
            self.spend(liquid_filters.forecast(name, value, *given))
            try:
                result = called(value, *given, **named)
            except (LiquidError, TypeError):
                raise
            except _FAILURES as error:
                raise FilterError(str(error), token=token) from error
            self.check_value(result)
            return result

        return measured

    def check_value(self, value: object) -> None:
        """Raises TooMuchWork for a value that is too large to go on with."""
        size = liquid_filters.measure(value)
        self.spend(size)
        if size > LARGEST_VALUE or (isinstance(value, int) and abs(value) > LARGEST_NUMBER):
            raise TooMuchWork("one of its values grows too large", token=None)


class _Environment(Environment):
    """Liquid 4's tags and filters, which Jekyll 4 has, and Jekyll's own; no template can name another one."""

    output_stream_limit = LARGEST_BODY

    def __init__(self, site: LiquidSite) -> None:
        self.site = site
        super().__init__(strict_filters=False)

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        super().setup_tags_and_filters(extra=extra)
        self.tags = {name: tag for name, tag in self.tags.items() if name in liquid_tags.STANDARD}
        for tag in liquid_tags.JEKYLL:
            self.add_tag(tag)
        for name in liquid_tags.TOLERANT:
            kind = type(self.tags[name])
            self.tags[name] = type(kind.__name__, (liquid_tags.TolerantTag, kind), {})(self)
        self.filters = {name: self.filters[name] for name in liquid_filters.STANDARD} | liquid_filters.JEKYLL
        self.filters |= liquid_filters.make_filters(self.site.url, self.site.zone, self.site.render_markdown)
